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
#include "base/text_sink.h"
#include "engine/compiler.h"
#include "exec/context.h"
#include "ledger/watch.h"
#include "vestige/findings.h"
#include "vestige/options.h"

namespace vestige::engine {

class Profiles;

// Where a run's text goes; none is owned.
struct Outputs {
  base::TextSink* out = nullptr;
  base::TextSink* err = nullptr;
  base::TextSink* reports = nullptr;
  base::TextSink* leak_reports = nullptr;
  // What contexts did, gathered when they close.
  Profiles* profiles = nullptr;
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
  // At a memory limit: the places that hold most. Known only while allocations are tracked.
  void TellTopPlaces();
  std::string SourceLine(base::Location location);
  void TellAssertion(std::string_view message);
  void TellHeap(const memory::Heap& heap, bool with_title, base::TextSink& out) const;
  void TellCensus(const memory::Heap& heap, bool with_title, base::TextSink& out) const;
  bool tracks() const;
  void SetUpWatch(exec::ContextSettings& settings);
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
  audit::RunEnd end_;
  bool asked_to_exit_ = false;
  std::string exception_;
  ContextFindings findings_;
  std::vector<SyntaxNodes> node_findings_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_SCRIPT_RUN_H_
