// Primitives that carry values: channels, lock boxes, latest-value boxes. A value is packed by who sends it and cloned
// out by who receives it, so no context ever sees memory of another one. Part of module `jobque`. Floor 5.

#include <mutex>
#include <string>

#include "builtins/jobque.h"
#include "builtins/tables.h"
#include "runtime/clone.h"
#include "runtime/finalize.h"
#include "runtime/parcel.h"

namespace vestige::builtins {

namespace jobque_values_natives {
namespace {

using jobs::Channel;
using jobs::Feature;
using jobs::LockBox;
using jobs::SeqBox;
using types::Type;

// The value at `address` as a feature of `owner`, with its own id unless it takes the place of another one. False
// after a panic.
bool MakeFeature(NativeCall& call, const Type* type, const void* address, const jobs::Primitive& owner,
                 Feature* feature) {
  jobs::Party* party = PartyOf(call);
  if (party == nullptr) return false;
  runtime::Parcel parcel;
  if (!runtime::Pack(call.context, type, address, &parcel)) return false;
  if (feature->id == 0) feature->id = jobs::Account::NextId(*party);
  feature->owner = owner.id();
  feature->block = std::move(parcel.block);
  feature->bytes = parcel.bytes;
  feature->type = type->unqualified;
  feature->from = party->name;
  feature->sent_at = call.context.CurrentLocation();
  return true;
}

// Clones the value into the variable in argument `index`, which is by reference. False after a panic.
bool Unpack(NativeCall& call, const Feature& feature, size_t index) {
  const Type* type = call.types[index]->unqualified;
  if (feature.type != type) {
    const std::string held = feature.spelled != nullptr ? feature.spelled->type_name : types::TypeName(feature.type);
    return call.context.PanicF("the value is a {}, not a {}", held, types::TypeName(type));
  }
  return runtime::CloneAcross(call.context, type, call.Value<void*>(index), feature.block.get(), nullptr);
}

// --- Channels

void WithChannel(NativeCall& call) { WithPrimitive<Channel>(call, 0, 0); }
void WithChannelOf(NativeCall& call) { WithPrimitive<Channel>(call, 1, call.Value<int32_t>(0)); }

void RemoveChannel(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  auto* channel = PrimitiveOf<Channel>(call, variable, "channelRemove: channel");
  if (channel != nullptr && RemovePrimitive(call, *channel, "channel")) variable = nullptr;
}

void Push(NativeCall& call) {
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelPush: channel");
  Feature feature;
  if (channel == nullptr || !MakeFeature(call, call.types[1], ValueAddress(call, 1), *channel, &feature)) return;
  const std::lock_guard lock(channel->mutex());
  channel->values.Add(std::move(feature));
  SystemOf(call).Wake(*channel);
}

// All at once: nobody gets one before the last is there.
void PushBatch(NativeCall& call) {
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelPushBatch: channel");
  if (channel == nullptr) return;
  const Elements elements(call, 1);
  std::vector<Feature> features(elements.count());
  for (uint32_t i = 0; i < elements.count(); ++i) {
    if (!MakeFeature(call, elements.type(), elements.at(i), *channel, &features[i])) return;
  }
  const std::lock_guard lock(channel->mutex());
  for (Feature& feature : features) channel->values.Add(std::move(feature));
  SystemOf(call).Wake(*channel);
}

// The oldest value goes into argument `index`, and out of the channel. False: there is none, or there is a panic.
bool TakeOldest(NativeCall& call, Channel& channel, size_t index, Feature* taken) {
  {
    const std::lock_guard lock(channel.mutex());
    if (channel.values.empty()) return false;
    *taken = channel.values.Take();
  }
  return Unpack(call, *taken, index);
}

void Pop(NativeCall& call) {
  call.Return(false);
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelPop: channel");
  if (channel == nullptr) return;
  Feature taken;
  while (true) {
    if (TakeOldest(call, *channel, 1, &taken)) return call.Return(true);
    if (call.context.has_panic()) return;
    const std::lock_guard lock(channel->mutex());
    if (channel->values.empty() && channel->remaining == 0) return;
    if (!WaitFor(call, *channel, "pop", [&] { return !channel->values.empty() || channel->remaining == 0; })) return;
  }
}

void TryPop(NativeCall& call) {
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelTryPop: channel");
  Feature taken;
  call.Return(channel != nullptr && TakeOldest(call, *channel, 1, &taken));
}

void PopWithTimeout(NativeCall& call) {
  call.Return(false);
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelPopWithTimeout: channel");
  if (channel == nullptr) return;
  {
    const std::lock_guard lock(channel->mutex());
    const auto ready = [&] { return !channel->values.empty() || channel->remaining == 0; };
    if (!WaitFor(call, *channel, "pop_with_timeout", ready, call.Value<int32_t>(1))) return;
  }
  Feature taken;
  call.Return(TakeOldest(call, *channel, 2, &taken));
}

// The value number argument 1 goes into argument 2 and stays.
void Peek(NativeCall& call) {
  call.Return(false);
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelPeek: channel");
  if (channel == nullptr) return;
  const auto index = static_cast<size_t>(call.Value<int32_t>(1));
  const std::lock_guard lock(channel->mutex());
  if (index < channel->values.size()) call.Return(Unpack(call, channel->values[index], 2));
}

// The oldest value goes into argument 2, and over to the channel in argument 1.
void Forward(NativeCall& call) {
  call.Return(false);
  auto* channel = PrimitiveAt<Channel>(call, 0, "channelGatherAndForward: channel");
  auto* to = channel == nullptr ? nullptr : PrimitiveAt<Channel>(call, 1, "channelGatherAndForward: channel");
  Feature taken;
  if (to == nullptr || !TakeOldest(call, *channel, 2, &taken)) return;
  taken.owner = to->id();
  const std::lock_guard lock(to->mutex());
  to->values.Add(std::move(taken));
  SystemOf(call).Wake(*to);
  call.Return(true);
}

// What a receiver got is freed, but for what raw pointers in it refer to: that is the sender's.
void DropReceived(NativeCall& call) {
  const Type* type = call.types[0]->unqualified;
  if (type->traits().needs_delete && !type->traits().unsafe_delete) {
    runtime::FinalizeValue(call.context, type, call.Value<void*>(0));
  }
}

void IsEmpty(NativeCall& call) {
  auto* channel = PrimitiveAt<Channel>(call, 0, "isEmpty: channel");
  if (channel == nullptr) return;
  const std::lock_guard lock(channel->mutex());
  call.Return(channel->values.empty());
}

void Total(NativeCall& call) {
  auto* channel = PrimitiveAt<Channel>(call, 0, "total: channel");
  if (channel == nullptr) return;
  const std::lock_guard lock(channel->mutex());
  call.Return(static_cast<int32_t>(channel->values.size()));
}

// --- Lock boxes

void WithLockBox(NativeCall& call) { WithPrimitive<LockBox>(call, 0, 0); }

void RemoveLockBox(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  auto* box = PrimitiveOf<LockBox>(call, variable, "lockBoxRemove: lock box");
  if (box != nullptr && RemovePrimitive(call, *box, "lock box")) variable = nullptr;
}

// Waits until nobody updates the value; the mutex is held.
bool WaitForBox(NativeCall& call, LockBox& box, const char* how) {
  return WaitFor(call, box, how, [&] { return !box.is_locked; });
}

// `is_full`: somebody is to take the value out again.
template <bool is_full>
void SetBox(NativeCall& call) {
  auto* box = PrimitiveAt<LockBox>(call, 0, is_full ? "lockBoxFill: box" : "lockBoxSet: box");
  if (box == nullptr) return;
  const std::lock_guard lock(box->mutex());
  if (!WaitForBox(call, *box, is_full ? "fill" : "set")) return;
  if (!MakeFeature(call, call.types[1], ValueAddress(call, 1), *box, &box->value)) return;
  if (is_full) box->remaining = 1;
  SystemOf(call).Wake(*box);
}

// `takes`: the box is empty afterwards.
template <bool takes>
void GetBox(NativeCall& call) {
  call.Return(false);
  auto* box = PrimitiveAt<LockBox>(call, 0, takes ? "lockBoxGrab: box" : "lockBoxGet: box");
  if (box == nullptr) return;
  const std::lock_guard lock(box->mutex());
  if (!WaitForBox(call, *box, takes ? "grab" : "get")) return;
  if (box->value.block != nullptr) call.Return(Unpack(call, box->value, 1));
  if (!takes) return;
  box->value.block.reset();
  box->value.owner = 0;
  box->remaining = 0;
  SystemOf(call).Wake(*box);
}

void ClearBox(NativeCall& call) {
  auto* box = PrimitiveAt<LockBox>(call, 0, "lockBoxUpdate: box");
  if (box == nullptr) return;
  const std::lock_guard lock(box->mutex());
  if (!WaitForBox(call, *box, "clear")) return;
  box->value.block.reset();
  box->value.owner = 0;
}

// The block changes argument 1, which holds what the box does, and the box holds that; nobody else sees the box
// meanwhile.
void UpdateBox(NativeCall& call) {
  auto* box = PrimitiveAt<LockBox>(call, 0, "lockBoxUpdate: box");
  if (box == nullptr) return;
  {
    const std::lock_guard lock(box->mutex());
    if (!WaitForBox(call, *box, "update")) return;
    box->is_locked = true;
  }
  if (box->value.block == nullptr || Unpack(call, box->value, 1)) {
    const runtime::Argument arguments[] = {runtime::Argument::Of(call.types[1], call.Value<void*>(1))};
    if (call.context.CallBlock(call.Value<const void*>(2), arguments, nullptr)) {
      MakeFeature(call, call.types[1], call.Value<void*>(1), *box, &box->value);
    }
  }
  const std::lock_guard lock(box->mutex());
  box->is_locked = false;
  SystemOf(call).Wake(*box);
}

// --- Boxes of the latest value

void WithSeqBox(NativeCall& call) { WithPrimitive<SeqBox>(call, 0, 0); }

void ReleaseSeqBox(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  auto* box = PrimitiveOf<SeqBox>(call, variable, "seqBoxRelease: seq box");
  if (box == nullptr) return;
  SystemOf(call).account().ReleaseReference(*box, jobs::ReferenceEvent::kRelease, PlaceOfChange(call.context, *box));
  variable = nullptr;
}

void Publish(NativeCall& call) {
  auto* box = PrimitiveAt<SeqBox>(call, 0, "seqBoxPublish: box");
  if (box != nullptr) call.Return(box->Publish(ValueAddress(call, 1), call.types[1]->unqualified->size()));
}

void ReadSeqBox(NativeCall& call) {
  auto* box = PrimitiveAt<SeqBox>(call, 0, "seqBoxRead: box");
  if (box != nullptr) call.Return(box->Read(call.Value<void*>(1), call.types[1]->unqualified->size()));
}

void ClearSeqBox(NativeCall& call) {
  auto* box = PrimitiveAt<SeqBox>(call, 0, "seqBoxClear: box");
  if (box != nullptr) box->Clear();
}

void HasValue(NativeCall& call) {
  auto* box = PrimitiveAt<SeqBox>(call, 0, "hasValue: box");
  if (box != nullptr) call.Return(box->has_value());
}

constexpr uint32_t kMakes = sema::kMayAllocate;
constexpr uint32_t kCreates = sema::kMayAllocate | sema::kUnsafe;
constexpr uint32_t kWith = sema::kMayAllocate | sema::kInvokesBlocks;

constexpr sema::NativeFunction kFunctions[] = {
    {"channel_create", "() : Channel?", &CreatePrimitive<Channel>, kCreates},
    {"channel_remove", "(var channel : Channel?&) : void", &RemoveChannel, sema::kUnsafe},
    {"with_channel", "(blk : block<(var channel : Channel?) : void>) : void", &WithChannel, kWith},
    {"with_channel", "(count : int; blk : block<(var channel : Channel?) : void>) : void", &WithChannelOf, kWith},
    {"push_clone", "(channel : Channel?; data : auto(T)) : void", &Push, kMakes},
    {"push_batch_clone", "(channel : Channel?; data : array<auto(T)>) : void", &PushBatch, kMakes},
    {"_channel_pop", "(channel : Channel?; var value : auto(T)&) : bool", &Pop, kMakes},
    {"_channel_try_pop", "(channel : Channel?; var value : auto(T)&) : bool", &TryPop, kMakes},
    {"_channel_pop_within", "(channel : Channel?; milliseconds : int; var value : auto(T)&) : bool", &PopWithTimeout,
     kMakes},
    {"_channel_peek", "(channel : Channel?; index : int; var value : auto(T)&) : bool", &Peek, kMakes},
    {"_channel_forward", "(channel, to : Channel?; var value : auto(T)&) : bool", &Forward, kMakes},
    {"_drop_received", "(var value : auto(T)&) : void", &DropReceived, kMakes},
    {".`isEmpty", "(channel : Channel) : bool", &IsEmpty},
    {".`total", "(channel : Channel) : int", &Total},
    {"lock_box_create", "() : LockBox?", &CreatePrimitive<LockBox>, kMakes},
    {"lock_box_remove", "(var box : LockBox?&) : void", &RemoveLockBox, sema::kUnsafe},
    {"with_lock_box", "(blk : block<(var box : LockBox?) : void>) : void", &WithLockBox, kWith},
    {"set", "(box : LockBox?; data : auto(T)) : void", &SetBox<false>, kMakes},
    {"fill", "(box : LockBox?; data : auto(T)) : void", &SetBox<true>, kMakes},
    {"_box_get", "(box : LockBox?; var value : auto(T)&) : bool", &GetBox<false>, kMakes},
    {"_box_grab", "(box : LockBox?; var value : auto(T)&) : bool", &GetBox<true>, kMakes},
    {"_box_update", "(box : LockBox?; var value : auto(T)&; blk : block<(var value : T) : void>) : void", &UpdateBox,
     kWith},
    {"clear", "(box : LockBox?; kind : auto(T)) : void", &ClearBox},
    {"seq_box_create", "() : SeqBox?", &CreatePrimitive<SeqBox>, kMakes},
    {"seq_box_release", "(var box : SeqBox?&) : void", &ReleaseSeqBox},
    {"with_seq_box", "(blk : block<(var box : SeqBox?) : void>) : void", &WithSeqBox, kWith},
    {"_box_publish", "(box : SeqBox?; value : auto(T)) : bool", &Publish},
    {"_box_read", "(box : SeqBox?; var value : auto(T)&) : bool", &ReadSeqBox},
    {"clear", "(box : SeqBox?) : void", &ClearSeqBox},
    {".`hasValue", "(box : SeqBox) : bool", &HasValue},
};

constexpr sema::NativeConstant kConstants[] = {{"SEQ_BOX_PAYLOAD", "int", {SeqBox::kMaxBytes}}};

}  // namespace
}  // namespace jobque_values_natives

constexpr sema::NativeModule kJobValueModule = {
    .name = "jobque", .functions = jobque_values_natives::kFunctions, .constants = jobque_values_natives::kConstants};

}  // namespace vestige::builtins
