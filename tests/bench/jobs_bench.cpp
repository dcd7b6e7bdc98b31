// The job queue beside libuv's own pool and oneTBB: what a tiny task costs, what a part of a range costs, and what a
// message through a channel costs. Script code and contexts are left out; the program benches have them.
#include <benchmark/benchmark.h>
#include <uv.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "jobs/system.h"

#ifdef VESTIGE_HAS_TBB
#include <tbb/concurrent_queue.h>
#include <tbb/parallel_for.h>
#include <tbb/task_group.h>
#endif

namespace vestige::jobs {
namespace {

constexpr int kTasks = 100'000;
constexpr int kItems = 10'000'000;
constexpr int kMessages = 1'000'000;

template <typename F>
class FunctionTask final : public Task {
 public:
  explicit FunctionTask(F function) : function_(std::move(function)) {}
  void Run() override { function_(); }

 private:
  F function_;
};
template <typename F>
std::unique_ptr<Task> MakeTask(F function) {
  return std::make_unique<FunctionTask<F>>(std::move(function));
}

struct Pool {
  Pool() {
    main.name = "main";
    system.EnterThread(main);
    system.Open();
  }
  ~Pool() {
    system.Close(main, {});
    system.LeaveThread();
    system.Join();
  }
  void Finish() {
    system.Close(main, {});
    system.Open();
  }

