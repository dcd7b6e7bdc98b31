#include "engine/objects.h"

#include <pthread.h>

#include <algorithm>

#include "audit/leak_report.h"
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

Objects::Objects(const EngineOptions& options, const Outputs& outputs) : options_(options), outputs_(outputs) {
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
  account_.Configure({.host = this, .place = &PlaceNow, .did_misuse = &DidMisuse}, &watch_, tracking.track_holders);
}

void Objects::BeginRun(ScriptRun& run) {
  run_ = &run;
  runtime::ContextOptions& context = run.context().options();
  context.objects = &account_;
  context.handles = &handles_;
  context.lane = ++lane_;
  thread_ = ThisThread();
}

void Objects::EndRun() {
  for (const memory::ObjectAccount::Survivor& survivor : account_.Survivors()) {
    Keep(survivor.born);
    for (const memory::Hold& hold : survivor.holds) Keep(hold.taken);
  }
  for (const memory::HandleTables::Entry& entry : handles_.All()) {
    entry.table->ForEachLive([&](const memory::LiveHandle& live) {
      Keep(live.origin);
      return true;
    });
  }
  account_.KeepNames([this](const char* name) { return names_.insert(name).first->c_str(); });
  thread_ = nullptr;
  run_ = nullptr;
}

void Objects::Keep(Birthplace place) {
  if (place.lane == lane_ && run_ != nullptr && !kept_.contains(place)) kept_[place] = StackOf(place);
}

Objects::Stack Objects::StackOf(Birthplace place) const {
  if (place.lane == 0) return {};
  const auto found = kept_.find(place);
  if (found != kept_.end()) return found->second;
  if (run_ == nullptr || place.lane != lane_) return {};
  return NodeResolver(run_->program(), run_->context().tree()).Frames(place.stack);
}

Birthplace Objects::PlaceNow(void* objects) {
  auto& self = *static_cast<Objects*>(objects);
  // Threads of the host are in no script.
  if (self.thread_.load(std::memory_order_relaxed) != ThisThread()) return {};
  return {self.lane_, self.run_->context().CurrentNode()};
}

void Objects::DidMisuse(void* objects, const memory::Misuse& misuse) {
  const auto& self = *static_cast<Objects*>(objects);
  std::string text = fmt::format("smart pointer {:x} ({}) is released once too often\n", misuse.id, misuse.name);
  const auto append = [&](std::string_view heading, Birthplace place) {
    text += heading;
    const Stack stack = self.StackOf(place);
    if (stack.empty()) text += "  outside of scripts\n";
    for (const StackFrame& frame : stack) {
      audit::AppendFrame(frame, text);
      text += '\n';
    }
  };
  append(misuse.had_died ? "it died here:\n" : "its holder had released it here:\n", misuse.first);
  append("and releases it again here:\n", misuse.now);
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
  if (self.options_.tracking.on_break == OnBreak::kExit && self.run_ != nullptr) self.run_->StopWatched();
}

EngineFindings Objects::Findings() const {
  EngineFindings findings;
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
                              .name = std::move(survivor.name),
                              .birth = StackOf(survivor.born)};
    for (const memory::Hold& hold : survivor.holds) {
      const std::string_view what = memory::HolderName(hold);
      finding.holders.push_back({std::string(what), StackOf(hold.taken)});
    }
    findings.pointers.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace vestige::engine
