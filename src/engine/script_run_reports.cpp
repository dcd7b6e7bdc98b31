// What a run tells: panics, failed assertions, nodes, heaps, survivors. Floor 6.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ast/findings.h"
#include "audit/heap_report.h"
#include "audit/leak_report.h"
#include "base/lock.h"
#include "diag/diagnostics.h"
#include "engine/file_loader.h"
#include "engine/heap_findings.h"
#include "engine/profiles.h"
#include "engine/reach.h"
#include "engine/script_run.h"
#include "engine/stack_text.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

// How the panics of memory begin (runtime/out_of_memory.cpp).
constexpr std::string_view kRanOut = "Error: heap allocation failed";

// Stacks of births of nodes, in whichever program.
class SyntaxStacks : public StackResolver {
 public:
  SyntaxStacks(const ast::Registry& nodes, const Compiled& program, const ledger::ContextTree& tree)
      : nodes_(nodes), own_(program, tree) {}
  std::vector<StackFrame> Frames(StackId stack) const override {
    const std::vector<StackFrame>* kept = nodes_.KeptStack(stack);
    return kept != nullptr ? *kept : own_.Frames(stack);
  }

 private:
  const ast::Registry& nodes_;
  NodeResolver own_;
};

}  // namespace

ast::Birth ScriptRun::NodeBirth() {
  const diag::Position at = program_->sources.Locate(context_->CurrentLocation());
  ast::Birth birth;
  if (at.line != 0) {
    birth = {.file = nodes_.File(at.file),
             .line = static_cast<uint32_t>(at.line),
             .column = static_cast<uint32_t>(at.column)};
  }
  if (!options_.tracking.leak_profiler) return birth;
  const StackId node = context_->CurrentNode();
  if (own_nodes_ != nullptr) {
    birth.stack = node;
    return birth;
  }
  // The nodes of forks and of programs that a script compiled are told by that script's run, when those may be gone.
  const auto [kept, is_new] = kept_node_stacks_.try_emplace(node);
  if (is_new) kept->second = nodes_.KeepStack(NodeResolver(*program_, context_->tree()).Frames(node));
  birth.stack = kept->second;
  return birth;
}

void ScriptRun::ReportNodes(audit::NodePhase phase) {
  std::vector<SyntaxNodes> found = ast::TakeUntold(nodes_);
  end_.has_survivors |= !found.empty();
  const SyntaxStacks stacks(nodes_, *program_, context_->tree());
  audit::WriteNodeReport(phase, found, &stacks, *outputs_.reports);
  for (SyntaxNodes& root : found) node_findings_.push_back(std::move(root));
}

// Written in pieces, so that nothing is allocated.
void ScriptRun::TellPanic(base::Location location) {
  const bool ran_out = exception_.starts_with(kRanOut);
  diag::Position at = program_->sources.Locate(location);
  if (ran_out && limit_report_->user_place().line != 0) at = limit_report_->user_place();
  outputs_.out->Write(is_fork() ? "JOB EXCEPTION: " : "EXCEPTION: ");
  outputs_.out->Write(exception_);
  outputs_.out->Write("\n");
  if (at.line != 0) {
    char place[32];
    const auto written = fmt::format_to_n(place, sizeof(place), ":{}:{}\n", at.line, at.column);
    outputs_.out->Write(" at ");
    outputs_.out->Write(at.file);
    outputs_.out->Write({place, written.size});
  }
  if (ran_out) limit_report_->Write(*outputs_.out);
}

void ScriptRun::TellAssertion(std::string_view message) {
  std::string text = "\nCALL STACK:\n";
  AppendStack(*program_, context_->tree(), context_->CurrentNode(), text);
  const base::Location location = context_->CurrentLocation();
  const diag::Position at = program_->sources.Locate(location);
  text += fmt::format("\nerror: {}\n{}:{}:{}\n", message, at.file, at.line, at.column);
  text += SourceLine(location);
  outputs_.err->Write(text);
  outputs_.err->Flush();
}

