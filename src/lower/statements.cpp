// Statements, scopes and the ways out of them. Floor 5.

#include "fmt/format.h"
#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using sema::AssignMode;
using sema::StmtKind;
using sema::TStmt;

namespace {

// Control never reaches what follows the statement.
bool EndsControl(const TStmt* stmt) {
  return stmt->kind == StmtKind::kReturn || stmt->kind == StmtKind::kBreak || stmt->kind == StmtKind::kContinue ||
         stmt->kind == StmtKind::kGoto;
}

// A finally part that is more than deletes of guarded locals may name locals that control never reached.
bool MayNameUnreached(std::span<TStmt* const> finally_part) {
  for (const TStmt* stmt : finally_part) {
    if (stmt->kind != StmtKind::kDelete || static_cast<const sema::TDelete*>(stmt)->guard == nullptr) return true;
  }
  return false;
}

}  // namespace

void FunctionLowering::LowerStatement(const TStmt* stmt) {
  At(stmt->location);
  switch (stmt->kind) {
    case StmtKind::kExpr:
      Effect(static_cast<const sema::TExprStmt*>(stmt)->expr);
      return;
    case StmtKind::kLet:
      LowerLet(static_cast<const sema::TLet*>(stmt));
      return;
    case StmtKind::kBlock:
      LowerBlock(static_cast<const sema::TBlock*>(stmt));
      return;
    case StmtKind::kIf:
      LowerIf(static_cast<const sema::TIf*>(stmt));
      return;
    case StmtKind::kWhile:
      LowerWhile(static_cast<const sema::TWhile*>(stmt));
      return;
    case StmtKind::kFor:
      LowerFor(static_cast<const sema::TFor*>(stmt));
      return;
    case StmtKind::kReturn:
      LowerReturn(static_cast<const sema::TReturn*>(stmt));
      return ResumeHolds();
    case StmtKind::kBreak:
      LowerJumpOut(true);
      return ResumeHolds();
    case StmtKind::kContinue:
      LowerJumpOut(false);
      return ResumeHolds();
    case StmtKind::kTry:
      LowerTry(static_cast<const sema::TTry*>(stmt));
      return;
    case StmtKind::kDelete:
      LowerDelete(static_cast<const sema::TDelete*>(stmt));
      return;
    case StmtKind::kLabel: {
      Label& label = LabelOf(static_cast<const sema::TLabel*>(stmt)->label);
      Bind(label);
      last_bound_word_ = label.word;
      return;
    }
    case StmtKind::kGoto:
      LowerGoto(static_cast<const sema::TGoto*>(stmt));
      return ResumeHolds();
    case StmtKind::kYield:
      LowerYield(static_cast<const sema::TYield*>(stmt));
      return;
  }
}

void FunctionLowering::LowerStatements(std::span<TStmt* const> statements) {
  for (const TStmt* stmt : statements) LowerStatement(stmt);
}

SlotOffset FunctionLowering::TakeLocal(const sema::TLocal* local, uint32_t bytes) {
  SlotOffset& slot = state_.SlotOf(local);
  const bool is_taken = local->owner == function_ && (preallocated_[local->index] || fixed_[local->index]);
  if (!is_taken) slot = TakeTemp(std::max(bytes, 1u));
  return slot;
}

Place FunctionLowering::TakeLocalMemory(const sema::TLocal* local, uint32_t bytes) {
  SlotOffset& slot = state_.SlotOf(local);
  if (local->owner == function_ && (preallocated_[local->index] || fixed_[local->index])) {
    return state_.IsFar(local) ? state_.FarPlace(local, slot) : Place::Frame(slot);
  }
  const Place memory = local->is_reference ? Place::Frame(TakeTemp(bytes)) : TakeMemory(std::max(bytes, 1u), true);
  slot = memory.slot;
  state_.far_offsets[state_.IndexOf(local)] = memory.by_pointer() ? memory.offset : ProgramState::kNotFar;
  return memory;
}

void FunctionLowering::SetAlive(const sema::TLocal* local, bool alive) {
  // Inlined functions have nothing that asks.
  if (local->owner != function_) return;
  alive_[local->index] = alive;
  if (!alive) preallocated_[local->index] = false;
}

void FunctionLowering::LowerBlock(const sema::TBlock* block) {
  if (block == nullptr) return;
  const SlotOffset mark = Mark();
  // A panic may come before any of the block's locals is reached.
  const bool is_guarded = state_.program.options.unwind_on_panic && !block->finally_part.empty();
  const bool zeroes = is_guarded || MayNameUnreached(block->finally_part);
  if (in_generator()) NoteInScope(block);
  if (zeroes) {
    for (const TStmt* stmt : block->statements) {
      if (stmt->kind != StmtKind::kLet) continue;
      const sema::TLocal* local = static_cast<const sema::TLet*>(stmt)->local;
      const uint32_t bytes = local->is_reference ? 8 : local->type->size();
      const Place memory = TakeLocalMemory(local, bytes);
      preallocated_[local->index] = true;
      ZeroPlace(memory, bytes);
    }
  }
  FixSlots(block->finally_part);
  Scope scope{.kind = Scope::Kind::kBlock, .outer = scope_, .block = block};
  scope_ = &scope;
  if (is_guarded) {
    LowerGuarded(block, &scope);
  } else {
    LowerStatements(block->statements);
    if (block->statements.empty() || !EndsControl(block->statements.back())) LeaveScope(&scope);
  }
  scope_ = scope.outer;
  for (const TStmt* stmt : block->statements) {
    if (stmt->kind == StmtKind::kLet) SetAlive(static_cast<const sema::TLet*>(stmt)->local, false);
  }
  Release(mark);
}

