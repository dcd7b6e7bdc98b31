// Conditions as control flow, comparisons as values. Floor 5.

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using exec::CompareFamily;
using exec::OperandKind;
using exec::ValueType;
using sema::BinaryOp;
using sema::ExprKind;
using sema::TExpr;

namespace {

CompareFamily CompareFamilyOf(BinaryOp op) {
  return static_cast<CompareFamily>(static_cast<int>(op) - static_cast<int>(BinaryOp::kEq));
}
static_assert(static_cast<int>(BinaryOp::kGe) - static_cast<int>(BinaryOp::kEq) ==
              static_cast<int>(CompareFamily::kGe));

// a op b == b Mirrored(op) a.
CompareFamily Mirrored(CompareFamily family) {
  switch (family) {
    case CompareFamily::kLt:
      return CompareFamily::kGt;
    case CompareFamily::kLe:
      return CompareFamily::kGe;
    case CompareFamily::kGt:
      return CompareFamily::kLt;
    case CompareFamily::kGe:
      return CompareFamily::kLe;
    default:
      return family;
  }
}

// The family that holds exactly when `family` does not.
CompareFamily Negated(CompareFamily family, ValueType type) {
  const bool floats = type >= ValueType::kF32;
  switch (family) {
    case CompareFamily::kEq:
      return CompareFamily::kNe;
    case CompareFamily::kNe:
      return CompareFamily::kEq;
    case CompareFamily::kLt:
      return floats ? CompareFamily::kNlt : CompareFamily::kGe;
    case CompareFamily::kLe:
      return floats ? CompareFamily::kNle : CompareFamily::kGt;
    case CompareFamily::kGt:
      return floats ? CompareFamily::kNgt : CompareFamily::kLe;
    default:
      return floats ? CompareFamily::kNge : CompareFamily::kLt;
  }
}

bool IsCompare(const TExpr* expr) {
  if (expr->kind != ExprKind::kBinary) return false;
  const BinaryOp op = static_cast<const sema::TBinary*>(expr)->op;
  return op >= BinaryOp::kEq && op <= BinaryOp::kGe;
}

// The 16-bit operand that stands for a constant in a branch.
bool AsBranchConstant(uint64_t bits, ValueType type, uint16_t* operand) {
  int64_t value = 0;
  if (type == ValueType::kF32 || type == ValueType::kF64) {
    const double number =
        type == ValueType::kF32 ? std::bit_cast<float>(static_cast<uint32_t>(bits)) : std::bit_cast<double>(bits);
    if (!(number >= -32768.0 && number <= 32767.0)) return false;
    value = static_cast<int64_t>(number);
    if (static_cast<double>(value) != number || (number == 0 && std::signbit(number))) return false;
  } else if (type == ValueType::kU32) {
    value = static_cast<uint32_t>(bits);
  } else if (type == ValueType::kI32) {
    value = static_cast<int32_t>(bits);
  } else if (type == ValueType::kI8 || type == ValueType::kU8) {
    value = static_cast<int8_t>(bits);
  } else if (type == ValueType::kI16 || type == ValueType::kU16) {
    value = static_cast<int16_t>(bits);
  } else {
    value = static_cast<int64_t>(bits);
    if (type == ValueType::kU64 && value < 0) return false;
  }
  if (value < std::numeric_limits<int16_t>::min() || value > std::numeric_limits<int16_t>::max()) return false;
  *operand = static_cast<uint16_t>(value);
  return true;
}

bool IsScalarCompare(const TExpr* left) {
  return left->type->kind != types::Kind::kString && exec::ValueTypeOf(left->type) != ValueType::kNone;
}

}  // namespace

