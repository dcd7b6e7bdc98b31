// Memory that place expressions denote. Floor 5.

#include <cstddef>

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using sema::ExprKind;
using sema::TExpr;

namespace {

// The components follow each other, so the swizzle is a part of the vector.
bool IsContiguous(const sema::TSwizzle* node) {
  for (uint8_t i = 1; i < node->count; ++i) {
    if (node->components[i] != node->components[0] + i) return false;
  }
  return true;
}

// Finding the place calls or changes something. Inserting into a table does not count: it comes last.
bool IsLoudPlace(const TExpr* place) {
  switch (place->kind) {
    case ExprKind::kField:
      return IsLoudPlace(static_cast<const sema::TField*>(place)->base);
    case ExprKind::kSwizzle:
      return IsLoudPlace(static_cast<const sema::TSwizzle*>(place)->base);
    case ExprKind::kVariantAs:
      return IsLoudPlace(static_cast<const sema::TVariantAs*>(place)->base);
    case ExprKind::kCast:
      return IsLoudPlace(static_cast<const sema::TCast*>(place)->operand);
    case ExprKind::kDeref:
      return !IsQuiet(static_cast<const sema::TDeref*>(place)->pointer);
    case ExprKind::kIndex: {
      const auto* node = static_cast<const sema::TIndex*>(place);
      return !IsQuiet(node->index) || IsLoudPlace(node->base);
    }
    default:
      return !IsQuiet(place);
  }
}

}  // namespace

bool FunctionLowering::DirectLocal(const sema::TLocal* local, Place* place) {
  for (size_t i = renamed_.size(); i-- > 0;) {
    if (renamed_[i].local == local) {
      *place = renamed_[i].place;
      return true;
    }
  }
  const SlotOffset slot = state_.SlotOf(local);
  const bool is_address = local->is_reference || state_.IsFar(local);
  if (IsOwn(local)) {
    *place = state_.IsFar(local) ? state_.FarPlace(local, slot)
             : is_address        ? Place::Pointer(slot)
                                 : Place::Frame(slot);
    return true;
  }
  if (function_->parent != local->owner || is_address || maker_slot_ == kNoSlot) return false;
  *place = Place::Pointer(maker_slot_, static_cast<int32_t>(slot));
  return true;
}

Place FunctionLowering::LocalPlace(const sema::TLocal* local) {
  Place place;
  if (DirectLocal(local, &place)) return place;
  // Out through the makers: each frame keeps its own maker's in its first hidden argument.
  SlotOffset frame = maker_slot_;
  for (const sema::TFunction* f = function_->parent; f != local->owner && f != nullptr; f = f->parent) {
    const SlotOffset outer = TakeTemp(8);
    Emit(Op::kLoad8, outer, frame, exec::kFirstSlot);
    frame = outer;
  }
  const SlotOffset slot = state_.SlotOf(local);
  if (!local->is_reference && !state_.IsFar(local)) return Place::Pointer(frame, static_cast<int32_t>(slot));
  const SlotOffset address = TakeTemp(8);
  Emit(Op::kLoad8, address, frame, slot);
  return state_.IsFar(local) ? state_.FarPlace(local, address) : Place::Pointer(address);
}

Place FunctionLowering::GlobalPlace(const sema::TGlobal* global) {
  const uint32_t offset = state_.global_offsets[global->index];
  if (!global->is_shared) return Place::Global(offset);
  const SlotOffset variables = TakeTemp(8);
  LoadPlace(variables, Place::Global(offsetof(exec::SharedLink, variables)), 8);
  return Place::Pointer(variables, static_cast<int32_t>(offset));
}

