// lpipe(value): the value becomes the last argument of the call in the statement before. Floor 3.
//
//   with_two() { first }
//   lpipe() { second }            // with_two({ first }, { second })
//
// The tree is not changed: the statement is checked as a copy with the longer call.

#include <algorithm>
#include <vector>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

bool SeesModule(Checker& c, const syntax::QualifiedName& name, std::string_view wanted) {
  const ModuleScope* module = LookupModule(c, name);
  return module != nullptr && std::any_of(module->visible.begin(), module->visible.end(),
                                          [&](const ModuleScope* seen) { return seen->name.text() == wanted; });
}

// The call when the statement is an lpipe, else null.
const syntax::CallExpr* AsPipe(Checker& c, const syntax::Stmt* stmt) {
  const auto* expr = syntax::As<syntax::ExprStmt>(stmt);
  const auto* call = expr == nullptr ? nullptr : syntax::As<syntax::CallExpr>(expr->expr);
  if (call == nullptr || call->type != nullptr || call->tag != nullptr) return nullptr;
  return call->callee.name.text() == "lpipe" && SeesModule(c, call->callee, "lpipe") ? call : nullptr;
}

template <typename T>
T* CopyOf(Checker& c, const T* node) {
  return c.scratch.New<T>(*node);
}

std::span<syntax::Argument> WithArgument(Checker& c, std::span<syntax::Argument> arguments,
                                         const syntax::Argument& added) {
  std::vector<syntax::Argument> all(arguments.begin(), arguments.end());
  all.push_back(added);
  return c.scratch.Copy(all);
}

// The expression with one more argument in its call; null when there is no call to take it.
syntax::Expr* PipeInto(Checker& c, syntax::Expr* expr, const syntax::Argument& added) {
  if (const auto* call = syntax::As<syntax::CallExpr>(expr)) {
    syntax::CallExpr* longer = CopyOf(c, call);
    longer->arguments = WithArgument(c, call->arguments, added);
    return longer;
  }
  if (const auto* call = syntax::As<syntax::MethodCallExpr>(expr)) {
    syntax::MethodCallExpr* longer = CopyOf(c, call);
    longer->arguments = WithArgument(c, call->arguments, added);
    return longer;
  }
  if (const auto* name = syntax::As<syntax::NameExpr>(expr)) {
    syntax::CallExpr* made = c.scratch.New<syntax::CallExpr>();
    made->kind = syntax::CallExpr::kKind;
    made->place = name->place;
    made->callee = name->name;
    made->arguments = WithArgument(c, {}, added);
    made->has_parentheses = false;
    return made;
  }
  if (const auto* assign = syntax::As<syntax::AssignExpr>(expr)) {
    syntax::Expr* value = assign->form == syntax::AssignForm::kCompound ? nullptr : PipeInto(c, assign->value, added);
    if (value == nullptr) return nullptr;
    syntax::AssignExpr* longer = CopyOf(c, assign);
    longer->value = value;
    return longer;
  }
  return nullptr;
}

const syntax::Stmt* PipeInto(Checker& c, const syntax::Stmt* stmt, const syntax::Argument& added) {
  if (const auto* expr = syntax::As<syntax::ExprStmt>(stmt)) {
    syntax::Expr* longer = PipeInto(c, expr->expr, added);
    if (longer == nullptr) return nullptr;
    syntax::ExprStmt* made = CopyOf(c, expr);
    made->expr = longer;
    return made;
  }
  const auto* let = syntax::As<syntax::LetStmt>(stmt);
  if (let == nullptr || let->variables.size() != 1 || let->variables[0].init == nullptr) return nullptr;
  syntax::Expr* longer = PipeInto(c, let->variables[0].init, added);
  if (longer == nullptr) return nullptr;
  syntax::LetStmt* made = CopyOf(c, let);
  made->variables = c.scratch.Copy(std::span<const syntax::Variable>(let->variables));
  made->variables[0].init = longer;
  return made;
}

}  // namespace

const syntax::Stmt* TakePipes(Checker& c, std::span<syntax::Stmt* const> statements, size_t* next) {
  const syntax::Stmt* stmt = statements[(*next)++];
  if (const syntax::CallExpr* pipe = AsPipe(c, stmt)) {
    c.Error(kMacroError, pipe->place, "lpipe has no call before it");
    return nullptr;
  }
  for (; *next < statements.size(); ++*next) {
    const syntax::CallExpr* pipe = AsPipe(c, statements[*next]);
    if (pipe == nullptr) break;
    if (pipe->arguments.size() != 1) {
      c.Error(kMacroError, pipe->place, "expecting lpipe(value)");
      continue;
    }
    syntax::Argument added = pipe->arguments[0];
    added.is_piped = true;
    const syntax::Stmt* longer = PipeInto(c, stmt, added);
    if (longer == nullptr) {
      c.Error(kMacroError, pipe->place, "lpipe needs a call in the statement before it");
      continue;
    }
    stmt = longer;
  }
  return stmt;
}

}  // namespace vestige::sema
