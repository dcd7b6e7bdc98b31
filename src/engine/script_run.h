// One run of one program: its context from birth to report. Forks of it are runs too (forks.h). Floor 6.

#ifndef VESTIGE_ENGINE_SCRIPT_RUN_H_
#define VESTIGE_ENGINE_SCRIPT_RUN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/node_hash_set.h"
#include "ast/lane.h"
#include "audit/exit_code.h"
#include "audit/node_report.h"
#include "base/address_reserve.h"
#include "base/text_sink.h"
#include "engine/compiler.h"
#include "engine/forks.h"
#include "engine/limit_report.h"
#include "engine/memory_monitor.h"
#include "exec/context.h"
#include "ledger/watch.h"
#include "vestige/findings.h"
#include "vestige/options.h"

namespace vestige::engine {

class Profiles;

// What the runs of an engine share: where their text goes, and the allocation that is to fail. None is owned.
struct Outputs {
  base::TextSink* out = nullptr;
  base::TextSink* err = nullptr;
  base::TextSink* reports = nullptr;
  base::TextSink* leak_reports = nullptr;
  // What contexts did, gathered when they close.
  Profiles* profiles = nullptr;
  memory::FailurePlan* failure = nullptr;
};

// What the watch of births and events does on a hit.
ledger::OnHit PolicyOf(OnBreak on_break);

class Objects;
class Programs;
class ScriptRun;

// What a run is part of; by itself it is the main one of its program.
struct RunOrigin {
  // Where syntax nodes of a program go that another run compiled, and of a fork; null: into a registry of its own.
  ast::Registry* nodes = nullptr;
  ledger::Lane lane = ledger::Lane();
  // Those this one belongs to, when it runs jobs or threads of the same program; null: it is no fork.
  Forks* forks = nullptr;
  // The main run of the script that runs this one's program, or whose job does; null: nobody's script does.
  ScriptRun* root = nullptr;
  // What reports call the context; empty: the script says.
  std::string name;
};

// The steps of a run, called in the order of declaration. A step after a failed one does nothing but what must still
// happen: finalizers and reports always do.
class ScriptRun {
 public:
  // `options` and `outputs` outlive the run.
  ScriptRun(std::shared_ptr<Compiled> program, const EngineOptions& options, const Outputs& outputs,
            RunOrigin origin = {});
  ~ScriptRun();

  // Global initialisers, then [init] functions.
  void Initialise();
  // Syntax nodes that outlived what ran so far and were not told before.
  void ReportNodes(audit::NodePhase phase);
  // The exported entry; its result becomes the exit code.
  void RunEntry();
  // Instead of the entry, in a fork: calls a lambda of its context, then deletes it, whatever happened.
  void RunLambda(void* lambda);
  // Makes a fork that has ended one of another lane, as new. False when it left something; it is of no use then.
  bool Restart(ledger::Lane lane, std::string_view name);
  // The script cannot go on, as after a panic.
  void Fail(std::string_view message);
  // Deletes a lambda of a fork, which may be null.
  void DropLambda(void* lambda, bool was_run);
  // Frees strings that the runtime made for captures, as far as they are still alive; none was born after `last`.
  void FreeStrings(const std::vector<char*>& strings, ledger::BirthId last);
  // Waits for all forks and tells what leak profilers found in them. Whoever ran script code calls it before reports.
  void Settle();
  // Tells what leak profilers found in forks that have ended.
  void TellForks(Forks::Which which);
  // Heap report and census, when asked for.
  void ReportHeaps();
  // [finalize] functions. A panic in one is told and the others still run.
  void Finalize();
  // Leak profiler's report, when asked for, and the findings whenever anything was tracked.
  void ReportLeaks();

  // Counts an event of the host where the script is now.
  void AdHocEvent(uint64_t weight);
  // For debug_progress of the host.
  void ReportProgress(uint64_t items) {
    if (monitor_ != nullptr) monitor_->Report(items);
  }

  // What forks of this run belong to; a fork's is its creator's.
  Forks& forks() { return forks_; }
  bool is_fork() const { return own_forks_ == nullptr; }
  // The run that accounts for this one: itself, unless it is a fork or runs a program that a script compiled.
  ScriptRun& root() { return root_; }
  // An initialiser failed, and whoever wanted this run knows it.
  void DropFailure() { end_.failed = false; }
  // What compiles programs for its script.
  Programs& programs() { return *programs_; }
  // Of a fork: see ForkEnd.
  bool is_of_job() const { return is_of_job_; }
  void set_is_of_job(bool is_of_job) { is_of_job_ = is_of_job; }
  ledger::Lane& lane() { return lane_; }
  const EngineOptions& options() const { return options_; }
  const Outputs& outputs() const { return outputs_; }
  ast::Registry& nodes() { return nodes_; }
  const std::shared_ptr<Compiled>& shared_program() const { return program_; }
  // Who accounts for objects of its scripts; not owned. Null: nobody.
  void set_objects(Objects* objects);
  Objects* objects() const { return objects_; }
  // Keeps the modules of programs that scripts compile; not owned, outlives the run. Null: nothing does.
  void set_module_cache(ModuleCache* cache) { module_cache_ = cache; }
  ModuleCache* module_cache() const { return module_cache_; }

