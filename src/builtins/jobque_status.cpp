// What every job primitive can do (counting references, notifying, joining), statuses and atomics. Part of module
// `jobque`. Floor 5.

#include <mutex>

#include "builtins/jobque.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace jobque_status_natives {
namespace {

using jobs::Primitive;
using jobs::ReferenceEvent;

// Of any kind. The variable, for those that null it, is argument 0 by reference.
Primitive* StatusAt(NativeCall& call, void* address, std::string_view what) {
  if (address == nullptr) {
    call.context.PanicF("{} is null", what);
    return nullptr;
  }
  auto* primitive = static_cast<Primitive*>(address);
  if (primitive->is_live()) return primitive;
  call.context.PanicF("{} is invalid (already deleted?)", what);
  return nullptr;
}

void Append(NativeCall& call) {
  Primitive* status = StatusAt(call, call.Value<void*>(0), "jobAppend: job");
  if (status == nullptr) return;
  const std::lock_guard lock(status->mutex());
  status->remaining += call.Value<int32_t>(1);
  if (status->remaining == 0) SystemOf(call).Wake(*status);
  call.Return(status->remaining);
}

void AddReference(NativeCall& call) {
  Primitive* status = StatusAt(call, call.Value<void*>(0), "jobStatusAddRef: status");
  if (status == nullptr) return;
  SystemOf(call).account().AddReference(*status, ReferenceEvent::kAdd, PlaceOfChange(call.context, *status));
}

void Release(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  Primitive* status = StatusAt(call, variable, "jobStatusReleaseRef: status");
  if (status == nullptr) return;
  SystemOf(call).account().ReleaseReference(*status, ReferenceEvent::kRelease, PlaceOfChange(call.context, *status));
  variable = nullptr;
}

// The mutex is held.
bool NotifyOne(NativeCall& call, Primitive& status, std::string_view what) {
  if (status.remaining == 0) return call.context.PanicF("{}: nothing to notify", what);
  status.remaining -= 1;
  if (status.remaining == 0) SystemOf(call).Wake(status);
  return true;
}

void Notify(NativeCall& call) {
  Primitive* status = StatusAt(call, call.Value<void*>(0), "notifyJob: status");
  if (status == nullptr) return;
  const std::lock_guard lock(status->mutex());
  NotifyOne(call, *status, "notifyJob");
}

// Whoever was waiting finds the count of references down already.
void NotifyAndRelease(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  Primitive* status = StatusAt(call, variable, "notifyAndReleaseJob: status");
  if (status == nullptr) return;
  jobs::Account& account = SystemOf(call).account();
  const jobs::Place at = PlaceOfChange(call.context, *status);
  int32_t left;
  {
    const std::lock_guard lock(status->mutex());
    left = account.DropReference(*status, ReferenceEvent::kRelease, at);
    NotifyOne(call, *status, "notifyAndReleaseJob");
  }
  if (left == 0) account.FreeIfUnused(*status);
  variable = nullptr;
}

void Join(NativeCall& call) {
  Primitive* status = StatusAt(call, call.Value<void*>(0), "waitForJob: status");
  if (status == nullptr) return;
  const std::lock_guard lock(status->mutex());
  WaitFor(call, *status, "join", [&] { return status->remaining == 0; });
}

void IsReady(NativeCall& call) {
  Primitive* status = StatusAt(call, call.Value<void*>(0), "isReady: status");
  if (status == nullptr) return;
  const std::lock_guard lock(status->mutex());
  call.Return(status->remaining == 0);
}

void Missing(NativeCall& call) {
  Primitive* status = StatusAt(call, call.Value<void*>(0), "size: status");
  if (status == nullptr) return;
  const std::lock_guard lock(status->mutex());
  call.Return(status->remaining);
}

// Values in a channel are its own: that it is one is all there is to verify.
void Verify(NativeCall& call) { PrimitiveAt<jobs::Channel>(call, 0, "channelVerify: channel"); }

void IsValid(NativeCall& call) {
  const auto* status = call.Value<const Primitive*>(0);
  call.Return(status != nullptr && status->is_live());
}

void WithStatus(NativeCall& call) { WithPrimitive<jobs::JobStatus>(call, 1, call.Value<int32_t>(0)); }

void RemoveStatus(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  auto* status = PrimitiveOf<jobs::JobStatus>(call, variable, "jobStatusRemove: job status");
  if (status != nullptr && RemovePrimitive(call, *status, "job status")) variable = nullptr;
}

void CountLeaks(NativeCall& call) {
  jobs::System* system = call.context.options().jobs;
  call.Return(system == nullptr ? uint64_t{0} : system->account().Count());
}

template <typename T>
void WithAtomic(NativeCall& call) {
  WithPrimitive<T>(call, 0, 0);
}
template <typename T>
void RemoveAtomic(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  T* atomic = PrimitiveOf<T>(call, variable, "atomicRemove: atomic");
  if (atomic != nullptr && RemovePrimitive(call, *atomic, "atomic")) variable = nullptr;
}
template <typename T>
void Get(NativeCall& call) {
  T* atomic = PrimitiveAt<T>(call, 0, "atomic");
  if (atomic != nullptr) call.Return(atomic->value.load());
}
template <typename T>
void Set(NativeCall& call) {
  T* atomic = PrimitiveAt<T>(call, 0, "atomic");
  if (atomic != nullptr) atomic->value.store(call.Value<decltype(atomic->value.load())>(1));
}
template <typename T>
void Increment(NativeCall& call) {
  T* atomic = PrimitiveAt<T>(call, 0, "atomic");
  if (atomic != nullptr) call.Return(++atomic->value);
}
template <typename T>
void Decrement(NativeCall& call) {
  T* atomic = PrimitiveAt<T>(call, 0, "atomic");
  if (atomic != nullptr) call.Return(--atomic->value);
}

using jobs::Atomic32;
using jobs::Atomic64;

// What scripts call a variable of the kind.
std::string_view Noun(jobs::PrimitiveKind kind) {
  switch (kind) {
    case jobs::PrimitiveKind::kJobStatus:
      return "status";
    case jobs::PrimitiveKind::kChannel:
      return "channel";
    case jobs::PrimitiveKind::kStream:
      return "stream";
    default:
      return "box";
  }
}

void HoldByCapture(runtime::ScriptContext& context, void* value) {
  auto& primitive = *static_cast<Primitive*>(value);
  if (context.options().jobs == nullptr) return;
  if (!primitive.is_live()) {
    context.PanicF("{} is invalid (already deleted?)", Noun(primitive.kind()));
    return;
  }
  const jobs::Place at = PlaceOfChange(context, primitive);
  context.options().jobs->account().AddReference(primitive, ReferenceEvent::kAddByCapture, at);
}

// Lambdas release what they captured themselves, as the last thing they do with it.
void DropByCapture(runtime::ScriptContext& context, void* value, bool is_lambda) {
  auto& primitive = *static_cast<Primitive*>(value);
  if (context.options().jobs == nullptr || !primitive.is_live()) return;
  const jobs::PrimitiveKind kind = primitive.kind();
  const jobs::Place at = PlaceOfChange(context, primitive);
  context.options().jobs->account().ReleaseReference(primitive, ReferenceEvent::kReleaseByCapture, at);
  if (!is_lambda) return;
  const std::string_view noun = Noun(kind);
  if (kind == jobs::PrimitiveKind::kSeqBox) {
    context.Panic("SeqBox has not been released. missing box|>seq_box_release");
  } else {
    context.PanicF("{} has not been released. missing {}|>release or {}|>notify_and_release", jobs::KindName(kind),
                   noun, noun);
  }
}

constexpr uint32_t kMakes = sema::kMayAllocate;
constexpr uint32_t kWith = sema::kMayAllocate | sema::kInvokesBlocks;

// What all five kinds can do.
#define VESTIGE_STATUS_ROWS(Kind)                                                                               \
  {"append", "(job : " Kind "?; size : int) : int", &Append},                                                   \
      {"add_ref", "(status : " Kind "?) : void", &AddReference, sema::kMayAllocate},                            \
      {"release", "(var status : " Kind "?&) : void", &Release, sema::kMayAllocate},                            \
      {"notify", "(job : " Kind "?) : void", &Notify, sema::kMayAllocate},                                      \
      {"notify_and_release", "(var job : " Kind "?&) : void", &NotifyAndRelease, sema::kMayAllocate},           \
      {"join", "(job : " Kind "?) : void", &Join, sema::kMayAllocate},                                          \
      {".`isReady", "(job : " Kind ") : bool", &IsReady}, {".`isValid", "(job : " Kind ") : bool", &IsValid}, { \
    ".`size", "(job : " Kind ") : int", &Missing                                                                \
  }

constexpr sema::NativeFunction kFunctions[] = {
    VESTIGE_STATUS_ROWS("JobStatus"),
    VESTIGE_STATUS_ROWS("Channel"),
    VESTIGE_STATUS_ROWS("LockBox"),
    VESTIGE_STATUS_ROWS("Stream"),
    VESTIGE_STATUS_ROWS("SeqBox"),
    {"job_status_create", "() : JobStatus?", &CreatePrimitive<jobs::JobStatus>, kMakes},
    {"job_status_remove", "(var status : JobStatus?&) : void", &RemoveStatus, sema::kUnsafe},
    {"with_job_status", "(total : int; blk : block<(var status : JobStatus?) : void>) : void", &WithStatus, kWith},
    {"_builtin_channel_verify", "(channel : Channel?) : void", &Verify},
    {"count_jobque_leaks", "() : uint64", &CountLeaks},
    {"atomic32_create", "() : Atomic32?", &CreatePrimitive<Atomic32>, kMakes},
    {"atomic32_remove", "(var atomic : Atomic32?&) : void", &RemoveAtomic<Atomic32>, sema::kUnsafe},
    {"with_atomic32", "(blk : block<(var atomic : Atomic32?) : void>) : void", &WithAtomic<Atomic32>, kWith},
    {"set", "(atomic : Atomic32?; value : int) : void", &Set<Atomic32>},
    {"get", "(atomic : Atomic32?) : int", &Get<Atomic32>},
    {"inc", "(atomic : Atomic32?) : int", &Increment<Atomic32>},
    {"dec", "(atomic : Atomic32?) : int", &Decrement<Atomic32>},
    {"atomic64_create", "() : Atomic64?", &CreatePrimitive<Atomic64>, kMakes},
    {"atomic64_remove", "(var atomic : Atomic64?&) : void", &RemoveAtomic<Atomic64>, sema::kUnsafe},
    {"with_atomic64", "(blk : block<(var atomic : Atomic64?) : void>) : void", &WithAtomic<Atomic64>, kWith},
    {"set", "(atomic : Atomic64?; value : int64) : void", &Set<Atomic64>},
    {"get", "(atomic : Atomic64?) : int64", &Get<Atomic64>},
    {"inc", "(atomic : Atomic64?) : int64", &Increment<Atomic64>},
    {"dec", "(atomic : Atomic64?) : int64", &Decrement<Atomic64>},
};

// Primitives live outside of the script's heaps, and scripts point at them; closures hold what they capture.
constexpr NativeType Held(std::string_view name) {
  return {.name = name, .can_copy = false, .hold = &HoldByCapture, .drop = &DropByCapture};
}

constexpr NativeType kTypes[] = {
    Held("JobStatus"),
    Held("Channel"),
    Held("LockBox"),
    Held("Stream"),
    Held("SeqBox"),
    {.name = "Atomic32", .can_copy = false},
    {.name = "Atomic64", .can_copy = false},
};

constexpr std::string_view kPrelude = R"(
struct JobStatus { }
struct Channel { }
struct LockBox { }
struct Stream { }
struct SeqBox { }
struct Atomic32 { }
struct Atomic64 { }
)";

}  // namespace
}  // namespace jobque_status_natives

constexpr sema::NativeModule kJobStatusModule = {.name = "jobque",
                                                 .functions = jobque_status_natives::kFunctions,
                                                 .prelude = jobque_status_natives::kPrelude,
                                                 .types = jobque_status_natives::kTypes};

}  // namespace vestige::builtins
