// Bodies of operations_move.def.
#include <cstring>

#include "exec/operands.h"
#include "exec/operation_groups.h"

namespace vestige::exec {
namespace {

template <int n>
Flow Move(VESTIGE_OP_PARAMS) {
  CopyValue<n>(frame + pc->a, frame + pc->b);
  VESTIGE_NEXT(1);
}

template <typename T>
Flow MoveConstant(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, Constant<T>(pc));
  VESTIGE_NEXT(1);
}

template <int n>
Flow MoveData(VESTIGE_OP_PARAMS) {
  CopyValue<n>(frame + pc->a, reinterpret_cast<const char*>(pc + 1));
  VESTIGE_NEXT(2);
}

template <typename T>
Flow StoreAccumulator(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, FromAccumulator<T>(acc, facc));
  VESTIGE_NEXT(1);
}
template <typename T>
Flow FetchAccumulator(VESTIGE_OP_PARAMS) {
  ToAccumulator(Get<T>(frame + pc->a), acc, facc);
  VESTIGE_NEXT(1);
}

// Large copies call the library, which an operation's body must not.
[[gnu::noinline]] void CopyMany(char* to, const char* from, uint32_t bytes) { std::memmove(to, from, bytes); }
[[gnu::noinline]] void ZeroMany(char* at, uint32_t bytes) { std::memset(at, 0, bytes); }

template <typename K>
[[gnu::always_inline]] inline char* PlaceOf(char* frame, uint16_t operand) {
  if constexpr (std::is_same_v<K, KindF>) {
    return frame + operand;
  } else {
    return PointerAt(frame, operand);
  }
}

template <typename To, typename From>
Flow CopyBytes(VESTIGE_OP_PARAMS) {
  CopyMany(PlaceOf<To>(frame, pc->a), PlaceOf<From>(frame, pc->b), static_cast<uint32_t>(Immediate(pc)));
  VESTIGE_NEXT(1);
}

Flow ZeroSlot(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, uint64_t{0});
  VESTIGE_NEXT(1);
}
template <typename To>
Flow ZeroBytes(VESTIGE_OP_PARAMS) {
  ZeroMany(PlaceOf<To>(frame, pc->a), static_cast<uint32_t>(Immediate(pc)));
  VESTIGE_NEXT(1);
}

Flow LeaFrame(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, frame + static_cast<uint32_t>(Immediate(pc)));
  VESTIGE_NEXT(1);
}
Flow LeaOfGlobal(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, context->globals + static_cast<uint32_t>(Immediate(pc)));
  VESTIGE_NEXT(1);
}

template <bool checked>
Flow OffsetPointer(VESTIGE_OP_PARAMS) {
  char* pointer = PointerAt(frame, pc->b);
  if constexpr (checked) {
    if (pointer == nullptr) [[unlikely]]
      VESTIGE_SLOW(NullPanic);
  }
  Put(frame + pc->a, pointer + Immediate(pc));
  VESTIGE_NEXT(1);
}

Flow CheckPointer(VESTIGE_OP_PARAMS) {
  if (PointerAt(frame, pc->a) == nullptr) [[unlikely]]
    VESTIGE_SLOW(NullPanic);
  VESTIGE_NEXT(1);
}

template <bool load>
Flow SafeOffset(VESTIGE_OP_PARAMS) {
  char* pointer = PointerAt(frame, pc->b);
  if (pointer != nullptr) {
    pointer += Immediate(pc);
    if constexpr (load) pointer = Get<char*>(pointer);
  }
  Put(frame + pc->a, pointer);
  VESTIGE_NEXT(1);
}

template <int n, bool checked>
Flow Load(VESTIGE_OP_PARAMS) {
  const char* pointer = PointerAt(frame, pc->b);
  if constexpr (checked) {
    if (pointer == nullptr) [[unlikely]]
      VESTIGE_SLOW(NullPanic);
  }
  CopyValue<n>(frame + pc->a, pointer + pc->c);
  VESTIGE_NEXT(1);
}
template <typename T, bool checked>
Flow LoadToAccumulator(VESTIGE_OP_PARAMS) {
  const char* pointer = PointerAt(frame, pc->b);
  if constexpr (checked) {
    if (pointer == nullptr) [[unlikely]]
      VESTIGE_SLOW(NullPanic);
  }
  ToAccumulator(Get<T>(pointer + pc->c), acc, facc);
  VESTIGE_NEXT(1);
}

template <int n, bool checked>
Flow Store(VESTIGE_OP_PARAMS) {
  char* pointer = PointerAt(frame, pc->a);
  if constexpr (checked) {
    if (pointer == nullptr) [[unlikely]]
      VESTIGE_SLOW(NullPanic);
  }
  CopyValue<n>(pointer + pc->b, frame + pc->c);
  VESTIGE_NEXT(1);
}
template <typename T>
Flow StoreFromAccumulator(VESTIGE_OP_PARAMS) {
  Put(PointerAt(frame, pc->a) + pc->b, FromAccumulator<T>(acc, facc));
  VESTIGE_NEXT(1);
}
template <typename T>
Flow StoreConstant(VESTIGE_OP_PARAMS) {
  Put(PointerAt(frame, pc->a) + pc->b, Constant<T>(pc));
  VESTIGE_NEXT(1);
}

template <int n>
Flow LoadFromGlobal(VESTIGE_OP_PARAMS) {
  CopyValue<n>(frame + pc->a, context->globals + static_cast<uint32_t>(Immediate(pc)));
  VESTIGE_NEXT(1);
}
template <int n>
Flow StoreToGlobal(VESTIGE_OP_PARAMS) {
  CopyValue<n>(context->globals + static_cast<uint32_t>(Immediate(pc)), frame + pc->a);
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kMoveHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_OP2(Name, ...) &__VA_ARGS__,
#include "exec/operations_move.def"
};

}  // namespace vestige::exec
