// Looking for elements of arrays, taking them out, making arrays of other things. Part of module `$`. Floor 5.

#include <algorithm>
#include <vector>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/finalize.h"
#include "runtime/iterator.h"
#include "runtime/lock.h"

namespace vestige::builtins {

namespace search_natives {
namespace {

using runtime::Array;
using types::Type;

// The first element equal to argument 1, or -1.
int64_t IndexOfValue(const NativeCall& call, const Elements& elements) {
  const char* value = ValueAddress(call, 1);
  for (uint32_t i = 0; i < elements.count(); ++i) {
    if (EqualValues(elements.type(), elements.at(i), value)) return i;
  }
  return -1;
}

void FindIndex(NativeCall& call) {
  const Elements elements(call);
  call.Return(static_cast<int32_t>(IndexOfValue(call, elements)));
}

void HasValue(NativeCall& call) {
  const Elements elements(call);
  call.Return(IndexOfValue(call, elements) >= 0);
}

void FindIndexIf(NativeCall& call) {
  const Elements elements(call);
  int32_t found = -1;
  for (uint32_t i = 0; i < elements.count() && found < 0; ++i) {
    bool fits = false;
    if (!CallWithElement(call, 1, elements.at(i), &fits)) break;
    if (fits) found = static_cast<int32_t>(i);
  }
  call.Return(found);
}

void RemoveValue(NativeCall& call) {
  int64_t index;
  {
    const Elements elements(call);
    index = IndexOfValue(call, elements);
  }
  call.Return(index >= 0);
  if (index < 0) return;
  auto& array = call.Reference<Array>(0);
  const Type* element = call.types[0]->element;
  char* removed = array.data + static_cast<size_t>(index) * element->size();
  if (!runtime::IsLocked(array.lock) && !runtime::FinalizeDropped(call.context, element, removed, 1)) return;
  runtime::EraseFromArray(call.context, array, index, 1, runtime::ShapeOfArray(call.types[0]));
}

// The first pass asks the block about every element, the second closes the gaps: a panic in between changes nothing.
void EraseIf(NativeCall& call) {
  auto& array = call.Reference<Array>(0);
  if (runtime::IsLocked(array.lock)) {
    call.context.Panic("can't resize locked array");
    return;
  }
  const Type* element = call.types[0]->element;
  const uint32_t stride = element->size();
  std::vector<bool> goes(array.size);
  {
    const Elements elements(call);
    for (uint32_t i = 0; i < elements.count(); ++i) {
      bool fits = false;
      if (!CallWithElement(call, 1, elements.at(i), &fits)) return;
      goes[i] = fits;
    }
  }
  if (call.context.has_panic()) return;
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types[0]);
  if (shape.lockable != nullptr && runtime::ContainsLock(shape.lockable, array.data, array.size)) {
    call.context.Panic("array contains locked elements and can't be resized");
    return;
  }
  for (uint32_t i = 0; i < goes.size(); ++i) {
    char* dropped = array.data + size_t{i} * stride;
    if (!goes[i]) continue;
    if (!runtime::FinalizeDropped(call.context, element, dropped, 1)) return;
    runtime::NoteLost(call.context, element, dropped, 1);
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < goes.size(); ++i) {
    if (goes[i]) continue;
    char* from = array.data + size_t{i} * stride;
    char* to = array.data + size_t{kept} * stride;
    if (kept != i) {
      std::memcpy(to, from, stride);
      runtime::NoteMoved(call.context, element, from, to, 1);
    }
    kept += 1;
  }
  array.size = kept;
}

// Puts copies of `count` elements into the array that is the result.
template <bool moves>
void CopyElements(NativeCall& call, const Type* element, char* source, uint32_t count) {
  auto& made = *reinterpret_cast<Array*>(call.result);
  if (!runtime::MakeArray(call.context, made, count, runtime::ShapeOfArray(ResultType(call)))) return;
  const uint32_t stride = element->size();
  if (moves && !runtime::MayMove(call.context, element, source, count)) return;
  if (element->traits().can_copy || moves) {
    if (stride != 0 && count != 0) std::memcpy(made.data, source, size_t{count} * stride);
    if (!moves) return;
    for (uint32_t i = 0; i < count; ++i)
      NoteElement(call, element, made.data + size_t{i} * stride, source + size_t{i} * stride);
    std::memset(source, 0, size_t{count} * stride);
    return;
  }
  for (uint32_t i = 0; i < count; ++i) {
    if (!CopyInto(call, element, made.data + size_t{i} * stride, source + size_t{i} * stride)) return;
  }
}

template <bool moves>
void ToArray(NativeCall& call) {
  const Elements elements(call);
  CopyElements<moves>(call, elements.type(), elements.data(), elements.count());
}

template <typename T>
void Subarray(NativeCall& call) {
  const Elements elements(call);
  struct Bounds {
    T from;
    T to;
  };
  const auto bounds = call.Value<Bounds>(1);
  const int64_t size = elements.count();
  const auto from = static_cast<int64_t>(bounds.from);
  const auto to = static_cast<int64_t>(bounds.to);
  if (from < 0 || from > size || to > size) {
    call.context.PanicF("subarray range out of range, {}..{} of {}", bounds.from, bounds.to, size);
    return;
  }
  CopyElements<false>(call, elements.type(), elements.at(static_cast<size_t>(from)),
                      to > from ? static_cast<uint32_t>(to - from) : 0);
}

// Consumes an iterator: its elements, values or what they refer to.
void IteratorToArray(NativeCall& call) {
  auto*& iterator = call.Reference<runtime::Iterator*>(0);
  auto& made = *reinterpret_cast<Array*>(call.result);
  const Type* element = ResultType(call)->element;
  const bool by_address = iterator != nullptr && iterator->by_address();
  const runtime::ArrayShape shape = runtime::ShapeOfArray(ResultType(call));
  std::vector<char> place(element->size() + sizeof(void*));
  while (runtime::StepIterator(call.context, iterator, place.data())) {
    char* target = runtime::PushToArray(call.context, made, shape);
    if (target == nullptr) break;
    if (by_address) {
      const char* address;
      std::memcpy(&address, place.data(), sizeof(address));
      CopyInto(call, element, target, address);
    } else {
      std::memcpy(target, place.data(), element->size());
      NoteElement(call, element, target, place.data());
    }
    std::fill(place.begin(), place.end(), '\0');
  }
  call.context.CloseIterator(iterator);
  iterator = nullptr;
}

constexpr uint32_t kMakes = sema::kMayAllocate | sema::kCapturesStrings;

constexpr sema::NativeFunction kFunctions[] = {
    {"find_index", "(a : array<auto(T)>; v : T) : int", &FindIndex},
    {"find_index", "(a : auto(T)[]; v : T) : int", &FindIndex},
    {"has_value", "(a : array<auto(T)>; v : T) : bool", &HasValue},
    {"has_value", "(a : auto(T)[]; v : T) : bool", &HasValue},
    {"find_index_if", "(a : array<auto(T)>; blk : block<(x : T) : bool>) : int", &FindIndexIf, sema::kInvokesBlocks},
    {"find_index_if", "(a : auto(T)[]; blk : block<(x : T) : bool>) : int", &FindIndexIf, sema::kInvokesBlocks},
    {"remove_value", "(var a : array<auto(T)>; v : T) : bool", &RemoveValue},
    {"erase_if", "(var a : array<auto(T)>; blk : block<(x : T) : bool>) : void", &EraseIf, sema::kInvokesBlocks},
    {"subarray", "(a : array<auto(T)>; r : range) : array<T>", &Subarray<int32_t>, kMakes},
    {"subarray", "(a : array<auto(T)>; r : urange) : array<T>", &Subarray<uint32_t>, kMakes},
    {"subarray", "(a : auto(T)[]; r : range) : array<T>", &Subarray<int32_t>, kMakes},
    {"to_array", "(a : auto(T)[]) : array<T>", &ToArray<false>, kMakes},
    {"to_array", "(var it : iterator<auto(T)>) : array<T -const -&>", &IteratorToArray, kMakes | sema::kInvokesBlocks},
    {"to_array_move", "(var a : auto(T)[]) : array<T>", &ToArray<true>, kMakes},
};

}  // namespace
}  // namespace search_natives

constexpr sema::NativeModule kSearchModule = {.name = "$", .functions = search_natives::kFunctions};

}  // namespace vestige::builtins
