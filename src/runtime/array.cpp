// Growing and shrinking arrays. Floor 3.

#include "runtime/array.h"

#include <algorithm>
#include <bit>

#include "runtime/holders.h"
#include "runtime/lock.h"

namespace vestige::runtime {
namespace {

constexpr uint64_t kFirstCapacity = 16;
// Lengths are ints in scripts.
constexpr uint64_t kMaxSize = 0x7fffffff;

// What scripts called the old buffer (`tag_array`) stays with the array.
memory::BlockInfo InfoForGrowth(ScriptContext& context, const Array& array, memory::BlockInfo info) {
  if (array.data == nullptr) return info;
  const memory::Comment comment = context.heap().Describe(array.data).comment;
  return comment >= memory::Comment::kFirstCustom ? info.WithComment(comment) : info;
}

// Elements [first, last) are about to change place or to be given up: false when one of them is being walked.
bool MayTakeAway(ScriptContext& context, const Array& array, uint64_t first, uint64_t last, ArrayShape shape) {
  if (shape.lockable == nullptr || first >= last) return true;
  if (!ContainsLock(shape.lockable, array.data + first * shape.stride, last - first)) return true;
  return context.Panic("array contains locked elements and can't be resized");
}

// Nobody names elements [first, last) any more.
void GiveUp(ScriptContext& context, const Array& array, uint64_t first, uint64_t last, ArrayShape shape) {
  if (shape.lockable != nullptr) NoteLost(context, shape.lockable, array.data + first * shape.stride, last - first);
}

// A new buffer beside the old one, which is left to the collector: addresses into it stay valid.
void* MoveAside(memory::Heap& heap, const Array& array, uint64_t bytes, ArrayShape shape, memory::BlockInfo info) {
  void* data = heap.Allocate(bytes, info);
  if (data != nullptr && array.size != 0) std::memcpy(data, array.data, size_t{array.size} * shape.stride);
  return data;
}

// The heart of growth: the buffer has room for `capacity` elements afterwards.
bool SetCapacity(ScriptContext& context, Array& array, uint64_t capacity, ArrayShape shape, bool eagerly = false) {
  if (capacity > kMaxSize) return context.PanicF("array of {} elements is too large", capacity);
  // The capacity stays 0, so that the fast path of a push is not taken.
  if (shape.stride == 0) return true;
  memory::Heap& heap = context.heap();
  const memory::BlockInfo info = InfoForGrowth(context, array, shape.info);
  const bool is_scratch = eagerly || (array.flags & kScratch) != 0;
  const bool keeps_old = context.options().keeps_old_buffers && array.data != nullptr && !is_scratch;
  if (!keeps_old && !MayTakeAway(context, array, 0, array.size, shape)) return false;
  // A job that follows a pointer in a shared variable may come to an array of the main context.
  if (array.data != nullptr && !heap.IsLive(array.data)) {
    return context.Panic("can't change the capacity of an array that belongs to another context");
  }
  void* data =
      keeps_old ? MoveAside(heap, array, capacity * shape.stride, shape, info)
                : heap.Reallocate(array.data, uint64_t{array.capacity} * shape.stride, capacity * shape.stride, info);
  if (data == nullptr) return context.PanicOutOfMemory(heap);
  if (shape.lockable != nullptr) NoteMoved(context, shape.lockable, array.data, data, array.size);
  array.data = static_cast<char*>(data);
  array.capacity = static_cast<uint32_t>(capacity);
  return true;
}

uint64_t GrownCapacity(uint64_t size) {
  // Past the largest power of two the request itself is what SetCapacity judges.
  return std::max({kFirstCapacity, size, std::min(std::bit_ceil(size), kMaxSize)});
}

// A resize to a huge size at once is more likely a mistake than a plan: it must be reserved first.
bool MayResizeTo(ScriptContext& context, uint64_t size, ArrayShape shape) {
  const uint64_t limit = context.options().max_unreserved_bytes;
  if (size * shape.stride <= limit) return true;
  return context.PanicF(
      "array resize to {} elements of {} bytes each grows past max_unreserved_size ({} bytes); reserve the final size "
      "first or raise the max_unreserved_size option",
      size, shape.stride, limit);
}

}  // namespace

bool ReserveArray(ScriptContext& context, Array& array, uint64_t capacity, ArrayShape shape) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't change capacity of a locked array");
  if (capacity <= array.capacity) return true;
  return SetCapacity(context, array, capacity, shape);
}

bool ReserveArrayEagerly(ScriptContext& context, Array& array, uint64_t capacity, ArrayShape shape) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't change capacity of a locked array");
  if (capacity <= array.capacity) return true;
  return SetCapacity(context, array, capacity, shape, true);
}

