// Timelines of what jobs did (jobs/trace.h): natives of module `jobque`. Floor 5.

#include <algorithm>
#include <string>

#include "builtins/jobque.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace jobque_trace_natives {
namespace {

// Null after a panic.
jobs::Trace* TraceOf(NativeCall& call) {
  if (!NeedsPool(call)) return nullptr;
  return &SystemOf(call).trace();
}

void Start(NativeCall& call) {
  if (jobs::Trace* trace = TraceOf(call)) trace->Start(static_cast<uint32_t>(std::max(call.Value<int32_t>(0), 0)));
}

void Stop(NativeCall& call) {
  if (jobs::Trace* trace = TraceOf(call)) trace->Stop();
}

void Save(NativeCall& call) {
  jobs::Trace* trace = TraceOf(call);
  if (trace != nullptr) call.Return(trace->Save(std::string(call.Text(0))));
}

void SetTag(NativeCall& call) {
  if (HasPool(call)) SystemOf(call).trace().set_tag(call.Value<int32_t>(0));
}

void SetCategory(NativeCall& call) {
  jobs::Trace* trace = TraceOf(call);
  if (trace != nullptr) trace->SetCategory(call.Value<int32_t>(0), call.Text(1), call.Value<uint32_t>(2));
}

void MarkerName(NativeCall& call) {
  jobs::Trace* trace = TraceOf(call);
  if (trace != nullptr) call.Return(trace->MarkerId(call.Text(0)));
}

void Mark(NativeCall& call) {
  if (!HasPool(call)) return;
  jobs::System& system = SystemOf(call);
  const uint64_t now = system.trace().Now();
  if (now == 0) return;
  system.Record({.begin = now,
                 .end = now,
                 .kind = jobs::TraceKind::kMarker,
                 .stage = call.Value<int32_t>(0),
                 .argument = call.Value<int32_t>(1)});
}

void Now(NativeCall& call) { call.Return(HasPool(call) ? SystemOf(call).trace().Now() : uint64_t{0}); }

void RecordChunk(NativeCall& call) {
  const auto begin = call.Value<uint64_t>(0);
  if (begin == 0 || !HasPool(call)) return;
  SystemOf(call).Record({.begin = begin,
                         .end = uv_hrtime(),
                         .kind = jobs::TraceKind::kChunk,
                         .stage = call.Value<int32_t>(1),
                         .argument = call.Value<int32_t>(2)});
}

constexpr sema::NativeFunction kFunctions[] = {
    {"jobque_trace_start", "(events_per_lane : int) : void", &Start},
    {"jobque_trace_stop", "() : void", &Stop},
    {"jobque_trace_save", "(path : string) : bool", &Save},
    {"jobque_trace_tag", "(tag : int) : void", &SetTag},
    {"jobque_trace_category", "(id : int; name : string; color : uint) : void", &SetCategory},
    {"jobque_trace_marker_name", "(name : string) : int", &MarkerName},
    {"jobque_trace_marker", "(id : int; arg : int) : void", &Mark},
    // The time, zero while nobody records; and a span since then.
    {"_jobque_trace_now", "() : uint64", &Now},
    {"_jobque_trace_chunk", "(begin : uint64; stage, chunk : int) : void", &RecordChunk},
};

}  // namespace
}  // namespace jobque_trace_natives

constexpr sema::NativeModule kJobTraceModule = {.name = "jobque", .functions = jobque_trace_natives::kFunctions};

}  // namespace vestige::builtins