bool FunctionLowering::DirectPlace(const TExpr* expr, Place* place) {
  if (!expr->is_place) return false;
  switch (expr->kind) {
    case ExprKind::kLocal:
      return DirectLocal(static_cast<const sema::TLocalRef*>(expr)->local, place);
    case ExprKind::kGlobal: {
      const sema::TGlobal* global = static_cast<const sema::TGlobalRef*>(expr)->global;
      *place = Place::Global(state_.global_offsets[global->index]);
      return !global->is_shared;
    }
    case ExprKind::kField: {
      const auto* node = static_cast<const sema::TField*>(expr);
      if (!DirectPlace(node->base, place)) return false;
      *place = place->At(node->offset);
      return true;
    }
    case ExprKind::kSwizzle: {
      const auto* node = static_cast<const sema::TSwizzle*>(expr);
      if (!IsContiguous(node) || !DirectPlace(node->base, place)) return false;
      *place = place->At(node->components[0] * 4u);
      return true;
    }
    case ExprKind::kCast: {
      const auto* node = static_cast<const sema::TCast*>(expr);
      return node->mode == sema::CastMode::kBits && DirectPlace(node->operand, place);
    }
    case ExprKind::kDeref: {
      const auto* node = static_cast<const sema::TDeref*>(expr);
      if (node->pointer->kind == ExprKind::kAddress) {
        return DirectPlace(static_cast<const sema::TAddress*>(node->pointer)->place, place);
      }
      Operand pinned;
      SlotOffset slot = kNoSlot;
      if (!pinned_.empty() && FindPinned(node->pointer, &pinned) && pinned.is_frame()) {
        slot = pinned.slot;
      } else {
        Place pointer;
        if (!DirectPlace(node->pointer, &pointer) || !pointer.in_frame()) return false;
        slot = pointer.slot;
      }
      *place = Place::Pointer(slot);
      place->checked = !node->unchecked;
      place->hint = node->hint;
      return true;
    }
    case ExprKind::kIndex: {
      const auto* node = static_cast<const sema::TIndex*>(expr);
      const int64_t index = ConstantIndex(node->index);
      if (node->mode != sema::IndexMode::kFixed || index < 0 || index >= node->base->type->dim) return false;
      if (!DirectPlace(node->base, place)) return false;
      *place = place->At(static_cast<uint32_t>(index) * expr->type->size());
      return true;
    }
    default:
      return false;
  }
}

Place FunctionLowering::PlaceOf(const TExpr* expr) {
  Place place;
  Operand operand;
  if (DirectPlace(expr, &place)) return place;
  switch (expr->kind) {
    case ExprKind::kLocal:
      return LocalPlace(static_cast<const sema::TLocalRef*>(expr)->local);
    case ExprKind::kGlobal:
      // One of those that are not direct.
      return GlobalPlace(static_cast<const sema::TGlobalRef*>(expr)->global);
    case ExprKind::kField: {
      const auto* node = static_cast<const sema::TField*>(expr);
      return PlaceOrTemp(node->base).At(node->offset);
    }
    case ExprKind::kDeref: {
      const auto* node = static_cast<const sema::TDeref*>(expr);
      if (node->pointer->kind == ExprKind::kAddress) {
        return PlaceOrTemp(static_cast<const sema::TAddress*>(node->pointer)->place);
      }
      place = Place::Pointer(SlotFor(node->pointer));
      place.checked = !node->unchecked;
      place.hint = node->hint;
      At(expr->location);
      return place;
    }
    case ExprKind::kIndex:
      return IndexPlace(static_cast<const sema::TIndex*>(expr));
    case ExprKind::kSwizzle: {
      const auto* node = static_cast<const sema::TSwizzle*>(expr);
      if (!IsContiguous(node)) break;
      return PlaceOrTemp(node->base).At(node->components[0] * 4u);
    }
    case ExprKind::kCast: {
      const auto* node = static_cast<const sema::TCast*>(expr);
      if (node->mode != sema::CastMode::kBits) break;
      return PlaceOrTemp(node->operand);
    }
    case ExprKind::kVariantAs: {
      const auto* node = static_cast<const sema::TVariantAs*>(expr);
      if (node->safe) break;
      place = PlaceOrTemp(node->base);
      const SlotOffset address = AddressOf(place);
      At(expr->location);
      HintHere(EmitImmediate(Op::kCheckVariant, address, 0, node->member), node->hint);
      place.checked = false;
      return place.At(node->base->type->unqualified->part_offset(node->member));
    }
    case ExprKind::kConditional:
      return ConditionalPlace(static_cast<const sema::TConditional*>(expr));
    case ExprKind::kCoalesce: {
      const auto* node = static_cast<const sema::TCoalesce*>(expr);
      const SlotOffset address = TakeTemp(8);
      Label end;
      ValueTo(node->pointer, address, true);
      JumpTo(Op::kJumpNotNull, address, 0, end);
      AddressOf(PlaceOrTemp(node->fallback), address);
      Bind(end);
      return Place::Pointer(address);
    }
    case ExprKind::kStmtExpr:
      if (expr->is_place) return StmtExprPlace(static_cast<const sema::TStmtExpr*>(expr));
      break;
    case ExprKind::kCall:
    case ExprKind::kInvoke:
    case ExprKind::kNativeCall:
      // A call that is a place returned its address.
      if (!FindPinned(expr, &operand)) operand = EvalReferenceCall(expr);
      return Place::Pointer(operand.slot);
    default:
      break;
  }
  return PlaceOrTemp(expr);
}

