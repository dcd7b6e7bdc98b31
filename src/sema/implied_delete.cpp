// What `options force_inscope_pod` deletes without being asked: variables at the end of their scope, and what a move
// overwrites. Only values that own containers and nothing else, and not in functions that do something unsafe, which
// may have made a copy that nobody sees. Floor 3.

#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/stmt.h"

namespace vestige::sema {

using types::Type;

namespace {

// The function that the code belongs to: not a block in it. Null outside of functions.
FunctionRecord* CurrentFunction(const Checker& c) {
  const FunctionState* state = c.fn;
  while (state != nullptr && state->function != nullptr && state->function->role == FunctionRole::kBlock) {
    state = state->outer;
  }
  return state != nullptr ? state->function : nullptr;
}

bool OwnsContainersOnly(Checker& c, const Type* type) {
  EnsureComplete(c, type);
  const types::Traits& traits = type->traits();
  return traits.needs_delete && traits.plain_delete && !type->is_temp();
}

TDelete* DeleteIn(Checker& c, const FunctionRecord* function, TExpr* place) {
  TDelete* made = c.Stmt<TDelete>(place->location);
  made->place = place;
  made->implied_in = function;
  return made;
}

}  // namespace

void NoteUnsafe(Checker& c) {
  if (FunctionRecord* function = CurrentFunction(c)) function->has_unsafe = true;
}

TDelete* ImpliedDelete(Checker& c, TLocal* local) {
  const FunctionRecord* function = CurrentFunction(c);
  if (!c.program.options.force_inscope_pod || function == nullptr || function->role == FunctionRole::kGenerator ||
      c.fn->in_finally || local->is_reference || !OwnsContainersOnly(c, local->type)) {
    return nullptr;
  }
  TDelete* made = DeleteIn(c, function, LocalRef(c, local, local->location));
  made->guard = local;
  return made;
}

TExpr* MoveAndFree(Checker& c, TExpr* target, TExpr* value, syntax::Place place) {
  const FunctionRecord* function = CurrentFunction(c);
  if (!c.program.options.force_inscope_pod || function == nullptr || function->has_unsafe ||
      !OwnsContainersOnly(c, target->type)) {
    return nullptr;
  }
  // The new value is out of the old one before that goes: it may be a part of it.
  BlockBuilder block;
  TLocal* moved = NewLocal(c, {}, c.types.WithoutQualifiers(value->type, types::kConst), value->location);
  TLet* let = c.Stmt<TLet>(value->location);
  let->local = moved;
  let->init = value;
  let->mode = AssignMode::kMove;
  block.statements.push_back(let);
  TLocal* held = HoldValue(c, target, block);
  block.statements.push_back(DeleteIn(c, function, LocalRef(c, held, target->location)));
  TAssign* assign = c.Node<TAssign>(place.location, c.types.void_type());
  assign->mode = AssignMode::kMove;
  assign->target = LocalRef(c, held, target->location);
  assign->value = LocalRef(c, moved, value->location);
  TExprStmt* last = c.Stmt<TExprStmt>(place.location);
  last->expr = assign;
  block.statements.push_back(last);
  TStmtExpr* made = c.Node<TStmtExpr>(place.location, c.types.void_type());
  made->body = MakeBlock(c, place.location, block);
  made->result = c.Node<TZero>(place.location, c.types.void_type());
  return made;
}

}  // namespace vestige::sema
