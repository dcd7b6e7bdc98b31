// What an engine keeps beyond the runs of its scripts: objects with a count and handles, where they were born, and the
// watch over them.
//
// A birthplace is a lane (one run) and a node of that lane's context tree, which dies with the run. So when a run ends,
// the stacks that survivors refer to are spelled out and kept. Floor 6.

#ifndef VESTIGE_ENGINE_OBJECTS_H_
#define VESTIGE_ENGINE_OBJECTS_H_

#include <cstdio>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "engine/script_run.h"
#include "ledger/watch.h"
#include "memory/handle_tables.h"
#include "memory/object_account.h"
#include "vestige/findings.h"
#include "vestige/options.h"

namespace vestige::engine {

// The account and the registries are thread-safe; the rest is the engine's thread's.
class Objects {
 public:
  // `options` and `outputs` outlive this object.
  Objects(const EngineOptions& options, const Outputs& outputs);

  memory::ObjectAccount& account() { return account_; }
  memory::HandleTables& handles() { return handles_; }

  // A run on this thread, from before its first script code until its context is about to go.
  void BeginRun(ScriptRun& run);
  void EndRun();

  // What is alive now.
  EngineFindings Findings() const;

 private:
  using Stack = std::vector<StackFrame>;

  static Birthplace PlaceNow(void* objects);
  static void DidMisuse(void* objects, const memory::Misuse& misuse);
  static void DidHit(void* objects, const ledger::WatchHit& hit, std::FILE* out);
  // The stack of a place of the current run or of one that ended.
  Stack StackOf(Birthplace place) const;
  // Spells out a place of the current run, so that it outlives it.
  void Keep(Birthplace place);

  const EngineOptions& options_;
  Outputs outputs_;
  ledger::Watch watch_;
  absl::flat_hash_map<Birthplace, Stack> kept_;
  // Names of holders that outlived their program.
  absl::node_hash_set<std::string> names_;
  ScriptRun* run_ = nullptr;
  // The thread that runs it, as an address; zero while nothing runs.
  std::atomic<const void*> thread_{nullptr};
  uint32_t lane_ = 0;
  memory::HandleTables handles_;
  memory::ObjectAccount account_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_OBJECTS_H_
