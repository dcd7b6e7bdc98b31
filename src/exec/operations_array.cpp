// Bodies of operations_array.def.
#include "exec/operands.h"
#include "exec/operation_groups.h"
#include "runtime/array.h"
#include "runtime/lock.h"
#include "runtime/table.h"

namespace vestige::exec {
namespace {

using runtime::Array;
using runtime::Table;

// `offset` is where the header lies behind the pointer of kind M: that of a field, or 0.
template <typename K>
[[gnu::always_inline]] inline Array* ArrayAt(char* frame, uint16_t operand, uint16_t offset = 0) {
  if constexpr (std::is_same_v<K, KindF>) {
    return reinterpret_cast<Array*>(frame + operand);
  } else {
    return reinterpret_cast<Array*>(PointerAt(frame, operand) + offset);
  }
}
template <typename K>
[[gnu::always_inline]] inline char* BaseAt(char* frame, uint16_t operand) {
  return reinterpret_cast<char*>(ArrayAt<K>(frame, operand));
}
template <typename K>
[[gnu::always_inline]] inline uint32_t IndexAt(const char* frame, uint16_t operand, uint64_t acc) {
  if constexpr (std::is_same_v<K, KindF>) {
    return Get<uint32_t>(frame + operand);
  } else {
    return static_cast<uint32_t>(acc);
  }
}

// Defines `element`, the address of array[index] at elements of `stride` bytes, or panics. Size and index go through
// `temp`, an accumulator nobody needs any more, because keeping the old one would cost moves.
#define VESTIGE_ELEMENT_USING(temp, array, index, stride)  \
  temp = (array)->size;                                    \
  if ((index) >= temp) [[unlikely]] {                      \
    acc = PackIndex((index), static_cast<uint32_t>(temp)); \
    VESTIGE_SLOW(ArrayIndexPanic);                         \
  }                                                        \
  char* element = (array)->data + static_cast<uint64_t>(index) * (stride)
#define VESTIGE_ELEMENT(array, index, stride) VESTIGE_ELEMENT_USING(acc, array, index, stride)

template <int n, typename K, typename I>
Flow IndexLoad(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->b, pc->d);
  const uint32_t index = IndexAt<I>(frame, pc->c, acc);
  VESTIGE_ELEMENT(array, index, n);
  CopyValue<n>(frame + pc->a, element);
  VESTIGE_NEXT(1);
}
template <typename T, typename K, typename I>
Flow IndexLoadToAccumulator(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->b, pc->d);
  const uint32_t index = IndexAt<I>(frame, pc->c, acc);
  VESTIGE_ELEMENT(array, index, sizeof(T));
  ToAccumulator(Get<T>(element), acc, facc);
  VESTIGE_NEXT(1);
}
template <int n, typename K, typename I>
Flow IndexStore(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->a, pc->d);
  const uint32_t index = IndexAt<I>(frame, pc->b, acc);
  VESTIGE_ELEMENT(array, index, n);
  CopyValue<n>(element, frame + pc->c);
  VESTIGE_NEXT(1);
}
template <typename T, typename K>
Flow IndexStoreFromAccumulator(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->a, pc->d);
  const uint32_t index = Get<uint32_t>(frame + pc->b);
  uint64_t size;
  VESTIGE_ELEMENT_USING(size, array, index, sizeof(T));
  Put(element, FromAccumulator<T>(acc, facc));
  VESTIGE_NEXT(1);
}
template <typename T, typename K>
Flow IndexStoreConstant(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->a, pc->d);
  const uint32_t index = Get<uint32_t>(frame + pc->b);
  VESTIGE_ELEMENT(array, index, sizeof(T));
  Put(element, static_cast<T>(static_cast<int16_t>(pc->c)));
  VESTIGE_NEXT(1);
}
template <typename K, typename I>
Flow IndexAddress(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->b);
  const uint32_t index = IndexAt<I>(frame, pc->c, acc);
  VESTIGE_ELEMENT(array, index, pc->d);
  Put(frame + pc->a, element);
  VESTIGE_NEXT(1);
}
template <typename K, typename I>
Flow IndexAddressWide(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<K>(frame, pc->b);
  const I index = Get<I>(frame + pc->c);
  if (index >= array->size) [[unlikely]] {
    if constexpr (sizeof(I) == 8) {
      facc = std::bit_cast<double>(index);
      acc = array->size;
      VESTIGE_SLOW(ArrayIndex64Panic);
    } else {
      acc = PackIndex(index, array->size);
      VESTIGE_SLOW(ArrayIndexPanic);
    }
  }
  Put(frame + pc->a, array->data + index * DataOf(pc).bits[0]);
  VESTIGE_NEXT(2);
}
Flow SafeIndexAddress(VESTIGE_OP_PARAMS) {
  const Array* array = ArrayAt<KindM>(frame, pc->b);
  const uint32_t index = Get<uint32_t>(frame + pc->c);
  char* element = nullptr;
  if (array != nullptr && index < array->size) element = array->data + index * DataOf(pc).bits[0];
  Put(frame + pc->a, element);
  VESTIGE_NEXT(2);
}
template <typename K>
Flow ArrayLength(VESTIGE_OP_PARAMS) {
  acc = ArrayAt<K>(frame, pc->b, pc->c)->size;
  Put(frame + pc->a, static_cast<uint32_t>(acc));
  VESTIGE_NEXT(1);
}

// --- Fixed arrays and vectors
// ---------------------------------------------------------------------------------------------

#define VESTIGE_CHECK_FIXED(index, count, panic)          \
  acc = (count);                                          \
  if ((index) >= acc) [[unlikely]] {                      \
    acc = PackIndex((index), static_cast<uint32_t>(acc)); \
    VESTIGE_SLOW(panic);                                  \
  }

