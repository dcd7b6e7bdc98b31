// Generators (exec/generator.h): their making, yield, and their ends. A body is lowered like any other function; its
// frame lies in a heap block, which calls out of it have to know, and everything it holds while it waits is in the maps
// of the function. Floor 5.

#include "exec/generator.h"

#include <algorithm>

#include "lower/function_lowering.h"

namespace vestige::lower {

using Owned = exec::SlotMapEntry::Owned;

void FunctionLowering::MakeGeneratorAt(const sema::TClosure* node, const Place& to) {
  const SlotOffset mark = Mark();
  const SlotOffset target = TakeTemp(8);
  At(node->location);
  Emit(Op::kNewGenerator, target);
  builder_.EmitPointer(nullptr, state_.NumberOf(node->function));
  BeginLive(target, node->type);
  StoreCaptures(node, target, exec::kGeneratorFrame + exec::kGeneratorCaptures);
  StorePlace(to, target, 8);
  Release(mark);
}

void FunctionLowering::LowerGeneratorBody(const sema::TBlock* body) {
  result_slot_ = frame_.Take(8);
  const sema::TLocal* captures = function_->arguments[0];
  const SlotOffset slot = frame_.Take(std::max(captures->type->size(), 1u));
  state_.SlotOf(captures) = slot;
  info_->capture = captures->type->unqualified;
  BeginLive(slot, captures->type);
  // The finally part may name variables that were never reached: the frame begins as zeros.
  for (const sema::TStmt* stmt : body->statements) {
    if (stmt->kind != sema::StmtKind::kLet || body->finally_part.empty()) continue;
    const sema::TLocal* local = static_cast<const sema::TLet*>(stmt)->local;
    TakeLocalMemory(local, local->is_reference ? 8 : local->type->size());
    preallocated_[local->index] = true;
  }
  NoteInScope(body);
  Scope scope{.kind = Scope::Kind::kBlock, .outer = nullptr, .block = body};
  scope_ = &scope;
  LowerStatements(body->statements);
  // Sema saw that control does not come here; a goto may still.
  At(function_->location);
  Emit(Op::kEndGenerator);
  if (!body->finally_part.empty()) {
    info_->closing_word = builder_.here();
    LowerStatements(body->finally_part);
    Emit(Op::kEndClosing);
  }
  scope_ = nullptr;
  // Variables stay alive up to the last word: the frame is kept until the generator is closed.
}

void FunctionLowering::NoteInScope(const sema::TBlock* block) {
  for (const sema::TStmt* stmt : block->finally_part) {
    if (stmt->kind != sema::StmtKind::kDelete) continue;
    const sema::TLocal* guard = static_cast<const sema::TDelete*>(stmt)->guard;
    if (guard != nullptr) inscope_.push_back(guard);
  }
}

// Names stand for variables of the script; what has none is a temporary whose parts others own.
Owned FunctionLowering::OwnershipOf(const sema::TLocal* local) const {
  if (!in_generator() || local->owner != function_ || local->name.empty()) return Owned::kNo;
  const types::Traits& traits = local->type->traits();
  if (!traits.needs_delete) return Owned::kNo;
  const bool is_inscope = std::find(inscope_.begin(), inscope_.end(), local) != inscope_.end();
  return is_inscope || !traits.unsafe_delete ? Owned::kValue : Owned::kNo;
}

void FunctionLowering::LowerYield(const sema::TYield* node) {
  const SlotOffset mark = Mark();
  const Place place = Place::Pointer(result_slot_);
  if (function_->returns_reference) {
    StorePlace(place, AddressOf(PlaceOf(node->value)), 8);
  } else {
    InitMember(node->value, place, node->mode, false);
    if (NotesHolder(node->value->type)) {
      NoteHolder(HolderKind::kScript, "value that a generator made", node->value->type, place,
                 node->mode == sema::AssignMode::kClone);
    }
  }
  Release(mark);
  At(node->location);
  Suspend(Label{});
}

void FunctionLowering::Suspend(const Label& resume) {
  absl::InlinedVector<Scope*, 2> tries;
  for (Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
    if (scope->kind == Scope::Kind::kTry) tries.push_back(scope);
  }
  for (size_t i = 0; i < tries.size(); ++i) Emit(Op::kTryEnd);
  const uint32_t yield = EmitImmediate(Op::kYield, 0, 0, 1);
  if (resume.is_bound() && tries.empty()) builder_.PatchJump(yield, resume.word);
  for (size_t i = tries.size(); i-- > 0;) JumpTo(Op::kTryBegin, 0, tries[i]->cleans_up ? 1 : 0, *tries[i]->on_panic);
  if (resume.is_bound() && !tries.empty()) JumpTo(Op::kLoop, 0, 0, const_cast<Label&>(resume));
}

void FunctionLowering::LowerGeneratorReturn(const sema::TReturn* node) {
  const auto* constant =
      node->value->kind == sema::ExprKind::kConst ? static_cast<const sema::TConst*>(node->value) : nullptr;
  Label again, end;
  BindTop(again);
  if (constant == nullptr) {
    const SlotOffset mark = Mark();
    BranchOn(node->value, false, end);
    Release(mark);
  }
  At(node->location);
  // The next step comes to this return again.
  if (constant == nullptr || constant->bits[0] != 0) Suspend(again);
  Bind(end);
  LeaveScopes(nullptr);
  At(node->location);
  Emit(Op::kEndGenerator);
}

// The step of a loop without the loop: script code that makes the elements runs in this dispatch loop, not in one of
// its own.
bool FunctionLowering::TryNext(const sema::TNativeCall* node, const Want& want, Operand* result) {
  if (node->native->name != "next" || node->arguments.size() != 2) return false;
  const sema::TExpr* iterator = node->arguments[0];
  const sema::TExpr* value = node->arguments[1];
  if (iterator->type->kind != types::Kind::kIterator || iterator->type->element->is_ref()) return false;
  if (!iterator->is_place || !value->is_place) return false;
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset variable = AddressOf(PlaceOf(iterator), TakeTemp(8));
  const SlotOffset place = AddressOf(PlaceOf(value), TakeTemp(8));
  const SlotOffset stepped = TakeTemp(8);
  LoadPlace(stepped, Place::Pointer(variable), 8);
  At(node->location);
  Label done, end;
  JumpTo(Op::kIteratorNext, stepped, place, done);
  NoteAssigned(value, Place::Pointer(place), true);
  MoveConst(target, node->type, 1);
  Jump(end);
  Bind(done);
  Emit(Op::kIteratorClose, stepped);
  ZeroPlace(Place::Pointer(variable), 8);
  MoveConst(target, node->type, 0);
  Bind(end);
  Release(mark);
  *result = Operand::Frame(target);
  return true;
}

Op FunctionLowering::CallOp(Op op) const {
  if (!in_generator()) return op;
  switch (op) {
    case Op::kCall:
      return Op::kCallFromHeap;
    case Op::kCallFunctionValue:
      return Op::kCallFunctionValueFromHeap;
    case Op::kCallLambda:
      return Op::kCallLambdaFromHeap;
    default:
      return Op::kCallBlockFromHeap;
  }
}

}  // namespace vestige::lower
