// Growing, shrinking and asking dynamic arrays. Part of module `$`.
//
// push copies, push_clone clones, emplace moves; all three take an optional position. Floor 5.

#include <algorithm>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/finalize.h"
#include "runtime/lock.h"

namespace vestige::builtins {

namespace array_natives {
namespace {

using runtime::Array;
using runtime::ArrayShape;
using types::Type;

Array& ArrayAt(const NativeCall& call, size_t index) { return call.Reference<Array>(index); }
ArrayShape ShapeOf(const NativeCall& call) { return runtime::ShapeOfArray(call.types[0]); }

// What `count` elements from `first` on own is freed, as the context says: they are about to be dropped. False after a
// panic. Elements that are not there, and those of a locked array or before locked ones, are left to whoever judges the
// call.
bool Drop(NativeCall& call, int64_t first, int64_t count) {
  const Array& array = ArrayAt(call, 0);
  if (runtime::IsLocked(array.lock) || first < 0 || count <= 0 || first > array.size || count > array.size - first)
    return true;
  const Type* element = call.types[0]->element;
  char* address = array.data + static_cast<size_t>(first) * element->size();
  const Type* lockable = ShapeOf(call).lockable;
  if (lockable != nullptr && runtime::ContainsLock(lockable, address, array.size - static_cast<uint64_t>(first))) {
    return true;
  }
  return runtime::FinalizeDropped(call.context, element, address, static_cast<uint64_t>(count));
}

// The same for all elements from `first` on.
bool DropFrom(NativeCall& call, int64_t first) { return Drop(call, first, int64_t{ArrayAt(call, 0).size} - first); }

// How a value gets into the array.
using Put = bool (*)(NativeCall& call, const Type* type, void* target, void* source);
bool PutCopy(NativeCall& call, const Type* type, void* target, void* source) {
  return CopyInto(call, type, target, source);
}
bool PutClone(NativeCall& call, const Type* type, void* target, void* source) {
  return CloneInto(call, type, target, source);
}

// The value may be an element of the array itself, whose place changes when the buffer grows.
template <Put put, bool by_reference>
void PutValue(NativeCall& call, int64_t position, bool at_end) {
  Array& array = ArrayAt(call, 0);
  const ArrayShape shape = ShapeOf(call);
  char* source = by_reference ? ReferenceAddress(call, 1) : ValueAddress(call, 1);
  const bool is_own =
      array.data != nullptr && source >= array.data && source < array.data + size_t{array.capacity} * shape.stride;
  const size_t own_offset = is_own ? static_cast<size_t>(source - array.data) : 0;
  char* place = at_end ? runtime::PushToArray(call.context, array, shape)
                       : runtime::InsertIntoArray(call.context, array, position, 1, shape);
  if (place == nullptr) return;
  if (is_own) {
    source = array.data + own_offset;
    if (source >= place) source += shape.stride;
  }
  // Cloning may run script code, which must not take the place away.
  const runtime::Hold<Array> hold(call.context, array);
  put(call, call.types[0]->element, place, source);
}

template <Put put, bool by_reference>
void PutLast(NativeCall& call) {
  PutValue<put, by_reference>(call, 0, true);
}

template <Put put, bool by_reference, typename Index>
void PutAt(NativeCall& call) {
  PutValue<put, by_reference>(call, call.Value<Index>(2), false);
}

// All elements of another array, dynamic or fixed. Room is made for exactly as many. False after a panic.
template <Put put>
bool PutElements(NativeCall& call, const Type* source_type, char* source) {
  Array& array = ArrayAt(call, 0);
  const ArrayShape shape = ShapeOf(call);
  const bool is_fixed = source_type->kind == types::Kind::kFixedArray;
  const uint32_t count = is_fixed ? source_type->dim : reinterpret_cast<Array*>(source)->size;
  if (!runtime::ReserveArray(call.context, array, uint64_t{array.size} + count, shape)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    // Read anew each time: the source may be the array itself.
    char* elements = is_fixed ? source : reinterpret_cast<Array*>(source)->data;
    char* place = runtime::PushToArray(call.context, array, shape);
    if (place == nullptr) return false;
    std::optional<runtime::Hold<Array>> source_hold;
    if (!is_fixed) source_hold.emplace(call.context, *reinterpret_cast<Array*>(source));
    runtime::Hold<Array> hold(call.context, array);
    put(call, call.types[0]->element, place, elements + size_t{i} * shape.stride);
    if (!hold.Release()) return false;
  }
  return true;
}

template <Put put>
void PutAll(NativeCall& call) {
  // One source after the other; the last type is the result's.
  for (size_t i = 1; i + 1 < call.types.size(); ++i) {
    if (!PutElements<put>(call, call.types[i], ReferenceAddress(call, i))) return;
  }
}

// The elements of the arrays in an array, `depth` arrays down.
template <Put put>
bool PutNested(NativeCall& call, Array& source, const Type* type, int depth) {
  const runtime::Hold<Array> hold(call.context, source);
  for (uint32_t i = 0; i < source.size; ++i) {
    char* inner = source.data + size_t{i} * type->element->size();
    const bool done = depth == 1 ? PutElements<put>(call, type->element, inner)
                                 : PutNested<put>(call, *reinterpret_cast<Array*>(inner), type->element, depth - 1);
    if (!done) return false;
  }
  return true;
}

template <Put put, int depth>
void PutFlattened(NativeCall& call) {
  PutNested<put>(call, ArrayAt(call, 1), call.types[1], depth);
}

// New elements are zero, or what the type's initialisers make: the default value, which comes as a last argument. Its
// parts must not be shared, so it is cloned for all elements but the last.
template <typename Size>
void Resize(NativeCall& call) {
  Array& array = ArrayAt(call, 0);
  const ArrayShape shape = ShapeOf(call);
  const Type* element = call.types[0]->element;
  const uint32_t old_size = array.size;
  if (!DropFrom(call, call.Value<Size>(1))) return;
  const bool resized = runtime::ResizeArray(call.context, array, call.Value<Size>(1), shape, true);
  if (!element->traits().has_init) return;
  char* initial = ValueAddress(call, 2);
  const runtime::Hold<Array> hold(call.context, array);
  const uint32_t size = array.size;
  char* data = array.data;
  for (uint32_t i = old_size; resized && i < size; ++i) {
    char* place = data + size_t{i} * shape.stride;
    if (i + 1 == size) {
      MoveInto(call, element, place, initial);
    } else if (!CloneInto(call, element, place, initial)) {
      return;
    }
  }
  if (resized && size <= old_size && !element->traits().runs_script) {
    runtime::FinalizeValue(call.context, element, initial);
  }
}

template <typename Size>
void ResizeNoInit(NativeCall& call) {
  if (!DropFrom(call, call.Value<Size>(1))) return;
  runtime::ResizeArray(call.context, ArrayAt(call, 0), call.Value<Size>(1), ShapeOf(call), false);
}

// New elements are copies of a value.
template <typename Size>
void ResizeAndInit(NativeCall& call) {
  Array& array = ArrayAt(call, 0);
  const ArrayShape shape = ShapeOf(call);
  const uint32_t old_size = array.size;
  if (!DropFrom(call, call.Value<Size>(1))) return;
  if (!runtime::ResizeArray(call.context, array, call.Value<Size>(1), shape, true)) return;
  const runtime::Hold<Array> hold(call.context, array);
  const uint32_t size = array.size;
  char* data = array.data;
  for (uint32_t i = old_size; i < size; ++i) {
    char* place = data + size_t{i} * shape.stride;
    if (!CopyInto(call, call.types[0]->element, place, ValueAddress(call, 2))) return;
  }
}

template <typename Size>
void Reserve(NativeCall& call) {
  const int64_t capacity = call.Value<Size>(1);
  if (capacity < 0) {
    call.context.PanicF("can't reserve {} elements", capacity);
    return;
  }
  runtime::ReserveArray(call.context, ArrayAt(call, 0), static_cast<uint64_t>(capacity), ShapeOf(call));
}

// Like reserve, but at least doubles, so that repeated calls stay cheap.
template <typename Size>
void EnsureCapacity(NativeCall& call) {
  Array& array = ArrayAt(call, 0);
  const int64_t wanted = call.Value<Size>(1);
  if (wanted <= int64_t{array.capacity}) return;
  const uint64_t capacity = std::max<uint64_t>(static_cast<uint64_t>(wanted), uint64_t{array.capacity} * 2);
  runtime::ReserveArray(call.context, array, capacity, ShapeOf(call));
}

template <typename Index>
void Erase(NativeCall& call) {
  if (!Drop(call, call.Value<Index>(1), 1)) return;
  runtime::EraseFromArray(call.context, ArrayAt(call, 0), call.Value<Index>(1), 1, ShapeOf(call));
}

template <typename Index>
void EraseRange(NativeCall& call) {
  // One element is judged like a range here.
  Array& array = ArrayAt(call, 0);
  const int64_t index = call.Value<Index>(1);
  const int64_t count = call.Value<Index>(2);
  if (!runtime::IsLocked(array.lock) && count == 1 && (index < 0 || index >= int64_t{array.size})) {
    call.context.PanicF("erasing array range is invalid: index={} count={} size={}", index, count, array.size);
    return;
  }
  if (!Drop(call, index, count)) return;
  runtime::EraseFromArray(call.context, array, index, count, ShapeOf(call));
}

void Clear(NativeCall& call) {
  if (DropFrom(call, 0)) runtime::ClearArray(call.context, ArrayAt(call, 0), ShapeOf(call));
}

void Pop(NativeCall& call) {
  if (!Drop(call, int64_t{ArrayAt(call, 0).size} - 1, 1)) return;
  runtime::PopFromArray(call.context, ArrayAt(call, 0), ShapeOf(call));
}

void Back(NativeCall& call) {
  Array& array = ArrayAt(call, 0);
  if (array.size == 0) {
    call.context.Panic("back empty array");
    call.Return<void*>(nullptr);
    return;
  }
  call.Return(array.data + size_t{array.size - 1} * ShapeOf(call).stride);
}

template <typename Result>
void Length(NativeCall& call) {
  call.Return(static_cast<Result>(ArrayAt(call, 0).size));
}

template <typename Result>
void LengthOfFixed(NativeCall& call) {
  call.Return(static_cast<Result>(call.types[0]->dim));
}

template <typename Result>
void Capacity(NativeCall& call) {
  call.Return(static_cast<Result>(ArrayAt(call, 0).capacity));
}

void Empty(NativeCall& call) { call.Return(ArrayAt(call, 0).size == 0); }

void EmptyFixed(NativeCall& call) { call.Return(call.types[0]->dim == 0); }

void LockCount(NativeCall& call) { call.Return(static_cast<int32_t>(runtime::LoadLock(ArrayAt(call, 0).lock))); }

// The block sees the array, which cannot change its size meanwhile.
void Lock(NativeCall& call) {
  Array& array = ArrayAt(call, 0);
  const runtime::Hold<Array> hold(call.context, array);
  const runtime::Argument arguments[] = {runtime::Argument::Reference(&array)};
  call.context.CallBlock(ReferenceAddress(call, 1), arguments, nullptr);
}

// The block gets the elements as a pointer, and how many they are.
void LockData(NativeCall& call) {
  Array& array = ArrayAt(call, 0);
  const runtime::Hold<Array> hold(call.context, array);
  void* data = array.data;
  int32_t size = static_cast<int32_t>(array.size);
  const runtime::Argument arguments[] = {runtime::Argument::Value(data), runtime::Argument::Value(size)};
  call.context.CallBlock(ReferenceAddress(call, 1), arguments, nullptr);
}

constexpr uint32_t kStores = sema::kMayAllocate | sema::kCapturesStrings;
constexpr uint32_t kMakes = sema::kMayAllocate | sema::kOwnDefault | sema::kMakesElements;

constexpr sema::NativeFunction kFunctions[] = {
    {"push", "(var a : array<auto(T)>; v : T -#) : void", &PutLast<PutCopy, false>, kStores},
    {"push", "(var a : array<auto(T)>; v : T -#; at : int) : void", &PutAt<PutCopy, false, int32_t>, kStores},
    {"push", "(var a : array<auto(T)>; v : T -#; at : int64) : void", &PutAt<PutCopy, false, int64_t>, kStores},
    {"push", "(var a : array<auto(T)>; other : array<T>) : void", &PutAll<PutCopy>, kStores},
    {"push", "(var a : array<auto(T)>; other : T[]) : void", &PutAll<PutCopy>, kStores},
    {"push_from", "(var a : array<auto(T)>; other : array<T>) : void", &PutAll<PutCopy>, kStores},
    {"push_from", "(var a : array<auto(T)>; other : T[]) : void", &PutAll<PutCopy>, kStores},
    {"push_clone", "(var a : array<auto(T)>; v : T) : void", &PutLast<PutClone, false>, kStores},
    {"push_clone", "(var a : array<auto(T)>; v : T; at : int) : void", &PutAt<PutClone, false, int32_t>, kStores},
    {"push_clone", "(var a : array<auto(T)>; v : T; at : int64) : void", &PutAt<PutClone, false, int64_t>, kStores},
    {"push_clone", "(var a : array<auto(T)>; other : array<T>) : void", &PutAll<PutClone>, kStores},
    {"push_clone", "(var a : array<auto(T)>; other : T[]) : void", &PutAll<PutClone>, kStores},
    {"push_clone_from", "(var a : array<auto(T)>; other : array<T>) : void", &PutAll<PutClone>, kStores},
    {"push_clone_from", "(var a : array<auto(T)>; other : T[]) : void", &PutAll<PutClone>, kStores},
    {"push_from", "(var a : array<auto(T)>; x, y : array<T>) : void", &PutAll<PutCopy>, kStores},
    {"push_from", "(var a : array<auto(T)>; x, y, z : array<T>) : void", &PutAll<PutCopy>, kStores},
    {"push_from", "(var a : array<auto(T)>; x, y, z, w : array<T>) : void", &PutAll<PutCopy>, kStores},
    {"push_from", "(var a : array<auto(T)>; nested : array<array<T>>) : void", &PutFlattened<PutCopy, 1>, kStores},
    {"push_from", "(var a : array<auto(T)>; nested : array<array<array<T>>>) : void", &PutFlattened<PutCopy, 2>,
     kStores},
    {"push_clone_from", "(var a : array<auto(T)>; x, y : array<T>) : void", &PutAll<PutClone>, kStores},
    {"push_clone_from", "(var a : array<auto(T)>; x, y, z : array<T>) : void", &PutAll<PutClone>, kStores},
    {"push_clone_from", "(var a : array<auto(T)>; x, y, z, w : array<T>) : void", &PutAll<PutClone>, kStores},
    {"push_clone_from", "(var a : array<auto(T)>; nested : array<array<T>>) : void", &PutFlattened<PutClone, 1>,
     kStores},
    {"push_clone_from", "(var a : array<auto(T)>; nested : array<array<array<T>>>) : void", &PutFlattened<PutClone, 2>,
     kStores},
    {"emplace", "(var a : array<auto(T)>; var v : T -#&) : void", &PutLast<MoveInto, true>, kStores},
    {"emplace", "(var a : array<auto(T)>; var v : T -#&; at : int) : void", &PutAt<MoveInto, true, int32_t>, kStores},
    {"emplace", "(var a : array<auto(T)>; var v : T -#&; at : int64) : void", &PutAt<MoveInto, true, int64_t>, kStores},
    {"emplace", "(var a : array<auto(T)>; var other : T[]) : void", &PutAll<MoveInto>, kStores},
    {"emplace_from", "(var a : array<auto(T)>; var other : array<T>) : void", &PutAll<MoveInto>, kStores},
    {"emplace_from", "(var a : array<auto(T)>; var other : T[]) : void", &PutAll<MoveInto>, kStores},
    {"resize", "(var a : array<auto(T)>; size : int; initial : T = default<T>) : void", &Resize<int32_t>, kMakes},
    {"resize", "(var a : array<auto(T)>; size : int64; initial : T = default<T>) : void", &Resize<int64_t>, kMakes},
    {"resize_no_init", "(var a : array<auto(T)>; size : int) : void", &ResizeNoInit<int32_t>, sema::kMayAllocate},
    {"resize_no_init", "(var a : array<auto(T)>; size : int64) : void", &ResizeNoInit<int64_t>, sema::kMayAllocate},
    {"resize_and_init", "(var a : array<auto(T)>; size : int; initial : T = default<T>) : void", &Resize<int32_t>,
     sema::kMayAllocate | sema::kOwnDefault},
    {"resize_and_init", "(var a : array<auto(T)>; size : int64; initial : T = default<T>) : void", &Resize<int64_t>,
     sema::kMayAllocate | sema::kOwnDefault},
    {"resize_and_init", "(var a : array<auto(T)>; size : int; v : T) : void", &ResizeAndInit<int32_t>, kStores},
    {"resize_and_init", "(var a : array<auto(T)>; size : int64; v : T) : void", &ResizeAndInit<int64_t>, kStores},
    {"reserve", "(var a : array<auto(T)>; capacity : int) : void", &Reserve<int32_t>, sema::kMayAllocate},
    {"reserve", "(var a : array<auto(T)>; capacity : int64) : void", &Reserve<int64_t>, sema::kMayAllocate},
    {"ensure_capacity", "(var a : array<auto(T)>; capacity : int) : void", &EnsureCapacity<int32_t>,
     sema::kMayAllocate},
    {"ensure_capacity", "(var a : array<auto(T)>; capacity : int64) : void", &EnsureCapacity<int64_t>,
     sema::kMayAllocate},
    {"erase", "(var a : array<auto(T)>; at : int) : void", &Erase<int32_t>},
    {"erase", "(var a : array<auto(T)>; at : int64) : void", &Erase<int64_t>},
    {"erase", "(var a : array<auto(T)>; at : int; count : int) : void", &EraseRange<int32_t>},
    {"erase", "(var a : array<auto(T)>; at : int64; count : int64) : void", &EraseRange<int64_t>},
    {"clear", "(var a : array<auto(T)>) : void", &Clear},
    {"pop", "(var a : array<auto(T)>) : void", &Pop},
    {"back", "(var a : array<auto(T)>) : T&", &Back, sema::kNoInScopeReturn},
    {"back", "(a : array<auto(T)> ==const) : T const&", &Back, sema::kNoInScopeReturn},
    {"length", "(a : array<auto>) : int", &Length<int32_t>, 0, "length"},
    {"length", "(a : auto[]) : int", &LengthOfFixed<int32_t>},
    {"long_length", "(a : array<auto>) : int64", &Length<int64_t>},
    {"long_length", "(a : auto[]) : int64", &LengthOfFixed<int64_t>},
    {"capacity", "(a : array<auto>) : int", &Capacity<int32_t>},
    {"long_capacity", "(a : array<auto>) : int64", &Capacity<int64_t>},
    {"empty", "(a : array<auto>) : bool", &Empty},
    {"empty", "(a : auto[]) : bool", &EmptyFixed},
    {"lock_count", "(a : array<auto>) : int", &LockCount},
    {"lock_data", "(var a : array<auto(T)>; blk : block<(var data : T?#; size : int) : void>) : void", &LockData,
     sema::kInvokesBlocks},
    {"lock_data", "(a : array<auto(T)> ==const; blk : block<(data : T const?#; size : int) : void>) : void", &LockData,
     sema::kInvokesBlocks},
    {"lock", "(a : array<auto(T)>; blk : block<(x : array<T>) : void>) : void", &Lock, sema::kInvokesBlocks},
};

}  // namespace
}  // namespace array_natives

constexpr sema::NativeModule kArrayModule = {.name = "$", .functions = array_natives::kFunctions};

}  // namespace vestige::builtins
