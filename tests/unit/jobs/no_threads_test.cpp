// What becomes of tasks when the operating system gives no threads.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "doctest/doctest.h"
#include "fixture.h"
#include "jobs/system.h"

namespace vestige::jobs {
namespace {

TEST_CASE("without a single worker a task is refused, and nothing waits for it") {
  Fixture f(4);
  f.system.set_start_thread(&RefuseThread);
  bool was_freed = false;
  const auto witness = std::shared_ptr<bool>(&was_freed, [](bool* freed) { *freed = true; });
  CHECK_FALSE(f.system.Submit(MakeTask([held = witness] {}), f.main));
  CHECK_FALSE(f.system.StartThread(MakeTask([] {})));
  CHECK(f.system.Close(f.main, {}) == WaitResult::kDone);
}

TEST_CASE("who waits for the end of a run looks for it when there is no loop to say so") {
  Fixture f(4);
  Gate gate;
  std::atomic<bool> waits = false;
  REQUIRE(f.system.StartThread(MakeTask([&] {
    while (!waits) {
    }
    uv_sleep(20);
    f.system.RequestStop();
  })));
  f.system.set_start_thread(&RefuseThread);
  waits = true;
  CHECK(gate.Pass(f.system) == WaitResult::kStopped);
}

// One worker, no more to come.
struct Lacking : Fixture {
  Lacking() : Fixture(4) {
    // The loop and a worker.
    REQUIRE(system.Submit(MakeTask([] {}), main));
    CHECK(system.Close(main, {}) == WaitResult::kDone);
    system.Open();
    system.set_start_thread(&RefuseThread);
  }
};

TEST_CASE("tasks that wait for one another run on top of those that wait when there is one worker for good") {
  Lacking f;
  std::atomic<int> done = 0;
  std::vector<std::unique_ptr<Gate>> gates(30);
  for (auto& gate : gates) gate = std::make_unique<Gate>();
  for (size_t i = 0; i < gates.size(); ++i) {
    REQUIRE(f.system.Submit(MakeTask([&, i] {
                              // Each waits for the one behind it.
                              if (i + 1 < gates.size()) CHECK(gates[i + 1]->Pass(f.system) == WaitResult::kDone);
                              gates[i]->Open(f.system);
                              done += 1;
                            }),
                            f.main));
  }
  CHECK(gates[0]->Pass(f.system) == WaitResult::kDone);
  CHECK(f.system.Close(f.main, {}) == WaitResult::kDone);
  CHECK(done == 30);
  CHECK(f.reports == 0);
}

TEST_CASE("who waits for what is left to nobody is blocked for ever, with a queue that lacks workers too") {
  Lacking f;
  Gate gate;
  std::atomic<int> blocked = 0;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(f.system.Submit(MakeTask([&] { blocked += gate.Pass(f.system) == WaitResult::kBlocked ? 1 : 0; }), f.main));
  }
  f.system.Close(f.main, {});
  f.system.LeaveThread();
  f.system.Join();
  CHECK(f.reports >= 1);
  CHECK(blocked == 10);
}

TEST_CASE("what the main party leaves in the queue is run by who is left") {
  Lacking f;
  Gate gate;
  std::atomic<int> done = 0;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(f.system.Submit(MakeTask([&, i] {
                              if (i == 9) {
                                gate.Open(f.system);
                              } else {
                                gate.Pass(f.system);
                              }
                              done += 1;
                            }),
                            f.main));
  }
  f.system.LeaveThread();
  f.system.Join();
  CHECK(done == 10);
}

}  // namespace
}  // namespace vestige::jobs