void FunctionLowering::BranchOn(const TExpr* expr, bool when, Label& label) {
  switch (expr->kind) {
    case ExprKind::kConst:
      if ((static_cast<const sema::TConst*>(expr)->bits[0] != 0) == when)
        JumpTo(label.is_bound() ? Op::kLoop : Op::kJump, 0, 0, label);
      return;
    case ExprKind::kUnary: {
      const auto* node = static_cast<const sema::TUnary*>(expr);
      if (node->op == sema::UnaryOp::kNot) return BranchOn(node->operand, !when, label);
      break;
    }
    case ExprKind::kLogic: {
      const auto* node = static_cast<const sema::TLogic*>(expr);
      if (node->is_and != when) {
        // Either side decides: `a && b` is false as soon as one is, `a || b` true.
        BranchOn(node->left, when, label);
        BranchOn(node->right, when, label);
      } else {
        Label past;
        BranchOn(node->left, !when, past);
        BranchOn(node->right, when, label);
        Bind(past);
      }
      return;
    }
    case ExprKind::kBinary:
      if (IsCompare(expr) && BranchOnCompare(static_cast<const sema::TBinary*>(expr), when, label)) return;
      break;
    default:
      break;
  }
  const SlotOffset mark = Mark();
  const bool backward = label.is_bound();
  const Operand value = Eval(expr, {.acc = !backward});
  Release(mark);
  if (value.is_const()) {
    if ((value.bits != 0) == when) JumpTo(backward ? Op::kLoop : Op::kJump, 0, 0, label);
  } else if (value.is_acc()) {
    JumpTo(when ? Op::kJumpIfA : Op::kJumpIfNotA, 0, 0, label);
  } else if (!backward) {
    JumpTo(when ? Op::kJumpIf : Op::kJumpIfNot, value.slot, 0, label);
  } else if (when) {
    JumpTo(Op::kLoopIf, value.slot, 0, label);
  } else {
    Emit(Op::kPoll);
    JumpTo(Op::kJumpIfNot, value.slot, 0, label);
  }
}

bool FunctionLowering::FuseCountingBranch(CompareFamily family, ValueType type, OperandKind right_kind, uint32_t a,
                                          uint32_t b, Label& label) {
  const uint32_t last = builder_.here() - 1;
  // The addition must not be what some jump skips to the test.
  if (last_bound_word_ == builder_.here() || last <= label.word) return false;
  if (type != ValueType::kI32 && type != ValueType::kI64) return false;
  const bool is_int = type == ValueType::kI32;
  const exec::Word added = builder_.word(last);
  if (added.a != a || added.b != a) return false;
  const bool adds_one =
      builder_.OpAt(last) == (is_int ? Op::kAddI32_FFK : Op::kAddI64_FFK) && exec::Immediate(&added) == 1;
  if (adds_one && family == CompareFamily::kLt) {
    const bool is_constant = right_kind == OperandKind::kConstant;
    builder_.Truncate(last);
    At(place_);
    JumpTo(is_int ? (is_constant ? Op::kIncLessI32_FK : Op::kIncLessI32_FF)
                  : (is_constant ? Op::kIncLessI64_FK : Op::kIncLessI64_FF),
           a, b, label);
    return true;
  }
  const bool adds_slot = builder_.OpAt(last) == (is_int ? Op::kAddI32_FFF : Op::kAddI64_FFF);
  const int64_t distance = static_cast<int64_t>(label.word) - last;
  if (!adds_slot || right_kind != OperandKind::kFrame || distance < std::numeric_limits<int16_t>::min()) return false;
  if (added.c == a || (family != CompareFamily::kLt && family != CompareFamily::kLe)) return false;
  const bool is_less = family == CompareFamily::kLt;
  builder_.Truncate(last);
  At(place_);
  Emit(is_int ? (is_less ? Op::kAddLessI32 : Op::kAddLessEqualI32) : (is_less ? Op::kAddLessI64 : Op::kAddLessEqualI64),
       a, added.c, b, static_cast<uint16_t>(distance));
  return true;
}

