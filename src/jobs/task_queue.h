// Tasks that nobody has begun, oldest first.
//
// A worker takes several at once while there are many, so that one lock and one look at the counts do for all of them.
// They are of one creator, and until the last of them has ended nobody waits for the end of any, so what ended is
// counted then, too. What was taken and not begun is still anybody's: who finds the queue empty takes up to half of it.
// Floor 3.

#ifndef VESTIGE_JOBS_TASK_QUEUE_H_
#define VESTIGE_JOBS_TASK_QUEUE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "jobs/task.h"

namespace vestige::jobs {

// How many tasks a party queued that have not ended; guarded by the queue's mutex, shared with the tasks.
using Unfinished = std::shared_ptr<uint64_t>;

// What one thread took. All but Take is under the queue's mutex.
class Batch {
 public:
  static constexpr uint32_t kCapacity = 32;

  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  // The oldest one, for the thread whose batch it is, which holds no mutex. Null: none is left.
  std::unique_ptr<Task> Take() {
    const uint32_t index = next_.fetch_add(1, std::memory_order_relaxed);
    return index < end_ ? std::move(tasks_[index]) : nullptr;
  }

  // Its thread's: tasks that have ended since they were last counted as such, in *unfinished and by Waiting.
  uint32_t ended = 0;
  uint32_t counted = 0;
  Unfinished unfinished;

 private:
  friend class TaskQueue;

  // Gives `most` of the oldest, or what there is; their indices are from the result to *end.
  uint32_t Claim(uint32_t most, uint32_t* end);
  // What nobody took. Its thread may take meanwhile.
  uint32_t left() const;

  std::array<std::unique_ptr<Task>, kCapacity> tasks_;
  uint32_t end_ = 0;
  // Goes beyond the end when there is nothing to take.
  std::atomic<uint32_t> next_{0};
};

// Guarded by its owner's mutex.
class TaskQueue {
 public:
  // Those in batches, too. Exact when nobody takes.
  uint64_t size() const;
  // Whether somebody could take one.
  bool HasTasks() const;

  void Push(std::unique_ptr<Task> task, const Unfinished& unfinished);
  // Takes back what was pushed last.
  std::unique_ptr<Task> Pop();

  // Fills the batch, which has none, with up to `most` of the oldest ones. False: there is none.
  bool Fill(Batch& batch, uint32_t most);
  // The same with the oldest ones of that creator, unless others are before them.
  bool FillWithThoseOf(const Unfinished& creator, Batch& batch, uint32_t most);
  // Puts back what its thread took and has not begun.
  void GiveBack(Batch& batch);
  // Its thread found that none is left.
  void Forget(Batch& batch);

 private:
  // Consecutive tasks of one creator.
  struct Run {
    Unfinished unfinished;
    uint64_t count = 0;
  };

  void FillFromQueue(Batch& batch, uint32_t most);
  // Null: of any creator.
  bool FillFromOther(const Unfinished* creator, Batch& batch, uint32_t most);

  std::deque<std::unique_ptr<Task>> tasks_;
  std::deque<Run> runs_;
  // Those that had more than one task to begin with.
  std::vector<Batch*> batches_;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_TASK_QUEUE_H_