Place FunctionLowering::ConditionalPlace(const sema::TConditional* node) {
  const SlotOffset address = TakeTemp(8);
  Label otherwise, end;
  BranchOn(node->condition, false, otherwise);
  AddressOf(PlaceOrTemp(node->then_value), address);
  Jump(end);
  Bind(otherwise);
  AddressOf(PlaceOrTemp(node->else_value), address);
  Bind(end);
  return Place::Pointer(address);
}

// The place that the statements lead to; what they declare is gone then.
Place FunctionLowering::StmtExprPlace(const sema::TStmtExpr* node) {
  const SlotOffset address = TakeTemp(8);
  const SlotOffset mark = Mark();
  Scope scope{.kind = Scope::Kind::kBlock, .outer = scope_, .block = node->body};
  scope_ = &scope;
  LowerStatements(node->body->statements);
  AddressOf(PlaceOf(node->result), address);
  LeaveScope(&scope);
  PopScope();
  Release(mark);
  return Place::Pointer(address);
}

Place FunctionLowering::PlaceOrTemp(const TExpr* expr) {
  Operand pinned;
  if (!pinned_.empty() && !expr->type->is_ref_type() && !expr->is_place && FindPinned(expr, &pinned)) {
    return Place::Frame(Materialize(pinned, expr->type));
  }
  if (expr->is_place) return PlaceOf(expr);
  if (expr->kind == ExprKind::kField) {
    const auto* node = static_cast<const sema::TField*>(expr);
    return PlaceOrTemp(node->base).At(node->offset);
  }
  const bool is_choice = expr->kind == ExprKind::kConditional || expr->kind == ExprKind::kCoalesce;
  const bool is_same =
      expr->kind == ExprKind::kCast || (expr->kind == ExprKind::kVariantAs) || expr->kind == ExprKind::kIndex;
  if (expr->type->is_ref_type() && (is_choice || is_same)) return PlaceOf(expr);
  const Place memory = TakeMemory(std::max(expr->type->size(), 1u));
  if (expr->type->is_ref_type()) {
    MakeAt(expr, memory, sema::AssignMode::kMove, false);
  } else {
    ValueTo(expr, memory.slot, true);
  }
  BeginLive(memory, expr->type);
  return memory;
}

bool FunctionLowering::FindPinned(const TExpr* expr, Operand* operand) const {
  for (const Pinned& pin : pinned_) {
    if (pin.expr == expr) {
      *operand = pin.operand;
      return true;
    }
  }
  return false;
}

bool FunctionLowering::IsPinned(const TExpr* expr) const {
  Operand operand;
  return FindPinned(expr, &operand);
}

void FunctionLowering::Pin(const TExpr* place, const TExpr* later) {
  if (later == nullptr || (IsQuiet(later) && !IsLoudPlace(place))) return;
  const auto pin_value = [this](const TExpr* value) {
    if (value->kind == ExprKind::kConst) return;
    const SlotOffset slot = TakeTemp(value->type->size());
    ValueTo(value, slot, true);
    pinned_.push_back({value, Operand::Frame(slot)});
  };
  switch (place->kind) {
    case ExprKind::kField:
      return Pin(static_cast<const sema::TField*>(place)->base, later);
    case ExprKind::kSwizzle:
      return Pin(static_cast<const sema::TSwizzle*>(place)->base, later);
    case ExprKind::kVariantAs:
      return Pin(static_cast<const sema::TVariantAs*>(place)->base, later);
    case ExprKind::kCast:
      return Pin(static_cast<const sema::TCast*>(place)->operand, later);
    case ExprKind::kDeref:
      return pin_value(static_cast<const sema::TDeref*>(place)->pointer);
    case ExprKind::kIndex: {
      const auto* node = static_cast<const sema::TIndex*>(place);
      if (node->mode == sema::IndexMode::kPointer) {
        pin_value(node->base);
      } else {
        Pin(node->base, later);
      }
      return pin_value(node->index);
    }
    case ExprKind::kCall:
    case ExprKind::kInvoke:
    case ExprKind::kNativeCall:
      if (place->is_place) pinned_.push_back({place, EvalReferenceCall(place)});
      return;
    default:
      return;
  }
}

}  // namespace vestige::lower
