// Values of ref types, made in place; assignment. Floor 5.

#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "memory/block.h"

namespace vestige::lower {

using sema::AssignMode;
using sema::ExprKind;
using sema::TExpr;

void FunctionLowering::EmitTyped(Op op, uint32_t a, uint32_t b, const types::Type* type, uint64_t number, uint32_t c) {
  Emit(op, a, b, c);
  builder_.EmitPointer(type->unqualified, number);
}

void FunctionLowering::CheckMove(const types::Type* type, const Place& place) {
  if (!state_.checks_moves || !place.by_pointer() || type->traits().can_copy) return;
  const SlotOffset mark = Mark();
  EmitTyped(Op::kCheckMove, AddressOf(place), 0, type);
  Release(mark);
}

void FunctionLowering::CloneAt(const TExpr* value, const Place& to) {
  const SlotOffset mark = Mark();
  const Place source = PlaceOrTemp(value);
  const SlotOffset from = AddressOf(source);
  const SlotOffset target = AddressOf(to);
  At(value->location);
  EmitTyped(Op::kClone, target, from, value->type);
  Release(mark);
}

void FunctionLowering::MakeAt(const TExpr* expr, const Place& to, AssignMode mode, bool zeroed) {
  const uint32_t bytes = expr->type->size();
  if (expr->is_place) {
    if (mode == AssignMode::kClone) {
      if (!zeroed) ZeroPlace(to, bytes);
      return CloneAt(expr, to);
    }
    const SlotOffset mark = Mark();
    Place source = PlaceOf(expr);
    At(expr->location);
    if (source.by_pointer()) source = PointerTo(source);
    if (mode == AssignMode::kMove) CheckMove(expr->type, source);
    CopyPlace(to, source, bytes);
    if (mode == AssignMode::kMove) {
      ZeroPlace(source, bytes);
      NoteParts(expr->type, to, source);
    }
    Release(mark);
    return;
  }
  switch (expr->kind) {
    case ExprKind::kZero:
      if (!zeroed) ZeroPlace(to, bytes);
      return;
    case ExprKind::kMake:
      return MakeStruct(static_cast<const sema::TMake*>(expr), to, zeroed);
    case ExprKind::kMakeArray:
      return MakeArray(static_cast<const sema::TMakeArray*>(expr), to, zeroed);
    case ExprKind::kMakeTable:
      return MakeTable(static_cast<const sema::TMakeTable*>(expr), to, zeroed);
    case ExprKind::kClosure:
      return MakeBlockAt(static_cast<const sema::TClosure*>(expr), to);
    case ExprKind::kCall:
      EvalCall(static_cast<const sema::TCall*>(expr), {}, &to);
      return;
    case ExprKind::kInvoke:
      EvalInvoke(static_cast<const sema::TInvoke*>(expr), {}, &to);
      return;
    case ExprKind::kNativeCall:
      if (!zeroed) ZeroPlace(to, bytes);
      EvalNativeCall(static_cast<const sema::TNativeCall*>(expr), {}, &to);
      return;
    case ExprKind::kConditional: {
      const auto* node = static_cast<const sema::TConditional*>(expr);
      Label otherwise, end;
      BranchOn(node->condition, false, otherwise);
      MakeAt(node->then_value, to, node->then_value->is_place ? AssignMode::kCopy : AssignMode::kMove, zeroed);
      Jump(end);
      Bind(otherwise);
      MakeAt(node->else_value, to, node->else_value->is_place ? AssignMode::kCopy : AssignMode::kMove, zeroed);
      Bind(end);
      return;
    }
    case ExprKind::kStmtExpr: {
      const auto* node = static_cast<const sema::TStmtExpr*>(expr);
      const SlotOffset mark = Mark();
      Scope scope{.kind = Scope::Kind::kBlock, .outer = scope_, .block = node->body};
      scope_ = &scope;
      LowerStatements(node->body->statements);
      // What the statements built is handed over: their variable dies here.
      if (node->result != nullptr) InitMember(node->result, to, AssignMode::kMove, zeroed);
      LeaveScope(&scope);
      PopScope();
      Release(mark);
      return;
    }
    default:
      break;
  }
  const SlotOffset mark = Mark();
  const Place source = PlaceOrTemp(expr);
  At(expr->location);
  CopyPlace(to, source, bytes);
  NoteParts(expr->type, to, source);
  Release(mark);
}

void FunctionLowering::InitMember(const TExpr* value, const Place& to, AssignMode mode, bool zeroed) {
  const types::Type* type = value->type;
  if (type->is_ref_type()) return MakeAt(value, to, mode, zeroed);
  const SlotOffset mark = Mark();
  // Smart pointers alone are cloned though they fit a slot.
  if (mode == AssignMode::kClone) {
    if (!zeroed) ZeroPlace(to, type->size());
    CloneAt(value, to);
    return Release(mark);
  }
  if (mode == AssignMode::kMove && value->is_place) {
    Place source = PlaceOf(value);
    if (source.by_pointer()) source = PointerTo(source);
    NoteParts(type, source, source);
    CopyPlace(to, source, type->size());
    ZeroPlace(source, type->size());
  } else if (to.in_frame()) {
    ValueTo(value, to.slot, true);
  } else {
    StoreValue(value, to);
  }
  Release(mark);
}

// Stores a workhorse value at a place that is not in the frame and needs no further code.
void FunctionLowering::StoreValue(const TExpr* value, const Place& to) {
  const types::Type* type = value->type;
  const bool direct = to.by_pointer() && !to.checked && to.offset >= 0 && to.offset <= 0xffff;
  const Operand operand = Eval(value, {.acc = direct});
  if (operand.is_acc()) {
    switch (exec::ValueTypeOf(type)) {
      case exec::ValueType::kI32:
      case exec::ValueType::kU32:
        Emit(Op::kStoreAI32, to.slot, static_cast<uint32_t>(to.offset));
        return;
      case exec::ValueType::kF32:
        Emit(Op::kStoreAF32, to.slot, static_cast<uint32_t>(to.offset));
        return;
      case exec::ValueType::kF64:
        Emit(Op::kStoreAF64, to.slot, static_cast<uint32_t>(to.offset));
        return;
      default:
        break;
    }
    if (type->size() == 8) {
      Emit(Op::kStoreAI64, to.slot, static_cast<uint32_t>(to.offset));
      return;
    }
  }
  const auto bits = static_cast<int64_t>(operand.bits);
  if (operand.is_const() && direct && (type->size() < 8 || bits == static_cast<int32_t>(bits))) {
    const Op op = type->size() == 1   ? Op::kStoreK1
                  : type->size() == 2 ? Op::kStoreK2
                  : type->size() == 4 ? Op::kStoreK4
                                      : Op::kStoreK8;
    EmitImmediate(op, to.slot, static_cast<uint32_t>(to.offset), bits);
    return;
  }
  StorePlace(to, Materialize(operand, type), type->size());
}

void FunctionLowering::MakeStruct(const sema::TMake* node, const Place& to, bool zeroed) {
  const bool covered = node->variant_index < 0 && CoversWhole(node);
  if (!zeroed && !covered) ZeroPlace(to, node->type->size());
  if (node->variant_index > 0) {
    if (to.in_frame()) {
      EmitImmediate(Op::kMoveK4, to.slot, 0, node->variant_index);
    } else {
      const SlotOffset mark = Mark();
      const SlotOffset index = TakeTemp(4);
      EmitImmediate(Op::kMoveK4, index, 0, node->variant_index);
      StorePlace(to, index, 4);
      Release(mark);
    }
  }
  for (const sema::TMember& member : node->members) {
    if (member.value == nullptr) continue;
    InitMember(member.value, to.At(member.offset), member.mode, zeroed || !covered);
    NoteMember(node->type, member, to);
  }
}

void FunctionLowering::MakeArray(const sema::TMakeArray* node, const Place& to, bool zeroed) {
  const SlotOffset mark = Mark();
  const uint32_t stride = node->type->element->size();
  if (!zeroed) ZeroPlace(to, node->type->size());
  if (node->elements.empty()) return;
  const SlotOffset array = AddressOf(to);
  const SlotOffset first = TakeTemp(8);
  At(node->location);
  EmitImmediate(Op::kNewArray, array, first, static_cast<int64_t>(node->elements.size()));
  builder_.EmitPointer(node->type->unqualified);
  for (size_t i = 0; i < node->elements.size(); ++i) {
    const sema::TMember& element = node->elements[i];
    const Place place = Place::Pointer(first, static_cast<int32_t>(i * stride));
    InitMember(element.value, place, element.mode, true);
    NoteMember(node->type, element, place);
  }
  Release(mark);
}

void FunctionLowering::MakeTable(const sema::TMakeTable* node, const Place& to, bool zeroed) {
  const SlotOffset mark = Mark();
  if (!zeroed) ZeroPlace(to, node->type->size());
  const SlotOffset table = AddressOf(to);
  const SlotOffset inner = Mark();
  const runtime::TableShape* shape = ShapeOf(node->type);
  for (size_t i = 0; i < node->keys.size(); ++i) {
    const TExpr* value = i < node->values.size() ? node->values[i].value : nullptr;
    const SlotOffset key = StableSlot(node->keys[i], value);
    // A value that fits a slot is computed before the key is inserted, so that nothing happens to the table in between.
    const bool early = value != nullptr && !value->type->is_ref_type() && !value->is_place;
    const SlotOffset early_slot = early ? SlotFor(value) : kNoSlot;
    const SlotOffset pointer = TakeTemp(8);
    At(node->keys[i]->location);
    Emit(InsertOp(*shape), pointer, table, key);
    builder_.EmitPointer(shape);
    if (early) {
      StorePlace(Place::Pointer(pointer), early_slot, value->type->size());
    } else if (value != nullptr) {
      InitMember(value, Place::Pointer(pointer), node->values[i].mode, true);
    }
    if (value != nullptr) NoteMember(node->type, node->values[i], Place::Pointer(pointer));
    Release(inner);
  }
  Release(mark);
}

void FunctionLowering::LowerAssign(const sema::TAssign* node) {
  const SlotOffset mark = Mark();
  if (node->target->type->is_ref_type() || node->mode == AssignMode::kClone) {
    AssignObject(node);
  } else {
    AssignValue(node);
  }
  Release(mark);
}

void FunctionLowering::AssignValue(const sema::TAssign* node) {
  const types::Type* type = node->target->type;
  if (node->mode == AssignMode::kMove && node->value->is_place) {
    Place source = PlaceOf(node->value);
    if (source.by_pointer()) source = PointerTo(source);
    const SlotOffset value = TakeTemp(type->size());
    NoteParts(type, source, source);
    LoadPlace(value, source, type->size());
    ZeroPlace(source, type->size());
    const Place to = PlaceOf(node->target);
    StorePlace(to, value, type->size());
    return NoteAssigned(node->target, to, false);
  }
  // Who holds a smart pointer then is said by its address.
  if (!NotesHolder(type) && TryIndexStore(node)) return;
  Place place;
  if (DirectPlace(node->target, &place)) {
    if (place.in_frame()) {
      ValueTo(node->value, place.slot);
      return NoteAssigned(node->target, place, false);
    }
    if (!place.checked || node->value->kind == ExprKind::kConst) {
      At(node->target->location);
      CheckNow(place);
      if (place.offset >= 0 && place.offset <= 0xffff) {
        StoreValue(node->value, place);
        return NoteAssigned(node->target, place, false);
      }
    }
  }
  const size_t pins = pinned_.size();
  Pin(node->target, node->value);
  const Operand operand = Value(node->value);
  const SlotOffset value = Materialize(operand, type);
  place = PlaceOf(node->target);
  At(node->target->location);
  pinned_.resize(pins, Pinned{nullptr, {}});
  StorePlace(place, value, type->size());
  NoteAssigned(node->target, place, false);
}

void FunctionLowering::AssignObject(const sema::TAssign* node) {
  const types::Type* type = node->target->type;
  if (node->mode == AssignMode::kClone) {
    const size_t pins = pinned_.size();
    Pin(node->target, node->value);
    const Place source = PlaceOrTemp(node->value);
    const SlotOffset from = AddressOf(source);
    const SlotOffset target = AddressOf(PlaceOf(node->target));
    pinned_.resize(pins, Pinned{nullptr, {}});
    At(node->location);
    EmitTyped(Op::kClone, target, from, type);
    NoteAssigned(node->target, Place::Pointer(target), true);
    const types::Traits& traits = type->traits();
    if (!node->value->is_place && traits.needs_delete && !traits.unsafe_delete) EmitTyped(Op::kDelete, from, 0, type);
    return;
  }
  Place place;
  if (!node->value->is_place) {
    const bool direct = DirectPlace(node->target, &place) && place.in_frame() &&
                        node->target->kind == ExprKind::kLocal &&
                        IsIndependentOf(node->value, static_cast<const sema::TLocalRef*>(node->target)->local);
    if (direct) return MakeAt(node->value, place, AssignMode::kMove, false);
  }
  const size_t pins = pinned_.size();
  Pin(node->target, node->value);
  Place source = PlaceOrTemp(node->value);
  At(node->value->location);
  if (source.by_pointer()) source = PointerTo(source);
  place = PlaceOf(node->target);
  pinned_.resize(pins, Pinned{nullptr, {}});
  At(node->target->location);
  if (place.by_pointer()) place = PointerTo(place);
  CheckMove(type, place);
  if (node->mode == AssignMode::kMove && node->value->is_place) {
    CheckMove(type, source);
    // Through a temporary: target and source may overlap when one lies inside what the other owns.
    const Place moved = TakeMemory(type->size());
    CopyPlace(moved, source, type->size());
    ZeroPlace(source, type->size());
    CopyPlace(place, moved, type->size());
  } else {
    CopyPlace(place, source, type->size());
  }
  NoteParts(type, place, source);
}

Operand FunctionLowering::EvalNew(const sema::TNew* node, const Want& want) {
  const SlotOffset target = TakeTemp(8);
  const SlotOffset mark = Mark();
  const sema::TMake* make = sema::As<sema::TMake>(node->init);
  const bool covered = make != nullptr && make->variant_index < 0 && CoversWhole(make);
  memory::Comment comment = memory::Comment::kNew;
  if (make != nullptr) comment = memory::Comment::kNewMakeLocal;
  if (make == nullptr && node->init != nullptr && node->init->kind != ExprKind::kZero) {
    comment =
        node->init->kind == ExprKind::kCall ? memory::Comment::kNewWithInitializer : memory::Comment::kNewMakeLocal;
  }
  if (node->has_constructor) comment = memory::Comment::kNewWithInitializer;
  At(node->location);
  // The collector may look into the block while members are still being computed.
  const bool is_struct = node->target->kind == types::Kind::kStruct;
  const NativeType* native = is_struct ? node->target->struct_info->native : nullptr;
  const bool leaves_garbage = covered && native == nullptr && !node->target->traits().holds_heap;
  const Op op = native != nullptr && native->make != nullptr ? Op::kNewHostObject : Op::kNew;
  EmitTyped(op, target, 0, node->target, static_cast<uint64_t>(comment), leaves_garbage ? 1 : 0);
  BeginLive(target, node->type);
  if (node->init != nullptr) InitMember(node->init, Place::Pointer(target), AssignMode::kMove, !leaves_garbage);
  Release(mark);
  return Deliver(Operand::Frame(target), node->type, want);
}

}  // namespace vestige::lower
