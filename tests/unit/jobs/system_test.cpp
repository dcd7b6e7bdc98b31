#include "jobs/system.h"

#include <pthread.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/process_memory.h"
#include "doctest/doctest.h"
#include "fixture.h"

namespace vestige::jobs {
namespace {

TEST_CASE("a thread that has ended gives its stack back when another one starts") {
  constexpr int kThreads = 500;
  Fixture f;
  const uint64_t before = base::ReadProcessMemory().virtual_bytes;
  for (int i = 0; i < kThreads; ++i) {
    const auto gate = std::make_shared<Gate>();
    REQUIRE(f.system.StartThread(MakeTask("main/1", [&f, gate] { gate->Open(f.system); })));
    CHECK(gate->Pass(f.system) == WaitResult::kDone);
  }
  // Each has 8 MiB.
  CHECK(base::ReadProcessMemory().virtual_bytes < before + (uint64_t{kThreads} << 22));
}

TEST_CASE("closing the pool waits for every task") {
  Fixture f;
  std::atomic<int> done = 0;
  for (int i = 0; i < 1000; ++i) f.system.Submit(MakeTask("main/1", [&] { done += 1; }), f.main);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(done == 1000);
}

TEST_CASE("tasks that tasks make are waited for, too") {
  Fixture f;
  std::atomic<int> done = 0;
  f.system.Submit(MakeTask("main/1",
                           [&] {
                             for (int i = 0; i < 100; ++i) {
                               f.system.Submit(MakeTask("main/1/1", [&] { done += 1; }), *f.system.current());
                             }
                           }),
                  f.main);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(done == 100);
}

TEST_CASE("one worker runs tasks that wait for one another") {
  Fixture f(1);
  Gate first;
  Gate second;
  std::atomic<int> done = 0;
  f.system.Submit(MakeTask("main/1",
                           [&] {
                             CHECK(first.Pass(f.system) == WaitResult::kDone);
                             second.Open(f.system);
                             done += 1;
                           }),
                  f.main);
  f.system.Submit(MakeTask("main/2",
                           [&] {
                             first.Open(f.system);
                             CHECK(second.Pass(f.system) == WaitResult::kDone);
                             done += 1;
                           }),
                  f.main);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(done == 2);
  CHECK(f.reports == 0);
}

TEST_CASE("never more workers run than there are to be") {
  Fixture f(3);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  for (int i = 0; i < 200; ++i) {
    f.system.Submit(MakeTask("main/1",
                             [&] {
                               const int now = ++running;
                               int seen = most;
                               while (seen < now && !most.compare_exchange_weak(seen, now)) {
                               }
                               --running;
                             }),
                    f.main);
  }
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(most <= 3);
}

TEST_CASE("a worker limit of zero still finishes") {
  Fixture f(4);
  f.system.set_worker_limit(0);
  CHECK(f.system.worker_limit() == 0);
  std::atomic<int> done = 0;
  for (int i = 0; i < 50; ++i) f.system.Submit(MakeTask("main/1", [&] { done += 1; }), f.main);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(done == 50);
}

TEST_CASE("a thread of its own can do what the pool waits for") {
  Fixture f(1);
  Gate gate;
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] { gate.Open(f.system); })));
  CHECK(gate.Pass(f.system) == WaitResult::kDone);
}

TEST_CASE("a task can be run by who made it") {
  Fixture f;
  CHECK_FALSE(f.system.TryRunOne());
  f.system.Close(f.main, {});
}

TEST_CASE("who closes the pool runs what it made itself, when workers are busy") {
  Fixture f(2);
  std::atomic<bool> begun = false;
  std::atomic<bool> may_end = false;
  f.system.Submit(MakeTask("main/1",
                           [&] {
                             begun = true;
                             while (!may_end) std::this_thread::yield();
                           }),
                  f.main);
  while (!begun) std::this_thread::yield();
  f.system.set_start_thread(&RefuseThread);
  std::thread::id ran_on;
  f.system.Submit(MakeTask("main/2",
                           [&] {
                             ran_on = std::this_thread::get_id();
                             CHECK(f.system.current()->name == "main/2");
                             CHECK(f.system.current()->depth == 1);
                             may_end = true;
                           }),
                  f.main);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(ran_on == std::this_thread::get_id());
  CHECK(f.system.current() == &f.main);
}

