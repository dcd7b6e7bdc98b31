// The workers of one engine: a queue of tasks, the threads that run them, and threads of their own for those that asked
// for one.
//
// A worker that waits gives its place to another, so tasks that wait for one another get on with a single core; there
// are never more workers that run than `worker_count`. Workers start when there is work and sleep when there is none.
// Thread-safe. Floor 3.

#ifndef VESTIGE_JOBS_SYSTEM_H_
#define VESTIGE_JOBS_SYSTEM_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/account.h"
#include "jobs/task.h"
#include "jobs/task_queue.h"
#include "jobs/threads.h"
#include "jobs/trace.h"
#include "jobs/waiting.h"

namespace vestige::jobs {

// What scripts may ask of the queue beyond its size. None changes what a program does.
enum class Setting : uint8_t {
  kWorkerSpin,
  kJoinSpin,
  kBatch,
  kForkPool,
  kSkipHeapReset,
  kTeamMode,
  kTeamRankGate,
  kAffinity,
  kCount,
};

class System final : public Waiting {
 public:
  // `worker_count`: how many tasks of the queue run at once; zero: as many as there are cores.
  explicit System(uint32_t worker_count = 0);
  // Joins.
  ~System() override;

  Account& account() { return account_; }
  Trace& trace() { return trace_; }
  // Records what the calling thread did, which has a current party.
  void Record(TraceEvent event);

  // --- The pool ---

  // Scopes that have the pool open; tasks are queued while there is one.
  void Open();
  bool is_open();
  // The caller's scope ends: waits for the tasks that `party` made, and, when it was the last scope, for all. Anything
  // but kDone ends the run.
  WaitResult Close(Party& party, const Place& since);
  // A scope without an end, but one at most.
  void OpenForGood();
  bool is_open_for_good();
  WaitResult CloseForGood(Party& party, const Place& since);
  // While the pool is open, what it was opened with.
  uint32_t worker_count() const { return open_count_.load(std::memory_order_relaxed); }
  // No more workers than `cap` when the pool is opened next; zero: as many as the system was made with.
  void set_worker_cap(int32_t cap) { worker_cap_ = cap; }
  // How many of the workers take tasks, a negative number: all. At least one does.
  void set_worker_limit(int32_t limit);
  int32_t worker_limit();

  int32_t setting(Setting setting) const { return settings_[static_cast<size_t>(setting)].load(); }
  void set_setting(Setting setting, int32_t value) { settings_[static_cast<size_t>(setting)] = value; }

  // Queues a task of `creator`. The pool is open. False when there is no worker and the operating system gives none;
  // the task is gone then.
  bool Submit(std::unique_ptr<Task> task, Party& creator);
  // Runs the oldest task of the queue on this thread. False: there is none.
  bool TryRunOne();
  // Runs a task on a thread of its own. False when the operating system gives none; the task is gone then.
  bool StartThread(std::unique_ptr<Task> task);

  // --- Parties ---

  // The calling thread runs script code as `party` from here to LeaveThread.
  void EnterThread(Party& party);
  void LeaveThread();
  // Who this thread is; null on threads of the host.
  Party* current() { return current_.get(); }

  // The thread's party stands still while somebody looks at memory; from BeginRest to EndRest it does nothing else, so
  // that nobody waits for it. Nothing on threads without one, and for parties that may not rest.
  void Rest() {
    BeginRest();
    EndRest();
  }
  void BeginRest() {
    if (!MayRest()) return;
    DropEnded(*current());
    gate().Enter();
  }
  void EndRest() {
    if (MayRest()) gate().Leave();
  }
  // While all stand still: tasks that have not ended, and whether `target` is what those wait for who wait for them.
  uint64_t unfinished_tasks() const { return unfinished_; }
  bool is_queue(const Waitable& target) const { return &target == &queue_; }

  // Waits until every task has ended, and ends the threads; the pool is closed then. Only tasks submit meanwhile.
  void Join();

 protected:
  void WillSleep(const Waiter& waiter) override;
  void DidSleep(const Waiter& waiter) override;
  bool IsNeeded(const Waiter& waiter) override;
  void Help() override { TryRunOne(); }
  void WorkMeanwhile(const Waiter& waiter) override;
  bool AllHaveBegun() override;

