// Every way operands reach an operation, and the arithmetic the language promises.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "doctest/doctest.h"
#include "forms.h"
#include "machine.h"

namespace vestige::exec {
namespace {

TEST_CASE("all forms of arithmetic compute the same") {
  CHECK(CheckForms<int32_t>(BinaryFamily::kAdd, ValueType::kI32, 40, 2, 42) == 21);
  CHECK(CheckForms<int32_t>(BinaryFamily::kSub, ValueType::kI32, 40, -2, 42) == 21);
  CHECK(CheckForms<int32_t>(BinaryFamily::kMul, ValueType::kI32, -6, 7, -42) == 21);
  CHECK(CheckForms<int64_t>(BinaryFamily::kAdd, ValueType::kI64, -5, 3, -2) == 21);
  CHECK(CheckForms<int64_t>(BinaryFamily::kSub, ValueType::kI64, 3, 5, -2) == 21);
  CHECK(CheckForms<int64_t>(BinaryFamily::kMul, ValueType::kI64, -3, 5, -15) == 21);
  CHECK(CheckForms<float>(BinaryFamily::kAdd, ValueType::kF32, 1.5f, 2.25f, 3.75f) == 21);
  CHECK(CheckForms<float>(BinaryFamily::kSub, ValueType::kF32, 1.5f, 2.25f, -0.75f) == 21);
  CHECK(CheckForms<float>(BinaryFamily::kDiv, ValueType::kF32, 3.0f, 2.0f, 1.5f) == 21);
  CHECK(CheckForms<double>(BinaryFamily::kMul, ValueType::kF64, 1.5, 2.5, 3.75) == 21);
  CHECK(CheckForms<double>(BinaryFamily::kSub, ValueType::kF64, 1.5, 2.5, -1.0) == 21);
  CHECK(CheckForms<double>(BinaryFamily::kDiv, ValueType::kF64, 5.0, 2.0, 2.5) == 21);
}

TEST_CASE("division truncates toward zero") {
  CHECK(CheckForms<int32_t>(BinaryFamily::kDiv, ValueType::kI32, -7, 2, -3) == 12);
  CHECK(CheckForms<int32_t>(BinaryFamily::kMod, ValueType::kI32, -7, 2, -1) == 12);
  CHECK(CheckForms<int64_t>(BinaryFamily::kMod, ValueType::kI64, 7, -2, 1) == 12);
  CHECK(CheckForms<uint32_t>(BinaryFamily::kDiv, ValueType::kU32, 0xFFFFFFFFu, 2, 0x7FFFFFFFu) >= 10);
  CHECK(CheckForms<uint64_t>(BinaryFamily::kMod, ValueType::kU64, 11, 4, 3) >= 10);
}

// n op constant, emitted as a division, in the two forms whose left operand differs.
template <typename T>
void CheckDivision(Op op_f, Op op_a, ValueType type, T n, int32_t constant, T wanted) {
  CAPTURE(NameOf(op_f));
  CAPTURE(n);
  CAPTURE(constant);
  Machine m(2);
  m.Begin(0, "frame", 1, sizeof(T));
  const uint32_t word = m.b.EmitImmediate(op_f, Slot(1), Slot(0), constant);
  CHECK(m.b.OpAt(word) != op_f);
  m.b.Emit(ReturnOp(sizeof(T)), Slot(1));
  m.End(2);
  m.Begin(1, "accumulator", 1, sizeof(T));
  m.b.Emit(FetchOp(type), Slot(0));
  m.b.EmitImmediate(op_a, 0, 0, constant);
  m.b.Emit(StoreAccumulatorOp(type), Slot(1));
  m.b.Emit(ReturnOp(sizeof(T)), Slot(1));
  m.End(2);
  m.Load();
  CHECK(m.Run<T>(0, {Arg(n)}) == wanted);
  CHECK(m.Run<T>(1, {Arg(n)}) == wanted);
}

TEST_CASE("division by a power of two is the same division, done by shifting") {
  constexpr int32_t kMin32 = std::numeric_limits<int32_t>::min();
  for (int32_t d : {1, 2, 8, 1 << 30}) {
    for (int32_t n : {0, 1, -1, 7, -7, 8, -8, 1 << 30, kMin32, kMin32 + 1, std::numeric_limits<int32_t>::max()}) {
      CheckDivision<int32_t>(Op::kDivI32_FFK, Op::kDivI32_AAK, ValueType::kI32, n, d, n / d);
      CheckDivision<int32_t>(Op::kModI32_FFK, Op::kModI32_AAK, ValueType::kI32, n, d, n % d);
      const int64_t wide = int64_t{n} * 0x10001 - 3;
      CheckDivision<int64_t>(Op::kDivI64_FFK, Op::kDivI64_AAK, ValueType::kI64, wide, d, wide / d);
      CheckDivision<int64_t>(Op::kModI64_FFK, Op::kModI64_AAK, ValueType::kI64, wide, d, wide % d);
      const auto u = static_cast<uint32_t>(n);
      const auto ud = static_cast<uint32_t>(d);
      CheckDivision<uint32_t>(Op::kDivU32_FFK, Op::kDivU32_AAK, ValueType::kU32, u, d, u / ud);
      CheckDivision<uint32_t>(Op::kModU32_FFK, Op::kModU32_AAK, ValueType::kU32, u, d, u % ud);
    }
  }
}

TEST_CASE("shift counts are masked, signed shifts keep the sign") {
  CHECK(CheckForms<int32_t>(BinaryFamily::kShl, ValueType::kI32, 1, 33, 2) == 12);
  CHECK(CheckForms<int32_t>(BinaryFamily::kShl, ValueType::kI32, 1, -1, std::numeric_limits<int32_t>::min()) == 12);
  CHECK(CheckForms<int32_t>(BinaryFamily::kShr, ValueType::kI32, -8, 1, -4) == 12);
  CHECK(CheckForms<uint32_t>(BinaryFamily::kShr, ValueType::kU32, 0xFFFFFFF8u, 1, 0x7FFFFFFCu) == 12);
  CHECK(CheckForms<int64_t>(BinaryFamily::kShr, ValueType::kI64, -8, 65, -4) == 12);
  CHECK(CheckForms<int32_t>(BinaryFamily::kRotl, ValueType::kI32, std::numeric_limits<int32_t>::min(), 1, 1) == 12);
  CHECK(CheckForms<int64_t>(BinaryFamily::kRotr, ValueType::kI64, 1, 1, std::numeric_limits<int64_t>::min()) == 12);
  CHECK(CheckForms<int32_t>(BinaryFamily::kXor, ValueType::kI32, 6, 3, 5) == 12);
  CHECK(CheckForms<int32_t>(BinaryFamily::kAnd, ValueType::kI32, 6, 3, 2) == 21);
}

TEST_CASE("signed overflow wraps") {
  constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
  constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
  CHECK(CheckForms<int32_t>(BinaryFamily::kAdd, ValueType::kI32, kMax, 1, kMin) > 0);
  CHECK(CheckForms<int32_t>(BinaryFamily::kSub, ValueType::kI32, kMin, 1, kMax) > 0);
  CHECK(CheckForms<int32_t>(BinaryFamily::kMul, ValueType::kI32, kMin, -1, kMin) > 0);
}

TEST_CASE("division panics for zero and for the smallest number by minus one") {
  struct Case {
    Op op;
    int64_t left;
    int64_t right;
    const char* message;
  };
  constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
  for (const Case& c :
       {Case{Op::kDivI32_FFF, 1, 0, "division by zero"}, Case{Op::kModI32_FFF, 1, 0, "division by zero in modulo"},
        Case{Op::kDivI32_FFF, kMin, -1, "division overflow"},
        Case{Op::kDivI64_FFF, std::numeric_limits<int64_t>::min(), -1, "division overflow"},
        Case{Op::kDivU32_FFF, 1, 0, "division by zero"}, Case{Op::kModU64_FFF, 1, 0, "division by zero in modulo"}}) {
    CAPTURE(NameOf(c.op));
    Machine m;
    m.Begin(0, "divide", 2);
    m.b.Emit(c.op, Slot(2), Slot(0), Slot(1));
    m.b.Emit(Op::kReturn8, Slot(2));
    m.End(3);
    m.Load();
    CHECK(m.RunToPanic(0, {Arg(c.left), Arg(c.right)}) == c.message);
  }
}

TEST_CASE("conversions do what x86 does") {
  using V = ValueType;
  CHECK(Convert<float, int32_t>(V::kF32, V::kI32, -2.9f) == -2);
  CHECK(Convert<float, int32_t>(V::kF32, V::kI32, 3e9f) == std::numeric_limits<int32_t>::min());
  CHECK(Convert<double, int64_t>(V::kF64, V::kI64, 1e300) == std::numeric_limits<int64_t>::min());
  CHECK(Convert<double, int32_t>(V::kF64, V::kI32, std::nan("")) == std::numeric_limits<int32_t>::min());
  CHECK(Convert<float, uint32_t>(V::kF32, V::kU32, 3e9f) == 3000000000u);
  CHECK(Convert<double, uint64_t>(V::kF64, V::kU64, 1e19) == 10000000000000000000ull);
  CHECK(Convert<int8_t, int32_t>(V::kI8, V::kI32, -1) == -1);
  CHECK(Convert<uint8_t, int32_t>(V::kU8, V::kI32, 255) == 255);
  CHECK(Convert<uint32_t, int64_t>(V::kU32, V::kI64, 0xFFFFFFFFu) == 0xFFFFFFFFll);
  CHECK(Convert<uint32_t, uint64_t>(V::kU32, V::kU64, 0xFFFFFFFFu) == 0xFFFFFFFFull);
  CHECK(Convert<int32_t, uint64_t>(V::kI32, V::kU64, -1) == ~0ull);
  CHECK(Convert<int64_t, int32_t>(V::kI64, V::kI32, 0x1'0000'0005) == 5);
  CHECK(Convert<int32_t, uint8_t>(V::kI32, V::kU8, 257) == 1);
  CHECK(Convert<uint64_t, double>(V::kU64, V::kF64, ~0ull) == 18446744073709551616.0);
  CHECK(Convert<float, double>(V::kF32, V::kF64, 0.5f) == 0.5);
}

TEST_CASE("multiply-add rounds twice and leaves its result in the accumulator") {
  Machine m;
  m.Begin(0, "f", 3);
  m.b.Emit(Op::kMulAddF64_AF, 0, Slot(0), Slot(1), Slot(2));
  m.b.Emit(Op::kMulAddF64_FA, Slot(3), Slot(0), Slot(1));
  m.b.Emit(Op::kReturnAF64);
  m.End(4);
  m.Load();
  CHECK(m.Run<double>(0, {Arg(3.0), Arg(4.0), Arg(1.0)}) == 25.0);
}

TEST_CASE("vectors compute by component, with a vector or a scalar on either side") {
  struct Float3 {
    float x, y, z;
  };
  Machine m;
  m.Begin(0, "f", 0, 12);
  m.b.EmitImmediate(Op::kMoveK4, Slot(0), 0, ImmediateOf(1.0f));
  m.b.EmitImmediate(Op::kMoveK4, Slot(0) + 4, 0, ImmediateOf(2.0f));
  m.b.EmitImmediate(Op::kMoveK4, Slot(1), 0, ImmediateOf(3.0f));
  m.b.EmitImmediate(Op::kMoveK4, Slot(2), 0, ImmediateOf(10.0f));
  m.b.Emit(Op::kMulF3_VS, Slot(0), Slot(0), Slot(2));
  m.b.Emit(Op::kSubF3_SV, Slot(3), Slot(2), Slot(0));
  m.b.Emit(Op::kAddF3_VV, Slot(3), Slot(3), Slot(3));
  m.b.Emit(Op::kSwizzle, Slot(3), Slot(3), 3, 0x012);
  m.b.Emit(Op::kReturn12, Slot(3));
  m.End(5);
  m.Load();
  const auto v = m.Run<Float3>(0);
  CHECK(v.x == -40.0f);
  CHECK(v.y == -20.0f);
  CHECK(v.z == 0.0f);
}

}  // namespace
}  // namespace vestige::exec
