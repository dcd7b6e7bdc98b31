#include "jobs/task_queue.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "doctest/doctest.h"
#include "fixture.h"

namespace vestige::jobs {
namespace {

Unfinished MakeCreator() { return std::make_shared<uint64_t>(0); }

void Push(TaskQueue& queue, const Unfinished& creator, int first, int end) {
  for (int i = first; i < end; ++i) queue.Push(MakeTask(std::to_string(i), [] {}), creator);
}

// The names of what is left, oldest first.
std::string Drain(Batch& batch) {
  std::string names;
  while (const std::unique_ptr<Task> task = batch.Take()) names += task->Name() + " ";
  return names;
}

TEST_CASE("a batch has the oldest tasks, and as many as asked for") {
  TaskQueue queue;
  Batch batch;
  CHECK_FALSE(queue.Fill(batch, 4));
  Push(queue, MakeCreator(), 0, 10);
  CHECK(queue.Fill(batch, 4));
  CHECK(queue.size() == 10);
  CHECK(Drain(batch) == "0 1 2 3 ");
  CHECK(queue.size() == 6);
  queue.Forget(batch);
  CHECK(queue.Fill(batch, 100));
  CHECK(Drain(batch) == "4 5 6 7 8 9 ");
  CHECK_FALSE(queue.HasTasks());
}

TEST_CASE("a batch has no more tasks than it has places") {
  TaskQueue queue;
  Push(queue, MakeCreator(), 0, 100);
  Batch batch;
  CHECK(queue.Fill(batch, 100));
  Drain(batch);
  CHECK(queue.size() == 100 - Batch::kCapacity);
}

TEST_CASE("a batch has tasks of one creator") {
  TaskQueue queue;
  const Unfinished a = MakeCreator();
  const Unfinished b = MakeCreator();
  Push(queue, a, 0, 2);
  Push(queue, b, 2, 5);
  Batch batch;
  CHECK(queue.Fill(batch, 4));
  CHECK(batch.unfinished == a);
  CHECK(Drain(batch) == "0 1 ");
  queue.Forget(batch);
  CHECK(queue.Fill(batch, 4));
  CHECK(batch.unfinished == b);
  CHECK(Drain(batch) == "2 3 4 ");
}

TEST_CASE("who wants tasks of one creator passes by nobody's") {
  TaskQueue queue;
  const Unfinished a = MakeCreator();
  const Unfinished b = MakeCreator();
  Push(queue, a, 0, 1);
  Push(queue, b, 1, 4);
  Batch batch;
  CHECK_FALSE(queue.FillWithThoseOf(b, batch, 4));
  CHECK(queue.FillWithThoseOf(a, batch, 4));
  CHECK(Drain(batch) == "0 ");
  CHECK(queue.FillWithThoseOf(b, batch, 3));
  Batch other;
  CHECK_FALSE(queue.FillWithThoseOf(a, other, 4));
  CHECK(queue.FillWithThoseOf(b, other, 1));
  CHECK(Drain(other) == "1 ");
  CHECK(Drain(batch) == "2 3 ");
}

TEST_CASE("what is left in a batch is shared by halves when the queue is empty") {
  TaskQueue queue;
  Push(queue, MakeCreator(), 0, 8);
  Batch batch;
  CHECK(queue.Fill(batch, 8));
  CHECK(batch.Take()->Name() == "0");
  Batch other;
  CHECK(queue.Fill(other, 8));
  CHECK(Drain(other) == "1 2 3 4 ");
  CHECK(Drain(batch) == "5 6 7 ");
  CHECK_FALSE(queue.HasTasks());
}

TEST_CASE("what is given back comes first, in its order") {
  TaskQueue queue;
  const Unfinished creator = MakeCreator();
  Push(queue, creator, 0, 8);
  Batch batch;
  CHECK(queue.Fill(batch, 4));
  CHECK(batch.Take()->Name() == "0");
  queue.GiveBack(batch);
  CHECK(batch.Take() == nullptr);
  CHECK(queue.size() == 7);
  CHECK(queue.Fill(batch, 8));
  CHECK(Drain(batch) == "1 2 3 4 5 6 7 ");
}

TEST_CASE("what was pushed last can be taken back") {
  TaskQueue queue;
  Push(queue, MakeCreator(), 0, 1);
  Push(queue, MakeCreator(), 1, 2);
  CHECK(queue.Pop()->Name() == "1");
  Batch batch;
  CHECK(queue.Fill(batch, 8));
  CHECK(Drain(batch) == "0 ");
}

TEST_CASE("each task is taken once, whoever takes at the same time") {
  constexpr int kTasks = 20'000;
  TaskQueue queue;
  Mutex mutex;
  std::atomic<int> taken = 0;
  const Unfinished creator = MakeCreator();
  for (int i = 0; i < kTasks; ++i) queue.Push(MakeTask([&taken] { taken += 1; }), creator);
  const auto work = [&] {
    Batch batch;
    while (true) {
      {
        const std::lock_guard lock(mutex);
        queue.Forget(batch);
        if (!queue.Fill(batch, Batch::kCapacity)) return;
      }
      int run = 0;
      while (const std::unique_ptr<Task> task = batch.Take()) {
        task->Run();
        // As who waits does.
        if (++run == 20) {
          const std::lock_guard lock(mutex);
          queue.GiveBack(batch);
        }
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  CHECK(taken == kTasks);
  CHECK_FALSE(queue.HasTasks());
}

}  // namespace
}  // namespace vestige::jobs