 private:
  bool MayRest() { return current() != nullptr && current()->may_rest; }

  struct Thread;
  using Threads = std::list<Thread>;
  struct Thread {
    System* system = nullptr;
    std::unique_ptr<Task> task;  // null: a worker
    size_t number = 0;           // of a worker, when it was made: how many there were
    Threads::iterator self;
    uv_thread_t id;
  };
  class Queue final : public Waitable {
   public:
    Queue() : Waitable(kLooks) {}
    std::string Describe() const override { return "jobs that have not ended"; }

   private:
    // It is held for some pointers.
    static constexpr int kLooks = 16;
  };

  static void RunThread(void* thread);
  void RunWorker(TraceLane& lane);
  // Sleeps until there is something to take. False: the threads are to end. The queue's mutex is held.
  bool WaitForTasks(TraceLane& lane);
  // The worker counts as woken, and gives up the mutex for a moment.
  void LookForTasks();
  // Runs what was taken; the queue's mutex is held, but not meanwhile.
  void RunTaken(Batch& batch);
  void RunBatch(Batch& batch);
  // Whether nobody but the caller is left to run the tasks of the queue: all workers wait, there are to be no more of
  // them, and no party does anything, of which `callers` are the caller. The queue's mutex is held.
  bool IsLeftAlone(int64_t callers) const;
  // The caller has nothing else to do: runs what only it can.
  void RunLeft(int64_t callers);
  // What a worker's thread does before its first task: with the setting kAffinity 2 it stays on one core.
  void PinWorker(size_t number);
  // The queue's mutex is held.
  void AddWorkerIfNeeded();
  bool CanTake() const { return active_ < limit_ && tasks_.HasTasks(); }
  // How many tasks a worker takes at once: few enough that there is something for all.
  uint32_t ShareOfTasks() const { return static_cast<uint32_t>(tasks_.size() / (2 * limit_)) + 1; }
  void SetLimit();
  // A program says nothing to the next one.
  void ForgetSettings();
  // Null: a worker. False when there is to be none; the task stays then, whose end may run script code.
  bool AddThread(std::unique_ptr<Task>& task);
  // Joins threads that have ended, which takes no time. The queue's mutex is held: they do not need it any more.
  void JoinEnded();
  // Runs a task as a party, which was counted since it was queued and still is. `batch`: of the worker, or null.
  void Run(Task& task, TraceKind kind, Batch* batch);
  // Tasks of the batch that have ended are no longer counted as unfinished; the queue's mutex is held.
  void SettleEnded(Batch& batch);
  // Those of the caller's worker no longer count as able to do something, which the caller still is.
  void DropEnded(const Party& caller);

  const uint32_t worker_count_;
  std::atomic<uint32_t> open_count_;
  std::atomic<int32_t> worker_cap_{0};
  Account account_;
  Trace trace_;
  PerThread<TraceLane> lanes_;
  PerThread<Party> current_;
  std::array<std::atomic<int32_t>, static_cast<size_t>(Setting::kCount)> settings_ = {};
  // The last worker that was needed could not be made; whoever waits looks whether to help.
  std::atomic<bool> lacks_workers_{false};
  // Guards all that follows.
  Queue queue_;
  Condition has_work_;
  TaskQueue tasks_;
  // How many there were; changes under the mutex.
  std::atomic<uint64_t> pushed_{0};
  Threads threads_;
  // Those that have nothing left to do but to be joined, when the next one is made or at the end: each keeps its stack
  // until then.
  Threads ended_;
  Condition has_ended_;
  uint64_t unfinished_ = 0;  // tasks queued or running
  uint32_t open_ = 0;
  bool is_open_for_good_ = false;
  int32_t asked_limit_ = -1;
  uint32_t limit_;
  uint32_t active_ = 0;  // workers, and parties that close the pool, that run tasks which do not wait
  uint32_t idle_ = 0;    // workers that look for work or sleep until there is some
  uint32_t woken_ = 0;   // of those, at most: how many look, or were woken and do not know it yet
  uint32_t workers_ = 0;
  bool is_joining_ = false;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_SYSTEM_H_
