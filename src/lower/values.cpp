// Workhorse values: where they are, constants, conditions as values. Floor 5.

#include <bit>

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using exec::ValueType;
using sema::ExprKind;
using sema::TExpr;

SlotOffset FunctionLowering::Target(const Want& want, const types::Type* type) {
  return want.slot != kNoSlot ? want.slot : TakeTemp(type->size());
}

SlotOffset FunctionLowering::Materialize(const Operand& operand, const types::Type* type) {
  if (operand.is_frame()) return operand.slot;
  const SlotOffset slot = TakeTemp(std::max(type->size(), 1u));
  Deliver(operand, type, {.slot = slot});
  return slot;
}

Operand FunctionLowering::Deliver(const Operand& operand, const types::Type* type, const Want& want) {
  if (want.slot == kNoSlot) return operand;
  switch (operand.kind) {
    case Operand::Kind::kFrame:
      Move(want.slot, operand.slot, type->size());
      break;
    case Operand::Kind::kConst:
      MoveConst(want.slot, type, operand.bits);
      break;
    case Operand::Kind::kAcc:
      switch (exec::ValueTypeOf(type)) {
        case ValueType::kI32:
        case ValueType::kU32:
          Emit(Op::kMoveAI32, want.slot);
          break;
        case ValueType::kF32:
          Emit(Op::kMoveAF32, want.slot);
          break;
        case ValueType::kF64:
          Emit(Op::kMoveAF64, want.slot);
          break;
        case ValueType::kI8:
        case ValueType::kU8:
          Emit(Op::kMoveA1, want.slot);
          break;
        default:
          Emit(Op::kMoveAI64, want.slot);
          break;
      }
      break;
  }
  return Operand::Frame(want.slot);
}

void FunctionLowering::ValueTo(const TExpr* expr, SlotOffset slot, bool fresh) {
  Eval(expr, {.slot = slot, .fresh = fresh});
}

SlotOffset FunctionLowering::SlotFor(const TExpr* expr) { return Materialize(Value(expr), expr->type); }

SlotOffset FunctionLowering::StableSlot(const TExpr* expr, const TExpr* later) {
  Place place;
  const bool may_change =
      DirectPlace(expr, &place) && place.in_frame() && !expr->type->is_const() && later != nullptr && !IsQuiet(later);
  if (!may_change) return SlotFor(expr);
  const SlotOffset copy = TakeTemp(expr->type->size());
  ValueTo(expr, copy, true);
  return copy;
}

