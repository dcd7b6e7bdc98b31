// How bodies of operations reach their operands, and what they compute with them. For operations_*.cpp only.
//
// A body is a template over the type it works on, a functor that does the work, and the kind of each operand;
// everything here is inlined into it. Functors define all cases C++ leaves undefined the way the language wants them.
// Floor 4.

#ifndef VESTIGE_EXEC_OPERANDS_H_
#define VESTIGE_EXEC_OPERANDS_H_

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "exec/context.h"
#include "exec/frame.h"
#include "exec/slow_paths.h"
#include "exec/word.h"

namespace vestige::exec {

// Types as operations.def names them.
using I8 = int8_t;
using U8 = uint8_t;
using I16 = int16_t;
using U16 = uint16_t;
using I32 = int32_t;
using U32 = uint32_t;
using I64 = int64_t;
using U64 = uint64_t;
using F32 = float;
using F64 = double;

// Kinds of operands.
struct KindF {};
struct KindK {};
struct KindA {};
struct KindM {};

template <typename T>
[[gnu::always_inline]] inline T Get(const char* at) {
  T value;
  __builtin_memcpy(&value, at, sizeof(T));
  return value;
}
template <typename T>
[[gnu::always_inline]] inline void Put(char* at, T value) {
  __builtin_memcpy(at, &value, sizeof(T));
}

// Copies n bytes; all are read before any is written.
template <int n>
[[gnu::always_inline]] inline void CopyValue(char* to, const char* from) {
  if constexpr (n == 1) Put(to, Get<uint8_t>(from));
  if constexpr (n == 2) Put(to, Get<uint16_t>(from));
  if constexpr (n == 4) Put(to, Get<uint32_t>(from));
  if constexpr (n == 8) Put(to, Get<uint64_t>(from));
  if constexpr (n == 12) {
    const uint64_t low = Get<uint64_t>(from);
    const uint32_t high = Get<uint32_t>(from + 8);
    Put(to, low);
    Put(to + 8, high);
  }
  if constexpr (n == 16) {
    const uint64_t low = Get<uint64_t>(from);
    const uint64_t high = Get<uint64_t>(from + 8);
    Put(to, low);
    Put(to + 8, high);
  }
}

// The pointer at a frame offset.
[[gnu::always_inline]] inline char* PointerAt(const char* frame, uint16_t offset) { return Get<char*>(frame + offset); }

// The 32-bit immediate as a T; see operations.def.
template <typename T>
[[gnu::always_inline]] inline T Constant(const Word* pc) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(std::bit_cast<float>(Immediate(pc)));
  } else {
    return static_cast<T>(Immediate(pc));
  }
}

// --- Accumulators
// ---------------------------------------------------------------------------------------------------------

// A float travels in the low half of `facc`, as it is. Spelled so that no instruction is needed on x86.
[[gnu::always_inline]] inline float LowFloat(double packed) {
#if defined(__SSE2__) && !defined(__clang__)
  float value;
  __asm__("" : "=x"(value) : "0"(packed));
  return value;
#else
  return std::bit_cast<float>(static_cast<uint32_t>(std::bit_cast<uint64_t>(packed)));
#endif
}
[[gnu::always_inline]] inline double PackFloat(float value) {
#if defined(__SSE2__) && !defined(__clang__)
  double packed;
  __asm__("" : "=x"(packed) : "0"(value));
  return packed;
#else
  return std::bit_cast<double>(static_cast<uint64_t>(std::bit_cast<uint32_t>(value)));
#endif
}

template <typename T>
[[gnu::always_inline]] inline T FromAccumulator(uint64_t acc, double facc) {
  if constexpr (std::is_same_v<T, double>) {
    return facc;
  } else if constexpr (std::is_same_v<T, float>) {
    return LowFloat(facc);
  } else {
    return static_cast<T>(acc);
  }
}
template <typename T>
[[gnu::always_inline]] inline void ToAccumulator(T value, uint64_t& acc, double& facc) {
  if constexpr (std::is_same_v<T, double>) {
    facc = value;
  } else if constexpr (std::is_same_v<T, float>) {
    facc = PackFloat(value);
  } else {
    acc = static_cast<std::make_unsigned_t<T>>(value);
  }
}

