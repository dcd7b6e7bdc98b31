// Looking things up: tables, optional elements, members of variants. Floor 5.

#include <algorithm>

#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "runtime/table.h"

namespace vestige::lower {

using sema::IndexMode;
using sema::TExpr;

namespace {

// Rows that find follow each other as rows that insert do.
Op FindOp(Op insert) {
  constexpr auto kStep = static_cast<int>(Op::kTableFindI32) - static_cast<int>(Op::kTableInsertI32);
  static_assert(static_cast<int>(Op::kTableFindAny) - static_cast<int>(Op::kTableInsertAny) == kStep);
  return static_cast<Op>(static_cast<int>(insert) + kStep);
}

}  // namespace

SlotOffset FunctionLowering::AddressOfContainer(const TExpr* expr, const types::Type** container) {
  if (expr->type->kind == types::Kind::kPointer) {
    *container = expr->type->element;
    return SlotFor(expr);
  }
  *container = expr->type;
  return AddressOf(PlaceOrTemp(expr));
}

Operand FunctionLowering::EvalSafeIndex(const sema::TSafeIndex* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const types::Type* container = nullptr;
  if (node->mode == IndexMode::kTable) {
    container = node->base->type->kind == types::Kind::kPointer ? node->base->type->element : node->base->type;
    const Operand result = EvalTableFind(node->base, node->index, container, false, target);
    Release(mark);
    return result;
  }
  SlotOffset index = StableSlot(node->index, node->base);
  if (node->index->type->size() == 8) {
    // Whatever does not fit 32 bits is out of range of anything.
    const SlotOffset narrow = TakeTemp(8);
    Emit(Op::kMove4, narrow, index);
    index = narrow;
  }
  const SlotOffset base = AddressOfContainer(node->base, &container);
  Release(mark);
  At(node->location);
  if (node->mode == IndexMode::kPointer) {
    Label end;
    Move(target, base, 8);
    JumpTo(Op::kJumpNull, target, 0, end);
    Emit(Op::kPointerAdd32, target, target, index, container->size());
    Bind(end);
  } else if (node->mode == IndexMode::kVector) {
    Emit(Op::kSafeFixedIndex, target, base, index);
    builder_.EmitBits(container->size() / 4, 4);
  } else if (node->mode == IndexMode::kFixed) {
    Emit(Op::kSafeFixedIndex, target, base, index);
    builder_.EmitBits(container->dim, container->element->size());
  } else {
    Emit(Op::kSafeIndex, target, base, index);
    builder_.EmitBits(container->element->size());
  }
  return Operand::Frame(target);
}

const runtime::TableShape* FunctionLowering::ShapeOf(const types::Type* table) {
  auto*& shape = state_.table_shapes[table->unqualified->id];
  if (shape == nullptr) {
    shape = new (builder_.arena().Allocate(sizeof(runtime::TableShape), alignof(runtime::TableShape)))
        runtime::TableShape(runtime::ShapeOfTable(table->unqualified));
  }
  return shape;
}

Op FunctionLowering::InsertOp(const runtime::TableShape& shape) {
  switch (shape.key_kind) {
    case runtime::KeyKind::kInt32:
      return Op::kTableInsertI32;
    case runtime::KeyKind::kInt64:
      return Op::kTableInsertI64;
    case runtime::KeyKind::kString:
      return Op::kTableInsertString;
    default:
      return Op::kTableInsertAny;
  }
}

Operand FunctionLowering::EvalTableFind(const TExpr* table, const TExpr* key, const types::Type* table_type,
                                        bool insert, SlotOffset target, const TExpr* initial) {
  const base::Location location = place_;
  const SlotOffset mark = Mark();
  if (table_type->kind == types::Kind::kPointer) table_type = table_type->element;
  const size_t pins = pinned_.size();
  Pin(table, key);
  const SlotOffset key_slot = StableSlot(key, table);
  const types::Type* container = nullptr;
  const SlotOffset address = AddressOfContainer(table, &container);
  pinned_.resize(pins, Pinned{nullptr, {}});
  const runtime::TableShape* shape = ShapeOf(table_type);
  Op op = InsertOp(*shape);
  if (initial != nullptr) {
    // The value is complete before the table has a place for it: what makes it may itself insert into the table.
    Label found;
    At(location);
    Emit(FindOp(op), target, address, key_slot);
    builder_.EmitPointer(shape);
    JumpTo(Op::kJumpNotNull, target, 0, found);
    const Place value = TakeMemory(std::max(initial->type->size(), 1u));
    MakeAt(initial, value, sema::AssignMode::kMove, false);
    At(location);
    Emit(op, target, address, key_slot);
    builder_.EmitPointer(shape);
    CopyPlace(Place::Pointer(target), value, initial->type->size());
    NoteParts(initial->type, Place::Pointer(target), value);
    Bind(found);
    Release(mark);
    return Operand::Frame(target);
  }
  if (!insert) op = FindOp(op);
  Release(mark);
  At(location);
  Emit(op, target, address, key_slot);
  builder_.EmitPointer(shape);
  if (!insert) FreeIfFresh(key, key_slot);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalVariantAs(const sema::TVariantAs* node, const Want& want) {
  if (!node->safe) {
    const Place place = PlaceOf(node);
    return LoadValue(place, node->type, want);
  }
  // Pointer to the member, or null.
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const types::Type* variant = node->base->type;
  SlotOffset address = kNoSlot;
  Label end;
  const SlotOffset is_member = TakeTemp(1);
  address = AddressOfContainer(node->base, &variant);
  const SlotOffset stable = TakeTemp(8);
  Move(stable, address, 8);
  Emit(Op::kZero8, target);
  if (node->base->type->kind == types::Kind::kPointer) JumpTo(Op::kJumpNull, stable, 0, end);
  EmitImmediate(Op::kVariantIs, is_member, stable, node->member);
  JumpTo(Op::kJumpIfNot, is_member, 0, end);
  EmitImmediate(Op::kAddAddress, target, stable, variant->unqualified->part_offset(node->member));
  Bind(end);
  Release(mark);
  return Operand::Frame(target);
}

}  // namespace vestige::lower