Operand FunctionLowering::LoadValue(const Place& place, const types::Type* type, const Want& want) {
  if (place.in_frame()) return Deliver(Operand::Frame(place.slot), type, want);
  if (want.acc && want.slot == kNoSlot && place.by_pointer() && place.offset >= 0 && place.offset <= 0xffff) {
    Op op = Op::kNone;
    switch (exec::ValueTypeOf(type)) {
      case ValueType::kI32:
      case ValueType::kU32:
        op = place.checked ? Op::kLoadCheckedAI32 : Op::kLoadAI32;
        break;
      case ValueType::kI64:
      case ValueType::kU64:
        op = place.checked ? Op::kLoadCheckedAI64 : Op::kLoadAI64;
        break;
      case ValueType::kF32:
        op = place.checked ? Op::kLoadCheckedAF32 : Op::kLoadAF32;
        break;
      case ValueType::kF64:
        op = place.checked ? Op::kLoadCheckedAF64 : Op::kLoadAF64;
        break;
      default:
        break;
    }
    if (op != Op::kNone) {
      HintHere(Emit(op, 0, place.slot, static_cast<uint32_t>(place.offset)),
               place.checked ? place.hint : std::string_view());
      return Operand::Acc();
    }
  }
  const SlotOffset target = Target(want, type);
  LoadPlace(target, place, type->size());
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalConst(const sema::TConst* node, const Want& want) {
  const types::Type* type = node->type;
  if (type->kind == types::Kind::kString) {
    const auto bits = reinterpret_cast<uintptr_t>(builder_.StringConstant(node->text));
    return Deliver(Operand::Const(bits), type, want);
  }
  if (type->size() <= 8) return Deliver(Operand::Const(node->bits[0]), type, want);
  const SlotOffset target = Target(want, type);
  if (node->bits[0] == 0 && node->bits[1] == 0) {
    EmitImmediate(Op::kZeroF, target, 0, type->size());
  } else if (type->size() == 16) {
    Emit(Op::kMoveData16, target);
    builder_.EmitBits(node->bits[0], node->bits[1]);
  } else {
    Emit(Op::kMoveData8, target);
    builder_.EmitBits(node->bits[0]);
    EmitImmediate(Op::kMoveK4, target + 8, 0, static_cast<int32_t>(node->bits[1]));
  }
  return Operand::Frame(target);
}

Operand FunctionLowering::Eval(const TExpr* expr, const Want& want) {
  const bool is_call =
      expr->kind == ExprKind::kCall || expr->kind == ExprKind::kInvoke || expr->kind == ExprKind::kNativeCall;
  if (is_call && expr->is_place) return LoadValue(PlaceOf(expr), expr->type, want);
  if (!pinned_.empty()) {
    Operand pinned;
    if (FindPinned(expr, &pinned)) return Deliver(pinned, expr->type, want);
  }
  switch (expr->kind) {
    case ExprKind::kConst:
      return EvalConst(static_cast<const sema::TConst*>(expr), want);
    case ExprKind::kZero: {
      if (expr->type->size() <= 8) return Deliver(Operand::Const(0), expr->type, want);
      const SlotOffset target = Target(want, expr->type);
      ZeroPlace(Place::Frame(target), expr->type->size());
      return Operand::Frame(target);
    }
    case ExprKind::kLocal:
    case ExprKind::kGlobal:
    case ExprKind::kField:
    case ExprKind::kDeref: {
      const Place place = PlaceOf(expr);
      if (!place.in_frame()) At(expr->location);
      return LoadValue(place, expr->type, want);
    }
    case ExprKind::kAddress: {
      const SlotOffset target = Target(want, expr->type);
      const SlotOffset mark = Mark();
      const Place place = PlaceOrTemp(static_cast<const sema::TAddress*>(expr)->place);
      At(expr->location);
      AddressOf(place, target);
      // A temporary whose address was taken lives as long as the statement.
      if (!place.in_frame()) Release(mark);
      return Operand::Frame(target);
    }
    case ExprKind::kIndex:
      return EvalIndex(static_cast<const sema::TIndex*>(expr), want);
    case ExprKind::kSafeField: {
      const auto* node = static_cast<const sema::TSafeField*>(expr);
      const SlotOffset target = Target(want, expr->type);
      const SlotOffset mark = Mark();
      const SlotOffset pointer = SlotFor(node->pointer);
      Release(mark);
      EmitImmediate(node->load_pointer ? Op::kSafeFieldLoad : Op::kSafeField, target, pointer, node->offset);
      return Operand::Frame(target);
    }
    case ExprKind::kSafeIndex:
      return EvalSafeIndex(static_cast<const sema::TSafeIndex*>(expr), want);
    case ExprKind::kCoalesce:
      return EvalCoalesce(static_cast<const sema::TCoalesce*>(expr), want);
    case ExprKind::kSwizzle:
      return EvalSwizzle(static_cast<const sema::TSwizzle*>(expr), want);
    case ExprKind::kVariantIs: {
      const auto* node = static_cast<const sema::TVariantIs*>(expr);
      const SlotOffset target = Target(want, expr->type);
      const SlotOffset address = AddressOf(PlaceOrTemp(node->base));
      EmitImmediate(Op::kVariantIs, target, address, node->member);
      return Operand::Frame(target);
    }
    case ExprKind::kVariantAs:
      return EvalVariantAs(static_cast<const sema::TVariantAs*>(expr), want);
    default:
      return EvalComputed(expr, want);
  }
}

// Values that are not read from memory.
Operand FunctionLowering::EvalComputed(const TExpr* expr, const Want& want) {
  switch (expr->kind) {
    case ExprKind::kUnary:
      return EvalUnary(static_cast<const sema::TUnary*>(expr), want);
    case ExprKind::kBinary:
      return EvalBinary(static_cast<const sema::TBinary*>(expr), want);
    case ExprKind::kLogic:
      return EvalCondition(expr, want);
    case ExprKind::kConditional:
      return EvalConditional(static_cast<const sema::TConditional*>(expr), want);
    case ExprKind::kCast:
      return EvalCast(static_cast<const sema::TCast*>(expr), want);
    case ExprKind::kStep:
      return EvalStep(static_cast<const sema::TStep*>(expr), want, true);
    case ExprKind::kCall:
      return EvalCall(static_cast<const sema::TCall*>(expr), want, nullptr);
    case ExprKind::kNativeCall:
      return EvalNativeCall(static_cast<const sema::TNativeCall*>(expr), want, nullptr);
    case ExprKind::kInvoke:
      return EvalInvoke(static_cast<const sema::TInvoke*>(expr), want, nullptr);
    case ExprKind::kNew:
      return EvalNew(static_cast<const sema::TNew*>(expr), want);
    case ExprKind::kMake:
      return EvalMakeVector(static_cast<const sema::TMake*>(expr), want);
    case ExprKind::kClosure:
      return EvalLambda(static_cast<const sema::TClosure*>(expr), want);
    case ExprKind::kFunctionRef: {
      const sema::TFunction* function = static_cast<const sema::TFunctionRef*>(expr)->function;
      const SlotOffset target = Target(want, expr->type);
      EmitImmediate(Op::kFunctionValue, target, 0, state_.NumberOf(function));
      return Operand::Frame(target);
    }
    case ExprKind::kString:
      return EvalString(static_cast<const sema::TString*>(expr), want);
    case ExprKind::kStmtExpr:
      return EvalStmtExpr(static_cast<const sema::TStmtExpr*>(expr), want);
    case ExprKind::kTableFind: {
      const auto* node = static_cast<const sema::TTableFind*>(expr);
      At(expr->location);
      return EvalTableFind(node->table, node->key, node->table->type, false, Target(want, expr->type));
    }
    default:
      Effect(expr);
      return Operand::Const(0);
  }
}

Operand FunctionLowering::EvalConditional(const sema::TConditional* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  Label otherwise, end;
  const SlotOffset mark = Mark();
  BranchOn(node->condition, false, otherwise);
  Release(mark);
  ValueTo(node->then_value, target, want.fresh);
  Release(mark);
  Jump(end);
  Bind(otherwise);
  ValueTo(node->else_value, target, want.fresh);
  Release(mark);
  Bind(end);
  return Operand::Frame(target);
}

// The slot is written last: the condition may read the variable it is assigned to.
Operand FunctionLowering::EvalCondition(const TExpr* expr, const Want& want) {
  const SlotOffset target = Target(want, expr->type);
  const SlotOffset mark = Mark();
  Label is_false, end;
  BranchOn(expr, false, is_false);
  Release(mark);
  EmitImmediate(Op::kMoveK1, target, 0, 1);
  Jump(end);
  Bind(is_false);
  EmitImmediate(Op::kMoveK1, target, 0, 0);
  Bind(end);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalCoalesce(const sema::TCoalesce* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  Label is_null, end;
  const SlotOffset pointer = SlotFor(node->pointer);
  JumpTo(Op::kJumpNull, pointer, 0, is_null);
  if (node->of_pointers) {
    Move(target, pointer, 8);
  } else {
    LoadPlace(target, Place::Pointer(pointer), node->type->size());
  }
  Release(mark);
  Jump(end);
  Bind(is_null);
  ValueTo(node->fallback, target, want.fresh);
  Release(mark);
  Bind(end);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalCast(const sema::TCast* node, const Want& want) {
  const types::Type* from = node->operand->type;
  const types::Type* to = node->type;
  if (node->mode == sema::CastMode::kBits) {
    if (from->is_ref_type()) {
      // Same bits of something made in memory: an upcast value, an unwrapped distinct.
      return LoadValue(PlaceOrTemp(node->operand), to, want);
    }
    return Eval(node->operand, want);
  }
  if (to->is_vector() || to->is_range() || from->is_vector() || from->is_range()) return EvalVectorCast(node, want);
  const ValueType source = exec::ValueTypeOf(from);
  const ValueType result = exec::ValueTypeOf(to);
  const bool same_size_integers = from->size() == to->size() && source < ValueType::kF32 && result < ValueType::kF32;
  if (source == result || same_size_integers) return Eval(node->operand, want);
  const SlotOffset target = Target(want, to);
  const SlotOffset mark = Mark();
  const SlotOffset slot = SlotFor(node->operand);
  const Op op = exec::SelectCast(source, result);
  if (op == Op::kNone) {
    // A float becomes a small integer through int, whose low bytes are kept.
    const SlotOffset whole = TakeTemp(4);
    Emit(exec::SelectCast(source, ValueType::kI32), whole, slot);
    Release(mark);
    Emit(exec::MoveOp(to->size()), target, whole);
    return Operand::Frame(target);
  }
  Release(mark);
  Emit(op, target, slot);
  const bool is_move = op >= Op::kMove1 && op <= Op::kMove16;
  const bool leaves_acc = want.acc && want.slot == kNoSlot && to->size() >= 4 && !is_move;
  return leaves_acc ? Operand::Acc() : Operand::Frame(target);
}

Operand FunctionLowering::EvalStmtExpr(const sema::TStmtExpr* node, const Want& want) {
  const bool has_value = node->result != nullptr && !node->type->is_ref_type() && node->type->size() > 0;
  const SlotOffset target = has_value ? Target(want, node->type) : kNoSlot;
  const SlotOffset mark = Mark();
  Scope scope{.kind = Scope::Kind::kBlock, .outer = scope_, .block = node->body};
  scope_ = &scope;
  LowerStatements(node->body->statements);
  if (has_value) {
    ValueTo(node->result, target);
  } else if (node->result != nullptr) {
    Effect(node->result);
  }
  LeaveScope(&scope);
  PopScope();
  Release(mark);
  return has_value ? Operand::Frame(target) : Operand::Const(0);
}

void FunctionLowering::Effect(const TExpr* expr) {
  const SlotOffset mark = Mark();
  switch (expr->kind) {
    case ExprKind::kAssign:
      LowerAssign(static_cast<const sema::TAssign*>(expr));
      break;
    case ExprKind::kCompound:
      LowerCompound(static_cast<const sema::TCompound*>(expr));
      break;
    case ExprKind::kStep:
      EvalStep(static_cast<const sema::TStep*>(expr), {.acc = true}, false);
      break;
    default:
      if (expr->type->is_ref_type()) {
        PlaceOrTemp(expr);
      } else if (state_.string_uses.IsFresh(expr)) {
        FreeIfFresh(expr, SlotFor(expr));
      } else {
        Eval(expr, {.acc = true});
      }
      break;
  }
  Release(mark);
}

}  // namespace vestige::lower
