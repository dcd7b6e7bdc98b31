// Statements while their block is being elaborated. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_STMT_H_
#define VESTIGE_SEMA_STMT_H_

#include <string>
#include <vector>

#include "sema/checker.h"
#include "sema/decl.h"

namespace vestige::sema {

// What a `defer` puts off: a block, or the delete of a place.
struct Deferred {
  const syntax::Block* body = nullptr;
  const syntax::Expr* deleted = nullptr;
  size_t position = 0;  // how many inscope variables had been declared
  syntax::Place place;
};

// A block in the making: its statements, the deletes of its `inscope` variables in order of declaration, and what runs
// between them.
struct BlockBuilder {
  BodyKind kind = BodyKind::kBlock;
  std::vector<TStmt*> statements;
  std::vector<TStmt*> deletes;
  std::vector<Deferred> deferred;
};

void CheckLet(Checker& c, const syntax::LetStmt* stmt, BlockBuilder& block);
void CheckFor(Checker& c, const syntax::ForStmt* stmt, BlockBuilder& block);
// False when the statement is no `defer`, and nothing was done.
bool CheckDefer(Checker& c, const syntax::ExprStmt* stmt, BlockBuilder& block);
// lpipe.cpp: the statement at `*next`, with what the `lpipe` statements behind it add to its call; `*next` goes behind
// them. Null after an error.
const syntax::Stmt* TakePipes(Checker& c, std::span<syntax::Stmt* const> statements, size_t* next);
// static_let.cpp: variables of `static_let() { .. }` become variables of the module. False when the statement is none.
bool CheckStaticLet(Checker& c, const syntax::ExprStmt* stmt);
// What was put off, checked at the end of its block; null after an error.
TStmt* FinishDeferred(Checker& c, const Deferred& deferred);
// A block that runs when control leaves the one around it.
TBlock* CheckFinally(Checker& c, const syntax::Block* block);
void CheckAssume(Checker& c, const syntax::AssumeStmt* stmt);
TStmt* CheckDelete(Checker& c, const syntax::DeleteStmt* stmt);

// call_super.cpp: `delete super.self`, and the expression in it (null: not that).
const syntax::FieldExpr* AsSuperSelf(const Checker& c, const syntax::Expr* expr);
TStmt* CheckDeleteSuper(Checker& c, const syntax::DeleteStmt* stmt, const syntax::FieldExpr* super);

// Values of this type have something that `delete` could mean.
bool CanDelete(const types::Type* type);
// The delete of `place` as a statement, after the rules about what may be deleted; null after a message.
TDelete* MakeDelete(Checker& c, TExpr* place, syntax::Place at);
// The delete of a variable at the end of its scope that `options force_inscope_pod` wants; null when it does not.
TDelete* ImpliedDelete(Checker& c, TLocal* local);

// Enters a variable into the names in scope.
void PushName(Checker& c, base::Symbol name, TLocal* local);
// Error 30704 (or `code`) when the name is taken; what: "local variable", "for loop iterator variable".
bool CheckShadowing(Checker& c, base::Symbol name, syntax::Place place, std::string_view what, int code);

// A local without a name that holds `value`, or refers to it when it is a place; the TLet is added to `block`.
TLocal* HoldValue(Checker& c, TExpr* value, BlockBuilder& block);

// What a `for` or a comprehension runs over.
struct LoopParts {
  BlockBuilder setup;  // before the loop: places for sources that are values
  std::vector<TForSource> sources;
  BlockBuilder prologue;  // at the front of the body: parts of tuples get their names
};
// The loop's variables are in scope afterwards. False after errors.
bool CheckLoopHead(Checker& c, const syntax::LoopHead& head, syntax::Place place, LoopParts* parts);
// The loop as statements of `block`.
void FinishLoop(Checker& c, LoopParts& parts, TBlock* body, base::Location location, BlockBuilder& block);

// A block from its parts.
TBlock* MakeBlock(Checker& c, base::Location location, const BlockBuilder& builder);
// The statements of `block` into `builder`, in the current scope; the finally part is not looked at.
void CheckStatements(Checker& c, const syntax::Block* block, BlockBuilder& builder);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_STMT_H_