// Calls the function on a thread with such a stack.
void CallOnStack(size_t stack_bytes, std::function<void()> function) {
  // Memory of our own: a stack that the system has left over from another thread may be larger.
  const auto stack = std::make_unique<char[]>(stack_bytes);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstack(&attributes, stack.get(), stack_bytes) == 0);
  const auto call = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  pthread_t thread;
  REQUIRE(pthread_create(&thread, &attributes, call, &function) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

// Whether the calling thread runs a task itself when it closes the pool as `party` while the only worker is busy.
bool RunsTasks(System& system, Party& party) {
  system.set_start_thread(&uv_thread_create_ex);
  system.EnterThread(party);
  system.Open();
  std::atomic<bool> begun = false;
  system.Submit(MakeTask([&begun] {
                  begun = true;
                  uv_sleep(50);
                }),
                party);
  while (!begun) std::this_thread::yield();
  system.set_start_thread(&RefuseThread);
  std::thread::id ran_on;
  system.Submit(MakeTask([&] { ran_on = std::this_thread::get_id(); }), party);
  CHECK(system.Close(party, {}) == WaitResult::kDone);
  system.LeaveThread();
  system.Join();
  return ran_on == std::this_thread::get_id();
}

TEST_CASE("who closes the pool runs tasks where its stack is large enough for them") {
  constexpr size_t kLarge = size_t{8} << 20;
  constexpr size_t kSmall = size_t{4} << 20;
  System system(2);
  Party main = {.name = "main"};
  // One party on several threads, as hosts run one engine.
  CallOnStack(kLarge, [&] { CHECK(RunsTasks(system, main)); });
  CallOnStack(kSmall, [&] { CHECK_FALSE(RunsTasks(system, main)); });
  CallOnStack(kLarge, [&] { CHECK(RunsTasks(system, main)); });
}

TEST_CASE("a task waits on the thread of who closes the pool, as anywhere") {
  Fixture f(1);
  // With one worker, each order of running them on two threads makes somebody wait for somebody.
  for (int round = 0; round < 200; ++round) {
    Gate a;
    Gate b;
    f.system.Submit(MakeTask([&] {
                      CHECK(a.Pass(f.system) == WaitResult::kDone);
                      b.Open(f.system);
                    }),
                    f.main);
    f.system.Submit(MakeTask([&] { CHECK(b.Pass(f.system) == WaitResult::kDone); }), f.main);
    f.system.Submit(MakeTask([&] { a.Open(f.system); }), f.main);
    CHECK(f.Close() == WaitResult::kDone);
    f.system.Open();
  }
  CHECK(f.reports == 0);
}

TEST_CASE("who closes the pool is told as one who waits while its thread runs a task that is blocked for ever") {
  for (int round = 0; round < 50; ++round) {
    Gate gate;
    Fixture f(1);
    f.system.Submit(MakeTask([&] { CHECK(gate.Pass(f.system) == WaitResult::kBlocked); }), f.main);
    CHECK(f.Close() == WaitResult::kBlocked);
    REQUIRE(f.blocked.size() == 2);
    CHECK(f.blocked[0].lane == "main");
    CHECK(f.blocked[0].target == "jobs that have not ended");
    CHECK(f.blocked[1].lane == "main/1");
    CHECK(f.reports == 1);
  }
}

TEST_CASE("a task that goes on for long keeps nothing back that was taken with it") {
  for (int round = 0; round < 100; ++round) {
    Fixture f(2);
    constexpr int kTasks = 100;
    std::atomic<int> done = 0;
    std::atomic<bool> is_long = false;
    for (int i = 0; i < kTasks; ++i) {
      f.system.Submit(MakeTask([&] {
                        // One in the middle ends last.
                        if (done >= kTasks / 2 && !is_long.exchange(true)) {
                          while (done < kTasks - 1) std::this_thread::yield();
                        }
                        done += 1;
                      }),
                      f.main);
    }
    CHECK(f.Close() == WaitResult::kDone);
    CHECK(done == kTasks);
  }
}

TEST_CASE("who waits alone is blocked for ever") {
  Fixture f;
  Gate gate;
  CHECK(gate.Pass(f.system) == WaitResult::kBlocked);
  REQUIRE(f.blocked.size() == 1);
  CHECK(f.blocked[0].lane == "main");
  CHECK(f.blocked[0].target == "gate");
  CHECK(f.blocked[0].call == "pass");
  CHECK(f.blocked[0].line == 3);
  CHECK(f.system.TakeBlocked());
  CHECK_FALSE(f.system.TakeBlocked());
}

TEST_CASE("a cycle is told whole, once, and everybody goes on") {
  Fixture f;
  Gate a("a");
  Gate b("b");
  Gate c("c");
  std::atomic<int> blocked = 0;
  const auto wait = [&](Gate& gate) { blocked += gate.Pass(f.system) == WaitResult::kBlocked ? 1 : 0; };
  f.system.Submit(MakeTask("main/1", [&] { wait(a); }), f.main);
  f.system.Submit(MakeTask("main/2", [&] { wait(b); }), f.main);
  wait(c);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(blocked == 3);
  CHECK(f.reports == 1);
  REQUIRE(f.blocked.size() == 3);
  CHECK(f.blocked[0].target == "c");
  CHECK(f.blocked[1].target == "a");
  CHECK(f.blocked[2].target == "b");
}

TEST_CASE("the end of the last one who could wake somebody is noticed") {
  Fixture f;
  Gate gate;
  std::atomic<bool> was_blocked = false;
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] { was_blocked = gate.Pass(f.system) == WaitResult::kBlocked; })));
  f.system.LeaveThread();
  f.system.Join();
  CHECK(was_blocked);
  CHECK(f.reports == 1);
}