bool ResizeArray(ScriptContext& context, Array& array, int64_t size, ArrayShape shape, bool zero) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't resize locked array");
  if (size < 0) return context.PanicF("resizing array to negative size {}", size);
  const uint64_t new_size = static_cast<uint64_t>(size);
  if (new_size > array.capacity) {
    if (!MayResizeTo(context, new_size, shape) || !SetCapacity(context, array, GrownCapacity(new_size), shape)) {
      return false;
    }
  }
  if (!MayTakeAway(context, array, new_size, array.size, shape)) return false;
  if (new_size < array.size) GiveUp(context, array, new_size, array.size, shape);
  if (zero && new_size > array.size && shape.stride != 0) {
    std::memset(array.data + size_t{array.size} * shape.stride, 0, (new_size - array.size) * shape.stride);
  }
  array.size = static_cast<uint32_t>(new_size);
  return true;
}

char* AppendToArraySlow(ScriptContext& context, Array& array, uint32_t count, ArrayShape shape) {
  if (IsLocked(array.lock)) {
    PanicLocked(context, array.lock, "can't resize locked array");
    return nullptr;
  }
  const uint64_t needed = uint64_t{array.size} + count;
  if (needed > array.capacity) {
    if (!SetCapacity(context, array, GrownCapacity(needed), shape)) return nullptr;
  }
  // Elements without bytes have no buffer, but null means failure.
  char* base = shape.stride == 0 ? reinterpret_cast<char*>(&array) : array.data;
  char* place = base + size_t{array.size} * shape.stride;
  array.size = static_cast<uint32_t>(needed);
  return place;
}

char* InsertIntoArray(ScriptContext& context, Array& array, int64_t index, uint32_t count, ArrayShape shape) {
  if (index < 0 || index > int64_t{array.size}) {
    context.PanicF("insert index out of range, {} of {}", index, array.size + count);
    return nullptr;
  }
  const uint32_t old_size = array.size;
  if (!IsLocked(array.lock) && !MayTakeAway(context, array, static_cast<uint64_t>(index), old_size, shape))
    return nullptr;
  if (AppendToArraySlow(context, array, count, shape) == nullptr) return nullptr;
  char* base = shape.stride == 0 ? reinterpret_cast<char*>(&array) : array.data;
  char* place = base + static_cast<size_t>(index) * shape.stride;
  const size_t tail = (old_size - static_cast<size_t>(index)) * shape.stride;
  char* moved = place + size_t{count} * shape.stride;
  std::memmove(moved, place, tail);
  if (shape.lockable != nullptr)
    NoteMoved(context, shape.lockable, place, moved, old_size - static_cast<size_t>(index));
  return place;
}

bool EraseFromArray(ScriptContext& context, Array& array, int64_t index, int64_t count, ArrayShape shape) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't resize locked array");
  const int64_t size = array.size;
  if (count == 1 && (index < 0 || index >= size)) {
    return context.PanicF("erase index out of range, {} of {}", index, size);
  }
  if (index < 0 || count < 0 || index > size || count > size - index) {
    return context.PanicF("erasing array range is invalid: index={} count={} size={}", index, count, size);
  }
  if (count != 0 && !MayTakeAway(context, array, static_cast<uint64_t>(index), array.size, shape)) return false;
  if (shape.stride != 0 && count != 0) {
    char* place = array.data + static_cast<size_t>(index) * shape.stride;
    const size_t bytes = static_cast<size_t>(count) * shape.stride;
    const auto tail = static_cast<size_t>(size - index - count);
    GiveUp(context, array, static_cast<uint64_t>(index), static_cast<uint64_t>(index + count), shape);
    std::memmove(place, place + bytes, tail * shape.stride);
    if (shape.lockable != nullptr) NoteMoved(context, shape.lockable, place + bytes, place, tail);
  }
  array.size -= static_cast<uint32_t>(count);
  return true;
}

bool ClearArray(ScriptContext& context, Array& array, ArrayShape shape) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't clear locked array");
  if (!MayTakeAway(context, array, 0, array.size, shape)) return false;
  GiveUp(context, array, 0, array.size, shape);
  array.size = 0;
  return true;
}

bool PopFromArray(ScriptContext& context, Array& array, ArrayShape shape) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't resize locked array");
  if (array.size == 0) return context.Panic("resizing array to negative size -1");
  if (!MayTakeAway(context, array, array.size - 1, array.size, shape)) return false;
  GiveUp(context, array, array.size - 1, array.size, shape);
  array.size -= 1;
  return true;
}

bool FreeArray(ScriptContext& context, Array& array, ArrayShape shape) {
  if (IsLocked(array.lock)) return PanicLocked(context, array.lock, "can't delete locked array");
  if (array.data != nullptr && (array.flags & kArrayBorrowed) == 0) {
    context.heap().Free(array.data, uint64_t{array.capacity} * shape.stride);
  }
  array = {};
  return true;
}

bool MakeArray(ScriptContext& context, Array& array, uint32_t size, ArrayShape shape) {
  if (size == 0) return true;
  if (!ReserveArray(context, array, size, shape)) return false;
  if (shape.stride != 0) std::memset(array.data, 0, size_t{size} * shape.stride);
  array.size = size;
  return true;
}

}  // namespace vestige::runtime
