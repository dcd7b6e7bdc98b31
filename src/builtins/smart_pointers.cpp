// Smart pointers: making objects with a count, sharing and asking them. Part of module `$`. Floor 5.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/counted.h"
#include "runtime/holders.h"
#include "runtime/string.h"
#include "vestige/native.h"

namespace vestige::builtins {

namespace smart_pointers_natives {
namespace {

using sema::NativeCall;
using types::Type;

// The object of smart or raw pointer argument `index`. False after a panic.
bool ObjectOf(NativeCall& call, size_t index, RefCounted** object) {
  const void* pointer = call.Value<const void*>(index);
  return runtime::LiveCounted(call.context, call.types[index], &pointer, object);
}

// `new T`; the argument is a null `T?` that says which.
void New(NativeCall& call) {
  const NativeCounted& counted = *call.types[0]->element->struct_info->native->counted;
  void* address = counted.make();
  if (address != nullptr) {
    RefCounted* object = counted.base(address);
    object->Retain(nullptr, HolderKind::kScript);
    call.Meet(*object);
  }
  call.Return(address);
}

void Share(NativeCall& call) {
  RefCounted* object;
  if (!ObjectOf(call, 0, &object)) return;
  if (object != nullptr) object->Retain(nullptr, HolderKind::kScript);
  call.Return(call.Value<void*>(0));
}

void Clone(NativeCall& call) {
  const void* source = call.Value<const void*>(1);
  runtime::CloneCounted(call.context, call.types[0], call.Value<void*>(0), &source);
}

// What `dest` held is given back; it takes over the reference behind argument 1, which `from` held unless it is null.
void Take(NativeCall& call, void* source, const void* from) {
  void** slot = call.Value<void**>(0);
  RefCounted* object;
  if (!runtime::LiveCounted(call.context, call.types[0], &source, &object)) return;
  if (!runtime::ReleaseCounted(call.context, call.types[0], slot)) return;
  *slot = source;
  runtime::NoteHolder(call.context, {.type = call.types[0], .name = "a value of the script"}, slot, from);
}

void MoveValue(NativeCall& call) { Take(call, call.Value<void*>(1), nullptr); }

void MoveReference(NativeCall& call) {
  void** source = call.Value<void**>(1);
  if (call.Value<void**>(0) == source) return;
  void* object = *source;
  *source = nullptr;
  Take(call, object, source);
}

void UseCount(NativeCall& call) {
  RefCounted* object;
  if (!ObjectOf(call, 0, &object)) return;
  call.Return(object == nullptr ? 0u : object->use_count());
}

void IsValid(NativeCall& call) {
  const memory::ObjectAccount* objects = call.context.options().objects;
  const RefCounted* object = runtime::CountedAt(call.types[0], call.Value<void*>(0));
  call.Return(object == nullptr || objects == nullptr || objects->IsLive(object));
}

// For tests and for looking around: the names of all holders, sorted. Empty unless holders are tracked.
void Holders(NativeCall& call) {
  RefCounted* object;
  if (!ObjectOf(call, 0, &object)) return;
  std::vector<std::string> names;
  memory::ObjectAccount::Survivor found;
  if (object != nullptr && runtime::TracksHolders(call.context) &&
      call.context.options().objects->Find(object->ref_count_id(), &found)) {
    for (const memory::Hold& hold : found.holds) names.emplace_back(memory::HolderName(hold));
  }
  std::sort(names.begin(), names.end());
  call.Return(runtime::MakeString(call.context, absl::StrJoin(names, "; ")));
}

void GetPointer(NativeCall& call) { call.Return(call.Value<void*>(0)); }

constexpr sema::NativeFunction kFunctions[] = {
    // Scripts have no name for these two: `new T` and cloning of raw pointers become calls of them.
    {"new`counted", "(kind : auto(T)?) : smart_ptr<T -const>", &New, sema::kMayAllocate},
    {"share`counted", "(object : auto(T)?) : smart_ptr<T -const>", &Share, sema::kMayAllocate},
    {"smart_ptr_clone", "(var dest : smart_ptr<auto(T)>&; src : smart_ptr<T>) : void", &Clone, sema::kMayAllocate},
    {"smart_ptr_clone", "(var dest : smart_ptr<auto(T)>&; src : T?) : void", &Clone, sema::kMayAllocate},
    {"smart_ptr_use_count", "(ptr : smart_ptr<auto(T)>) : uint", &UseCount, sema::kMayAllocate},
    {"smart_ptr_holders", "(ptr : smart_ptr<auto(T)>) : string", &Holders, sema::kMayAllocate},
    {"smart_ptr_is_valid", "(ptr : smart_ptr<auto(T)>) : bool", &IsValid},
    {"move", "(var dest : smart_ptr<auto(T)>&; var src : smart_ptr<T>&) : void", &MoveReference, sema::kMayAllocate},
    {"move", "(var dest : smart_ptr<auto(T)>&; src : T?) : void", &MoveValue, sema::kMayAllocate},
    {"move_new", "(var dest : smart_ptr<auto(T)>&; src : smart_ptr<T>) : void", &MoveValue, sema::kMayAllocate},
    {"get_ptr", "(ptr : smart_ptr<auto(T)>) : T?", &GetPointer},
    {"get_const_ptr", "(ptr : smart_ptr<auto(T)>) : T const?", &GetPointer},
};

}  // namespace
}  // namespace smart_pointers_natives

constexpr sema::NativeModule kSmartPointerModule = {.name = "$", .functions = smart_pointers_natives::kFunctions};

}  // namespace vestige::builtins
