// Arithmetic on scalars: forms by operand kind, accumulator chains, compound assignment, steps. Floor 5.

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using exec::BinaryFamily;
using exec::OperandKind;
using exec::ValueType;
using sema::BinaryOp;
using sema::TExpr;

namespace {

bool IsCommutative(BinaryFamily family) {
  switch (family) {
    case BinaryFamily::kAdd:
    case BinaryFamily::kMul:
    case BinaryFamily::kAnd:
    case BinaryFamily::kOr:
    case BinaryFamily::kXor:
      return true;
    default:
      return false;
  }
}

// Rows exist for signed types where the sign does not matter; the right side of shifts is 32 bits wide.
bool IsShift(BinaryFamily family) { return family >= BinaryFamily::kShl; }

bool FitsAccumulator(ValueType type) { return type >= ValueType::kI32 && type != ValueType::kNone; }

// The immediate that stands for constant `bits` of `type`.
bool AsImmediate(uint64_t bits, ValueType type, int32_t* immediate) {
  switch (type) {
    case ValueType::kF64: {
      const float narrow = static_cast<float>(std::bit_cast<double>(bits));
      if (std::bit_cast<uint64_t>(static_cast<double>(narrow)) != bits) return false;
      *immediate = std::bit_cast<int32_t>(narrow);
      return true;
    }
    case ValueType::kI64:
    case ValueType::kU64: {
      const auto value = static_cast<int64_t>(bits);
      *immediate = static_cast<int32_t>(value);
      return *immediate == value;
    }
    default:
      *immediate = static_cast<int32_t>(bits);
      return true;
  }
}

}  // namespace

bool FunctionLowering::AsLeaf(const TExpr* expr, ValueType type, Leaf* leaf) {
  if (expr->kind == sema::ExprKind::kConst) {
    leaf->kind = OperandKind::kConstant;
    return AsImmediate(static_cast<const sema::TConst*>(expr)->bits[0], type, &leaf->constant);
  }
  Operand pinned;
  if (!pinned_.empty() && FindPinned(expr, &pinned)) {
    *leaf = LeafOf(pinned);
    return pinned.is_frame();
  }
  Place place;
  if (!DirectPlace(expr, &place) || place.checked) return false;
  if (place.in_frame()) {
    *leaf = {OperandKind::kFrame, place.slot, 0, 0};
    return true;
  }
  if (!place.by_pointer() || place.offset < 0 || place.offset > 0xffff) return false;
  *leaf = {OperandKind::kMemory, place.slot, static_cast<uint32_t>(place.offset), 0};
  return true;
}

FunctionLowering::Leaf FunctionLowering::LeafOf(const Operand& operand) {
  if (operand.is_acc()) return {OperandKind::kAccumulator, kNoSlot, 0, 0};
  return {OperandKind::kFrame, operand.slot, 0, 0};
}

bool FunctionLowering::EmitBinary(BinaryFamily family, ValueType type, SlotOffset target, const Leaf& left,
                                  const Leaf& right) {
  const OperandKind dest = target == kNoSlot ? OperandKind::kAccumulator : OperandKind::kFrame;
  const Op op = exec::SelectBinary(family, type, dest, left.kind, right.kind);
  if (op == Op::kNone) return false;
  const uint32_t a = target == kNoSlot ? 0 : target;
  const uint32_t b = left.kind == OperandKind::kAccumulator || left.kind == OperandKind::kConstant ? 0 : left.slot;
  const uint32_t c = left.kind == OperandKind::kMemory ? left.offset : 0;
  switch (right.kind) {
    case OperandKind::kConstant:
      EmitImmediate(op, a, b, right.constant);
      return true;
    case OperandKind::kMemory:
      Emit(op, a, b, right.slot, right.offset);
      return true;
    case OperandKind::kAccumulator:
      Emit(op, a, b, c);
      return true;
    case OperandKind::kFrame:
      break;
  }
  if (left.kind == OperandKind::kMemory) {
    Emit(op, a, b, c, right.slot);
  } else if (left.kind == OperandKind::kConstant) {
    EmitImmediate(op, a, right.slot, left.constant);
  } else {
    Emit(op, a, b, right.slot);
  }
  return true;
}

