// Bodies of operations_arithmetic.def.
#include "exec/operands.h"
#include "exec/operation_groups.h"

namespace vestige::exec {
namespace {

// The type of a right operand.
template <typename T, typename F>
using RightOf = std::conditional_t<kIsShift<F>, int32_t, T>;

template <typename T, typename L>
[[gnu::always_inline]] inline T LoadLeft(const Word* pc, const char* frame, uint64_t acc, double facc) {
  if constexpr (std::is_same_v<L, KindF>) {
    return Get<T>(frame + pc->b);
  } else if constexpr (std::is_same_v<L, KindK>) {
    return Constant<T>(pc);
  } else if constexpr (std::is_same_v<L, KindA>) {
    return FromAccumulator<T>(acc, facc);
  } else {
    return Get<T>(PointerAt(frame, pc->b) + pc->c);
  }
}

template <typename T, typename L, typename R>
[[gnu::always_inline]] inline T LoadRight(const Word* pc, const char* frame, uint64_t acc, double facc) {
  if constexpr (std::is_same_v<R, KindF>) {
    if constexpr (std::is_same_v<L, KindK>) return Get<T>(frame + pc->b);
    if constexpr (std::is_same_v<L, KindM>) return Get<T>(frame + pc->d);
    return Get<T>(frame + pc->c);
  } else if constexpr (std::is_same_v<R, KindK>) {
    return Constant<T>(pc);
  } else if constexpr (std::is_same_v<R, KindA>) {
    return FromAccumulator<T>(acc, facc);
  } else {
    return Get<T>(PointerAt(frame, pc->c) + pc->d);
  }
}

template <typename T, typename F, typename D, typename L, typename R>
Flow Binary(VESTIGE_OP_PARAMS) {
  const T left = LoadLeft<T, L>(pc, frame, acc, facc);
  const RightOf<T, F> right = LoadRight<RightOf<T, F>, L, R>(pc, frame, acc, facc);
  if constexpr (kMayPanic<F>) {
    if (F::Refuses(left, right)) [[unlikely]] {
      acc = static_cast<uint64_t>(right);
      if constexpr (kIsModulo<F>) VESTIGE_SLOW(ModuloPanic);
      VESTIGE_SLOW(DivisionPanic);
    }
  }
  const T result = F::Apply(left, right);
  if constexpr (std::is_same_v<D, KindF>) Put(frame + pc->a, result);
  ToAccumulator(result, acc, facc);
  VESTIGE_NEXT(1);
}

// *[a + b] op= right.
template <typename T, typename F, typename R>
Flow Compound(VESTIGE_OP_PARAMS) {
  char* target = PointerAt(frame, pc->a) + pc->b;
  Put(target, F::Apply(Get<T>(target), LoadRight<RightOf<T, F>, KindF, R>(pc, frame, acc, facc)));
  VESTIGE_NEXT(1);
}
// The same rows of the list serve both.
template <typename T, typename F, typename D, typename L, typename R>
constexpr Handler BinaryHandler() {
  if constexpr (std::is_same_v<D, KindM>) {
    return &Compound<T, F, R>;
  } else {
    return &Binary<T, F, D, L, R>;
  }
}

// Rounding toward zero: a negative number is lifted by the divisor minus one first.
template <typename T>
[[gnu::always_inline]] inline T Lifted(T value, T divisor_minus_one) {
  return Add<T>::Apply(value, static_cast<T>((value >> (sizeof(T) * 8 - 1)) & divisor_minus_one));
}
template <typename T, typename D, typename L>
Flow DivideByPower(VESTIGE_OP_PARAMS) {
  const int power = Immediate(pc);
  const T mask = static_cast<T>((std::make_unsigned_t<T>{1} << power) - 1);
  const T result = Lifted(LoadLeft<T, L>(pc, frame, acc, facc), mask) >> power;
  if constexpr (std::is_same_v<D, KindF>) Put(frame + pc->a, result);
  ToAccumulator(result, acc, facc);
  VESTIGE_NEXT(1);
}
template <typename T, typename D, typename L>
Flow ModuloPower(VESTIGE_OP_PARAMS) {
  const T mask = Constant<T>(pc);
  const T value = LoadLeft<T, L>(pc, frame, acc, facc);
  const T lifted = Lifted(value, mask);
  const T result = Sub<T>::Apply(static_cast<T>(lifted & mask), Sub<T>::Apply(lifted, value));
  if constexpr (std::is_same_v<D, KindF>) Put(frame + pc->a, result);
  ToAccumulator(result, acc, facc);
  VESTIGE_NEXT(1);
}

// The library call would spill all of an operation's registers.
template <typename T>
[[gnu::noinline]] void StoreModulo(char* frame, const Word* pc) {
  Put(frame + pc->a, Mod<T>::Apply(Get<T>(frame + pc->b), Get<T>(frame + pc->c)));
}
template <typename T>
Flow FloatModulo(VESTIGE_OP_PARAMS) {
  StoreModulo<T>(frame, pc);
  VESTIGE_NEXT(1);
}

template <typename T, typename D, typename Addend>
Flow MultiplyAdd(VESTIGE_OP_PARAMS) {
  const T product = Mul<T>::Apply(Get<T>(frame + pc->b), Get<T>(frame + pc->c));
  const T addend = std::is_same_v<Addend, KindA> ? FromAccumulator<T>(acc, facc) : Get<T>(frame + pc->d);
  const T result = Add<T>::Apply(product, addend);
  if constexpr (std::is_same_v<D, KindF>) Put(frame + pc->a, result);
  ToAccumulator(result, acc, facc);
  VESTIGE_NEXT(1);
}

template <typename T, typename F>
Flow Unary(VESTIGE_OP_PARAMS) {
  const T result = F::Apply(Get<T>(frame + pc->b));
  Put(frame + pc->a, result);
  ToAccumulator(result, acc, facc);
  VESTIGE_NEXT(1);
}

Flow LogicXor(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, static_cast<uint8_t>(Get<uint8_t>(frame + pc->b) ^ Get<uint8_t>(frame + pc->c)));
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kArithmeticHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_BINARY(Family, Type, Dest, Left, Right) \
  BinaryHandler<Type, Family<Type>, Kind##Dest, Kind##Left, Kind##Right>(),
#include "exec/operations_arithmetic.def"
};

}  // namespace vestige::exec
