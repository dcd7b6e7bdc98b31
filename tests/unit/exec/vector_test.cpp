// Vectors: every operation, number of components and place of a scalar, against the same in C++.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

#include "doctest/doctest.h"
#include "machine.h"

namespace vestige::exec {
namespace {

template <typename T>
using Vec = std::array<T, 4>;

// [slots 0-1] op [slots 2-3], result as four components; those beyond the vector stay zero.
template <typename T>
Vec<T> RunVector(Op op, const Vec<T>& left, const Vec<T>& right) {
  Machine m;
  m.Begin(0, "vector", 4, 16);
  m.b.EmitImmediate(Op::kZeroF, Slot(4), 0, 16);
  m.b.Emit(op, Slot(4), Slot(0), Slot(2));
  m.b.Emit(Op::kReturn16, Slot(4));
  m.End(6);
  m.Load();
  const auto halves = [](const Vec<T>& v) {
    return std::array{Arg(std::array<T, 2>{v[0], v[1]}), Arg(std::array<T, 2>{v[2], v[3]})};
  };
  return m.Run<Vec<T>>(0, {halves(left)[0], halves(left)[1], halves(right)[0], halves(right)[1]});
}

// The nine rows of a family lie together: sizes 2, 3, 4, each VV, VS, SV.
template <typename T, typename F>
void CheckFamily(Op first, F apply) {
  const Vec<T> left = {static_cast<T>(-9), static_cast<T>(8), static_cast<T>(7), static_cast<T>(6)};
  const Vec<T> right = {static_cast<T>(2), static_cast<T>(3), static_cast<T>(4), static_cast<T>(5)};
  for (uint32_t i = 0; i < 9; ++i) {
    const Op op = static_cast<Op>(static_cast<uint32_t>(first) + i);
    CAPTURE(NameOf(op));
    const uint32_t count = 2 + i / 3;
    Vec<T> wanted = {};
    for (uint32_t c = 0; c < count; ++c)
      wanted[c] = apply(i % 3 == 2 ? left[0] : left[c], i % 3 == 1 ? right[0] : right[c]);
    CHECK(RunVector(op, left, right) == wanted);
  }
}

TEST_CASE("float vectors") {
  CheckFamily<float>(Op::kAddF2_VV, [](float a, float b) { return a + b; });
  CheckFamily<float>(Op::kSubF2_VV, [](float a, float b) { return a - b; });
  CheckFamily<float>(Op::kMulF2_VV, [](float a, float b) { return a * b; });
  CheckFamily<float>(Op::kDivF2_VV, [](float a, float b) { return a / b; });
  CheckFamily<float>(Op::kModF2_VV, [](float a, float b) { return std::fmod(a, b); });
  CheckFamily<float>(Op::kMinF2_VV, [](float a, float b) { return a < b ? a : b; });
  CheckFamily<float>(Op::kMaxF2_VV, [](float a, float b) { return a > b ? a : b; });
}

TEST_CASE("int and uint vectors") {
  using I = int32_t;
  using U = uint32_t;
  CheckFamily<I>(Op::kAddI2_VV, [](I a, I b) { return a + b; });
  CheckFamily<I>(Op::kSubI2_VV, [](I a, I b) { return a - b; });
  CheckFamily<I>(Op::kMulI2_VV, [](I a, I b) { return a * b; });
  CheckFamily<I>(Op::kDivI2_VV, [](I a, I b) { return a / b; });
  CheckFamily<U>(Op::kDivU2_VV, [](U a, U b) { return a / b; });
  CheckFamily<I>(Op::kModI2_VV, [](I a, I b) { return a % b; });
  CheckFamily<U>(Op::kModU2_VV, [](U a, U b) { return a % b; });
  CheckFamily<I>(Op::kAndI2_VV, [](I a, I b) { return a & b; });
  CheckFamily<I>(Op::kOrI2_VV, [](I a, I b) { return a | b; });
  CheckFamily<I>(Op::kXorI2_VV, [](I a, I b) { return a ^ b; });
  CheckFamily<U>(Op::kShlI2_VV, [](U a, U b) { return a << (b & 31); });
  CheckFamily<I>(Op::kShrI2_VV, [](I a, I b) { return a >> (b & 31); });
  CheckFamily<U>(Op::kShrU2_VV, [](U a, U b) { return a >> (b & 31); });
}

TEST_CASE("a zero component panics like a zero") {
  Machine m;
  m.Begin(0, "f", 4, 12);
  m.b.Emit(Op::kDivI3_VV, Slot(0), Slot(0), Slot(2));
  m.b.Emit(Op::kReturn12, Slot(0));
  m.End(4);
  m.Load();
  CHECK(m.RunToPanic(0, {Arg(int64_t{1}), Arg(1), Arg(std::array<int32_t, 2>{1, 1}), Arg(0)}) == "division by zero");
}

TEST_CASE("one operand: negation, complement, splat, conversion, equality, dot product") {
  const Vec<float> f = {1.5f, -2.5f, 3.0f, -4.0f};
  const Vec<int32_t> i = {1, -2, 3, -4};
  CHECK(RunVector(Op::kNegF4, f, f) == Vec<float>{-1.5f, 2.5f, -3.0f, 4.0f});
  CHECK(RunVector(Op::kNegI3, i, i) == Vec<int32_t>{-1, 2, -3, 0});
  CHECK(RunVector(Op::kBitNotI2, i, i) == Vec<int32_t>{-2, 1, 0, 0});
  CHECK(RunVector(Op::kSplat3, i, i) == Vec<int32_t>{1, 1, 1, 0});
  CHECK(RunVector(Op::kSplat4, f, f) == Vec<float>{1.5f, 1.5f, 1.5f, 1.5f});
  CHECK(std::bit_cast<Vec<int32_t>>(RunVector(Op::kCastF4_I, f, f)) == Vec<int32_t>{1, -2, 3, -4});
  CHECK(std::bit_cast<Vec<float>>(RunVector(Op::kCastI4_F, i, i)) == Vec<float>{1, -2, 3, -4});
  CHECK(RunVector(Op::kEqF3, f, f)[0] != 0.0f);
  const Vec<float> other = {1.5f, -2.5f, 9.0f, -4.0f};
  CHECK((std::bit_cast<int32_t>(RunVector(Op::kEqF3, f, other)[0]) & 1) == 0);
  CHECK((std::bit_cast<int32_t>(RunVector(Op::kEqF2, f, other)[0]) & 1) == 1);
  CHECK((std::bit_cast<int32_t>(RunVector(Op::kNeF4, f, other)[0]) & 1) == 1);
  Machine m;
  m.Begin(0, "dot", 4, 4);
  m.b.Emit(Op::kDotF, Slot(4), Slot(0), 3, Slot(2));
  m.b.Emit(Op::kReturn4, Slot(4));
  m.End(5);
  m.Load();
  using Pair = std::array<float, 2>;
  CHECK(m.Run<float>(0, {Arg(Pair{1, 2}), Arg(Pair{3, 9}), Arg(Pair{4, 5}), Arg(Pair{6, 9})}) == 32.0f);
}

}  // namespace
}  // namespace vestige::exec