// --- Functors
// -------------------------------------------------------------------------------------------------------------

// Integers compute as unsigned of at least 32 bits: overflow wraps.
template <typename T>
using Wrapping = std::make_unsigned_t<std::conditional_t<(sizeof(T) < 4), int32_t, T>>;

#define VESTIGE_WRAPPING_FUNCTOR(Name, op)                                                        \
  template <typename T>                                                                           \
  struct Name {                                                                                   \
    static T Apply(T left, T right) {                                                             \
      if constexpr (std::is_floating_point_v<T>) {                                                \
        return left op right;                                                                     \
      } else {                                                                                    \
        return static_cast<T>(static_cast<Wrapping<T>>(left) op static_cast<Wrapping<T>>(right)); \
      }                                                                                           \
    }                                                                                             \
  }
VESTIGE_WRAPPING_FUNCTOR(Add, +);
VESTIGE_WRAPPING_FUNCTOR(Sub, -);
VESTIGE_WRAPPING_FUNCTOR(Mul, *);
#undef VESTIGE_WRAPPING_FUNCTOR

#define VESTIGE_FUNCTOR(Name, expression)                     \
  template <typename T>                                       \
  struct Name {                                               \
    static auto Apply(T left, T right) { return expression; } \
  }
VESTIGE_FUNCTOR(And, static_cast<T>(left& right));
VESTIGE_FUNCTOR(Or, static_cast<T>(left | right));
VESTIGE_FUNCTOR(Xor, static_cast<T>(left ^ right));
VESTIGE_FUNCTOR(Eq, left == right);
VESTIGE_FUNCTOR(Ne, left != right);
VESTIGE_FUNCTOR(Lt, left < right);
VESTIGE_FUNCTOR(Le, left <= right);
VESTIGE_FUNCTOR(Gt, left > right);
VESTIGE_FUNCTOR(Ge, left >= right);
VESTIGE_FUNCTOR(Nlt, !(left < right));
VESTIGE_FUNCTOR(Nle, !(left <= right));
VESTIGE_FUNCTOR(Ngt, !(left > right));
VESTIGE_FUNCTOR(Nge, !(left >= right));
VESTIGE_FUNCTOR(Min, left < right ? left : right);
VESTIGE_FUNCTOR(Max, left > right ? left : right);
#undef VESTIGE_FUNCTOR

// Shifts: any right operand; only its low bits count.
#define VESTIGE_SHIFT(Name, expression)                              \
  template <typename T>                                              \
  struct Name {                                                      \
    static T Apply(T left, int32_t right) {                          \
      using U [[maybe_unused]] = std::make_unsigned_t<T>;            \
      const int count = right & static_cast<int>(sizeof(T) * 8 - 1); \
      return static_cast<T>(expression);                             \
    }                                                                \
  }
VESTIGE_SHIFT(Shl, static_cast<U>(left) << count);
VESTIGE_SHIFT(Shr, left >> count);
VESTIGE_SHIFT(Rotl, std::rotl(static_cast<U>(left), count));
VESTIGE_SHIFT(Rotr, std::rotr(static_cast<U>(left), count));
#undef VESTIGE_SHIFT

// Which functors shift: their right operand is 32 bits whatever the left one is.
template <typename F>
inline constexpr bool kIsShift = false;
template <typename T>
inline constexpr bool kIsShift<Shl<T>> = true;
template <typename T>
inline constexpr bool kIsShift<Shr<T>> = true;
template <typename T>
inline constexpr bool kIsShift<Rotl<T>> = true;
template <typename T>
inline constexpr bool kIsShift<Rotr<T>> = true;

