#include "engine/objects.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "audit/job_report.h"
#include "audit/leak_report.h"
#include "base/lock.h"
#include "engine/primitive_cycles.h"
#include "engine/stack_text.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

const void* ThisThread() { return reinterpret_cast<const void*>(pthread_self()); }

std::string_view EventName(ledger::Event event) {
  switch (event) {
    case ledger::Event::kBirth:
      return "created";
    case ledger::Event::kHold:
      return "addRef";
    case ledger::Event::kDrop:
      return "delRef";
    case ledger::Event::kDeath:
      break;
  }
  return "destroyed";
}

}  // namespace

Objects::Objects(const EngineOptions& options, const Outputs& outputs, jobs::System& jobs)
    : options_(options), outputs_(outputs), jobs_(jobs), stuck_search_(jobs) {
  const TrackingOptions& tracking = options.tracking;
  if (tracking.track_smart_pointer.has_value()) {
    const ledger::EventSet events =
        tracking.smart_pointer_death_only ? ledger::Only(ledger::Event::kDeath) : ledger::kAllEvents;
    watch_.Add(ledger::Domain::kSmartPointer, *tracking.track_smart_pointer, events);
    watch_.set_on_hit(PolicyOf(tracking.on_break));
    watch_.set_printer(&DidHit, this);
    watch_.set_output(stderr);
    outputs_.out->Write(fmt::format("tracking {0:x} aka {0}\n", *tracking.track_smart_pointer));
  }
  if (tracking.track_job_status.has_value()) {
    const uint64_t id = *tracking.track_job_status;
    outputs_.out->Write(audit::DescribeWatchedPrimitive(id));
    jobs_.account().Watch(id, [this](const jobs::ReferenceChange& change) { DidChangeCount(change); });
  }
  account_.Configure({.host = this, .place = &PlaceNow, .did_misuse = &DidMisuse}, &watch_, tracking.track_holders);
}

void Objects::Begin(ScriptRun& run, uint32_t lane) {
  runtime::ContextOptions& context = run.context().options();
  context.objects = &account_;
  context.handles = &handles_;
  context.jobs = &jobs_;
  context.lane = lane;
  run.set_objects(this);
}

void Objects::BeginRun(ScriptRun& run) {
  Begin(run, ++last_run_);
  main_run_ = &run;
  EnterThread(&run);
}

void Objects::EndRun() {
  KeepPlaces(*main_run_);
  // Contexts that are left themselves.
  for (ScriptRun* run : main_run_->forks().Programs()) KeepPlaces(*run);
  if (options_.tracking.extended) {
    for (PrimitiveCycleFinding& cycle : CyclesThroughPrimitives(main_run_->context(), jobs_.account())) {
      primitive_cycles_.push_back(std::move(cycle));
    }
  }
  jobs_.account().LeaveProgram([this](base::Location location) {
    const diag::Position at = main_run_->program().sources.Locate(location);
    return jobs::Place{std::string(at.file), at.line, at.column};
  });
  account_.KeepNames([this](const char* name) { return names_.insert(name).first->c_str(); });
  EnterThread(nullptr);
  main_run_ = nullptr;
}

void Objects::BeginFork(ScriptRun& run) { Begin(run, ++last_fork_); }

void Objects::BeginProgram(ScriptRun& run, ScriptRun& asker) {
  const bool is_in_fork = asker.context().options().lane >= memory::kFirstForkLane;
  Begin(run, is_in_fork ? ++last_fork_ : ++last_run_);
}

void Objects::EndFork(ScriptRun& run) {
  KeepPlaces(run);
  account_.EndLane(run.context().options().lane);
}

ScriptRun* Objects::EnterThread(ScriptRun* run) {
  const base::Lock lock(mutex_);
  ScriptRun*& current = current_[ThisThread()];
  ScriptRun* outer = std::exchange(current, run);
  if (run == nullptr) current_.erase(ThisThread());
  return outer;
}

ScriptRun* Objects::Current() {
  const base::Lock lock(mutex_);
  const auto found = current_.find(ThisThread());
  return found == current_.end() ? nullptr : found->second;
}

void Objects::KeepPlaces(ScriptRun& run) {
  const uint32_t lane = run.context().options().lane;
  const NodeResolver stacks(run.program(), run.context().tree());
  const auto keep = [&](Birthplace place) {
    if (place.lane != lane) return;
    const base::Lock lock(mutex_);
    if (lane >= memory::kFirstForkLane) kept_lanes_[lane] = run.lane().name();
    if (!kept_.contains(place)) kept_[place] = stacks.Frames(place.stack);
  };
  if (account_.live_count() != 0) {
    for (const memory::ObjectAccount::Survivor& survivor : account_.Survivors()) {
      keep(survivor.born);
      for (const memory::Hold& hold : survivor.holds) keep(hold.taken);
    }
  }
  for (const memory::HandleTables::Entry& entry : handles_.All()) {
    if (entry.table->live_count() == 0) continue;
    entry.table->ForEachLive([&](const memory::LiveHandle& live) {
      keep(live.origin);
      return true;
    });
  }
  jobs_.account().ForEachLive([&](jobs::Primitive& primitive) { keep(primitive.origin().stack); });
}

Objects::Stack Objects::StackOf(Birthplace place) {
  if (place.lane == 0) return {};
  {
    const base::Lock lock(mutex_);
    const auto found = kept_.find(place);
    if (found != kept_.end()) return found->second;
  }
  // Trees of other threads grow meanwhile.
  ScriptRun* run = Current();
  if (run == nullptr || place.lane != run->context().options().lane) return {};
  return NodeResolver(run->program(), run->context().tree()).Frames(place.stack);
}

