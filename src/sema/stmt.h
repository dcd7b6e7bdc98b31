// Statements while their block is being elaborated. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_STMT_H_
#define VESTIGE_SEMA_STMT_H_

#include <string>
#include <vector>

#include "sema/checker.h"

namespace vestige::sema {

// A block in the making: its statements, and the deletes of its `inscope` variables in order of declaration.
struct BlockBuilder {
  std::vector<TStmt*> statements;
  std::vector<TStmt*> deletes;
};

void CheckLet(Checker& c, const syntax::LetStmt* stmt, BlockBuilder& block);
void CheckFor(Checker& c, const syntax::ForStmt* stmt, BlockBuilder& block);
void CheckAssume(Checker& c, const syntax::AssumeStmt* stmt);
TStmt* CheckDelete(Checker& c, const syntax::DeleteStmt* stmt);

// Values of this type have something that `delete` could mean.
bool CanDelete(const types::Type* type);
// The delete of `place` as a statement, after the rules about what may be deleted; null after a message.
TDelete* MakeDelete(Checker& c, TExpr* place, syntax::Place at);

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