// Division. Refuses() is true for operands that panic; Apply() must not be asked then.
template <typename T>
struct Div {
  static constexpr bool kMayPanic = std::is_integral_v<T>;
  static bool Refuses(T left, T right) {
    if constexpr (!kMayPanic) return false;
    if constexpr (std::is_signed_v<T>) return right == 0 || (right == -1 && left == std::numeric_limits<T>::min());
    return right == 0;
  }
  static T Apply(T left, T right) { return left / right; }
};
template <typename T>
struct Mod {
  static constexpr bool kMayPanic = std::is_integral_v<T>;
  static bool Refuses(T left, T right) { return Div<T>::Refuses(left, right); }
  static T Apply(T left, T right) {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(left, right);
    } else {
      return left % right;
    }
  }
};
template <typename F>
inline constexpr bool kMayPanic = false;
template <typename T>
inline constexpr bool kMayPanic<Div<T>> = Div<T>::kMayPanic;
template <typename T>
inline constexpr bool kMayPanic<Mod<T>> = Mod<T>::kMayPanic;
template <typename F>
inline constexpr bool kIsModulo = false;
template <typename T>
inline constexpr bool kIsModulo<Mod<T>> = true;

template <typename T>
struct Negate {
  static T Apply(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      return -value;
    } else {
      return static_cast<T>(Wrapping<T>{0} - static_cast<Wrapping<T>>(value));
    }
  }
};
template <typename T>
struct BitNot {
  static T Apply(T value) { return static_cast<T>(~value); }
};
struct LogicNot {
  static I8 Apply(I8 value) { return static_cast<I8>(value ^ 1); }
};
template <typename T>
struct SquareRoot {
  static T Apply(T value) { return std::sqrt(value); }
};
template <typename T>
struct Absolute {
  static T Apply(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fabs(value);
    } else {
      return value < 0 ? Negate<T>::Apply(value) : value;
    }
  }
};

// --- Conversions
// ----------------------------------------------------------------------------------------------------------

// Truncates; what does not fit, NaN included, becomes the smallest integer.
template <typename To, typename From>
[[gnu::always_inline]] inline To TruncateSigned(From value) {
#if defined(__SSE2__)
  if constexpr (sizeof(To) == 4 && sizeof(From) == 4) return _mm_cvttss_si32(_mm_set_ss(value));
  if constexpr (sizeof(To) == 4 && sizeof(From) == 8) return _mm_cvttsd_si32(_mm_set_sd(value));
  if constexpr (sizeof(To) == 8 && sizeof(From) == 4) return _mm_cvttss_si64(_mm_set_ss(value));
  if constexpr (sizeof(To) == 8 && sizeof(From) == 8) return _mm_cvttsd_si64(_mm_set_sd(value));
#else
  constexpr From kLimit = static_cast<From>(uint64_t{1} << (sizeof(To) * 8 - 1));
  if (!(value >= -kLimit && value < kLimit)) return std::numeric_limits<To>::min();
  return static_cast<To>(value);
#endif
}

template <typename To, typename From>
[[gnu::always_inline]] inline To Convert(From value) {
  if constexpr (!std::is_floating_point_v<From> || std::is_floating_point_v<To>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_same_v<To, uint32_t>) {
    return static_cast<uint32_t>(TruncateSigned<int64_t>(value));
  } else if constexpr (std::is_same_v<To, uint64_t>) {
    constexpr From kHalf = static_cast<From>(9223372036854775808.0);
    if (value >= kHalf) return static_cast<uint64_t>(TruncateSigned<int64_t>(value - kHalf)) ^ (uint64_t{1} << 63);
    return static_cast<uint64_t>(TruncateSigned<int64_t>(value));
  } else {
    return TruncateSigned<To>(value);
  }
}

// --- Operations that leave their work to the library
// ------------------------------------------------------------------

// A function that does the work of a word; false when there is a panic now.
using Work = bool (*)(const Word* pc, char* frame, Context* context);

// An operation of `words` words that leaves its work to the library.
template <Work work, int words>
Flow Library(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  const bool done = work(pc, frame, context);
  acc = 0;
  facc = 0;
  if (!done) [[unlikely]]
    VESTIGE_SLOW(Unwind);
  VESTIGE_NEXT(words);
}

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_OPERANDS_H_
