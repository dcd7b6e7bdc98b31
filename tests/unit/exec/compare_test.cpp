// Comparisons and branches: every row, against what C++ says, NaN and signs included.
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "doctest/doctest.h"
#include "machine.h"

namespace vestige::exec {
namespace {

using Kind = OperandKind;

template <typename T>
bool Holds(CompareFamily family, T left, T right) {
  switch (family) {
    case CompareFamily::kEq:
      return left == right;
    case CompareFamily::kNe:
      return left != right;
    case CompareFamily::kLt:
      return left < right;
    case CompareFamily::kLe:
      return left <= right;
    case CompareFamily::kGt:
      return left > right;
    case CompareFamily::kGe:
      return left >= right;
    case CompareFamily::kNlt:
      return !(left < right);
    case CompareFamily::kNle:
      return !(left <= right);
    case CompareFamily::kNgt:
      return !(left > right);
    case CompareFamily::kNge:
      return !(left >= right);
  }
  return false;
}

constexpr CompareFamily kFamilies[] = {
    CompareFamily::kEq, CompareFamily::kNe,  CompareFamily::kLt,  CompareFamily::kLe,  CompareFamily::kGt,
    CompareFamily::kGe, CompareFamily::kNlt, CompareFamily::kNle, CompareFamily::kNgt, CompareFamily::kNge};

template <typename T>
int32_t Constant(T value) {
  if constexpr (std::is_floating_point_v<T>) return std::bit_cast<int32_t>(static_cast<float>(value));
  return static_cast<int32_t>(value);
}

// A program that returns whether the comparison held.
template <typename T>
bool RunCompare(Op op, Kind right_kind, T left, T right) {
  Machine m;
  m.Begin(0, "compare", 2, 1);
  if (right_kind == Kind::kFrame) {
    m.b.Emit(op, Slot(2), Slot(0), Slot(1));
  } else {
    m.b.EmitImmediate(op, Slot(2), Slot(0), Constant(right));
  }
  m.b.Emit(Op::kReturn1, Slot(2));
  m.End(3);
  m.Load();
  return m.Run<bool>(0, {Arg(left), Arg(right)});
}

void EmitFetch(Machine& m, ValueType type) {
  switch (type) {
    case ValueType::kF32:
      m.b.Emit(Op::kFetchAF32, Slot(0));
      break;
    case ValueType::kF64:
      m.b.Emit(Op::kFetchAF64, Slot(0));
      break;
    default:
      m.b.Emit(Op::kFetchAI64, Slot(0));
      break;
  }
}

template <typename T>
bool RunBranch(Op op, ValueType type, Kind left_kind, Kind right_kind, T left, T right) {
  Machine m;
  m.Begin(0, "branch", 2, 1);
  if (left_kind == Kind::kAccumulator) EmitFetch(m, type);
  const uint32_t a = left_kind == Kind::kAccumulator ? 0 : Slot(0);
  const uint32_t b = right_kind == Kind::kFrame ? Slot(1) : static_cast<uint16_t>(static_cast<int16_t>(right));
  const uint32_t jump = m.Jump(op, a, b);
  m.b.EmitImmediate(Op::kReturnK1, 0, 0, 0);
  m.b.PatchJumpToHere(jump);
  m.b.EmitImmediate(Op::kReturnK1, 0, 0, 1);
  m.End(3);
  m.Load();
  return m.Run<bool>(0, {Arg(left), Arg(right)});
}

// All rows of a type over all pairs of values; constants must fit 16 bits and be exact. Returns how many rows there
// are.
template <typename T>
int CheckType(ValueType type, const std::vector<T>& values) {
  int rows = 0;
  for (CompareFamily family : kFamilies) {
    for (Kind right_kind : {Kind::kFrame, Kind::kConstant}) {
      const Op compare = SelectCompare(family, type, Kind::kFrame, right_kind);
      rows += compare != Op::kNone;
      for (T left : values) {
        for (T right : values) {
          if (right_kind == Kind::kConstant && right != right) continue;
          CAPTURE(left);
          CAPTURE(right);
          CAPTURE(NameOf(compare));
          if (compare != Op::kNone) CHECK(RunCompare(compare, right_kind, left, right) == Holds(family, left, right));
          for (Kind left_kind : {Kind::kFrame, Kind::kAccumulator}) {
            for (const Op branch : {SelectBranch(family, type, left_kind, right_kind),
                                    SelectLoopBranch(family, type, left_kind, right_kind)}) {
              if (branch == Op::kNone) continue;
              CAPTURE(NameOf(branch));
              CHECK(RunBranch(branch, type, left_kind, right_kind, left, right) == Holds(family, left, right));
            }
          }
        }
      }
    }
  }
  return rows;
}

TEST_CASE("integers compare with their sign") {
  CHECK(CheckType<int32_t>(ValueType::kI32, {-5, 0, 7}) == 12);
  CHECK(CheckType<uint32_t>(ValueType::kU32, {0xFFFFFFFBu, 0, 7}) == 12);
  CHECK(CheckType<int64_t>(ValueType::kI64, {-5, 0, 7}) == 12);
  CHECK(CheckType<uint64_t>(ValueType::kU64, {~uint64_t{4}, 0, 7}) == 12);
  CHECK(CheckType<int8_t>(ValueType::kI8, {-5, 0, 7}) == 4);
  CHECK(CheckType<uint8_t>(ValueType::kU8, {0, 7}) == 4);
  CHECK(CheckType<int16_t>(ValueType::kI16, {-5, 0, 7}) == 4);
}

TEST_CASE("floats compare as IEEE says; negated branches are not the opposite comparison") {
  const float nan = std::nanf("");
  CHECK(CheckType<float>(ValueType::kF32, {-5, 0, 7, nan}) == 12);
  CHECK(CheckType<double>(ValueType::kF64, {-5, 0, 7, std::nan("")}) == 12);
}

TEST_CASE("wide values compare by bytes") {
  for (Op op : {Op::kEqBytes, Op::kNeBytes}) {
    Machine m;
    m.Begin(0, "f", 4, 1);
    m.b.Emit(op, Slot(4), Slot(0), 12, Slot(2));
    m.b.Emit(Op::kReturn1, Slot(4));
    m.End(5);
    m.Load();
    const bool equal = op == Op::kEqBytes;
    // The last 4 of 16 bytes do not count.
    CHECK(m.Run<bool>(0, {Arg(int64_t{1}), Arg(int64_t{2}), Arg(int64_t{1}), Arg(int64_t{2} | int64_t{9} << 32)}) ==
          equal);
    CHECK(m.Run<bool>(0, {Arg(int64_t{1}), Arg(int64_t{2}), Arg(int64_t{1}), Arg(int64_t{3})}) != equal);
  }
}

TEST_CASE("bools and null decide jumps") {
  struct Case {
    Op op;
    uint64_t value;
    bool jumps;
  };
  for (const Case& c : {Case{Op::kJumpIf, 1, true}, Case{Op::kJumpIf, 0, false}, Case{Op::kJumpIfNot, 0, true},
                        Case{Op::kJumpIfNot, 1, false}, Case{Op::kLoopIf, 1, true}, Case{Op::kLoopIf, 0, false},
                        Case{Op::kJumpNull, 0, true}, Case{Op::kJumpNull, 8, false}, Case{Op::kJumpNotNull, 8, true},
                        Case{Op::kJumpIfA, 1, true}, Case{Op::kJumpIfA, 0, false}, Case{Op::kJumpIfNotA, 0, true}}) {
    CAPTURE(NameOf(c.op));
    Machine m;
    m.Begin(0, "f", 1, 1);
    m.b.Emit(Op::kFetchAI64, Slot(0));
    m.b.Emit(Op::kPoll);
    const uint32_t jump = m.Jump(c.op, Slot(0));
    m.b.EmitImmediate(Op::kReturnK1, 0, 0, 0);
    m.b.PatchJumpToHere(jump);
    m.b.EmitImmediate(Op::kReturnK1, 0, 0, 1);
    m.End(1);
    m.Load();
    CHECK(m.Run<bool>(0, {Arg(c.value)}) == c.jumps);
  }
}

}  // namespace
}  // namespace vestige::exec