template <int n, typename K>
Flow FixedLoad(VESTIGE_OP_PARAMS) {
  const uint32_t index = Get<uint32_t>(frame + pc->c);
  VESTIGE_CHECK_FIXED(index, pc->d, FixedIndexPanic)
  CopyValue<n>(frame + pc->a, BaseAt<K>(frame, pc->b) + static_cast<uint64_t>(index) * n);
  VESTIGE_NEXT(1);
}
template <int n, typename K>
Flow FixedStore(VESTIGE_OP_PARAMS) {
  const uint32_t index = Get<uint32_t>(frame + pc->b);
  VESTIGE_CHECK_FIXED(index, pc->d, FixedIndexPanic)
  CopyValue<n>(BaseAt<K>(frame, pc->a) + static_cast<uint64_t>(index) * n, frame + pc->c);
  VESTIGE_NEXT(1);
}
template <typename K, typename I>
Flow FixedAddress(VESTIGE_OP_PARAMS) {
  const I index = Get<I>(frame + pc->c);
  const uint64_t count = DataOf(pc).bits[0];
  if (index >= count) [[unlikely]] {
    if constexpr (sizeof(I) == 8) {
      facc = std::bit_cast<double>(index);
      acc = count;
      VESTIGE_SLOW(FixedIndex64Panic);
    } else {
      acc = PackIndex(index, static_cast<uint32_t>(count));
      VESTIGE_SLOW(FixedIndexPanic);
    }
  }
  Put(frame + pc->a, BaseAt<K>(frame, pc->b) + index * DataOf(pc).bits[1]);
  VESTIGE_NEXT(2);
}
Flow SafeFixedAddress(VESTIGE_OP_PARAMS) {
  const uint32_t index = Get<uint32_t>(frame + pc->c);
  char* base = PointerAt(frame, pc->b);
  char* element = nullptr;
  if (base != nullptr && index < DataOf(pc).bits[0]) element = base + index * DataOf(pc).bits[1];
  Put(frame + pc->a, element);
  VESTIGE_NEXT(2);
}
Flow VectorComponentLoad(VESTIGE_OP_PARAMS) {
  const uint32_t index = Get<uint32_t>(frame + pc->c);
  VESTIGE_CHECK_FIXED(index, pc->d, VectorIndexPanic)
  Put(frame + pc->a, Get<uint32_t>(frame + pc->b + index * 4));
  VESTIGE_NEXT(1);
}
Flow VectorComponentAddress(VESTIGE_OP_PARAMS) {
  const uint32_t index = Get<uint32_t>(frame + pc->c);
  VESTIGE_CHECK_FIXED(index, pc->d, VectorIndexPanic)
  Put(frame + pc->a, PointerAt(frame, pc->b) + index * 4);
  VESTIGE_NEXT(1);
}

// --- Pointers, loops
// ------------------------------------------------------------------------------------------------------

template <typename I>
Flow PointerAdd(VESTIGE_OP_PARAMS) {
  // As integers: a script's pointer arithmetic may leave any object.
  const uint64_t step = static_cast<uint64_t>(static_cast<int64_t>(Get<I>(frame + pc->c))) * pc->d;
  Put(frame + pc->a, Get<uint64_t>(frame + pc->b) + step);
  VESTIGE_NEXT(1);
}
Flow SubtractPointers(VESTIGE_OP_PARAMS) {
  const uint64_t bytes = Get<uint64_t>(frame + pc->b) - Get<uint64_t>(frame + pc->c);
  Put(frame + pc->a, static_cast<int64_t>(bytes) / static_cast<int64_t>(pc->d));
  VESTIGE_NEXT(1);
}

template <typename Container>
VESTIGE_SLOW_PATH Flow ModifiedPanic(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  runtime::PanicModified(*context, *reinterpret_cast<const Container*>(PointerAt(frame, pc->a)));
  VESTIGE_SLOW(Unwind);
}
template <typename Container>
Flow UnlockContainer(VESTIGE_OP_PARAMS) {
  if (!runtime::Unlock(*reinterpret_cast<Container*>(PointerAt(frame, pc->a)), PointerAt(frame, pc->b))) [[unlikely]]
    VESTIGE_SLOW(ModifiedPanic<Container>);
  VESTIGE_NEXT(1);
}
Flow LockTable(VESTIGE_OP_PARAMS) {
  auto* table = reinterpret_cast<Table*>(PointerAt(frame, pc->a));
  runtime::Lock(*table);
  Put(frame + pc->b, table->data);
  VESTIGE_NEXT(1);
}
Flow ArrayBegin(VESTIGE_OP_PARAMS) {
  Array* array = ArrayAt<KindM>(frame, pc->b);
  runtime::Lock(*array);
  char* data = array->data;
  Put(frame + pc->a, data);
  Put(frame + pc->a + 16, data);
  if (array->size == 0) VESTIGE_GO(pc + Immediate(pc));
  Put(frame + pc->a + 8, data + array->size * DataOf(pc).bits[0]);
  VESTIGE_NEXT(2);
}

Flow StringBegin(VESTIGE_OP_PARAMS) {
  const char* text = PointerAt(frame, pc->b);
  Put(frame + pc->a, text == nullptr ? "" : text);
  VESTIGE_NEXT(1);
}
Flow StringNext(VESTIGE_OP_PARAMS) {
  const char* text = PointerAt(frame, pc->a);
  const uint8_t byte = Get<uint8_t>(text);
  if (byte == 0) VESTIGE_GO(pc + Immediate(pc));
  Put(frame + pc->b, static_cast<int32_t>(byte));
  Put(frame + pc->a, text + 1);
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kArrayHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_OP2(Name, ...) &__VA_ARGS__,
#include "exec/operations_array.def"
};

}  // namespace vestige::exec
