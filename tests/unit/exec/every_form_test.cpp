// Every row of the arithmetic and conversion families does its work, in every form.
#include <cstdint>
#include <type_traits>

#include "doctest/doctest.h"
#include "forms.h"
#include "machine.h"

namespace vestige::exec {
namespace {

// Every form of every family that computes on T, with numbers that fit into any T.
template <typename T>
void CheckFamilies(ValueType type) {
  using Family = BinaryFamily;
  CHECK(CheckForms<T>(Family::kAdd, type, T{40}, T{3}, T{43}) == 21);
  CHECK(CheckForms<T>(Family::kSub, type, T{40}, T{3}, T{37}) == 21);
  CHECK(CheckForms<T>(Family::kMul, type, T{40}, T{3}, T{120}) == 21);
  // Three is no power of two, so that the division itself is done.
  CHECK(CheckForms<T>(Family::kDiv, type, T{48}, T{3}, T{16}) >= 12);
  if constexpr (std::is_integral_v<T>) {
    CHECK(CheckForms<T>(Family::kMod, type, T{47}, T{3}, T{2}) == 12);
    CHECK(CheckForms<T>(Family::kAnd, type, T{6}, T{3}, T{2}) >= 12);
    CHECK(CheckForms<T>(Family::kOr, type, T{6}, T{3}, T{7}) >= 12);
    CHECK(CheckForms<T>(Family::kXor, type, T{6}, T{3}, T{5}) == 12);
    CHECK(CheckForms<T>(Family::kShl, type, T{5}, T{3}, T{40}) == 12);
    CHECK(CheckForms<T>(Family::kShr, type, T{41}, T{3}, T{5}) == 12);
    CHECK(CheckForms<T>(Family::kRotl, type, T{5}, T{3}, T{40}) == 12);
    CHECK(CheckForms<T>(Family::kRotr, type, T{40}, T{3}, T{5}) == 12);
  }
}

TEST_CASE("every form of every family computes on every type") {
  CheckFamilies<int32_t>(ValueType::kI32);
  CheckFamilies<uint32_t>(ValueType::kU32);
  CheckFamilies<int64_t>(ValueType::kI64);
  CheckFamilies<uint64_t>(ValueType::kU64);
  CheckFamilies<float>(ValueType::kF32);
  CheckFamilies<double>(ValueType::kF64);
  const auto frame = [](BinaryFamily family, ValueType type) {
    return SelectBinary(family, type, Kind::kFrame, Kind::kFrame, Kind::kFrame);
  };
  for (const ValueType type : {ValueType::kI8, ValueType::kI16}) {
    const auto compute = [&](BinaryFamily family) {
      return Compute<int8_t>(frame(family, type), type, Kind::kFrame, Kind::kFrame, Kind::kFrame, 6, 3);
    };
    CHECK(compute(BinaryFamily::kAnd) == 2);
    CHECK(compute(BinaryFamily::kOr) == 7);
    CHECK(compute(BinaryFamily::kXor) == 5);
  }
}

// result = op(left, right) with all operands in the frame.
template <typename T>
T Apply(Op op, T left, T right) {
  CAPTURE(NameOf(op));
  Machine m;
  m.Begin(0, "apply", 2, sizeof(T));
  m.b.Emit(op, Slot(2), Slot(0), Slot(1));
  m.b.Emit(ReturnOp(sizeof(T)), Slot(2));
  m.End(3);
  m.Load();
  return m.Run<T>(0, {Arg(left), Arg(right)});
}

TEST_CASE("smaller and larger, by sign") {
  CHECK(Apply<int32_t>(Op::kMinI32, -1, 2) == -1);
  CHECK(Apply<int32_t>(Op::kMaxI32, -1, 2) == 2);
  CHECK(Apply<uint32_t>(Op::kMinU32, ~0u, 2) == 2);
  CHECK(Apply<uint32_t>(Op::kMaxU32, ~0u, 2) == ~0u);
  CHECK(Apply<int64_t>(Op::kMinI64, -1, 2) == -1);
  CHECK(Apply<int64_t>(Op::kMaxI64, -1, 2) == 2);
  CHECK(Apply<uint64_t>(Op::kMinU64, ~0ull, 2) == 2);
  CHECK(Apply<uint64_t>(Op::kMaxU64, ~0ull, 2) == ~0ull);
  CHECK(Apply<float>(Op::kMinF32, -0.5f, 2) == -0.5f);
  CHECK(Apply<float>(Op::kMaxF32, -0.5f, 2) == 2);
  CHECK(Apply<double>(Op::kMinF64, -0.5, 2) == -0.5);
  CHECK(Apply<double>(Op::kMaxF64, -0.5, 2) == 2);
  CHECK(Apply<float>(Op::kModF32, -5.5f, 2) == -1.5f);
  CHECK(Apply<double>(Op::kModF64, -5.5, 2) == -1.5);
}

TEST_CASE("one operand") {
  CHECK(Apply<int32_t>(Op::kNegI32, 5, 0) == -5);
  CHECK(Apply<int64_t>(Op::kNegI64, 5, 0) == -5);
  CHECK(Apply<float>(Op::kNegF32, 5, 0) == -5);
  CHECK(Apply<double>(Op::kNegF64, 5, 0) == -5);
  CHECK(Apply<int8_t>(Op::kBitNotI8, 5, 0) == ~5);
  CHECK(Apply<int16_t>(Op::kBitNotI16, 5, 0) == ~5);
  CHECK(Apply<int32_t>(Op::kBitNotI32, 5, 0) == ~5);
  CHECK(Apply<int64_t>(Op::kBitNotI64, 5, 0) == ~5ll);
  CHECK(Apply<float>(Op::kAbsF32, -5, 0) == 5);
  CHECK(Apply<double>(Op::kAbsF64, -5, 0) == 5);
}

// Division by 8 and its remainder in all places, as CodeBuilder makes them of a division by a constant.
template <typename T>
void CheckPowers(ValueType type, Op first_division, Op first_modulo) {
  for (uint32_t form = 0; form < 4; ++form) {
    const bool to_acc = form >= 2;
    const bool from_acc = form % 2 == 1;
    for (const bool divides : {true, false}) {
      const Op op = static_cast<Op>(static_cast<uint32_t>(divides ? first_division : first_modulo) + form);
      CAPTURE(NameOf(op));
      Machine m;
      m.Begin(0, "power", 1, sizeof(T));
      if (from_acc) m.b.Emit(FetchOp(type), Slot(0));
      m.b.EmitImmediate(op, Slot(1), Slot(0), divides ? 3 : 7);
      if (to_acc) m.b.Emit(StoreAccumulatorOp(type), Slot(1));
      m.b.Emit(ReturnOp(sizeof(T)), Slot(1));
      m.End(2);
      m.Load();
      CHECK(m.Run<T>(0, {Arg(T{-21})}) == (divides ? -2 : -5));
    }
  }
}

TEST_CASE("powers of two divide in every place") {
  CheckPowers<int32_t>(ValueType::kI32, Op::kDivPowerI32_FF, Op::kModPowerI32_FF);
  CheckPowers<int64_t>(ValueType::kI64, Op::kDivPowerI64_FF, Op::kModPowerI64_FF);
}

// 5 converted to every type that SelectCast reaches directly.
template <typename From>
void CheckCasts(ValueType from) {
  const auto check = [from]<typename To>(ValueType to, To wanted) {
    if (SelectCast(from, to) == Op::kNone) return;
    CAPTURE(NameOf(SelectCast(from, to)));
    CHECK(Convert<From, To>(from, to, From{5}) == wanted);
  };
  check(ValueType::kI8, int8_t{5});
  check(ValueType::kU8, uint8_t{5});
  check(ValueType::kI16, int16_t{5});
  check(ValueType::kU16, uint16_t{5});
  check(ValueType::kI32, int32_t{5});
  check(ValueType::kU32, uint32_t{5});
  check(ValueType::kI64, int64_t{5});
  check(ValueType::kU64, uint64_t{5});
  check(ValueType::kF32, 5.0f);
  check(ValueType::kF64, 5.0);
}

TEST_CASE("every conversion there is keeps a number that fits") {
  CheckCasts<int8_t>(ValueType::kI8);
  CheckCasts<uint8_t>(ValueType::kU8);
  CheckCasts<int16_t>(ValueType::kI16);
  CheckCasts<uint16_t>(ValueType::kU16);
  CheckCasts<int32_t>(ValueType::kI32);
  CheckCasts<uint32_t>(ValueType::kU32);
  CheckCasts<int64_t>(ValueType::kI64);
  CheckCasts<uint64_t>(ValueType::kU64);
  CheckCasts<float>(ValueType::kF32);
  CheckCasts<double>(ValueType::kF64);
}

// 3 * 4 + 5 with the result and the addend in the frame or in the accumulator.
template <typename T>
void CheckMultiplyAdd(ValueType type, Op first) {
  for (uint32_t form = 0; form < 4; ++form) {
    const Op op = static_cast<Op>(static_cast<uint32_t>(first) + form);
    CAPTURE(NameOf(op));
    Machine m;
    m.Begin(0, "multiply_add", 3, sizeof(T));
    if (form % 2 == 1) m.b.Emit(FetchOp(type), Slot(2));
    m.b.Emit(op, Slot(3), Slot(0), Slot(1), Slot(2));
    if (form >= 2) m.b.Emit(StoreAccumulatorOp(type), Slot(3));
    m.b.Emit(ReturnOp(sizeof(T)), Slot(3));
    m.End(4);
    m.Load();
    CHECK(m.Run<T>(0, {Arg(T{3}), Arg(T{4}), Arg(T{5})}) == 17);
  }
}

TEST_CASE("multiply-add in every place") {
  CheckMultiplyAdd<int32_t>(ValueType::kI32, Op::kMulAddI32_FF);
  CheckMultiplyAdd<int64_t>(ValueType::kI64, Op::kMulAddI64_FF);
  CheckMultiplyAdd<float>(ValueType::kF32, Op::kMulAddF32_FF);
  CheckMultiplyAdd<double>(ValueType::kF64, Op::kMulAddF64_FF);
}

}  // namespace
}  // namespace vestige::exec
