// Whole values of any type: cloning, swapping, asking variants, raw memory, collecting. Part of module `$`. Floor 5.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/lock.h"
#include "runtime/mark.h"

namespace vestige::builtins {

namespace object_natives {
namespace {

// A deep copy as a new value.
void Clone(NativeCall& call) {
  // A result that fits a slot is not zeroed, and a clone goes into a value.
  std::memset(call.result, 0, call.types[0]->size());
  const types::Type* type = call.types[0];
  if (!runtime::CloneValue(call.context, type, call.result, ValueAddress(call, 0))) return;
  if (type->is_smart_pointer()) runtime::NoteHolder(call.context, {.type = type}, call.result, call.result);
}

void Swap(NativeCall& call) {
  char* a = ReferenceAddress(call, 0);
  char* b = ReferenceAddress(call, 1);
  const types::Type* type = call.types[0];
  const uint32_t size = type->size();
  if (!runtime::MayMove(call.context, type, a) || !runtime::MayMove(call.context, type, b)) return;
  if (a != b && type->traits().holds_counted && runtime::TracksHolders(call.context)) {
    // By way of a third place, as both may hold the same object.
    std::vector<char> third(a, a + size);
    runtime::NoteMoved(call.context, type, a, third.data(), 1);
    std::memcpy(a, b, size);
    runtime::NoteMoved(call.context, type, b, a, 1);
    std::memcpy(b, third.data(), size);
    runtime::NoteMoved(call.context, type, third.data(), b, 1);
    return;
  }
  std::swap_ranges(a, a + size, b);
}

void MemZero(NativeCall& call) {
  char* value = ReferenceAddress(call, 0);
  if (runtime::MayMove(call.context, call.types[0], value)) std::memset(value, 0, call.types[0]->size());
}

void VariantIndex(NativeCall& call) { call.Return(call.Reference<int32_t>(0)); }

void SetVariantIndex(NativeCall& call) { call.Reference<int32_t>(0) = call.Value<int32_t>(1); }

void MemCompare(NativeCall& call) {
  call.Return(static_cast<int32_t>(std::memcmp(call.Value<const void*>(0), call.Value<const void*>(1),
                                               static_cast<size_t>(call.Value<int32_t>(2)))));
}

void MemCopy(NativeCall& call) {
  std::memmove(call.Value<void*>(0), call.Value<const void*>(1), static_cast<size_t>(call.Value<int32_t>(2)));
}

// Both are descriptions of classes, as objects begin with.
void ClassDerives(NativeCall& call) {
  const auto* info = call.Value<const types::StructInfo*>(0);
  const auto* wanted = call.Value<const types::StructInfo*>(1);
  while (info != nullptr && info != wanted) info = info->parent;
  call.Return(info != nullptr);
}

void IntPointer(NativeCall& call) { call.Return(call.Value<uint64_t>(0)); }

// Frees what no global and no live local reaches.
void HeapCollect(NativeCall& call) {
  const runtime::ContextOptions& options = call.context.options();
  if (!options.persistent_heap) {
    call.context.Panic("heap collection is not allowed in this context, needs 'options persistent'");
  } else if (!options.gc) {
    call.context.Panic("heap collection is not allowed in this context, needs 'options gc'");
  } else {
    runtime::Collect(call.context, call.Value<bool>(0));
  }
}

// `count` values from an address on; none for a count below one.
template <typename T>
void MemSet(NativeCall& call) {
  T* to = call.Value<T*>(0);
  const int32_t count = call.Value<int32_t>(2);
  if (count > 0) std::fill_n(to, count, call.Value<T>(1));
}

// Both heaps, or nothing when only errors are wanted: a heap that contradicts itself does not get this far.
void MemoryReport(NativeCall& call) {
  const auto& report = call.context.options().report_heap;
  if (call.Value<bool>(0) || !report) return;
  report(false);
  report(true);
}

constexpr uint32_t kClones = sema::kMayAllocate | sema::kInvokesBlocks | sema::kNoInScopeReturn;

constexpr sema::NativeFunction kFunctions[] = {
    {"clone", "(src : auto(T)) : T -const -&", &Clone, kClones | sema::kCapturesStrings},
    {"clone_to_move", "(src : auto(T)) : T -const -&", &Clone, kClones | sema::kCapturesStrings},
    {"swap", "(var a : auto(T)&; var b : T&) : void", &Swap},
    {"memzero", "(var x : auto(T)&) : void", &MemZero},
    {"variant_index", "(v : auto) : int", &VariantIndex},
    {"set_variant_index", "(var v : auto; index : int) : void", &SetVariantIndex, sema::kUnsafe},
    {"memcmp", "(a : void?; b : void?; size : int) : int", &MemCompare, sema::kUnsafe},
    {"memcpy", "(a : void?; b : void?; size : int) : void", &MemCopy, sema::kUnsafe},
    {"memset8", "(to : uint8?; value : uint8; count : int) : void", &MemSet<uint8_t>, sema::kUnsafe},
    {"memset16", "(to : uint16?; value : uint16; count : int) : void", &MemSet<uint16_t>, sema::kUnsafe},
    {"memset32", "(to : uint?; value : uint; count : int) : void", &MemSet<uint32_t>, sema::kUnsafe},
    {"memset64", "(to : uint64?; value : uint64; count : int) : void", &MemSet<uint64_t>, sema::kUnsafe},
    {"memset128", "(to : uint4?; value : uint4; count : int) : void", &MemSet<std::array<uint32_t, 4>>, sema::kUnsafe},
    {"class_derives", "(rtti : void? const; wanted : void? const) : bool", &ClassDerives},
    {"intptr", "(p : void?) : uint64", &IntPointer},
    {"heap_collect", "(string_heap : bool = true; validate : bool = false) : void", &HeapCollect, sema::kUnsafe},
    {"memory_report", "(errors_only : bool) : void", &MemoryReport},
};

constexpr std::string_view kPrelude = R"(
def move_to_local(var a : auto(T)&) : T -const -& {
    static_if (typeinfo can_move(a)) {
        return <- a
    } else {
        concept_assert(false, "can't move this type")
    }
}
def copy_to_local(a : auto(T)) : T -const -& {
    static_if (typeinfo can_copy(a)) {
        return unsafe(reinterpret<T -const -&>(a))
    } else {
        concept_assert(false, "can't copy this type")
    }
}
)";

}  // namespace
}  // namespace object_natives

constexpr sema::NativeModule kObjectModule = {
    .name = "$", .functions = object_natives::kFunctions, .prelude = object_natives::kPrelude};

}  // namespace vestige::builtins
