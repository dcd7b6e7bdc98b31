// Vectors and ranges: values of 8 to 16 bytes in frame slots. Floor 5.

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using sema::BinaryOp;
using sema::TExpr;
using types::Kind;

namespace {

enum class Component : uint8_t { kInt, kUInt, kFloat };

Component ComponentOf(const types::Type* type) {
  if (type->kind >= Kind::kFloat2 && type->kind <= Kind::kFloat4) return Component::kFloat;
  if (type->kind >= Kind::kUInt2 && type->kind <= Kind::kUInt4) return Component::kUInt;
  return Component::kInt;
}

// The first row (two components, VV) of an operation. Rows come by components, then VV, VS, SV.
Op FirstRow(BinaryOp op, Component component) {
  const bool floats = component == Component::kFloat;
  const bool is_unsigned = component == Component::kUInt;
  switch (op) {
    case BinaryOp::kAdd:
      return floats ? Op::kAddF2_VV : Op::kAddI2_VV;
    case BinaryOp::kSub:
      return floats ? Op::kSubF2_VV : Op::kSubI2_VV;
    case BinaryOp::kMul:
      return floats ? Op::kMulF2_VV : Op::kMulI2_VV;
    case BinaryOp::kDiv:
      return floats ? Op::kDivF2_VV : is_unsigned ? Op::kDivU2_VV : Op::kDivI2_VV;
    case BinaryOp::kMod:
      return floats ? Op::kModF2_VV : is_unsigned ? Op::kModU2_VV : Op::kModI2_VV;
    case BinaryOp::kAnd:
      return Op::kAndI2_VV;
    case BinaryOp::kOr:
      return Op::kOrI2_VV;
    case BinaryOp::kXor:
      return Op::kXorI2_VV;
    case BinaryOp::kShl:
      return Op::kShlI2_VV;
    default:
      return is_unsigned ? Op::kShrU2_VV : Op::kShrI2_VV;
  }
}
static_assert(static_cast<int>(Op::kAddI2_SV) - static_cast<int>(Op::kAddI2_VV) == 2);
static_assert(static_cast<int>(Op::kAddI4_SV) - static_cast<int>(Op::kAddI2_VV) == 8);

// Operations on one vector have a block of rows per number of components.
constexpr uint32_t kUnaryStep = static_cast<uint32_t>(Op::kNegI3) - static_cast<uint32_t>(Op::kNegI2);

}  // namespace

Operand FunctionLowering::EvalVectorBinary(const sema::TBinary* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset left = StableSlot(node->left, node->right);
  const SlotOffset right = SlotFor(node->right);
  Release(mark);
  At(node->location);
  uint32_t form = 0;
  if (!node->right->type->is_vector()) form = 1;
  if (!node->left->type->is_vector()) form = 2;
  const uint32_t count = node->type->size() / 4;
  Emit(Nth(FirstRow(node->op, ComponentOf(node->type)), (count - 2) * 3 + form), target, left, right);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalVectorUnary(const sema::TUnary* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset operand = SlotFor(node->operand);
  Release(mark);
  Op op = ComponentOf(node->type) == Component::kFloat ? Op::kNegF2 : Op::kNegI2;
  if (node->op == sema::UnaryOp::kBitNot) op = Op::kBitNotI2;
  Emit(Nth(op, (node->type->size() / 4 - 2) * kUnaryStep), target, operand);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalVectorCast(const sema::TCast* node, const Want& want) {
  const types::Type* from = node->operand->type;
  const types::Type* to = node->type;
  const SlotOffset target = Target(want, to);
  const SlotOffset mark = Mark();
  const Component result = ComponentOf(to);
  const uint32_t step = (to->size() / 4 - 2) * kUnaryStep;
  if (!from->is_vector() && !from->is_range()) {
    SlotOffset scalar = SlotFor(node->operand);
    const exec::ValueType component = result == Component::kFloat  ? exec::ValueType::kF32
                                      : result == Component::kUInt ? exec::ValueType::kU32
                                                                   : exec::ValueType::kI32;
    if (exec::ValueTypeOf(from) != component) {
      const SlotOffset converted = TakeTemp(4);
      Emit(exec::SelectCast(exec::ValueTypeOf(from), component), converted, scalar);
      scalar = converted;
    }
    Release(mark);
    Emit(Nth(Op::kSplat2, step), target, scalar);
    return Operand::Frame(target);
  }
  const Component source = ComponentOf(from);
  if (from->is_range() && from->size() != to->size()) {
    // range to range64 and back, by component.
    const SlotOffset value = SlotFor(node->operand);
    const SlotOffset copy = TakeTemp(16);
    const bool widens = to->size() == 16;
    const Op op = !widens ? Op::kMove4 : from->kind == Kind::kRange ? Op::kCastI32_I64 : Op::kCastU32_I64;
    Emit(op, copy, value);
    Emit(op, copy + (widens ? 8 : 4), value + (widens ? 4 : 8));
    Move(target, copy, to->size());
    Release(mark);
    return Operand::Frame(target);
  }
  if ((source == Component::kFloat) == (result == Component::kFloat)) {
    ValueTo(node->operand, target, want.fresh);
    Release(mark);
    return Operand::Frame(target);
  }
  const SlotOffset value = SlotFor(node->operand);
  Release(mark);
  Op op = Op::kCastI2_F;
  if (source == Component::kUInt) op = Op::kCastU2_F;
  if (source == Component::kFloat) op = result == Component::kUInt ? Op::kCastF2_U : Op::kCastF2_I;
  Emit(Nth(op, step), target, value);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalSwizzle(const sema::TSwizzle* node, const Want& want) {
  if (node->count == 1) {
    if (node->base->is_place) return LoadValue(PlaceOf(node->base).At(node->components[0] * 4u), node->type, want);
    const SlotOffset base = SlotFor(node->base);
    return Deliver(Operand::Frame(base + node->components[0] * 4u), node->type, want);
  }
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset base = SlotFor(node->base);
  Release(mark);
  uint32_t numbers = 0;
  for (uint32_t i = 0; i < node->count; ++i) numbers |= static_cast<uint32_t>(node->components[i]) << (4 * i);
  Emit(Op::kSwizzle, target, base, node->count, numbers);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalMakeVector(const sema::TMake* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const bool in_place = want.fresh || want.slot == kNoSlot;
  const SlotOffset made = in_place ? target : TakeTemp(node->type->size());
  if (!CoversWhole(node)) ZeroPlace(Place::Frame(made), node->type->size());
  for (const sema::TMember& member : node->members) {
    if (member.value != nullptr) ValueTo(member.value, made + member.offset, true);
  }
  Move(target, made, node->type->size());
  Release(mark);
  return Operand::Frame(target);
}

}  // namespace vestige::lower
