// Bodies of operations_compare.def and operations_cast.def.
#include "exec/operands.h"
#include "exec/operation_groups.h"

namespace vestige::exec {
namespace {

// Asks whether somebody wants the run to stop; at the start of bodies of backward jumps, before they change anything.
#define VESTIGE_POLL()                                                                \
  do {                                                                                \
    if (context->stack_limit.load(std::memory_order_relaxed) == nullptr) [[unlikely]] \
      VESTIGE_SLOW(PollSlow);                                                         \
  } while (false)

template <typename T, typename F, typename L, typename R>
Flow Compare(VESTIGE_OP_PARAMS) {
  const T left = Get<T>(frame + pc->b);
  T right;
  if constexpr (std::is_same_v<R, KindF>) {
    right = Get<T>(frame + pc->c);
  } else {
    right = Constant<T>(pc);
  }
  const bool result = F::Apply(left, right);
  Put(frame + pc->a, static_cast<uint8_t>(result));
  acc = result;
  VESTIGE_NEXT(1);
}

template <typename T, typename F, typename L, typename R, bool poll>
Flow Branch(VESTIGE_OP_PARAMS) {
  if constexpr (poll) VESTIGE_POLL();
  T left;
  if constexpr (std::is_same_v<L, KindF>) {
    left = Get<T>(frame + pc->a);
  } else {
    left = FromAccumulator<T>(acc, facc);
  }
  T right;
  if constexpr (std::is_same_v<R, KindF>) {
    right = Get<T>(frame + pc->b);
  } else {
    right = static_cast<T>(static_cast<int16_t>(pc->b));
  }
  if (F::Apply(left, right)) VESTIGE_GO(pc + Immediate(pc));
  VESTIGE_NEXT(1);
}

[[gnu::noinline]] bool BytesAreEqual(const char* frame, const Word* pc) {
  return __builtin_memcmp(frame + pc->b, frame + pc->d, pc->c) == 0;
}
template <bool wanted>
Flow CompareBytes(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, static_cast<uint8_t>(BytesAreEqual(frame, pc) == wanted));
  VESTIGE_NEXT(1);
}

template <bool poll>
Flow JumpAlways(VESTIGE_OP_PARAMS) {
  if constexpr (poll) VESTIGE_POLL();
  VESTIGE_GO(pc + Immediate(pc));
}

Flow PollOnly(VESTIGE_OP_PARAMS) {
  VESTIGE_POLL();
  VESTIGE_NEXT(1);
}

template <typename L, bool wanted, bool poll>
Flow JumpOnBool(VESTIGE_OP_PARAMS) {
  if constexpr (poll) VESTIGE_POLL();
  uint8_t value;
  if constexpr (std::is_same_v<L, KindF>) {
    value = Get<uint8_t>(frame + pc->a);
  } else {
    value = static_cast<uint8_t>(acc);
  }
  if ((value != 0) == wanted) VESTIGE_GO(pc + Immediate(pc));
  VESTIGE_NEXT(1);
}

template <bool wanted>
Flow JumpOnNull(VESTIGE_OP_PARAMS) {
  if ((PointerAt(frame, pc->a) == nullptr) == wanted) VESTIGE_GO(pc + Immediate(pc));
  VESTIGE_NEXT(1);
}

Flow JumpByTable(VESTIGE_OP_PARAMS) {
  const uint32_t index = Get<uint32_t>(frame + pc->a);
  VESTIGE_GO(pc + 1 + (index < pc->b ? index : pc->b));
}

template <typename T, typename R>
Flow IncrementLess(VESTIGE_OP_PARAMS) {
  VESTIGE_POLL();
  const T counter = Add<T>::Apply(Get<T>(frame + pc->a), 1);
  Put(frame + pc->a, counter);
  T limit;
  if constexpr (std::is_same_v<R, KindF>) {
    limit = Get<T>(frame + pc->b);
  } else {
    limit = static_cast<T>(static_cast<int16_t>(pc->b));
  }
  if (counter < limit) VESTIGE_GO(pc + Immediate(pc));
  VESTIGE_NEXT(1);
}

template <typename T, typename F>
Flow AddCompareLoop(VESTIGE_OP_PARAMS) {
  VESTIGE_POLL();
  const T counter = Add<T>::Apply(Get<T>(frame + pc->a), Get<T>(frame + pc->b));
  Put(frame + pc->a, counter);
  if (F::Apply(counter, Get<T>(frame + pc->c))) VESTIGE_GO(pc + static_cast<int16_t>(pc->d));
  VESTIGE_NEXT(1);
}

Flow StepPointer(VESTIGE_OP_PARAMS) {
  VESTIGE_POLL();
  char* element = PointerAt(frame, pc->a) + pc->b;
  Put(frame + pc->a, element);
  if (element != Get<char*>(frame + pc->a + 8)) VESTIGE_GO(pc + Immediate(pc));
  VESTIGE_NEXT(1);
}

template <typename From, typename To>
Flow Cast(VESTIGE_OP_PARAMS) {
  const To result = Convert<To>(Get<From>(frame + pc->b));
  Put(frame + pc->a, result);
  ToAccumulator(result, acc, facc);
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kCompareHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_COMPARE(Family, Type, Left, Right) &Compare<Type, Family<Type>, Kind##Left, Kind##Right>,
#define VESTIGE_BRANCH(Family, Type, Left, Right) &Branch<Type, Family<Type>, Kind##Left, Kind##Right, false>,
#define VESTIGE_LOOP(Family, Type, Left, Right) &Branch<Type, Family<Type>, Kind##Left, Kind##Right, true>,
#include "exec/operations_compare.def"
};

const Handler kCastHandlers[] = {
#define VESTIGE_CAST(From, To) &Cast<From, To>,
#include "exec/operations_cast.def"
};

}  // namespace vestige::exec