TEST_CASE("a wait with a limit ends by itself and blocks nobody") {
  Fixture f;
  Gate gate;
  CHECK(gate.Pass(f.system, 2'000'000) == WaitResult::kTimeout);
  CHECK(gate.Pass(f.system, 0) == WaitResult::kTimeout);
  CHECK(f.reports == 0);
}

TEST_CASE("who waits for somebody with a limit is not blocked") {
  Fixture f;
  Gate never("never");
  Gate gate;
  f.system.Submit(MakeTask("main/1",
                           [&] {
                             CHECK(never.Pass(f.system, 20'000'000) == WaitResult::kTimeout);
                             gate.Open(f.system);
                           }),
                  f.main);
  CHECK(gate.Pass(f.system) == WaitResult::kDone);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(f.reports == 0);
}

TEST_CASE("the host ends every wait") {
  Fixture f;
  Gate gate;
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] {
    // Until the main party waits; a limit keeps it from counting as blocked.
    Gate pause;
    pause.Pass(f.system, 20'000'000);
    f.system.RequestStop();
  })));
  CHECK(gate.Pass(f.system) == WaitResult::kStopped);
  CHECK(gate.Pass(f.system) == WaitResult::kStopped);
}

TEST_CASE("many wait and wake without a false alarm") {
  Fixture f(4);
  constexpr int kRounds = 300;
  std::atomic<int> done = 0;
  std::vector<std::unique_ptr<Gate>> gates;
  for (int i = 0; i <= kRounds; ++i) gates.push_back(std::make_unique<Gate>());
  // Each waits for the one before it; the first is opened last.
  for (int i = kRounds; i > 0; --i) {
    f.system.Submit(MakeTask("main/1",
                             [&, i] {
                               if (gates[i - 1]->Pass(f.system) != WaitResult::kDone) return;
                               gates[i]->Open(f.system);
                               done += 1;
                             }),
                    f.main);
  }
  gates[0]->Open(f.system);
  CHECK(gates[kRounds]->Pass(f.system) == WaitResult::kDone);
  CHECK(f.Close() == WaitResult::kDone);
  CHECK(done == kRounds);
  CHECK(f.reports == 0);
}

}  // namespace
}  // namespace vestige::jobs
