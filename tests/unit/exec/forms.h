// Running one operation in every form that exists: operands in the frame, as constants, in the accumulator, in memory.

#ifndef VESTIGE_TESTS_UNIT_EXEC_FORMS_H_
#define VESTIGE_TESTS_UNIT_EXEC_FORMS_H_

#include <bit>
#include <cstdint>
#include <type_traits>

#include "doctest/doctest.h"
#include "machine.h"

namespace vestige::exec {

using Kind = OperandKind;
inline constexpr Kind kAllKinds[] = {Kind::kFrame, Kind::kConstant, Kind::kAccumulator, Kind::kMemory};

template <typename T>
int32_t ImmediateOf(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::bit_cast<int32_t>(static_cast<float>(value));
  } else {
    return static_cast<int32_t>(value);
  }
}
inline Op FetchOp(ValueType type) {
  switch (type) {
    case ValueType::kF32:
      return Op::kFetchAF32;
    case ValueType::kF64:
      return Op::kFetchAF64;
    case ValueType::kI64:
    case ValueType::kU64:
      return Op::kFetchAI64;
    default:
      return Op::kFetchAI32;
  }
}
inline Op StoreAccumulatorOp(ValueType type) {
  switch (type) {
    case ValueType::kF32:
      return Op::kMoveAF32;
    case ValueType::kF64:
      return Op::kMoveAF64;
    case ValueType::kI64:
    case ValueType::kU64:
      return Op::kMoveAI64;
    default:
      return Op::kMoveAI32;
  }
}

// left op right through the operation with these operand kinds. Slots: 0 left, 1 right, 2 result, 3 and 4 pointers to
// them.
template <typename T>
T Compute(Op op, ValueType type, Kind dest, Kind left, Kind right, T left_value, T right_value) {
  Machine m;
  m.Begin(0, "compute", 2, sizeof(T));
  m.b.EmitImmediate(Op::kLea, Slot(3), 0, static_cast<int32_t>(Slot(0) - 4));
  m.b.EmitImmediate(Op::kLea, Slot(4), 0, static_cast<int32_t>(Slot(1) - 4));
  if (left == Kind::kAccumulator) m.b.Emit(FetchOp(type), Slot(0));
  if (right == Kind::kAccumulator) m.b.Emit(FetchOp(type), Slot(1));
  uint32_t result = Slot(2);
  if (dest == Kind::kMemory) {
    result = Slot(0);
    if (right == Kind::kConstant) {
      m.b.EmitImmediate(op, Slot(3), 4, ImmediateOf(right_value));
    } else {
      m.b.Emit(op, Slot(3), 4, Slot(1));
    }
  } else if (right == Kind::kConstant) {
    m.b.EmitImmediate(op, Slot(2), Slot(0), ImmediateOf(right_value));
  } else if (left == Kind::kConstant) {
    m.b.EmitImmediate(op, Slot(2), Slot(1), ImmediateOf(left_value));
  } else if (left == Kind::kMemory) {
    m.b.Emit(op, Slot(2), Slot(3), 4, Slot(1));
  } else if (right == Kind::kMemory) {
    m.b.Emit(op, Slot(2), Slot(0), Slot(4), 4);
  } else {
    m.b.Emit(op, Slot(2), Slot(0), Slot(1));
  }
  if (dest == Kind::kAccumulator) m.b.Emit(StoreAccumulatorOp(type), Slot(2));
  m.b.Emit(ReturnOp(sizeof(T)), result);
  m.End(5);
  m.Load();
  return m.Run<T>(0, {Arg(left_value), Arg(right_value)});
}

// Checks all rows of a family that exist for a type.
template <typename T>
int CheckForms(BinaryFamily family, ValueType type, T left, T right, T wanted) {
  int forms = 0;
  for (Kind dest : kAllKinds) {
    for (Kind left_kind : kAllKinds) {
      for (Kind right_kind : kAllKinds) {
        const Op op = SelectBinary(family, type, dest, left_kind, right_kind);
        if (op == Op::kNone) continue;
        CAPTURE(NameOf(op));
        CHECK(Compute(op, type, dest, left_kind, right_kind, left, right) == wanted);
        ++forms;
      }
    }
  }
  return forms;
}

template <typename From, typename To>
To Convert(ValueType from, ValueType to, From value) {
  Machine m;
  m.Begin(0, "cast", 1, sizeof(To));
  m.b.Emit(SelectCast(from, to), Slot(1), Slot(0));
  m.b.Emit(ReturnOp(sizeof(To)), Slot(1));
  m.End(2);
  m.Load();
  return m.Run<To>(0, {Arg(value)});
}

}  // namespace vestige::exec

#endif  // VESTIGE_TESTS_UNIT_EXEC_FORMS_H_