bool FunctionLowering::BranchOnCompare(const sema::TBinary* node, bool when, Label& label) {
  if (!IsScalarCompare(node->left)) return false;
  const ValueType type = exec::ValueTypeOf(node->left->type);
  const bool backward = label.is_bound();
  const TExpr* left = node->left;
  const TExpr* right = node->right;
  CompareFamily family = CompareFamilyOf(node->op);
  if (left->kind == ExprKind::kConst && right->kind != ExprKind::kConst) {
    std::swap(left, right);
    family = Mirrored(family);
  }
  const SlotOffset mark = Mark();
  const bool accs = !backward && type >= ValueType::kI32;
  uint16_t constant = 0;
  const bool right_const = right->kind == ExprKind::kConst &&
                           AsBranchConstant(static_cast<const sema::TConst*>(right)->bits[0], type, &constant);
  OperandKind left_kind = OperandKind::kFrame;
  OperandKind right_kind = right_const ? OperandKind::kConstant : OperandKind::kFrame;
  uint32_t a = 0, b = constant;
  Leaf leaf;
  const bool right_in_frame = AsLeaf(right, type, &leaf) && leaf.kind == OperandKind::kFrame;
  if (right_const || right_in_frame) {
    if (right_in_frame) b = leaf.slot;
    const Operand value = Eval(left, {.acc = accs});
    if (value.is_acc()) left_kind = OperandKind::kAccumulator;
    if (!value.is_acc()) a = Materialize(value, left->type);
  } else if (AsLeaf(left, type, &leaf) && leaf.kind == OperandKind::kFrame &&
             (left->type->is_const() || IsQuiet(right))) {
    const Operand value = Eval(right, {.acc = accs});
    if (value.is_acc()) {
      family = Mirrored(family);
      left_kind = OperandKind::kAccumulator;
      b = leaf.slot;
    } else {
      a = leaf.slot;
      b = Materialize(value, right->type);
    }
  } else {
    a = StableSlot(left, right);
    b = SlotFor(right);
  }
  Release(mark);
  if (!when) family = Negated(family, type);
  Op op = Op::kNone;
  if (backward) {
    if (left_kind == OperandKind::kFrame && FuseCountingBranch(family, type, right_kind, a, b, label)) return true;
    op = exec::SelectLoopBranch(family, type, left_kind, right_kind);
    if (op == Op::kNone) Emit(Op::kPoll);
  }
  if (op == Op::kNone) op = exec::SelectBranch(family, type, left_kind, right_kind);
  JumpTo(op, a, b, label);
  return true;
}

Operand FunctionLowering::EvalCompare(const sema::TBinary* node, const Want& want) {
  const types::Type* type = node->left->type;
  if (type->kind == types::Kind::kString) return EvalStringCompare(node, want);
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const bool is_equality = node->op == BinaryOp::kEq;
  if (!IsScalarCompare(node->left)) {
    const SlotOffset a = StableSlot(node->left, node->right);
    const SlotOffset b = SlotFor(node->right);
    Release(mark);
    const types::Kind kind = type->kind;
    if (kind >= types::Kind::kFloat2 && kind <= types::Kind::kFloat4) {
      const uint32_t step = static_cast<uint32_t>(Op::kEqF3) - static_cast<uint32_t>(Op::kEqF2);
      const uint32_t first = static_cast<uint32_t>(is_equality ? Op::kEqF2 : Op::kNeF2);
      Emit(static_cast<Op>(first + step * (static_cast<uint32_t>(kind) - static_cast<uint32_t>(types::Kind::kFloat2))),
           target, a, b);
    } else {
      Emit(is_equality ? Op::kEqBytes : Op::kNeBytes, target, a, type->size(), b);
    }
    return Operand::Frame(target);
  }
  const ValueType value = exec::ValueTypeOf(type);
  const TExpr* left = node->left;
  const TExpr* right = node->right;
  CompareFamily family = CompareFamilyOf(node->op);
  if (left->kind == ExprKind::kConst && right->kind != ExprKind::kConst) {
    std::swap(left, right);
    family = Mirrored(family);
  }
  Leaf leaf;
  if (AsLeaf(right, value, &leaf) && leaf.kind == OperandKind::kConstant) {
    const SlotOffset a = SlotFor(left);
    Release(mark);
    EmitImmediate(exec::SelectCompare(family, value, OperandKind::kFrame, OperandKind::kConstant), target, a,
                  leaf.constant);
    return Operand::Frame(target);
  }
  const SlotOffset a = StableSlot(left, right);
  const SlotOffset b = SlotFor(right);
  Release(mark);
  Emit(exec::SelectCompare(family, value, OperandKind::kFrame, OperandKind::kFrame), target, a, b);
  return Operand::Frame(target);
}

}  // namespace vestige::lower
