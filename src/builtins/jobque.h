// What the files of module `jobque` share. Floor 5.

#ifndef VESTIGE_BUILTINS_JOBQUE_H_
#define VESTIGE_BUILTINS_JOBQUE_H_

#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "builtins/native_values.h"
#include "jobs/system.h"

namespace vestige::builtins {

// Where the script is.
jobs::Place PlaceNow(runtime::ScriptContext& context);
jobs::Origin OriginNow(NativeCall& call, const jobs::Party& party);

// Who calls; null after a panic, on threads that the engine knows nothing of.
jobs::Party* PartyOf(NativeCall& call);

inline jobs::System& SystemOf(NativeCall& call) { return *call.context.options().jobs; }

// The place of a change of a count: known only while somebody watches.
jobs::Place PlaceOfChange(runtime::ScriptContext& context, const jobs::Primitive& primitive);

// Whether a pool is open. NeedsPool: false after a panic.
bool HasPool(NativeCall& call);
bool NeedsPool(NativeCall& call);

// Whether the wait ended because of what it waited for. When the run is over, the context ends with it.
bool IsDone(NativeCall& call, jobs::WaitResult result);

// The primitive of a pointer argument; null after a panic. `what`: "channelPush: channel", as the message begins.
template <typename T>
T* PrimitiveOf(NativeCall& call, void* address, std::string_view what) {
  if (address == nullptr) {
    call.context.PanicF("{} is null", what);
    return nullptr;
  }
  T* found = jobs::Account::Find<T>(address);
  if (found == nullptr) call.context.PanicF("{} is invalid (already deleted?)", what);
  return found;
}
template <typename T>
T* PrimitiveAt(NativeCall& call, size_t index, std::string_view what) {
  return PrimitiveOf<T>(call, call.Value<void*>(index), what);
}

// Waits with the mutex of `target` held, as it is now and on return, until `ready`. False: the time is up, or the
// context ends.
bool WaitFor(NativeCall& call, jobs::Waitable& target, const char* how, absl::FunctionRef<bool()> ready,
             std::optional<int32_t> milliseconds = std::nullopt);

// Calls the block in argument `index` with a new T, which is gone behind it.
template <typename T>
void WithPrimitive(NativeCall& call, size_t index, int32_t remaining);

// `x_create()`.
template <typename T>
void CreatePrimitive(NativeCall& call) {
  jobs::Party* party = PartyOf(call);
  if (party == nullptr) return;
  call.Return(SystemOf(call).account().Make<T>(*party, OriginNow(call, *party), false));
}

template <typename T>
void WithPrimitive(NativeCall& call, size_t index, int32_t remaining) {
  jobs::Party* party = PartyOf(call);
  if (party == nullptr) return;
  jobs::Account& account = SystemOf(call).account();
  T* primitive = account.Make<T>(*party, OriginNow(call, *party), true);
  primitive->remaining = remaining;
  const runtime::Argument arguments[] = {runtime::Argument::Value(primitive)};
  call.context.CallBlock(call.Value<const void*>(index), arguments, nullptr);
  const int32_t left = account.EndScope(*primitive, PlaceOfChange(call.context, *primitive));
  if (left != 0) call.context.PanicF("synch primitive deleted while being used (ref={})", left);
}

// `x_remove(x)`, which nulls the variable. `noun`: "channel".
bool RemovePrimitive(NativeCall& call, jobs::Primitive& primitive, std::string_view noun);

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_JOBQUE_H_