Operand FunctionLowering::EvalScalar(BinaryFamily family, ValueType type, const TExpr* left, const TExpr* right,
                                     const types::Type* result, const Want& want, base::Location location) {
  const bool accs = FitsAccumulator(type);
  const bool to_acc = want.acc && want.slot == kNoSlot && accs;
  const SlotOffset target = to_acc ? kNoSlot : Target(want, result);
  const SlotOffset mark = Mark();
  const bool has_memory = exec::SelectBinary(family, type, OperandKind::kFrame, OperandKind::kAccumulator,
                                             OperandKind::kMemory) != Op::kNone;
  const ValueType right_type = IsShift(family) ? ValueType::kI32 : type;
  const auto usable = [&](const Leaf& leaf) {
    return leaf.kind == OperandKind::kFrame || (leaf.kind == OperandKind::kConstant && accs) ||
           (leaf.kind == OperandKind::kMemory && has_memory);
  };
  Leaf l, r;
  bool left_is_leaf = AsLeaf(left, type, &l) && usable(l);
  bool right_is_leaf = AsLeaf(right, right_type, &r) && usable(r);
  if (left_is_leaf && right_is_leaf) {
    // No operation takes these pairs; the one that is loaded goes through the accumulator.
    if (l.kind != OperandKind::kFrame && r.kind == OperandKind::kConstant) left_is_leaf = false;
    if (l.kind == OperandKind::kMemory && r.kind == OperandKind::kMemory) left_is_leaf = false;
    if (l.kind == OperandKind::kConstant && r.kind == OperandKind::kMemory) right_is_leaf = false;
  }
  if (!left_is_leaf) {
    if (right_is_leaf) {
      const Operand operand = Eval(left, {.acc = accs});
      l = LeafOf(operand.is_const() ? Operand::Frame(Materialize(operand, left->type)) : operand);
    } else {
      l = LeafOf(Operand::Frame(StableSlot(left, right)));
    }
  } else if (!right_is_leaf && l.kind != OperandKind::kConstant && !left->type->is_const() && !IsQuiet(right)) {
    // The operation reads its operands when it runs: the left one must not change before.
    const SlotOffset copy = TakeTemp(8);
    ValueTo(left, copy, true);
    l = LeafOf(Operand::Frame(copy));
  }
  if (!right_is_leaf) {
    const bool takes_acc = accs && right->type->size() >= 4 && (l.kind == OperandKind::kFrame || IsCommutative(family));
    const Operand operand = Eval(right, {.acc = takes_acc});
    r = LeafOf(operand.is_const() ? Operand::Frame(Materialize(operand, right->type)) : operand);
  }
  const bool swaps = IsCommutative(family) && (r.kind == OperandKind::kAccumulator ? l.kind != OperandKind::kFrame
                                                                                   : l.kind == OperandKind::kConstant);
  if (swaps) std::swap(l, r);
  At(location);
  Release(mark);
  [[maybe_unused]] const bool emitted = EmitBinary(family, type, target, l, r);
  assert(emitted);
  return to_acc ? Operand::Acc() : Operand::Frame(target);
}

namespace {

// kMulAdd..._FF of `type`; the forms FA, AF and AA follow it. kNone when there is none.
Op MultiplyAddOp(ValueType type) {
  switch (type) {
    case ValueType::kI32:
    case ValueType::kU32:
      return Op::kMulAddI32_FF;
    case ValueType::kI64:
    case ValueType::kU64:
      return Op::kMulAddI64_FF;
    case ValueType::kF32:
      return Op::kMulAddF32_FF;
    case ValueType::kF64:
      return Op::kMulAddF64_FF;
    default:
      return Op::kNone;
  }
}

const sema::TBinary* ProductOf(const TExpr* expr) {
  const auto* product = static_cast<const sema::TBinary*>(expr);
  if (expr->kind != sema::ExprKind::kBinary || product->op != BinaryOp::kMul) return nullptr;
  return product->left->type->unqualified == product->right->type->unqualified ? product : nullptr;
}

}  // namespace

bool FunctionLowering::FactorsOf(const TExpr* expr, ValueType type, Leaf* left, Leaf* right) {
  const sema::TBinary* product = ProductOf(expr);
  return product != nullptr && AsLeaf(product->left, type, left) && left->kind == OperandKind::kFrame &&
         AsLeaf(product->right, type, right) && right->kind == OperandKind::kFrame;
}

bool FunctionLowering::TryMultiplyAddTo(SlotOffset slot, const TExpr* value, ValueType type) {
  Leaf x, y;
  const Op op = MultiplyAddOp(type);
  if (op == Op::kNone || !FactorsOf(value, type, &x, &y)) return false;
  Emit(op, slot, x.slot, y.slot, slot);
  return true;
}

bool FunctionLowering::TryMultiplyAdd(const sema::TBinary* node, const Want& want, Operand* result) {
  const ValueType type = exec::ValueTypeOf(node->type);
  const Op op = MultiplyAddOp(type);
  Leaf x, y, z;
  if (op == Op::kNone) return false;
  const TExpr* addend = node->left;
  if (!FactorsOf(node->right, type, &x, &y)) {
    addend = node->right;
    if (!FactorsOf(node->left, type, &x, &y)) return false;
  }
  const bool is_leaf = AsLeaf(addend, type, &z) && z.kind == OperandKind::kFrame;
  if (!is_leaf && !IsQuiet(addend)) return false;
  const bool to_acc = want.acc && want.slot == kNoSlot;
  const SlotOffset target = to_acc ? 0 : Target(want, node->type);
  const SlotOffset mark = Mark();
  if (!is_leaf) {
    const Operand operand = Eval(addend, {.acc = true});
    z = LeafOf(operand.is_const() ? Operand::Frame(Materialize(operand, addend->type)) : operand);
  }
  Release(mark);
  const bool from_acc = z.kind == OperandKind::kAccumulator;
  const uint32_t form = static_cast<uint32_t>(op) + (to_acc ? 2 : 0) + (from_acc ? 1 : 0);
  Emit(static_cast<Op>(form), target, x.slot, y.slot, from_acc ? 0 : z.slot);
  *result = to_acc ? Operand::Acc() : Operand::Frame(target);
  return true;
}

