// Bodies of operations_vector.def. Components are loaded before any is stored: destination and source may be one slot.
#include <utility>

#include "exec/operands.h"
#include "exec/operation_groups.h"

namespace vestige::exec {
namespace {

template <typename T, int n>
struct Vector {
  T items[n];
};

template <typename T, int n, bool is_vector>
[[gnu::always_inline]] inline T Component(const char* at, int index) {
  return Get<T>(is_vector ? at + index * 4 : at);
}

// The first divisor that panics among the components, or one that does not.
template <typename T, typename F, int n, bool left_is_vector, bool right_is_vector>
[[gnu::always_inline]] inline bool FindRefused(const char* frame, const Word* pc, uint64_t& acc) {
#pragma GCC unroll 4
  for (int i = 0; i < n; ++i) {
    const T right = Component<T, n, right_is_vector>(frame + pc->c, i);
    if (F::Refuses(Component<T, n, left_is_vector>(frame + pc->b, i), right)) {
      acc = static_cast<uint64_t>(right);
      return true;
    }
  }
  return false;
}

template <typename T, typename F, int n, bool left_is_vector, bool right_is_vector, size_t... i>
[[gnu::always_inline]] inline void StoreResults(char* frame, const Word* pc, std::index_sequence<i...>) {
  const Vector<T, n> result = {{static_cast<T>(F::Apply(Component<T, n, left_is_vector>(frame + pc->b, i),
                                                        Component<T, n, right_is_vector>(frame + pc->c, i)))...}};
  Put(frame + pc->a, result);
}
// fmod is a library call, which a body must not make.
template <typename T, typename F, int n, bool left_is_vector, bool right_is_vector>
[[gnu::noinline]] void StoreResultsOutOfLine(char* frame, const Word* pc) {
  StoreResults<T, F, n, left_is_vector, right_is_vector>(frame, pc, std::make_index_sequence<n>());
}

template <typename T, typename F, int n, bool left_is_vector, bool right_is_vector>
Flow VectorBinary(VESTIGE_OP_PARAMS) {
  if constexpr (kMayPanic<F>) {
    if (FindRefused<T, F, n, left_is_vector, right_is_vector>(frame, pc, acc)) [[unlikely]] {
      if constexpr (kIsModulo<F>) VESTIGE_SLOW(ModuloPanic);
      VESTIGE_SLOW(DivisionPanic);
    }
  }
  if constexpr (kIsModulo<F> && std::is_floating_point_v<T>) {
    StoreResultsOutOfLine<T, F, n, left_is_vector, right_is_vector>(frame, pc);
  } else {
    StoreResults<T, F, n, left_is_vector, right_is_vector>(frame, pc, std::make_index_sequence<n>());
  }
  VESTIGE_NEXT(1);
}

template <typename T, typename F, int n, size_t... i>
[[gnu::always_inline]] inline void StoreUnary(char* frame, const Word* pc, std::index_sequence<i...>) {
  const Vector<T, n> result = {{F::Apply(Component<T, n, true>(frame + pc->b, i))...}};
  Put(frame + pc->a, result);
}
template <typename T, typename F, int n>
Flow VectorUnary(VESTIGE_OP_PARAMS) {
  StoreUnary<T, F, n>(frame, pc, std::make_index_sequence<n>());
  VESTIGE_NEXT(1);
}

template <int n>
[[gnu::always_inline]] inline bool ComponentsAreEqual(const char* left, const char* right) {
  if (Get<float>(left) != Get<float>(right)) return false;
  if constexpr (n > 1) return ComponentsAreEqual<n - 1>(left + 4, right + 4);
  return true;
}
template <int n, bool wanted>
Flow VectorEqual(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, static_cast<uint8_t>(ComponentsAreEqual<n>(frame + pc->b, frame + pc->c) == wanted));
  VESTIGE_NEXT(1);
}

template <int n>
Flow VectorSplat(VESTIGE_OP_PARAMS) {
  const uint32_t value = Get<uint32_t>(frame + pc->b);
#pragma GCC unroll 4
  for (int i = 0; i < n; ++i) Put(frame + pc->a + i * 4, value);
  VESTIGE_NEXT(1);
}

template <typename From, typename To, int n, size_t... i>
[[gnu::always_inline]] inline void StoreConverted(char* frame, const Word* pc, std::index_sequence<i...>) {
  const Vector<To, n> result = {{Convert<To>(Component<From, n, true>(frame + pc->b, i))...}};
  Put(frame + pc->a, result);
}
template <typename From, typename To, int n>
Flow VectorCast(VESTIGE_OP_PARAMS) {
  StoreConverted<From, To, n>(frame, pc, std::make_index_sequence<n>());
  VESTIGE_NEXT(1);
}

Flow SwizzleComponents(VESTIGE_OP_PARAMS) {
  const char* from = frame + pc->b;
  const uint32_t numbers = pc->d;
  const uint32_t x = Get<uint32_t>(from + (numbers & 3) * 4);
  const uint32_t y = Get<uint32_t>(from + (numbers >> 4 & 3) * 4);
  const uint32_t z = Get<uint32_t>(from + (numbers >> 8 & 3) * 4);
  const uint32_t w = Get<uint32_t>(from + (numbers >> 12 & 3) * 4);
  char* to = frame + pc->a;
  Put(to, x);
  if (pc->c > 1) Put(to + 4, y);
  if (pc->c > 2) Put(to + 8, z);
  if (pc->c > 3) Put(to + 12, w);
  VESTIGE_NEXT(1);
}

Flow DotProduct(VESTIGE_OP_PARAMS) {
  const char* left = frame + pc->b;
  const char* right = frame + pc->d;
  float sum = Get<float>(left) * Get<float>(right) + Get<float>(left + 4) * Get<float>(right + 4);
  if (pc->c > 2) sum += Get<float>(left + 8) * Get<float>(right + 8);
  if (pc->c > 3) sum += Get<float>(left + 12) * Get<float>(right + 12);
  Put(frame + pc->a, sum);
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kVectorHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#include "exec/operations_vector.def"
};

}  // namespace vestige::exec