  // For hosts that run more than the entry.
  exec::Context& context() { return *context_; }
  const exec::Context& context() const { return *context_; }
  const Compiled& program() const { return *program_; }

  // A watched id was met under OnBreak::kExit: the run ends, with its reports. `is_here`: its context met it.
  void StopWatched(bool is_here);
  // Ends the script and its forks soon; see Engine::RequestStop.
  void Stop(int exit_code);

  // Whether a panic or an exit ended the script.
  bool has_ended() const { return !CanRun(); }
  // What happened so far. The signal is the engine's to add.
  audit::RunEnd end() const;
  // Whether a job or a thread that has been told failed.
  bool fork_failed() const { return fork_failed_; }
  bool asked_to_exit() const { return asked_to_exit_; }
  const std::string& exception() const { return exception_; }
  ContextFindings TakeFindings() { return std::move(findings_); }
  // Of forks that left something, by lane; known after Settle.
  std::vector<ContextFindings> TakeForkFindings();
  std::vector<SyntaxNodes> TakeNodes() { return std::move(node_findings_); }

 private:
  bool CanRun() const { return !end_.failed && !asked_to_exit_; }
  // Runs a function that takes nothing, and accounts for how it ended.
  bool RunFunction(uint32_t number, void* result);
  void NoteEnd();
  // Where it began is unknown when it is none of the script's.
  void TellPanic(base::Location location);
  // A heap or the system refused memory: frees what was kept for that case, and looks what fills the heaps.
  void DidRunOut(const memory::Heap* heap, bool by_system);
  std::string SourceLine(base::Location location);
  void TellAssertion(std::string_view message);
  void TellHeap(const memory::Heap& heap, bool with_title, base::TextSink& out) const;
  void TellCensus(const memory::Heap& heap, bool with_title, base::TextSink& out) const;
  bool tracks() const;
  // Whether births are recorded, be it only to tell what fills a heap at its limit.
  bool RecordsBirths() const;
  bool HasLimit() const;
  // The file of the entry, as messages tell it; empty without one.
  std::string EntryFile() const;
  exec::ContextSettings Settings() const;
  void SetUpWatch(exec::ContextSettings& settings);
  // What the context is asked for about memory: limits, checkpoints, growth.
  void SetUpMemory(runtime::ContextOptions& natives);
  void SetUpNatives();
  void SetUpNodes(runtime::ContextOptions& natives);
  void MakeNodeLane();
  // How people read a place; for one in a library of the executable at which the script is now: the call that led
  // there.
  diag::Position PlaceOf(base::Location location);
  // Where the script is, for nodes that it makes now.
  ast::Birth NodeBirth();
  static void DidHitWatch(void* run, const ledger::WatchHit& hit, std::FILE* out);

  const EngineOptions& options_;
  Outputs outputs_;
  std::shared_ptr<Compiled> program_;
  // Names that PlaceOf gave out.
  absl::node_hash_set<std::string> place_files_;
  ledger::Watch watch_;
  ledger::Lane lane_;
  // Before the context: what it makes lies there.
  std::unique_ptr<ast::Registry> own_nodes_;
  ast::Registry& nodes_;
  // Kept by the registry if nodes are left on it.
  std::unique_ptr<ast::Lane> node_lane_;
  std::unique_ptr<Programs> programs_;
  std::unique_ptr<Forks> own_forks_;
  Forks& forks_;
  ScriptRun& root_;
  std::unique_ptr<ForkMaker> fork_maker_;
  Objects* objects_ = nullptr;
  ModuleCache* module_cache_ = nullptr;
  std::unique_ptr<exec::Context> context_;
  std::unique_ptr<LimitReport> limit_report_;
  // Null while nobody wants to know.
  std::unique_ptr<MemoryMonitor> monitor_;
  // Address space for what has to be told and finalised after the system refused memory; given back then.
  base::AddressReserve reserve_;
  audit::RunEnd end_;
  // A fork failed; the script itself goes on.
  bool fork_failed_ = false;
  bool asked_to_exit_ = false;
  bool is_of_job_ = false;
  std::string exception_;
  ContextFindings findings_;
  std::vector<SyntaxNodes> node_findings_;
  // By node of the context tree: what it is to the registry of another run.
  absl::flat_hash_map<StackId, uint32_t> kept_node_stacks_;
  std::vector<ContextFindings> fork_findings_;
  // Lane and heap report of forks.
  std::vector<std::pair<std::string, std::string>> fork_heaps_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_SCRIPT_RUN_H_