void FunctionLowering::LowerGuarded(const sema::TBlock* block, Scope* scope) {
  Label on_panic, end;
  JumpTo(Op::kTryBegin, 0, 1, on_panic);
  Scope guard{.kind = Scope::Kind::kTry, .outer = scope, .on_panic = &on_panic, .cleans_up = true};
  scope_ = &guard;
  LowerStatements(block->statements);
  scope_ = scope;
  if (block->statements.empty() || !EndsControl(block->statements.back())) {
    Emit(Op::kTryEnd);
    LeaveScope(scope);
    Jump(end);
  }
  Bind(on_panic);
  LeaveScope(scope);
  Emit(Op::kPanicAgain);
  Bind(end);
}

void FunctionLowering::LowerLet(const sema::TLet* node) {
  const sema::TLocal* local = node->local;
  const types::Type* type = local->type;
  if (local->is_reference) {
    const SlotOffset slot = TakeLocal(local, 8);
    // Memory the reference may denote (a temporary) lives as long as the scope.
    const Place place = PlaceOrTemp(node->init);
    At(node->location);
    AddressOf(place, slot);
    SetAlive(local, true);
    return;
  }
  At(node->location);
  const Place memory = TakeLocalMemory(local, type->size());
  const SlotOffset mark = Mark();
  if (node->init == nullptr) {
    ZeroPlace(memory, type->size());
  } else {
    InitMember(node->init, memory, node->mode, false);
    if (NotesHolder(type)) {
      NoteHolder(HolderKind::kLocal, fmt::format("local {}", local->name.text()), type, memory,
                 node->mode == AssignMode::kClone);
    }
  }
  Release(mark);
  const bool owns_string = type->kind == types::Kind::kString && memory.in_frame() && node->init != nullptr &&
                           state_.string_uses.IsFresh(node->init) && state_.string_uses.StaysIn(local->owner, local);
  if (owns_string) owned_strings_.push_back({scope_, memory.slot});
  BeginLive(memory, type, owns_string ? exec::SlotMapEntry::Owned::kText : OwnershipOf(local));
  SetAlive(local, true);
}

void FunctionLowering::LowerIf(const sema::TIf* node) {
  if (TryBranchOut(node)) return;
  Label otherwise, end;
  const SlotOffset mark = Mark();
  BranchOn(node->condition, false, otherwise);
  Release(mark);
  LowerBlock(node->then_part);
  const bool has_else =
      node->else_part != nullptr && (!node->else_part->statements.empty() || !node->else_part->finally_part.empty());
  if (has_else) {
    const auto& statements = node->then_part->statements;
    if (statements.empty() || !EndsControl(statements.back())) Jump(end);
    Bind(otherwise);
    LowerBlock(node->else_part);
    Bind(end);
  } else {
    Bind(otherwise);
  }
}

void FunctionLowering::LowerDelete(const sema::TDelete* node) {
  if (node->guard != nullptr && !alive_[node->guard->index]) return;
  if (node->implied_in != nullptr && node->implied_in->has_unsafe) return;
  const SlotOffset mark = Mark();
  const SlotOffset address = AddressOf(PlaceOrTemp(node->place));
  At(node->location);
  EmitTyped(Op::kDelete, address, 0, node->place->type);
  Release(mark);
}

Label& FunctionLowering::LabelOf(int32_t number) {
  for (NumberedLabel& entry : labels_) {
    if (entry.number == number) return entry.label;
  }
  labels_.push_back({number, {}});
  return labels_.back().label;
}

Scope* FunctionLowering::ScopeOfLabel(int32_t number) const {
  for (Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
    if (scope->kind != Scope::Kind::kBlock) continue;
    for (const TStmt* stmt : scope->block->statements) {
      if (stmt->kind == StmtKind::kLabel && static_cast<const sema::TLabel*>(stmt)->label == number) return scope;
    }
  }
  return nullptr;
}

void FunctionLowering::LowerGoto(const sema::TGoto* node) {
  if (node->computed == nullptr) {
    LeaveScopes(ScopeOfLabel(node->label));
    Label& label = LabelOf(node->label);
    JumpTo(label.is_bound() ? Op::kLoop : Op::kJump, 0, 0, label);
    return;
  }
  // Compared one by one with the labels seen so far and later: the chain is closed at the end of the function.
  const SlotOffset value = SlotFor(node->computed);
  computed_gotos_.push_back({value, Label{}});
  Jump(computed_gotos_.back().label);
}

}  // namespace vestige::lower