  System system;
  Party main;
};

// libuv reads the size of its pool once.
void SizeUvPool() { setenv("UV_THREADPOOL_SIZE", std::to_string(uv_available_parallelism()).c_str(), 1); }

// How many parts a range is divided into: enough that nobody waits for long for who was interrupted.
int PartCount() { return 4 * static_cast<int>(uv_available_parallelism()); }

// One copy for all, at an address that does not depend on what else is in this file.
[[gnu::noinline, gnu::aligned(64)]] int64_t SumOf(int begin, int end) {
  uint64_t sum = 0;
  for (int i = begin; i < end; ++i) sum = (sum ^ static_cast<uint64_t>(i)) * 31;
  return static_cast<int64_t>(sum);
}

void TinyTasksOfVestige(benchmark::State& state) {
  Pool pool;
  std::atomic<int64_t> done = 0;
  for (auto _ : state) {
    for (int i = 0; i < kTasks; ++i) {
      pool.system.Submit(MakeTask([&done] { done.fetch_add(1, std::memory_order_relaxed); }), pool.main);
    }
    pool.Finish();
  }
  state.SetItemsProcessed(state.iterations() * kTasks);
}
BENCHMARK(TinyTasksOfVestige)->UseRealTime();

void TinyTasksOfLibuv(benchmark::State& state) {
  SizeUvPool();
  static std::atomic<int64_t> done = 0;
  uv_loop_t loop;
  uv_loop_init(&loop);
  for (auto _ : state) {
    for (int i = 0; i < kTasks; ++i) {
      auto* work = new uv_work_t;
      uv_queue_work(
          &loop, work, [](uv_work_t*) { done.fetch_add(1, std::memory_order_relaxed); },
          [](uv_work_t* finished, int) { delete finished; });
    }
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  uv_loop_close(&loop);
  state.SetItemsProcessed(state.iterations() * kTasks);
}
BENCHMARK(TinyTasksOfLibuv)->UseRealTime();

void PartsOfVestige(benchmark::State& state) {
  Pool pool;
  const int parts = PartCount();
  std::atomic<int64_t> sum = 0;
  for (auto _ : state) {
    for (int i = 0; i < parts; ++i) {
      const int begin = static_cast<int>(int64_t{kItems} * i / parts);
      const int end = static_cast<int>(int64_t{kItems} * (i + 1) / parts);
      pool.system.Submit(MakeTask([&sum, begin, end] { sum += SumOf(begin, end); }), pool.main);
    }
    pool.Finish();
  }
  state.SetItemsProcessed(state.iterations() * kItems);
}
BENCHMARK(PartsOfVestige)->UseRealTime();

struct UvPart {
  uv_work_t work;
  int begin;
  int end;
};

void PartsOfLibuv(benchmark::State& state) {
  SizeUvPool();
  static std::atomic<int64_t> sum = 0;
  const int parts = PartCount();
  uv_loop_t loop;
  uv_loop_init(&loop);
  std::vector<UvPart> works(parts);
  for (auto _ : state) {
    for (int i = 0; i < parts; ++i) {
      works[i].begin = static_cast<int>(int64_t{kItems} * i / parts);
      works[i].end = static_cast<int>(int64_t{kItems} * (i + 1) / parts);
      works[i].work.data = &works[i];
      uv_queue_work(
          &loop, &works[i].work,
          [](uv_work_t* work) {
            const auto& part = *static_cast<UvPart*>(work->data);
            sum += SumOf(part.begin, part.end);
          },
          nullptr);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  uv_loop_close(&loop);
  state.SetItemsProcessed(state.iterations() * kItems);
}
BENCHMARK(PartsOfLibuv)->UseRealTime();

#ifdef VESTIGE_HAS_TBB
void TinyTasksOfTbb(benchmark::State& state) {
  std::atomic<int64_t> done = 0;
  tbb::task_group group;
  for (auto _ : state) {
    for (int i = 0; i < kTasks; ++i) {
      group.run([&done] { done.fetch_add(1, std::memory_order_relaxed); });
    }
    group.wait();
  }
  state.SetItemsProcessed(state.iterations() * kTasks);
}
BENCHMARK(TinyTasksOfTbb)->UseRealTime();

void PartsOfTbb(benchmark::State& state) {
  std::atomic<int64_t> sum = 0;
  for (auto _ : state) {
    tbb::parallel_for(tbb::blocked_range<int>(0, kItems),
                      [&sum](const tbb::blocked_range<int>& range) { sum += SumOf(range.begin(), range.end()); });
  }
  state.SetItemsProcessed(state.iterations() * kItems);
}
BENCHMARK(PartsOfTbb)->UseRealTime();
#endif

// One task sends, the main party receives.
void MessagesOfVestige(benchmark::State& state) {
  Pool pool;
  for (auto _ : state) {
    Channel* channel = pool.system.account().Make<Channel>(pool.main, {}, true);
    channel->remaining = 1;
    pool.system.Submit(MakeTask([&system = pool.system, channel] {
                         for (int i = 0; i < kMessages; ++i) {
                           Feature feature = {.id = Account::NextId(*system.current()), .owner = channel->id()};
                           feature.block = std::make_unique<uint64_t[]>(1);
                           const std::lock_guard lock(channel->mutex());
                           channel->values.Add(std::move(feature));
                           system.Wake(*channel);
                         }
                         const std::lock_guard lock(channel->mutex());
                         channel->remaining = 0;
                         system.Wake(*channel);
                       }),
                       pool.main);
    int received = 0;
    while (true) {
      Feature taken;
      const std::lock_guard lock(channel->mutex());
      Waiter waiter = {.party = &pool.main, .target = channel, .how = "pop"};
      pool.system.Wait(
          waiter, [&] { return !channel->values.empty() || channel->remaining == 0; }, std::nullopt);
      if (channel->values.empty()) break;
      taken = channel->values.Take();
      received += 1;
    }
    if (received != kMessages) state.SkipWithError("messages were lost");
    pool.Finish();
    pool.system.account().EndScope(*channel, {});
  }
  state.SetItemsProcessed(state.iterations() * kMessages);
}
BENCHMARK(MessagesOfVestige)->UseRealTime();

// The same with a queue of libuv's mutex and condition, and a worker of its pool that sends.
struct UvMessages {
  UvMessages() {
    uv_mutex_init(&mutex);
    uv_cond_init(&changed);
  }
  ~UvMessages() {
    uv_cond_destroy(&changed);
    uv_mutex_destroy(&mutex);
  }
  void Send(std::unique_ptr<uint64_t[]> message) {
    uv_mutex_lock(&mutex);
    messages.push_back(std::move(message));
    uv_cond_signal(&changed);
    uv_mutex_unlock(&mutex);
  }
  std::unique_ptr<uint64_t[]> Receive() {
    uv_mutex_lock(&mutex);
    while (messages.empty()) uv_cond_wait(&changed, &mutex);
    std::unique_ptr<uint64_t[]> message = std::move(messages.front());
    messages.pop_front();
    uv_mutex_unlock(&mutex);
    return message;
  }

  uv_mutex_t mutex;
  uv_cond_t changed;
  std::deque<std::unique_ptr<uint64_t[]>> messages;
};

void MessagesOfLibuv(benchmark::State& state) {
  SizeUvPool();
  UvMessages channel;
  uv_loop_t loop;
  uv_loop_init(&loop);
  for (auto _ : state) {
    uv_work_t work;
    work.data = &channel;
    uv_queue_work(
        &loop, &work,
        [](uv_work_t* sender) {
          auto& to = *static_cast<UvMessages*>(sender->data);
          for (int i = 0; i < kMessages; ++i) to.Send(std::make_unique<uint64_t[]>(1));
        },
        nullptr);
    for (int i = 0; i < kMessages; ++i) benchmark::DoNotOptimize(channel.Receive());
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  uv_loop_close(&loop);
  state.SetItemsProcessed(state.iterations() * kMessages);
}
BENCHMARK(MessagesOfLibuv)->UseRealTime();

#ifdef VESTIGE_HAS_TBB
// A thread of its own sends: a task may be run by who waits for it, who does not receive then.
void MessagesOfTbb(benchmark::State& state) {
  tbb::concurrent_bounded_queue<std::unique_ptr<uint64_t[]>> channel;
  for (auto _ : state) {
    std::thread sender([&channel] {
      for (int i = 0; i < kMessages; ++i) channel.push(std::make_unique<uint64_t[]>(1));
    });
    std::unique_ptr<uint64_t[]> message;
    for (int i = 0; i < kMessages; ++i) channel.pop(message);
    sender.join();
  }
  state.SetItemsProcessed(state.iterations() * kMessages);
}
BENCHMARK(MessagesOfTbb)->UseRealTime();
#endif

}  // namespace
}  // namespace vestige::jobs