// Texts are gone since the program was compiled; for one line the file is read again, if it still is what it was.
std::string ScriptRun::SourceLine(base::Location location) {
  diag::SourceFile* file = program_->sources.FileOf(location);
  if (file == nullptr) return "";
  const base::Lock lock(program_->texts);
  if (!file->text().empty()) return diag::EchoLine(program_->sources, location, 1);
  absl::StatusOr<std::string> text = ReadFile(std::string(file->name()));
  if (!text.ok() || !file->RestoreText(*std::move(text))) return "";
  std::string line = diag::EchoLine(program_->sources, location, 1);
  file->ReleaseText();
  return line;
}

void ScriptRun::ReportHeaps() {
  // Of jobs there may be many; those that left nothing are not told.
  if (is_fork()) {
    const bool asked = options_.tracking.heap_report || options_.tracking.heap_census;
    if (!asked || context_->heap().live_count() + context_->string_heap().live_count() == 0) return;
    audit::WriteHeapsOf(context_->name(), lane_.name(), *outputs_.reports);
  }
  if (options_.tracking.heap_report) {
    TellHeap(context_->heap(), true, *outputs_.reports);
    TellHeap(context_->string_heap(), true, *outputs_.reports);
  }
  if (options_.tracking.heap_census) {
    TellCensus(context_->heap(), true, *outputs_.reports);
    TellCensus(context_->string_heap(), true, *outputs_.reports);
  }
  std::sort(fork_heaps_.begin(), fork_heaps_.end(),
            [](const auto& a, const auto& b) { return ledger::LaneBefore(a.first, b.first); });
  for (const auto& [lane, report] : fork_heaps_) outputs_.reports->Write(report);
}

void ScriptRun::TellHeap(const memory::Heap& heap, bool with_title, base::TextSink& out) const {
  const bool strings = heap.content() == memory::Content::kStrings;
  audit::HeapReport report(strings ? audit::HeapKind::kStrings : audit::HeapKind::kObjects, out);
  if (with_title) report.WriteTitle();
  PlaceTexts places(*program_, context_->tree());
  WriteHeap(heap, places, report);
}

void ScriptRun::TellCensus(const memory::Heap& heap, bool with_title, base::TextSink& out) const {
  const bool strings = heap.content() == memory::Content::kStrings;
  audit::WriteCensus(strings ? audit::HeapKind::kStrings : audit::HeapKind::kObjects, with_title,
                     CensusOf(heap, program_->types), out);
}

void ScriptRun::AdHocEvent(uint64_t weight) {
  exec::EventProfile* events = context_->events();
  if (events != nullptr) events->Add(context_->CurrentNode(), exec::Event::kAdHoc, types::kNoFunction, weight);
}

void ScriptRun::ReportLeaks() {
  if (outputs_.profiles != nullptr) outputs_.profiles->Add(*program_, *context_);
  end_.has_survivors |= context_->heap().live_count() + context_->string_heap().live_count() > 0;
  if (!tracks()) return;
  const TrackingOptions& tracking = options_.tracking;
  const bool tells_each = tracking.leak_profiler && tracking.ungrouped;
  ReachFindings reach = tracking.extended
                            ? SurvivorsWithReach(*context_, tells_each)
                            : ReachFindings{SurvivorsOf(context_->heap()), SurvivorsOf(context_->string_heap())};
  Survivors& blocks = reach.blocks;
  Survivors& strings = reach.strings;
  findings_ = {.context_name = context_->name(),
               .lane = std::string(lane_.name()),
               .block_count = blocks.count,
               .block_bytes = blocks.bytes,
               .blocks = std::move(blocks.groups),
               .string_count = strings.count,
               .string_bytes = strings.bytes,
               .strings = std::move(strings.groups),
               .cycles = std::move(reach.cycles),
               .tracker_bytes = context_->heap().tracking_bytes() + context_->string_heap().tracking_bytes() +
                                context_->tree().own_bytes(),
               .record_count = blocks.count + strings.count,
               .stack_count = context_->tree().node_count()};
  if (!tracking.leak_profiler) return;
  const NodeResolver stacks(*program_, context_->tree());
  audit::LeakReportOptions report = {.extended = tracking.extended};
  if (tells_each) {
    report.each_block = tracking.extended ? reach.each_block : EachSurvivorOf(context_->heap());
    report.each_string = tracking.extended ? reach.each_string : EachSurvivorOf(context_->string_heap());
  }
  audit::WriteLeakReport(findings_, stacks, report, *outputs_.leak_reports);
}

}  // namespace vestige::engine
