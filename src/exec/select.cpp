// Finding operations by what they do: tables expanded from the rows of operations.def.
#include <array>
#include <cstddef>

#include "exec/operation.h"

namespace vestige::exec {

namespace {

// Enumerators by the letters and words of operations.def.
constexpr OperandKind kF = OperandKind::kFrame;
constexpr OperandKind kK = OperandKind::kConstant;
constexpr OperandKind kA = OperandKind::kAccumulator;
constexpr OperandKind kM = OperandKind::kMemory;

constexpr size_t kTypes = static_cast<size_t>(ValueType::kNone);
constexpr size_t kKinds = 4;
constexpr size_t kBinaryFamilies = static_cast<size_t>(BinaryFamily::kRotr) + 1;
constexpr size_t kCompareFamilies = static_cast<size_t>(CompareFamily::kNge) + 1;

template <typename E>
constexpr size_t Index(E e) {
  return static_cast<size_t>(e);
}

using BinaryTable = std::array<Op, kBinaryFamilies * kTypes * kKinds * kKinds * kKinds>;
using CompareTable = std::array<Op, kCompareFamilies * kTypes * kKinds * kKinds>;
using CastTable = std::array<Op, kTypes * kTypes>;

constexpr size_t BinaryIndex(BinaryFamily family, ValueType type, OperandKind dest, OperandKind left,
                             OperandKind right) {
  return (((Index(family) * kTypes + Index(type)) * kKinds + Index(dest)) * kKinds + Index(left)) * kKinds +
         Index(right);
}
constexpr size_t CompareIndex(CompareFamily family, ValueType type, OperandKind left, OperandKind right) {
  return ((Index(family) * kTypes + Index(type)) * kKinds + Index(left)) * kKinds + Index(right);
}
constexpr size_t CastIndex(ValueType from, ValueType to) { return Index(from) * kTypes + Index(to); }

template <typename Table>
constexpr Table Empty() {
  Table table{};
  for (Op& op : table) op = Op::kNone;
  return table;
}

constexpr BinaryTable kBinary = [] {
  auto table = Empty<BinaryTable>();
#define VESTIGE_OP(...)
#define VESTIGE_BINARY(Family, Type, Dest, Left, Right)                                         \
  table[BinaryIndex(BinaryFamily::k##Family, ValueType::k##Type, k##Dest, k##Left, k##Right)] = \
      Op::k##Family##Type##_##Dest##Left##Right;
#include "exec/operations.def"
  return table;
}();

constexpr CompareTable kCompare = [] {
  auto table = Empty<CompareTable>();
#define VESTIGE_OP(...)
#define VESTIGE_COMPARE(Family, Type, Left, Right)                                       \
  table[CompareIndex(CompareFamily::k##Family, ValueType::k##Type, k##Left, k##Right)] = \
      Op::k##Family##Type##_##Left##Right;
#include "exec/operations.def"
  return table;
}();

constexpr CompareTable kBranch = [] {
  auto table = Empty<CompareTable>();
#define VESTIGE_OP(...)
#define VESTIGE_BRANCH(Family, Type, Left, Right)                                        \
  table[CompareIndex(CompareFamily::k##Family, ValueType::k##Type, k##Left, k##Right)] = \
      Op::kJump##Family##Type##_##Left##Right;
#include "exec/operations.def"
  return table;
}();

constexpr CompareTable kLoopBranch = [] {
  auto table = Empty<CompareTable>();
#define VESTIGE_OP(...)
#define VESTIGE_LOOP(Family, Type, Left, Right)                                          \
  table[CompareIndex(CompareFamily::k##Family, ValueType::k##Type, k##Left, k##Right)] = \
      Op::kLoop##Family##Type##_##Left##Right;
#include "exec/operations.def"
  return table;
}();

constexpr CastTable kCast = [] {
  auto table = Empty<CastTable>();
#define VESTIGE_OP(...)
#define VESTIGE_CAST(From, To) table[CastIndex(ValueType::k##From, ValueType::k##To)] = Op::kCast##From##_##To;
#include "exec/operations.def"
  return table;
}();

// The type with the same bits whose sign is not looked at.
constexpr ValueType Signless(ValueType type) {
  switch (type) {
    case ValueType::kU8:
      return ValueType::kI8;
    case ValueType::kU16:
      return ValueType::kI16;
    case ValueType::kU32:
      return ValueType::kI32;
    case ValueType::kU64:
      return ValueType::kI64;
    default:
      return type;
  }
}

constexpr bool SignMatters(BinaryFamily family) {
  return family == BinaryFamily::kDiv || family == BinaryFamily::kMod || family == BinaryFamily::kShr;
}
constexpr bool SignMatters(CompareFamily family) { return family >= CompareFamily::kLt; }

Op FindCompare(const CompareTable& table, CompareFamily family, ValueType type, OperandKind left, OperandKind right) {
  if (type == ValueType::kNone) return Op::kNone;
  if (!SignMatters(family)) type = Signless(type);
  return table[CompareIndex(family, type, left, right)];
}

constexpr uint32_t SizeOf(ValueType type) {
  switch (type) {
    case ValueType::kI8:
    case ValueType::kU8:
      return 1;
    case ValueType::kI16:
    case ValueType::kU16:
      return 2;
    case ValueType::kI32:
    case ValueType::kU32:
    case ValueType::kF32:
      return 4;
    default:
      return 8;
  }
}
constexpr bool IsFloat(ValueType type) { return type == ValueType::kF32 || type == ValueType::kF64; }

}  // namespace

ValueType ValueTypeOf(const types::Type* type) {
  using types::Kind;
  switch (type->kind) {
    case Kind::kBool:
    case Kind::kInt8:
      return ValueType::kI8;
    case Kind::kUInt8:
      return ValueType::kU8;
    case Kind::kInt16:
      return ValueType::kI16;
    case Kind::kUInt16:
      return ValueType::kU16;
    case Kind::kInt:
      return ValueType::kI32;
    case Kind::kUInt:
      return ValueType::kU32;
    case Kind::kInt64:
      return ValueType::kI64;
    case Kind::kUInt64:
      return ValueType::kU64;
    case Kind::kFloat:
      return ValueType::kF32;
    case Kind::kDouble:
      return ValueType::kF64;
    case Kind::kEnum:
      return type->enum_info != nullptr && type->enum_info->storage != nullptr ? ValueTypeOf(type->enum_info->storage)
                                                                               : ValueType::kI32;
    case Kind::kBitfield:
      return type->element != nullptr ? ValueTypeOf(type->element) : ValueType::kU32;
    case Kind::kDistinct:
      return ValueTypeOf(type->element);
    case Kind::kPointer:
    case Kind::kFunction:
    case Kind::kLambda:
    case Kind::kIterator:
    case Kind::kNull:
      return ValueType::kI64;
    default:
      return ValueType::kNone;
  }
}

Op SelectBinary(BinaryFamily family, ValueType type, OperandKind dest, OperandKind left, OperandKind right) {
  if (type == ValueType::kNone) return Op::kNone;
  if (!SignMatters(family)) type = Signless(type);
  return kBinary[BinaryIndex(family, type, dest, left, right)];
}

Op SelectCompare(CompareFamily family, ValueType type, OperandKind left, OperandKind right) {
  return FindCompare(kCompare, family, type, left, right);
}

Op SelectBranch(CompareFamily family, ValueType type, OperandKind left, OperandKind right) {
  return FindCompare(kBranch, family, type, left, right);
}

Op SelectLoopBranch(CompareFamily family, ValueType type, OperandKind left, OperandKind right) {
  return FindCompare(kLoopBranch, family, type, left, right);
}

Op SelectCast(ValueType from, ValueType to) {
  if (from == ValueType::kNone || to == ValueType::kNone) return Op::kNone;
  if (from == to) return MoveOp(SizeOf(from));
  if (!IsFloat(from) && !IsFloat(to) && SizeOf(to) <= SizeOf(from)) return MoveOp(SizeOf(to));
  if (const Op op = kCast[CastIndex(from, to)]; op != Op::kNone) return op;
  // A wider integer of the other sign has the same bits; floats go to small integers through int: the caller moves the
  // low bytes of the result.
  if (!IsFloat(to) && SizeOf(to) >= 2) return kCast[CastIndex(from, Signless(to))];
  return Op::kNone;
}

namespace {

// One of the six sizes of a family of operations, in the order of its rows; `step` rows lie between two sizes.
Op BySize(Op first, uint32_t bytes, uint32_t step) {
  constexpr uint32_t kSizes[] = {1, 2, 4, 8, 12, 16};
  for (uint32_t i = 0; i < 6; ++i) {
    if (kSizes[i] == bytes) return static_cast<Op>(static_cast<uint32_t>(first) + i * step);
  }
  return Op::kNone;
}
static_assert(Index(Op::kMove16) - Index(Op::kMove1) == 5);
static_assert(Index(Op::kLoad16) - Index(Op::kLoad1) == 10 && Index(Op::kLoadChecked1) - Index(Op::kLoad1) == 1);
static_assert(Index(Op::kStore16) - Index(Op::kStore1) == 10 && Index(Op::kStoreChecked1) - Index(Op::kStore1) == 1);
static_assert(Index(Op::kLoadGlobal16) - Index(Op::kLoadGlobal1) == 10);
static_assert(Index(Op::kStoreGlobal16) - Index(Op::kStoreGlobal1) == 10);

}  // namespace

Op MoveOp(uint32_t bytes) { return BySize(Op::kMove1, bytes, 1); }
Op LoadOp(uint32_t bytes, bool checked) { return BySize(checked ? Op::kLoadChecked1 : Op::kLoad1, bytes, 2); }
Op StoreOp(uint32_t bytes, bool checked) { return BySize(checked ? Op::kStoreChecked1 : Op::kStore1, bytes, 2); }
Op LoadGlobalOp(uint32_t bytes) { return BySize(Op::kLoadGlobal1, bytes, 2); }
Op StoreGlobalOp(uint32_t bytes) { return BySize(Op::kStoreGlobal1, bytes, 2); }

Op ReturnOp(uint32_t bytes) {
  switch (bytes) {
    case 0:
      return Op::kReturnVoid;
    case 1:
      return Op::kReturn1;
    case 2:
      return Op::kReturn2;
    case 4:
      return Op::kReturn4;
    case 8:
      return Op::kReturn8;
    case 12:
      return Op::kReturn12;
    case 16:
      return Op::kReturn16;
    default:
      return Op::kNone;
  }
}

}  // namespace vestige::exec
