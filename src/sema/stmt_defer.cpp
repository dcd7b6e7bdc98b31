// defer() { ... } and defer_delete(x): statements that run when control leaves the block they stand in. Floor 3.
//
// They are checked when the rest of the block has been, because they see all of its names: those that come into being
// after them, too, which are zero when control left before.

#include <string>

#include "sema/call.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

// The module that declares both, which scripts have to require.
bool IsOfDeferModule(Checker& c, const syntax::CallExpr* call) {
  ModuleScope* module = LookupModule(c, call->callee);
  const FunctionEntity* function =
      module == nullptr ? nullptr : OnlyFunction(FindOverloads(c, module, call->callee.name));
  return function != nullptr && function->module->native != nullptr && function->module->name.text() == "defer";
}

bool Fits(Checker& c, const syntax::CallExpr* call, BlockBuilder& block) {
  const std::string_view name = call->callee.name.text();
  switch (block.kind) {
    case BodyKind::kBlock:
      return true;
    case BodyKind::kLoop:
      c.Error(kMacroError, call->place, std::string(name) + " can't be used in the loop",
              "what runs at the end of a round belongs in a block of its own: { ... }");
      return false;
    case BodyKind::kLambda:
    case BodyKind::kGenerator:
      c.Error(kMacroError, call->place, std::string(name) + " can't be used at the top level of a lambda or generator",
              "what runs at the end of a call belongs in a block of its own: { ... }");
      return false;
  }
  return false;
}

}  // namespace

bool CheckDefer(Checker& c, const syntax::ExprStmt* stmt, BlockBuilder& block) {
  const auto* call = syntax::As<syntax::CallExpr>(stmt->expr);
  if (call == nullptr || call->type != nullptr || call->tag != nullptr) return false;
  const bool deletes = call->callee.name.text() == "defer_delete";
  if ((!deletes && call->callee.name.text() != "defer") || !IsOfDeferModule(c, call)) return false;
  if (call->arguments.size() != 1) return false;
  Deferred deferred;
  deferred.position = block.deletes.size();
  deferred.place = call->place;
  const syntax::Expr* argument = call->arguments[0].value;
  if (deletes) {
    deferred.deleted = argument;
  } else {
    const auto* closure = syntax::As<syntax::ClosureExpr>(argument);
    if (closure == nullptr || closure->form != syntax::ClosureForm::kBlock || !closure->parameters.empty()) {
      c.Error(kMacroError, call->place, "defer takes a block that is written out: defer() { ... }");
      return true;
    }
    deferred.body = closure->body;
  }
  if (Fits(c, call, block)) block.deferred.push_back(deferred);
  return true;
}

TStmt* FinishDeferred(Checker& c, const Deferred& deferred) {
  if (deferred.body != nullptr) return CheckFinally(c, deferred.body);
  TExpr* place = CheckExpr(c, deferred.deleted);
  return IsError(place) ? nullptr : MakeDelete(c, place, deferred.place);
}

}  // namespace vestige::sema
