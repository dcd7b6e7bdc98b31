// Contexts that run jobs and threads: what became of each, and how all of them are stopped and waited for.
//
//   MakeTask: names the fork, on the creator's thread, and takes the lambda's captures. Where these are mere bits, they
//             wait as such; otherwise the fork is made at once and they are cloned into it
//   Run:      makes the fork, unless it is there, and initialises its globals; then the lambda, [finalize] functions,
//             reports. The fork is gone, or, when nothing is left in it, waits to become another. On a worker's thread
//   Settle:   what the forks left is told, by lane, on the main run's thread
//
// Reports of a fork are texts until then, so that their order does not depend on who ended first. Floor 6.

#ifndef VESTIGE_ENGINE_FORKS_H_
#define VESTIGE_ENGINE_FORKS_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/lock.h"
#include "engine/shared_variables.h"
#include "exec/context.h"
#include "jobs/task.h"
#include "ledger/lane.h"
#include "vestige/findings.h"

namespace vestige::engine {

class ScriptRun;

// What a fork left behind when it ended.
struct ForkEnd {
  std::string lane;
  bool is_of_job = false;  // it, or what made it, is a job of the main context
  std::string exception;   // of the lambda or of what ended it; empty: none
  bool failed = false;
  bool has_survivors = false;
  ContextFindings findings;
  std::string leak_report;
  std::string heap_report;

  // Whether there is anything to tell.
  bool is_empty() const { return !failed && !has_survivors && heap_report.empty(); }
};

struct Fork;

// The forks of one main run. Thread-safe, unless said otherwise.
class Forks {
 public:
  // What Stop reaches: a context, or the forks of a program that a script runs. Never freed before the Forks; used
  // again.
  struct Slot {
    std::atomic<exec::Context*> context{nullptr};
    std::atomic<Forks*> forks{nullptr};
    Slot* next = nullptr;       // of all
    Slot* next_free = nullptr;  // under the lock
  };

  // `main` outlives this; it is stopped when a fork exits.
  explicit Forks(ScriptRun& main);
  ~Forks();
  Forks(const Forks&) = delete;
  Forks& operator=(const Forks&) = delete;

  // A fork keeps parts of the main run from DidMake, when it is only a task yet, to DidRelease.
  void DidMake();
  void DidRelease();
  // A context for a fork, at best one that was used before. Whatever stops all stops it at once.
  std::unique_ptr<Fork> Take(ledger::Lane lane, const std::string& name);
  // The fork has ended.
  void GiveBack(std::unique_ptr<Fork> fork, ForkEnd end);
  // So has the context of a program that a script ran.
  void Add(ForkEnd end);

  // Stop reaches the two from now on, until Leave. Either may be null.
  Slot* Enter(exec::Context* context, Forks* forks);
  // Returns when no Stop is under way.
  void Leave(Slot* slot);
  // The runs of programs that are still there. When no other thread runs.
  std::vector<ScriptRun*> Programs() const;
  // Whether a stop that came before Enter concerns what a fork, or the main context, calls now.
  bool WasStopped(bool for_fork) const { return stop_code_ != kGoOn && (for_fork || !main_has_ended_); }

  // Stops every fork, now and later. Signal handlers may call it.
  void Stop(int exit_code);
  // A fork called exit().
  void Exit(int exit_code);

  ScriptRun& main() { return main_; }
  // Of the main context. A fork that makes another one need not lock them: they are, as long as it runs.
  void LockShared();
  // When no fork is left. On the main context's thread.
  void UnlockShared();
  // Returns when no fork is left. The caller is none.
  void Wait();
  // The main context runs no code any more: an exit of a fork need not stop it.
  void set_main_has_ended() { main_has_ended_ = true; }
  // What has ended and was not taken yet, by lane. Jobs: what no thread of the main context made.
  enum class Which : bool { kAll, kJobs };
  std::vector<ForkEnd> TakeEnds(Which which);
  // What the first fork that called exit() gave.
  std::optional<int> exit_code();

 private:
  static constexpr int kGoOn = -1;
  // As many contexts wait to be used again.
  static constexpr size_t kMostIdle = 64;

  ScriptRun& main_;
  SharedVariables shared_;
  std::atomic<bool> main_has_ended_{false};
  std::atomic<int> stop_code_{kGoOn};
  std::atomic<Slot*> slots_{nullptr};
  // Calls of Stop in progress: no context is destroyed under one.
  std::atomic<int> stoppers_{0};
  base::Mutex mutex_;
  base::Signal has_ended_;
  Slot* free_slots_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Fork>> idle_ ABSL_GUARDED_BY(mutex_);
  std::vector<ForkEnd> ends_ ABSL_GUARDED_BY(mutex_);
  std::optional<int> exit_code_ ABSL_GUARDED_BY(mutex_);
};

// Makes forks of one run, which outlives it.
class ForkMaker final : public jobs::Spawner {
 public:
  explicit ForkMaker(ScriptRun& run) : run_(run) {}
  std::unique_ptr<jobs::Task> MakeTask(runtime::ScriptContext& creator, void* lambda, jobs::TaskKind kind) override;
  void DidClose(runtime::ScriptContext& creator) override;

 private:
  ScriptRun& run_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_FORKS_H_
