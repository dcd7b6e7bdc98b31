#include "engine/script_run.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/embedded_modules.h"
#include "engine/forks.h"
#include "engine/heap_findings.h"
#include "engine/objects.h"
#include "engine/programs.h"
#include "engine/stack_text.h"
#include "fmt/format.h"
#include "runtime/finalize.h"
#include "runtime/string.h"

namespace vestige::engine {

namespace {

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
                     RunOrigin origin)
    : options_(options),
      outputs_(outputs),
      program_(std::move(program)),
      lane_(std::move(origin.lane)),
      own_nodes_(origin.nodes == nullptr
                     ? std::make_unique<ast::Registry>(options.tracking.poison_nodes, options.max_heap_bytes)
                     : nullptr),
      nodes_(origin.nodes != nullptr ? *origin.nodes : *own_nodes_),
      own_forks_(origin.forks == nullptr ? std::make_unique<Forks>(*this) : nullptr),
      forks_(origin.forks != nullptr ? *origin.forks : *own_forks_),
      root_(origin.root != nullptr    ? *origin.root
            : origin.forks != nullptr ? origin.forks->main().root()
                                      : *this),
      fork_maker_(std::make_unique<ForkMaker>(*this)),
      objects_(origin.forks != nullptr ? origin.forks->main().objects_ : nullptr),
      module_cache_(origin.forks != nullptr ? origin.forks->main().module_cache_ : nullptr),
      // What forks leave is told by the main run, which keeps some.
      reserve_(origin.forks == nullptr ? kReserveBytes : 0) {
  exec::ContextSettings settings = Settings();
  if (origin.nodes == nullptr) SetUpWatch(settings);
  if (is_fork()) settings.forked_from = &forks_.main().context();
  context_ = std::make_unique<exec::Context>(*program_->code, settings);
  if (!origin.name.empty()) context_->set_name(origin.name);
  SetUpNatives();
}

exec::ContextSettings ScriptRun::Settings() const {
  const sema::ProgramOptions& script = program_->options;
  exec::ContextSettings settings = {.stack_bytes = script.stack_bytes,
                                    .heap = HeapOptionsFor(options_, script, RecordsBirths(), outputs_.failure),
                                    .recursion = options_.tracking.full_recursion
                                                     ? ledger::ContextTree::Recursion::kKeepAll
                                                     : ledger::ContextTree::Recursion::kFold,
                                    .profiles_heap = static_cast<bool>(options_.heap_profile),
                                    .profiles_events = static_cast<bool>(options_.event_profile),
                                    .out = outputs_.out,
                                    .err = outputs_.err};
  settings.heap.lane = lane_.name();
  settings.string_heap = settings.heap;
  settings.string_heap.content = memory::Content::kStrings;
  settings.string_heap.max_bytes = SmallerLimit(options_.max_heap_bytes, script.string_heap_size_limit);
  return settings;
}

void ScriptRun::SetUpNatives() {
  const sema::ProgramOptions& script = program_->options;
  runtime::ContextOptions& natives = context_->options();
  SetUpMemory(natives);
  natives.persistent_heap = script.persistent_heap;
  natives.gc = script.gc;
  natives.frees_dropped = script.force_inscope_pod;
  natives.types = &program_->types;
  natives.description = program_->description.get();
  natives.max_unreserved_bytes = script.max_unreserved_size;
  natives.keeps_old_buffers = script.very_safe_context;
  natives.command_line = options_.arguments;
  natives.das_root = options_.das_root;
  natives.spawner = fork_maker_.get();
  if (is_fork()) {
    const runtime::ContextOptions& from = forks_.main().context().options();
    natives.objects = from.objects;
    natives.handles = from.handles;
    natives.jobs = from.jobs;
  }
  natives.report_heap = [this](bool string_heap) {
    TellHeap(string_heap ? context_->string_heap() : context_->heap(), false, *outputs_.out);
  };
  natives.report_census = [this](bool string_heap) {
    TellCensus(string_heap ? context_->string_heap() : context_->heap(), false, *outputs_.out);
  };
  natives.locate = [this](base::Location location) { return PlaceOf(location); };
  SetUpNodes(natives);
  if (options_.event_profile) natives.ad_hoc_event = [this](uint64_t weight) { AdHocEvent(weight); };
  natives.report_assertion = [this](std::string_view message) { TellAssertion(message); };
}

void ScriptRun::SetUpMemory(runtime::ContextOptions& natives) {
  exception_.reserve(kExceptionBytes);
  limit_report_ = std::make_unique<LimitReport>(*program_, *context_, options_.das_root);
  natives.did_run_out = [this](const memory::Heap* heap, bool by_system) { DidRunOut(heap, by_system); };
  natives.describe_growth = [this](bool string_heap, uint64_t mark) {
    return GrowthText(string_heap ? context_->string_heap() : context_->heap(), mark, *program_, context_->tree());
  };
  if (is_fork() || (!options_.debug_memory && !options_.debug_plot && !HasLimit())) return;
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

void ScriptRun::MakeNodeLane() {
  node_lane_ = std::make_unique<ast::Lane>(nodes_, std::string(lane_.name()));
  node_lane_->set_place([this] { return NodeBirth(); });
  node_lane_->set_quotes(&program_->quotes);
  context_->options().nodes = node_lane_.get();
}

diag::Position ScriptRun::PlaceOf(base::Location location) {
  const diag::Position at = program_->sources.Locate(location);
  if (!at.file.starts_with(kEmbeddedRoot) || location != context_->CurrentLocation()) return at;
  for (StackFrame& frame : NodeResolver(*program_, context_->tree()).Frames(context_->CurrentNode())) {
    if (frame.is_native || frame.line == 0 || frame.file.starts_with(kEmbeddedRoot)) continue;
    return {*place_files_.insert(std::move(frame.file)).first, frame.line, frame.column};
  }
  return at;
}

void ScriptRun::SetUpNodes(runtime::ContextOptions& natives) {
  MakeNodeLane();
  // Reports look at the registry's lanes while the main run is there.
  if (!is_fork()) nodes_.Keep(std::exchange(node_lane_, nullptr));
  programs_ = std::make_unique<Programs>(*this);
  natives.programs = programs_.get();
}

void ScriptRun::set_objects(Objects* objects) {
  objects_ = objects;
  if (objects == nullptr) return;
  context_->options().rest = [&jobs = objects->jobs()] { jobs.Rest(); };
  objects->stuck_search().Add(*context_);
}

ScriptRun::~ScriptRun() {
  if (objects_ != nullptr) objects_->stuck_search().Remove(*context_);
  // Its nodes may outlive the program that it was, but not the declarations that they refer to.
  ast::Lane* lane = context_->options().nodes;
  lane->set_place(nullptr);
  lane->set_quotes(nullptr);
  if (lane->thread_root().count() == 0) {
    if (node_lane_ == nullptr) nodes_.Drop(*lane);
    return;
  }
  if (program_->quotes.has_declarations()) lane->set_program(program_);
  if (node_lane_ != nullptr) nodes_.Keep(std::move(node_lane_));
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
  self.StopWatched(true);
}

void ScriptRun::StopWatched(bool is_here) {
  end_.watched = true;
  context_->Stop(audit::kExitWatched);
  if (is_here) context_->RequestExit(audit::kExitWatched);
}

void ScriptRun::Stop(int exit_code) {
  context_->Stop(exit_code);
  forks_.Stop(exit_code);
}

void ScriptRun::Initialise() {
  if (!RunFunction(program_->initializer, nullptr)) return;
  for (uint32_t number : program_->init_functions) {
    if (!RunFunction(number, nullptr)) return;
  }
}

audit::RunEnd ScriptRun::end() const {
  audit::RunEnd end = end_;
  end.failed |= fork_failed_;
  return end;
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

void ScriptRun::Fail(std::string_view message) {
  end_.failed = true;
  exception_ = message;
  TellPanic({});
}

bool ScriptRun::Restart(ledger::Lane lane, std::string_view name) {
  if (node_lane_->thread_root().count() != 0 || end_.has_survivors || end_.failed) return false;
  if (!context_->Restart(lane.name(), name)) return false;
  lane_ = std::move(lane);
  MakeNodeLane();
  kept_node_stacks_.clear();
  end_ = {};
  asked_to_exit_ = false;
  exception_.clear();
  findings_ = {};
  return true;
}

void ScriptRun::RunLambda(void* lambda) {
  if (CanRun() && context_->TakeStop()) NoteEnd();
  if (CanRun() && !context_->CallLambda(lambda, {}, nullptr)) NoteEnd();
  DropLambda(lambda, true);
}

void ScriptRun::DropLambda(void* lambda, bool was_run) {
  if (lambda == nullptr) return;
  context_->Reset();
  if (!was_run) return runtime::AbandonLambda(*context_, lambda);
  // One that did not come to its end cannot have released what it captured.
  if (!runtime::FinalizeLambda(*context_, lambda) && CanRun()) NoteEnd();
}

void ScriptRun::FreeStrings(const std::vector<char*>& strings, ledger::BirthId last) {
  memory::Heap& heap = context_->string_heap();
  for (char* string : strings) {
    // An id tells whether another string lies there by now.
    if (heap.is_tracking() && heap.Describe(string).id > last) continue;
    runtime::FreeString(*context_, string);
  }
}

void ScriptRun::Settle() {
  forks_.set_main_has_ended();
  forks_.Wait();
  // What stopped it only now is told as the fork's.
  context_->TakeStop();
  TellForks(Forks::Which::kAll);
  if (forks_.exit_code().has_value()) {
    asked_to_exit_ = true;
    end_.returned = forks_.exit_code();
  }
}

std::vector<ContextFindings> ScriptRun::TakeForkFindings() {
  std::sort(fork_findings_.begin(), fork_findings_.end(),
            [](const ContextFindings& a, const ContextFindings& b) { return ledger::LaneBefore(a.lane, b.lane); });
  return std::move(fork_findings_);
}

void ScriptRun::TellForks(Forks::Which which) {
  for (ForkEnd& end : forks_.TakeEnds(which)) {
    outputs_.leak_reports->Write(end.leak_report);
    if (!end.heap_report.empty()) fork_heaps_.emplace_back(end.lane, std::move(end.heap_report));
    fork_failed_ |= end.failed;
    end_.has_survivors |= end.has_survivors;
    if (exception_.empty()) exception_ = end.exception;
    if (!end.findings.empty()) fork_findings_.push_back(std::move(end.findings));
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
    if (is_fork()) {
      forks_.Exit(context_->exit_code());
    } else {
      forks_.Stop(context_->exit_code());
    }
  } else {
    end_.failed = true;
    exception_ = context_->panic_message();
    TellPanic(context_->panic_location());
  }
}

void ScriptRun::DidRunOut(const memory::Heap* heap, bool by_system) {
  if (by_system) reserve_.GiveBack();
  limit_report_->DidRunOut(heap);
}

}  // namespace vestige::engine
