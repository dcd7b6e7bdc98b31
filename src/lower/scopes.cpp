// Ways out of scopes: falling out, break, continue, return, the end of try. Floor 5.
//
// Leaving a scope runs its finally part, frees the strings it owns, unlocks what its loop locked, and ends its try
// part, from the innermost scope outwards. The code is repeated at every way out; a panic takes none of them.

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using sema::AssignMode;
using sema::StmtKind;

bool FunctionLowering::TryBranchOut(const sema::TIf* node) {
  const sema::TBlock* part = node->then_part;
  if (part->statements.size() != 1 || !part->finally_part.empty()) return false;
  const StmtKind kind = part->statements[0]->kind;
  if (kind != StmtKind::kBreak && kind != StmtKind::kContinue) return false;
  Scope* loop = scope_;
  while (loop != nullptr && loop->kind != Scope::Kind::kLoop) loop = loop->outer;
  if (loop == nullptr || HasCleanup(loop)) return false;
  const SlotOffset mark = Mark();
  BranchOn(node->condition, true, kind == StmtKind::kBreak ? *loop->on_break : *loop->on_continue);
  Release(mark);
  LowerBlock(node->else_part);
  return true;
}

void FunctionLowering::FixSlots(std::span<sema::TStmt* const> finally_part) {
  for (const sema::TStmt* stmt : finally_part) {
    switch (stmt->kind) {
      case StmtKind::kLet: {
        const sema::TLocal* local = static_cast<const sema::TLet*>(stmt)->local;
        TakeLocalMemory(local, local->is_reference ? 8 : local->type->size());
        fixed_[local->index] = true;
        break;
      }
      case StmtKind::kBlock:
        FixSlots(static_cast<const sema::TBlock*>(stmt)->statements);
        break;
      case StmtKind::kIf: {
        const auto* branch = static_cast<const sema::TIf*>(stmt);
        for (const sema::TBlock* part : {branch->then_part, branch->else_part}) {
          if (part != nullptr) FixSlots(part->statements);
        }
        break;
      }
      case StmtKind::kWhile:
        FixSlots(static_cast<const sema::TWhile*>(stmt)->body->statements);
        break;
      case StmtKind::kFor:
        FixSlotsOf(static_cast<const sema::TFor*>(stmt));
        break;
      case StmtKind::kTry: {
        const auto* attempt = static_cast<const sema::TTry*>(stmt);
        FixSlots(attempt->body->statements);
        if (attempt->recover != nullptr) FixSlots(attempt->recover->statements);
        break;
      }
      default:
        break;
    }
  }
}

void FunctionLowering::FixSlotsOf(const sema::TFor* loop) {
  for (const sema::TForSource& source : loop->sources) {
    const sema::TLocal* variable = source.variable;
    if (!variable->is_reference || source.kind == sema::SourceKind::kIterator) {
      TakeLocalMemory(variable, variable->is_reference ? 8 : variable->type->size());
    } else {
      const uint32_t offset = source.kind == sema::SourceKind::kKeys     ? 8
                              : source.kind == sema::SourceKind::kValues ? 16
                                                                         : 0;
      state_.SlotOf(variable) = TakeTemp(32) + offset;
    }
    fixed_[variable->index] = true;
  }
  FixSlots(loop->body->statements);
}

SlotOffset FunctionLowering::TakeCursor(const sema::TLocal* variable, uint32_t bytes, uint32_t offset) {
  const bool is_fixed = variable->is_reference && variable->owner == function_ && fixed_[variable->index];
  return is_fixed ? state_.SlotOf(variable) - offset : TakeTemp(bytes);
}

void FunctionLowering::LeaveScope(Scope* scope) {
  Scope* const current = scope_;
  scope_ = scope->outer;
  switch (scope->kind) {
    case Scope::Kind::kBlock:
      // A generator's own finally part runs when it is closed.
      if (!scope->block->finally_part.empty() && !(in_generator() && scope->block == function_->body)) {
        const SlotOffset mark = Mark();
        LowerStatements(scope->block->finally_part);
        Release(mark);
      }
      for (size_t i = owned_strings_.size(); i-- > 0;) {
        if (owned_strings_[i].scope == scope) Emit(Op::kFreeString, owned_strings_[i].slot);
      }
      break;
    case Scope::Kind::kLoop:
      ReleaseSources(*scope->sources);
      break;
    case Scope::Kind::kTry:
      Emit(Op::kTryEnd);
      break;
    case Scope::Kind::kInline:
      break;
  }
  scope_ = current;
}

void FunctionLowering::LeaveScopes(Scope* until) {
  Scope* const current = scope_;
  for (Scope* scope = scope_; scope != until && scope != nullptr; scope = scope->outer) {
    scope_ = scope;
    LeaveScope(scope);
  }
  scope_ = current;
}

