#include "engine/script_run.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ast/findings.h"
#include "audit/heap_report.h"
#include "audit/leak_report.h"
#include "diag/diagnostics.h"
#include "engine/file_loader.h"
#include "engine/heap_findings.h"
#include "engine/profiles.h"
#include "engine/programs.h"
#include "engine/reach.h"
#include "engine/stack_text.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

// How the panics of memory begin (runtime/out_of_memory.cpp).
constexpr std::string_view kRanOut = "Error: heap allocation failed";
constexpr size_t kExceptionBytes = 256;
constexpr size_t kReserveBytes = 4 << 20;

uint64_t SmallerLimit(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

memory::HeapOptions HeapOptionsFor(const EngineOptions& options, const sema::ProgramOptions& script, bool tracks,
                                   memory::FailurePlan* failure) {
  return {.model = script.persistent_heap ? memory::Model::kPersistent : memory::Model::kLinear,
          .content = memory::Content::kObjects,
          .track = tracks,
          .max_bytes = SmallerLimit(options.max_heap_bytes, script.heap_size_limit),
          .failure = failure,
          .first_chunk_bytes = std::max<uint64_t>(script.heap_size_hint, 64 * 1024)};
}

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

ledger::OnHit PolicyOf(OnBreak on_break) {
  switch (on_break) {
    case OnBreak::kAuto:
      return ledger::OnHit::kAutomatic;
    case OnBreak::kTrap:
      return ledger::OnHit::kTrap;
    // An exit is the run's to make, after its reports; see DidHitWatch.
    case OnBreak::kStack:
    case OnBreak::kExit:
      return ledger::OnHit::kStack;
  }
  return ledger::OnHit::kStack;
}

ScriptRun::ScriptRun(std::shared_ptr<Compiled> program, const EngineOptions& options, const Outputs& outputs,
                     ast::Registry* nodes)
    : options_(options),
      outputs_(outputs),
      program_(std::move(program)),
      own_nodes_(options.tracking.poison_nodes, options.max_heap_bytes),
      nodes_(nodes != nullptr ? *nodes : own_nodes_),
      reserve_(kReserveBytes) {
  const sema::ProgramOptions& script = program_->options;
  exec::ContextSettings settings = {.stack_bytes = script.stack_bytes,
                                    .heap = HeapOptionsFor(options, script, RecordsBirths(), outputs.failure),
                                    .recursion = options.tracking.full_recursion
                                                     ? ledger::ContextTree::Recursion::kKeepAll
                                                     : ledger::ContextTree::Recursion::kFold,
                                    .profiles_heap = static_cast<bool>(options.heap_profile),
                                    .profiles_events = static_cast<bool>(options.event_profile),
                                    .out = outputs.out,
                                    .err = outputs.err};
  settings.string_heap = settings.heap;
  settings.string_heap.content = memory::Content::kStrings;
  settings.string_heap.max_bytes = SmallerLimit(options.max_heap_bytes, script.string_heap_size_limit);
  if (nodes == nullptr) SetUpWatch(settings);
  context_ = std::make_unique<exec::Context>(*program_->code, settings);
  runtime::ContextOptions& natives = context_->options();
  SetUpMemory(natives);
  natives.persistent_heap = script.persistent_heap;
  natives.gc = script.gc;
  natives.frees_dropped = script.force_inscope_pod;
  natives.types = &program_->types;
  natives.max_unreserved_bytes = script.max_unreserved_size;
  natives.keeps_old_buffers = script.very_safe_context;
  natives.command_line = options.arguments;
  natives.das_root = options.das_root;
  natives.report_heap = [this](bool string_heap) {
    TellHeap(string_heap ? context_->string_heap() : context_->heap(), false, *outputs_.out);
  };
  natives.report_census = [this](bool string_heap) {
    TellCensus(string_heap ? context_->string_heap() : context_->heap(), false, *outputs_.out);
  };
  SetUpNodes(natives, nodes == nullptr);
  if (options.event_profile) natives.ad_hoc_event = [this](uint64_t weight) { AdHocEvent(weight); };
  natives.report_assertion = [this](std::string_view message) { TellAssertion(message); };
}

void ScriptRun::SetUpMemory(runtime::ContextOptions& natives) {
  exception_.reserve(kExceptionBytes);
  limit_report_ = std::make_unique<LimitReport>(*program_, *context_, options_.das_root);
  natives.did_run_out = [this](const memory::Heap* heap, bool by_system) { DidRunOut(heap, by_system); };
  natives.describe_growth = [this](bool string_heap, uint64_t mark) {
    return GrowthText(string_heap ? context_->string_heap() : context_->heap(), mark, *program_, context_->tree());
  };
  if (!options_.debug_memory && !options_.debug_plot && !HasLimit()) return;
  monitor_ = std::make_unique<MemoryMonitor>(
      MemoryMonitor::Settings{.run = EntryFile(),
                              .out = options_.debug_memory ? outputs_.err : nullptr,
                              .plot = options_.debug_plot,
                              .mark = [this](uint64_t items) { limit_report_->SetCheckpoint(items); }},
      context_->heap(), context_->string_heap());
  natives.report_progress = [this](uint64_t items) { monitor_->Report(items); };
}

std::string ScriptRun::EntryFile() const {
  if (!program_->entry.has_value()) return "";
  return std::string(program_->sources.Locate(program_->code->infos()[*program_->entry].location).file);
}

// Ids that are watched are those of the main context.
void ScriptRun::SetUpWatch(exec::ContextSettings& settings) {
  const TrackingOptions& tracking = options_.tracking;
  if (tracking.break_on_allocation.has_value()) {
    watch_.Add(ledger::Domain::kHeapBlock, *tracking.break_on_allocation, ledger::Only(ledger::Event::kBirth));
    settings.heap.watch = &watch_;
  }
  if (tracking.break_on_node.has_value()) {
    watch_.Add(ledger::Domain::kGcNode, *tracking.break_on_node, ledger::Only(ledger::Event::kBirth));
    nodes_.set_watch(&watch_);
  }
  watch_.set_on_hit(PolicyOf(tracking.on_break));
  watch_.set_printer(&DidHitWatch, this);
  watch_.set_output(stderr);
}

void ScriptRun::SetUpNodes(runtime::ContextOptions& natives, bool is_main) {
  const size_t others = nodes_.lanes().size();
  lane_ = nodes_.MakeLane(std::string(ledger::kMainLane) + (others == 0 ? "" : fmt::format("/{}", others)));
  lane_->set_place([this] { return NodeBirth(); });
  lane_->set_quotes(&program_->quotes);
  natives.nodes = lane_;
  if (!is_main) return;
  programs_ = std::make_unique<Programs>(options_, outputs_, nodes_);
  programs_->set_asker(context_.get());
  natives.programs = programs_.get();
}

ScriptRun::~ScriptRun() {
  // Its nodes may outlive the program that it was.
  lane_->set_place(nullptr);
  lane_->set_quotes(nullptr);
}

bool ScriptRun::HasLimit() const {
  const sema::ProgramOptions& script = program_->options;
  return options_.max_heap_bytes != 0 || script.heap_size_limit != 0 || script.string_heap_size_limit != 0;
}

bool ScriptRun::RecordsBirths() const { return tracks() || (options_.tracking.limit_sites && HasLimit()); }

bool ScriptRun::tracks() const {
  const TrackingOptions& tracking = options_.tracking;
  return tracking.leak_profiler || tracking.track_allocations || tracking.break_on_allocation.has_value() ||
         program_->options.track_allocations || options_.heap_profile;
}

void ScriptRun::DidHitWatch(void* run, const ledger::WatchHit& hit, std::FILE* out) {
  ScriptRun& self = *static_cast<ScriptRun*>(run);
  self.outputs_.out->Flush();
  std::string text = hit.domain == ledger::Domain::kGcNode
                         ? fmt::format("gc_node break: id={}\n", hit.id)
                         : fmt::format("break: heap block id={} is born in {}\n", hit.id, hit.lane);
  AppendStack(*self.program_, self.context_->tree(), self.context_->CurrentNode(), text);
  fmt::print(out, "{}", text);
  if (self.options_.tracking.on_break != OnBreak::kExit) return;
  self.StopWatched();
}

void ScriptRun::StopWatched() {
  end_.watched = true;
  context_->Stop(audit::kExitWatched);
}

void ScriptRun::Initialise() {
  if (!RunFunction(program_->initializer, nullptr)) return;
  for (uint32_t number : program_->init_functions) {
    if (!RunFunction(number, nullptr)) return;
  }
}

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
  if (&nodes_ == &own_nodes_) {
    birth.stack = node;
    return birth;
  }
  // The nodes of programs that a script compiled are told by that script's run, when those may be gone.
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

void ScriptRun::RunEntry() {
  if (!CanRun() || !program_->entry.has_value()) return;
  // Wide enough for whatever an entry may return; only numbers and bool mean something.
  alignas(16) int64_t result[2] = {0, 0};
  limit_report_->SetCheckpoint(std::nullopt);
  if (monitor_ != nullptr) monitor_->Begin();
  const bool has_returned = RunFunction(*program_->entry, result);
  if (monitor_ != nullptr) monitor_->End();
  if (!has_returned) return;
  const types::Type* type = program_->code->infos()[*program_->entry].result;
  if (type == nullptr) return;
  if (type->kind == types::Kind::kBool) {
    end_.returned = (result[0] & 0xff) != 0 ? 0 : audit::kExitUsage;
  } else if (type->kind == types::Kind::kInt) {
    end_.returned = static_cast<int32_t>(result[0]);
  }
}

void ScriptRun::Finalize() {
  for (uint32_t number : program_->finalize_functions) {
    // Whatever ended the run ended main, not its finalizers.
    context_->Reset();
    RunFunction(number, nullptr);
  }
}

bool ScriptRun::RunFunction(uint32_t number, void* result) {
  if (context_->CallFunction(number, {}, result)) return true;
  NoteEnd();
  return false;
}

void ScriptRun::NoteEnd() {
  if (context_->status() == runtime::RunStatus::kExit) {
    asked_to_exit_ = true;
    end_.returned = context_->exit_code();
  } else {
    end_.failed = true;
    exception_ = context_->panic_message();
    TellPanic();
  }
}

void ScriptRun::DidRunOut(const memory::Heap* heap, bool by_system) {
  if (by_system) reserve_.GiveBack();
  limit_report_->DidRunOut(heap);
}

// Written in pieces, so that nothing is allocated.
void ScriptRun::TellPanic() {
  const bool ran_out = exception_.starts_with(kRanOut);
  diag::Position at = program_->sources.Locate(context_->panic_location());
  if (ran_out && limit_report_->user_place().line != 0) at = limit_report_->user_place();
  outputs_.out->Write("EXCEPTION: ");
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
  absl::StatusOr<std::string> text = ReadFile(std::string(file->name()));
  if (!text.ok() || !file->RestoreText(*std::move(text))) return "";
  std::string line = diag::EchoLine(program_->sources, location, 1);
  file->ReleaseText();
  return line;
}

void ScriptRun::ReportHeaps() {
  if (options_.tracking.heap_report) {
    TellHeap(context_->heap(), true, *outputs_.reports);
    TellHeap(context_->string_heap(), true, *outputs_.reports);
  }
  if (options_.tracking.heap_census) {
    TellCensus(context_->heap(), true, *outputs_.reports);
    TellCensus(context_->string_heap(), true, *outputs_.reports);
  }
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
               .block_count = blocks.count,
               .block_bytes = blocks.bytes,
               .blocks = std::move(blocks.groups),
               .string_count = strings.count,
               .string_bytes = strings.bytes,
               .strings = std::move(strings.groups),
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
