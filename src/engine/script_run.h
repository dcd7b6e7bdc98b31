// One run of one program: its context from birth to report. Floor 6.

#ifndef VESTIGE_ENGINE_SCRIPT_RUN_H_
#define VESTIGE_ENGINE_SCRIPT_RUN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ast/lane.h"
#include "audit/exit_code.h"
#include "audit/node_report.h"
#include "base/address_reserve.h"
#include "base/text_sink.h"
#include "engine/compiler.h"
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

class Programs;

// The steps of a run, called in the order of declaration. A step after a failed one does nothing but what must still
// happen: finalizers and reports always do.
class ScriptRun {
 public:
  // `options` and `outputs` outlive the run.
  // `nodes`: where syntax nodes of a program go that another run compiled; null: the run has a registry of its own.
  ScriptRun(std::shared_ptr<Compiled> program, const EngineOptions& options, const Outputs& outputs,
            ast::Registry* nodes = nullptr);
  ~ScriptRun();

  // Global initialisers, then [init] functions.
  void Initialise();
  // Syntax nodes that outlived what ran so far and were not told before.
  void ReportNodes(audit::NodePhase phase);
  // The exported entry; its result becomes the exit code.
  void RunEntry();
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

  // For hosts that run more than the entry.
  exec::Context& context() { return *context_; }
  const exec::Context& context() const { return *context_; }
  const Compiled& program() const { return *program_; }

  // A watched id was met under OnBreak::kExit: the run ends, with its reports.
  void StopWatched();
  // Ends the script soon; see Engine::RequestStop.
  void Stop(int exit_code) { context_->Stop(exit_code); }

  // What happened so far. The signal is the engine's to add.
  const audit::RunEnd& end() const { return end_; }
  bool asked_to_exit() const { return asked_to_exit_; }
  const std::string& exception() const { return exception_; }
  ContextFindings TakeFindings() { return std::move(findings_); }
  std::vector<SyntaxNodes> TakeNodes() { return std::move(node_findings_); }

 private:
  bool CanRun() const { return !end_.failed && !asked_to_exit_; }
  // Runs a function that takes nothing, and accounts for how it ended.
  bool RunFunction(uint32_t number, void* result);
  void NoteEnd();
  void TellPanic();
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
  void SetUpWatch(exec::ContextSettings& settings);
  // What the context is asked for about memory: limits, checkpoints, growth.
  void SetUpMemory(runtime::ContextOptions& natives);
  void SetUpNodes(runtime::ContextOptions& natives, bool is_main);
  // Where the script is, for nodes that it makes now.
  ast::Birth NodeBirth();
  static void DidHitWatch(void* run, const ledger::WatchHit& hit, std::FILE* out);

  const EngineOptions& options_;
  Outputs outputs_;
  std::shared_ptr<Compiled> program_;
  ledger::Watch watch_;
  // Before the context: what it makes lies there.
  ast::Registry own_nodes_;
  ast::Registry& nodes_;
  ast::Lane* lane_ = nullptr;
  std::unique_ptr<Programs> programs_;
  std::unique_ptr<exec::Context> context_;
  std::unique_ptr<LimitReport> limit_report_;
  // Null while nobody wants to know.
  std::unique_ptr<MemoryMonitor> monitor_;
  // Address space for what has to be told and finalised after the system refused memory; given back then.
  base::AddressReserve reserve_;
  audit::RunEnd end_;
  bool asked_to_exit_ = false;
  std::string exception_;
  ContextFindings findings_;
  std::vector<SyntaxNodes> node_findings_;
  // By node of the context tree: what it is to the registry of another run.
  absl::flat_hash_map<StackId, uint32_t> kept_node_stacks_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_SCRIPT_RUN_H_
