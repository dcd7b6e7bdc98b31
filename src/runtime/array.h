// array<T> at run time: a buffer on the context's heap that grows by doubling.
//
// Elements lie at data + i * stride, 0 <= i < size <= capacity; a zeroed Array is an empty one. Elements of 0 bytes
// have no buffer. A lock count above zero forbids every change of size, capacity or place: loops and native walks hold
// one (runtime/lock.h).
//
// Growth: a push into a full array and a growing resize make room for a power of two, at least 16; reserve is exact. A
// resize past the context's max_unreserved_bytes panics. Functions that grow report failure by a panic of the context
// and false or null. Floor 3.

#ifndef VESTIGE_RUNTIME_ARRAY_H_
#define VESTIGE_RUNTIME_ARRAY_H_

#include <cstdint>
#include <cstring>

#include "memory/block.h"
#include "runtime/lock_count.h"
#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

struct Array {
  char* data = nullptr;
  uint32_t size = 0;
  uint32_t capacity = 0;
  uint32_t lock = 0;
  uint32_t flags = 0;
  uint64_t spare[2] = {0, 0};
};
static_assert(sizeof(Array) == 40);

// `data` belongs to someone else and is never freed or grown.
inline constexpr uint32_t kArrayBorrowed = 1;
// Nothing points into the buffer when it grows, so the old one is freed even where old buffers are kept
// (ContextOptions::keeps_old_buffers). Tables use the same flag.
inline constexpr uint32_t kScratch = 2;

// What operations on an array must know of its type; made once, ahead of time where possible.
struct ArrayShape {
  uint32_t stride = 0;
  memory::BlockInfo info;
  // Type of the elements when they may have containers inside, which somebody may have locked; null otherwise.
  const types::Type* lockable = nullptr;
};

// `type` is an array type.
inline ArrayShape ShapeOfArray(const types::Type* type) {
  return {type->element->size(), memory::BlockInfo(memory::Comment::kArray, type->unqualified->id),
          type->element->traits().can_copy ? nullptr : type->element};
}

// Room for exactly `capacity` elements, if there is less.
bool ReserveArray(ScriptContext& context, Array& array, uint64_t capacity, ArrayShape shape);
// The same; the old buffer is freed in any context.
bool ReserveArrayEagerly(ScriptContext& context, Array& array, uint64_t capacity, ArrayShape shape);
// `size` elements; new ones are zero when `zero` is set. Shrinking runs no finalizers and keeps the buffer.
bool ResizeArray(ScriptContext& context, Array& array, int64_t size, ArrayShape shape, bool zero);
// Room for `count` more elements at the end; their address, not initialised, size already counting them. Null on panic.
char* AppendToArraySlow(ScriptContext& context, Array& array, uint32_t count, ArrayShape shape);

// The address of a new last element, not initialised; null on panic.
inline char* PushToArray(ScriptContext& context, Array& array, ArrayShape shape) {
  if (array.size >= array.capacity || IsLocked(array.lock)) [[unlikely]]
    return AppendToArraySlow(context, array, 1, shape);
  return array.data + static_cast<size_t>(array.size++) * shape.stride;
}

// Room for `count` elements before element `index` (0 <= index <= size), not initialised; null on panic.
char* InsertIntoArray(ScriptContext& context, Array& array, int64_t index, uint32_t count, ArrayShape shape);
// Takes `count` elements out from `index` on, without finalizers.
bool EraseFromArray(ScriptContext& context, Array& array, int64_t index, int64_t count, ArrayShape shape);
bool ClearArray(ScriptContext& context, Array& array, ArrayShape shape);
// Takes the last element away, without finalizers; of an empty array it panics.
bool PopFromArray(ScriptContext& context, Array& array, ArrayShape shape);
// Frees the buffer and zeroes the array, without finalizers. A locked array panics.
bool FreeArray(ScriptContext& context, Array& array, ArrayShape shape);
// An exact buffer of `size` zeroed elements for an array that has none: literals, clones.
bool MakeArray(ScriptContext& context, Array& array, uint32_t size, ArrayShape shape);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_ARRAY_H_
