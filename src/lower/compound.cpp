// Compound assignment and steps: `x op= e`, `++x`. Targets in the frame are updated by one operation, targets behind a
// pointer too where a memory form exists; everything else is loaded, computed and stored. Floor 5.

#include <bit>

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using exec::BinaryFamily;
using exec::OperandKind;
using exec::ValueType;
using sema::BinaryOp;
using sema::TExpr;

namespace {

// The immediate that adds `sign` (1 or -1) to a value of `type`.
int32_t StepImmediate(ValueType type, int32_t sign) {
  return type >= ValueType::kF32 ? std::bit_cast<int32_t>(static_cast<float>(sign)) : sign;
}

}  // namespace

void FunctionLowering::LowerCompound(const sema::TCompound* node) {
  const types::Type* type = node->target->type;
  const ValueType value = exec::ValueTypeOf(type);
  const bool is_scalar = value >= ValueType::kI32 && value != ValueType::kNone && type->kind != types::Kind::kPointer &&
                         node->op <= BinaryOp::kRotr && !(node->op == BinaryOp::kMod && value >= ValueType::kF32);
  if (is_scalar && CompoundScalar(node, static_cast<BinaryFamily>(node->op), value)) return;
  const SlotOffset mark = Mark();
  const size_t pins = pinned_.size();
  Pin(node->target, node->value);
  // What is on the right is computed first: the target is read when it is changed.
  SlotOffset value_slot = kNoSlot;
  if (node->value->kind != sema::ExprKind::kConst) {
    value_slot = SlotFor(node->value);
    pinned_.push_back({node->value, Operand::Frame(value_slot)});
  }
  Place place = PlaceOf(node->target);
  if (place.by_pointer()) place = PointerTo(place);
  sema::TBinary binary;
  binary.kind = sema::ExprKind::kBinary;
  binary.location = node->location;
  binary.type = type->unqualified;
  binary.op = node->op;
  binary.left = node->target;
  binary.right = node->value;
  if (place.in_frame()) {
    ValueTo(&binary, place.slot);
  } else {
    pinned_.push_back({node->target, LoadValue(place, type, {})});
    const SlotOffset result = TakeTemp(type->size());
    ValueTo(&binary, result, true);
    StorePlace(place, result, type->size());
  }
  pinned_.resize(pins, Pinned{nullptr, {}});
  if (value_slot != kNoSlot) FreeIfFresh(node->value, value_slot);
  Release(mark);
}

bool FunctionLowering::CompoundScalar(const sema::TCompound* node, BinaryFamily family, ValueType type) {
  const ValueType right_type = family >= BinaryFamily::kShl ? ValueType::kI32 : type;
  Place place;
  Leaf right;
  const bool direct = DirectPlace(node->target, &place) && !place.checked;
  if (direct && place.in_frame()) {
    const Leaf left = LeafOf(Operand::Frame(place.slot));
    if (family == BinaryFamily::kAdd && TryMultiplyAddTo(place.slot, node->value, type)) return true;
    const bool is_leaf = AsLeaf(node->value, right_type, &right);
    const bool has_form =
        is_leaf && exec::SelectBinary(family, type, OperandKind::kFrame, OperandKind::kFrame, right.kind) != Op::kNone;
    if (!has_form) {
      const Operand operand = Eval(node->value, {.acc = true});
      right = LeafOf(operand.is_const() ? Operand::Frame(Materialize(operand, node->value->type)) : operand);
    }
    At(node->location);
    EmitBinary(family, type, place.slot, left, right);
    return true;
  }
  if (exec::SelectBinary(family, type, OperandKind::kMemory, OperandKind::kMemory, OperandKind::kFrame) == Op::kNone) {
    return false;
  }
  if (direct && !place.by_pointer()) return false;
  const size_t pins = pinned_.size();
  Pin(node->target, node->value);
  const bool usable = AsLeaf(node->value, right_type, &right) && right.kind != OperandKind::kMemory;
  if (!usable) {
    const bool acc = direct && place.offset >= 0 && place.offset <= 0xffff;
    const Operand operand = Eval(node->value, {.acc = acc});
    right = LeafOf(operand.is_const() ? Operand::Frame(Materialize(operand, node->value->type)) : operand);
  }
  if (right.kind != OperandKind::kAccumulator) {
    place = PlaceOf(node->target);
    if (!place.by_pointer()) place = Place::Pointer(AddressOf(place));
    At(node->target->location);
    place = PointerTo(place);
  }
  pinned_.resize(pins, Pinned{nullptr, {}});
  At(node->location);
  const Op op = exec::SelectBinary(family, type, OperandKind::kMemory, OperandKind::kMemory, right.kind);
  const auto offset = static_cast<uint32_t>(place.offset);
  if (right.kind == OperandKind::kConstant) {
    EmitImmediate(op, place.slot, offset, right.constant);
  } else {
    Emit(op, place.slot, offset, right.kind == OperandKind::kFrame ? right.slot : 0);
  }
  return true;
}

Operand FunctionLowering::EvalStep(const sema::TStep* node, const Want& want, bool used) {
  const types::Type* type = node->target->type;
  const ValueType value = exec::ValueTypeOf(type);
  const bool is_pointer = type->kind == types::Kind::kPointer;
  int32_t delta = node->is_increment ? 1 : -1;
  if (is_pointer) delta *= static_cast<int32_t>(std::max(type->element->size(), 1u));
  const auto step = [&](SlotOffset slot) {
    if (is_pointer) {
      EmitImmediate(Op::kAddAddress, slot, slot, delta);
    } else {
      const Leaf operand = LeafOf(Operand::Frame(slot));
      EmitBinary(BinaryFamily::kAdd, value, slot, operand,
                 {OperandKind::kConstant, kNoSlot, 0, StepImmediate(value, delta)});
    }
  };
  const SlotOffset result = used && (want.slot != kNoSlot || !node->is_prefix) ? Target(want, type) : kNoSlot;
  Place place = PlaceOf(node->target);
  At(node->location);
  if (place.in_frame()) {
    if (used && !node->is_prefix) Move(result, place.slot, type->size());
    // `x = x++` leaves the old value: the step must not hit the slot the result was put into.
    if (!(used && !node->is_prefix && result == place.slot)) step(place.slot);
    if (!used) return Operand::Const(0);
    if (node->is_prefix) return Deliver(Operand::Frame(place.slot), type, want);
    return Operand::Frame(result);
  }
  if (place.by_pointer()) place = PointerTo(place);
  const Op in_memory =
      exec::SelectBinary(BinaryFamily::kAdd, value, OperandKind::kMemory, OperandKind::kMemory, OperandKind::kConstant);
  if (!used && !is_pointer && place.by_pointer() && in_memory != Op::kNone) {
    EmitImmediate(in_memory, place.slot, static_cast<uint32_t>(place.offset), StepImmediate(value, delta));
    return Operand::Const(0);
  }
  const SlotOffset current = TakeTemp(type->size());
  LoadPlace(current, place, type->size());
  if (used && !node->is_prefix) Move(result, current, type->size());
  step(current);
  StorePlace(place, current, type->size());
  if (!used) return Operand::Const(0);
  return node->is_prefix ? Deliver(Operand::Frame(current), type, want) : Operand::Frame(result);
}

}  // namespace vestige::lower