void FunctionLowering::LowerJumpOut(bool is_break) {
  Scope* loop = scope_;
  while (loop != nullptr && loop->kind != Scope::Kind::kLoop) loop = loop->outer;
  if (loop == nullptr) return;
  LeaveScopes(loop);
  Jump(is_break ? *loop->on_break : *loop->on_continue);
}

bool FunctionLowering::HasCleanup(const Scope* until) const {
  for (const Scope* scope = scope_; scope != until && scope != nullptr; scope = scope->outer) {
    if (scope->kind == Scope::Kind::kInline) continue;
    if (scope->kind != Scope::Kind::kBlock || !scope->block->finally_part.empty()) return true;
    for (const OwnedString& owned : owned_strings_) {
      if (owned.scope == scope) return true;
    }
  }
  return false;
}

void FunctionLowering::PopScope() {
  while (!owned_strings_.empty() && owned_strings_.back().scope == scope_) owned_strings_.pop_back();
  scope_ = scope_->outer;
}

void FunctionLowering::LowerReturn(const sema::TReturn* node) {
  if (!inlining_.empty()) {
    Scope* scope = scope_;
    while (scope->kind != Scope::Kind::kInline) scope = scope->outer;
    return LowerInlinedReturn(node, scope);
  }
  if (in_generator()) return LowerGeneratorReturn(node);
  const bool cleans = HasCleanup();
  const SlotOffset mark = Mark();
  if (node->value == nullptr || node->value->type->kind == types::Kind::kVoid) {
    if (node->value != nullptr) Effect(node->value);
    LeaveScopes(nullptr);
    Emit(Op::kReturnVoid);
    return;
  }
  const types::Type* type = node->value->type;
  if (function_->returns_reference) {
    const SlotOffset address = AddressOf(PlaceOrTemp(node->value), TakeTemp(8));
    LeaveScopes(nullptr);
    Emit(Op::kReturn8, address);
  } else if (type->is_ref_type()) {
    MakeAt(node->value, Place::Pointer(result_slot_), node->mode, false);
    LeaveScopes(nullptr);
    Emit(Op::kReturnVoid);
  } else if (node->mode == AssignMode::kMove && node->value->is_place) {
    const SlotOffset value = TakeTemp(type->size());
    InitMember(node->value, Place::Frame(value), AssignMode::kMove, false);
    LeaveScopes(nullptr);
    EmitReturn(Operand::Frame(value), type);
  } else if (cleans) {
    const SlotOffset value = TakeTemp(type->size());
    ValueTo(node->value, value, true);
    BeginLive(value, type);
    LeaveScopes(nullptr);
    EmitReturn(Operand::Frame(value), type);
  } else {
    EmitReturn(Eval(node->value, {.acc = true}), type);
  }
  Release(mark);
}

void FunctionLowering::EmitReturn(const Operand& operand, const types::Type* type) {
  const exec::ValueType value = exec::ValueTypeOf(type);
  const bool is_float = value == exec::ValueType::kF32;
  const bool is_double = value == exec::ValueType::kF64;
  const auto bits = static_cast<int64_t>(operand.bits);
  switch (operand.kind) {
    case Operand::Kind::kAcc: {
      if (is_float || is_double) {
        Emit(is_float ? Op::kReturnAF32 : Op::kReturnAF64);
      } else if (type->size() == 4) {
        Emit(Op::kReturnAI32);
      } else if (type->size() == 8) {
        Emit(Op::kReturnAI64);
      } else {
        const SlotOffset slot = TakeTemp(8);
        Emit(Op::kMoveA1, slot);
        Emit(exec::ReturnOp(type->size()), slot);
      }
      return;
    }
    case Operand::Kind::kConst:
      if (!is_float && !is_double && type->size() == 1) {
        EmitImmediate(Op::kReturnK1, 0, 0, static_cast<int8_t>(bits));
      } else if (!is_float && type->size() == 4) {
        EmitImmediate(Op::kReturnK4, 0, 0, bits);
      } else if (!is_double && type->size() == 8 && bits == static_cast<int32_t>(bits)) {
        EmitImmediate(Op::kReturnK8, 0, 0, bits);
      } else {
        EmitReturn(Operand::Frame(Materialize(operand, type)), type);
      }
      return;
    case Operand::Kind::kFrame:
      if (is_float || is_double) {
        Emit(is_float ? Op::kReturnF32 : Op::kReturnF64, operand.slot);
      } else {
        Emit(exec::ReturnOp(type->size()), operand.slot);
      }
      return;
  }
}

void FunctionLowering::LowerTry(const sema::TTry* node) {
  Label recover, end;
  JumpTo(Op::kTryBegin, 0, 0, recover);
  Scope scope{.kind = Scope::Kind::kTry, .outer = scope_, .on_panic = &recover};
  scope_ = &scope;
  LowerBlock(node->body);
  scope_ = scope.outer;
  Emit(Op::kTryEnd);
  Jump(end);
  Bind(recover);
  LowerBlock(node->recover);
  Bind(end);
}

}  // namespace vestige::lower
