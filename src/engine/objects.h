// What an engine keeps beyond the runs of its scripts: objects with a count and handles, where they were born, and the
// watch over them.
//
// A birthplace is a lane (one run, or one fork) and a node of that lane's context tree, which dies with it. So when a
// lane ends, the stacks that survivors refer to are spelled out and kept. Floor 6.

#ifndef VESTIGE_ENGINE_OBJECTS_H_
#define VESTIGE_ENGINE_OBJECTS_H_

#include <atomic>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "base/lock.h"
#include "engine/script_run.h"
#include "engine/stuck_search.h"
#include "jobs/system.h"
#include "ledger/watch.h"
#include "memory/handle_tables.h"
#include "memory/object_account.h"
#include "vestige/findings.h"
#include "vestige/options.h"

namespace vestige::engine {

// The account and the registries are thread-safe, and so is what forks call; the rest is the engine's thread's.
class Objects {
 public:
  // `options`, `outputs` and `jobs` outlive this object.
  Objects(const EngineOptions& options, const Outputs& outputs, jobs::System& jobs);

  memory::ObjectAccount& account() { return account_; }
  memory::HandleTables& handles() { return handles_; }
  jobs::System& jobs() { return jobs_; }
  StuckSearch& stuck_search() { return stuck_search_; }

  // A main run on this thread, from before its first script code until its context is about to go. Its forks have ended
  // before.
  void BeginRun(ScriptRun& run);
  void EndRun();
  // A fork, on any thread.
  void BeginFork(ScriptRun& run);
  // A program that the script of `asker` runs, on the asker's thread. Its objects are numbered with those of its
  // thread.
  void BeginProgram(ScriptRun& run, ScriptRun& asker);
  void EndFork(ScriptRun& run);
  // From here on this thread runs script code of `run`, which may be null; returns whose it ran before.
  ScriptRun* EnterThread(ScriptRun* run);

  // What is alive now.
  EngineFindings Findings();

 private:
  using Stack = std::vector<StackFrame>;

  static Birthplace PlaceNow(void* objects);
  void DidChangeCount(const jobs::ReferenceChange& change) const;
  std::vector<JobFinding> Primitives();
  static void DidMisuse(void* objects, const memory::Misuse& misuse);
  static void DidHit(void* objects, const ledger::WatchHit& hit, std::FILE* out);
  // Makes `run` one of those whose places are known.
  void Begin(ScriptRun& run, uint32_t lane);
  // Whose script code this thread runs; null: nobody's.
  ScriptRun* Current();
  // The stack of a place of a run that ended, or of the one that is current.
  Stack StackOf(Birthplace place);
  // As reports tell it; of a lane that ended.
  std::string LaneName(uint32_t lane);
  // What of the lane is alive is told with places of `run`, which is current and about to go.
  void KeepPlaces(ScriptRun& run);

  const EngineOptions& options_;
  Outputs outputs_;
  ledger::Watch watch_;
  base::Mutex mutex_;
  absl::flat_hash_map<Birthplace, Stack> kept_ ABSL_GUARDED_BY(mutex_);
  // Forks that something alive was born in.
  absl::flat_hash_map<uint32_t, std::string> kept_lanes_ ABSL_GUARDED_BY(mutex_);
  // Of the programs that ended.
  std::vector<PrimitiveCycleFinding> primitive_cycles_;
  // Names of holders that outlived their program.
  absl::node_hash_set<std::string> names_;
  // By thread.
  absl::flat_hash_map<const void*, ScriptRun*> current_ ABSL_GUARDED_BY(mutex_);
  ScriptRun* main_run_ = nullptr;
  uint32_t last_run_ = 0;
  std::atomic<uint32_t> last_fork_{memory::kFirstForkLane - 1};
  jobs::System& jobs_;
  StuckSearch stuck_search_;
  memory::HandleTables handles_;
  memory::ObjectAccount account_;
};

// This thread runs script code of `run`: what is born meanwhile is born there.
class BirthScope {
 public:
  explicit BirthScope(ScriptRun& run)
      : objects_(run.objects()), outer_(objects_ != nullptr ? objects_->EnterThread(&run) : nullptr) {}
  ~BirthScope() {
    if (objects_ != nullptr) objects_->EnterThread(outer_);
  }
  BirthScope(const BirthScope&) = delete;
  BirthScope& operator=(const BirthScope&) = delete;

 private:
  Objects* objects_;
  ScriptRun* outer_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_OBJECTS_H_