Birthplace Objects::PlaceNow(void* objects) {
  ScriptRun* run = static_cast<Objects*>(objects)->Current();
  // Threads of the host are in no script.
  if (run == nullptr) return {};
  return {run->context().options().lane, run->context().CurrentNode()};
}

void Objects::DidChangeCount(const jobs::ReferenceChange& change) const {
  using jobs::ReferenceEvent;
  const bool by_capture =
      change.event == ReferenceEvent::kAddByCapture || change.event == ReferenceEvent::kReleaseByCapture;
  outputs_.out->Write(audit::DescribeCountChange(
      {.id = change.primitive.id(),
       .kind = jobs::KindName(change.primitive.kind()),
       .adds = change.event == ReferenceEvent::kAdd || change.event == ReferenceEvent::kAddByCapture,
       .by_capture = by_capture,
       .before = change.before,
       .file = change.at.file,
       .line = change.at.line,
       .column = change.at.column}));
}

std::vector<JobFinding> Objects::Primitives() {
  std::vector<JobFinding> findings;
  jobs_.account().ForEachLive([&](jobs::Primitive& primitive) {
    const jobs::Origin& origin = primitive.origin();
    JobFinding finding = {.id = primitive.id(),
                          .kind = std::string(jobs::KindName(primitive.kind())),
                          .count = primitive.references(),
                          .file = origin.place.file,
                          .line = origin.place.line,
                          .column = origin.place.column,
                          .lane = origin.lane,
                          .birth = StackOf(origin.stack)};
    jobs::Account::ForEachFeature(primitive, [&](const jobs::Feature& feature) {
      FeatureFinding found = {.id = feature.id, .owner = feature.owner, .from_lane = feature.from};
      if (feature.spelled != nullptr) {
        found.type = feature.spelled->type_name;
        found.file = feature.spelled->place.file;
        found.line = feature.spelled->place.line;
        found.column = feature.spelled->place.column;
      }
      finding.features.push_back(std::move(found));
    });
    findings.push_back(std::move(finding));
  });
  return findings;
}

void Objects::DidMisuse(void* objects, const memory::Misuse& misuse) {
  auto& self = *static_cast<Objects*>(objects);
  std::string text = fmt::format("smart pointer {:x} ({}) is {}\n", misuse.id, misuse.name,
                                 misuse.gives_back ? "released once too often" : "used after its end");
  const auto append = [&](std::string_view heading, Birthplace place) {
    text += heading;
    const Stack stack = self.StackOf(place);
    if (stack.empty()) text += place.lane == 0 ? "  outside of scripts\n" : "  in another job or thread\n";
    for (const StackFrame& frame : stack) {
      audit::AppendFrame(frame, text);
      text += '\n';
    }
  };
  append(misuse.had_died ? "it died here:\n" : "its holder had released it here:\n", misuse.first);
  append(misuse.gives_back ? "and releases it again here:\n" : "and is used here:\n", misuse.now);
  self.outputs_.out->Flush();
  self.outputs_.err->Write(text);
  self.outputs_.err->Flush();
}

void Objects::DidHit(void* objects, const ledger::WatchHit& hit, std::FILE* out) {
  auto& self = *static_cast<Objects*>(objects);
  memory::ObjectAccount::Survivor object;
  if (!self.account_.Find(hit.id, &object)) return;
  self.outputs_.out->Flush();
  std::string text =
      fmt::format("smart pointer {:x} ({}) {} (rc={})\n", hit.id, object.name, EventName(hit.event), object.count);
  for (const StackFrame& frame : self.StackOf(PlaceNow(objects))) {
    audit::AppendFrame(frame, text);
    text += '\n';
  }
  fmt::print(out, "{}", text);
  if (self.options_.tracking.on_break == OnBreak::kExit && self.main_run_ != nullptr) {
    self.main_run_->StopWatched(self.Current() == self.main_run_);
  }
}

std::string Objects::LaneName(uint32_t lane) {
  const base::Lock lock(mutex_);
  const auto found = kept_lanes_.find(lane);
  return found == kept_lanes_.end() ? std::string(ledger::kMainLane) : found->second;
}

EngineFindings Objects::Findings() {
  EngineFindings findings;
  findings.primitives = Primitives();
  findings.primitive_cycles = primitive_cycles_;
  for (const memory::HandleTables::Entry& entry : handles_.All()) {
    entry.table->ForEachLive([&](const memory::LiveHandle& live) {
      findings.handles.push_back({.type = std::string(entry.name),
                                  .slot = live.slot,
                                  .generation = live.generation,
                                  .use_count = live.use_count,
                                  .birth = StackOf(live.origin)});
      return true;
    });
  }
  for (memory::ObjectAccount::Survivor& survivor : account_.Survivors()) {
    PointerFinding finding = {.address = survivor.address,
                              .count = survivor.count,
                              .id = survivor.id,
                              .lane = LaneName(survivor.born.lane),
                              .name = std::move(survivor.name),
                              .birth = StackOf(survivor.born)};
    for (const memory::Hold& hold : survivor.holds) {
      const std::string_view what = memory::HolderName(hold);
      finding.holders.push_back({std::string(what), StackOf(hold.taken)});
    }
    findings.pointers.push_back(std::move(finding));
  }
  std::stable_sort(findings.pointers.begin(), findings.pointers.end(),
                   [](const PointerFinding& a, const PointerFinding& b) {
                     return a.lane == b.lane ? a.id < b.id : ledger::LaneBefore(a.lane, b.lane);
                   });
  return findings;
}

}  // namespace vestige::engine