static BinaryFamily FamilyOf(BinaryOp op) { return static_cast<BinaryFamily>(op); }
static_assert(static_cast<int>(BinaryOp::kRotr) == static_cast<int>(BinaryFamily::kRotr));
static_assert(static_cast<int>(BinaryOp::kAnd) == static_cast<int>(BinaryFamily::kAnd));

Operand FunctionLowering::EvalBinary(const sema::TBinary* node, const Want& want) {
  const types::Type* left = node->left->type;
  if (node->op >= BinaryOp::kEq && node->op <= BinaryOp::kGe) return EvalCompare(node, want);
  if (node->op == BinaryOp::kLogicXor) {
    const SlotOffset target = Target(want, node->type);
    const SlotOffset mark = Mark();
    const SlotOffset a = StableSlot(node->left, node->right);
    const SlotOffset b = SlotFor(node->right);
    Release(mark);
    Emit(Op::kXorBool, target, a, b);
    return Operand::Frame(target);
  }
  if (left->kind == types::Kind::kString) return EvalConcat(node, want);
  if (left->kind == types::Kind::kPointer) return EvalPointerArithmetic(node, want);
  if (left->is_vector() || left->is_range() || node->type->is_vector()) return EvalVectorBinary(node, want);
  const ValueType type = exec::ValueTypeOf(left);
  if (node->op == BinaryOp::kMod && type >= ValueType::kF32) {
    const SlotOffset target = Target(want, node->type);
    const SlotOffset mark = Mark();
    const SlotOffset a = StableSlot(node->left, node->right);
    const SlotOffset b = SlotFor(node->right);
    Release(mark);
    Emit(type == ValueType::kF32 ? Op::kModF32 : Op::kModF64, target, a, b);
    return Operand::Frame(target);
  }
  Operand result;
  if (node->op == BinaryOp::kAdd && TryMultiplyAdd(node, want, &result)) return result;
  return EvalScalar(FamilyOf(node->op), type, node->left, node->right, node->type, want, node->location);
}

Operand FunctionLowering::EvalPointerArithmetic(const sema::TBinary* node, const Want& want) {
  const types::Type* pointer = node->left->type;
  const uint32_t stride = std::max(pointer->element->size(), 1u);
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset base = StableSlot(node->left, node->right);
  SlotOffset index = SlotFor(node->right);
  if (node->right->type->kind == types::Kind::kPointer) {
    Release(mark);
    Emit(Op::kPointerDifference, target, base, index, stride);
    return Operand::Frame(target);
  }
  const bool wide = node->right->type->size() == 8;
  if (node->op == BinaryOp::kSub) {
    const SlotOffset negated = TakeTemp(8);
    Emit(wide ? Op::kNegI64 : Op::kNegI32, negated, index);
    index = negated;
  }
  Release(mark);
  Emit(wide ? Op::kPointerAdd64 : Op::kPointerAdd32, target, base, index, stride);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalUnary(const sema::TUnary* node, const Want& want) {
  const types::Type* type = node->operand->type;
  if (node->op == sema::UnaryOp::kPlus) return Eval(node->operand, want);
  if (type->is_vector()) return EvalVectorUnary(node, want);
  const ValueType value = exec::ValueTypeOf(type);
  Op op = Op::kNone;
  if (node->op == sema::UnaryOp::kNot) {
    op = Op::kNotBool;
  } else if (node->op == sema::UnaryOp::kNegate) {
    op = value == ValueType::kF32   ? Op::kNegF32
         : value == ValueType::kF64 ? Op::kNegF64
         : type->size() == 8        ? Op::kNegI64
                                    : Op::kNegI32;
  } else {
    op = type->size() == 1   ? Op::kBitNotI8
         : type->size() == 2 ? Op::kBitNotI16
         : type->size() == 4 ? Op::kBitNotI32
                             : Op::kBitNotI64;
  }
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset operand = SlotFor(node->operand);
  Release(mark);
  Emit(op, target, operand);
  return want.acc && want.slot == kNoSlot && type->size() >= 4 ? Operand::Acc() : Operand::Frame(target);
}

}  // namespace vestige::lower
