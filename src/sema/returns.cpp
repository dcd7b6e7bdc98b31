// Where control returns: in syntax, to know early that a function has no result; in typed statements, to know that a
// function with a result gives one on every path. Floor 3.

#include "sema/expr.h"
#include "sema/function.h"

namespace vestige::sema {

namespace {

bool AnyReturn(const syntax::Block* block);

bool StatementHasValue(const syntax::Stmt* stmt) {
  using syntax::StmtKind;
  switch (stmt->kind) {
    case StmtKind::kReturn:
      return static_cast<const syntax::ReturnStmt*>(stmt)->value != nullptr;
    case StmtKind::kIf: {
      const auto* branch = static_cast<const syntax::IfStmt*>(stmt);
      return AnyReturn(branch->then_block) || AnyReturn(branch->else_block);
    }
    case StmtKind::kFor:
      return AnyReturn(static_cast<const syntax::ForStmt*>(stmt)->body);
    case StmtKind::kWhile:
      return AnyReturn(static_cast<const syntax::WhileStmt*>(stmt)->body);
    case StmtKind::kWith:
      return AnyReturn(static_cast<const syntax::WithStmt*>(stmt)->body);
    case StmtKind::kWithModule:
      return AnyReturn(static_cast<const syntax::WithModuleStmt*>(stmt)->body);
    case StmtKind::kUnsafe:
      return AnyReturn(static_cast<const syntax::UnsafeStmt*>(stmt)->body);
    case StmtKind::kBlock:
      return AnyReturn(static_cast<const syntax::BlockStmt*>(stmt)->block);
    case StmtKind::kTry: {
      const auto* attempt = static_cast<const syntax::TryStmt*>(stmt);
      return AnyReturn(attempt->body) || AnyReturn(attempt->recover);
    }
    default:
      return false;
  }
}

bool AnyReturn(const syntax::Block* block) {
  if (block == nullptr) return false;
  for (const syntax::Stmt* stmt : block->statements) {
    if (StatementHasValue(stmt)) return true;
  }
  return AnyReturn(block->finally);
}

bool StatementReturns(const TStmt* stmt) {
  switch (stmt->kind) {
    case StmtKind::kReturn:
    case StmtKind::kGoto:
      return true;
    case StmtKind::kBlock:
      return AlwaysReturns(static_cast<const TBlock*>(stmt));
    case StmtKind::kIf: {
      const auto* branch = static_cast<const TIf*>(stmt);
      return branch->else_part != nullptr && AlwaysReturns(branch->then_part) && AlwaysReturns(branch->else_part);
    }
    case StmtKind::kTry: {
      const auto* attempt = static_cast<const TTry*>(stmt);
      return AlwaysReturns(attempt->body) && (attempt->recover == nullptr || AlwaysReturns(attempt->recover));
    }
    case StmtKind::kWhile: {
      const auto* loop = static_cast<const TWhile*>(stmt);
      bool endless = false;
      return ConstantBool(loop->condition, &endless) && endless;
    }
    case StmtKind::kExpr: {
      const auto* call = As<TNativeCall>(static_cast<const TExprStmt*>(stmt)->expr);
      return call != nullptr && (call->native->name == "panic" || call->native->name == "terminate");
    }
    default:
      return false;
  }
}

}  // namespace

bool ReturnsValue(const syntax::Block* block) { return AnyReturn(block); }

const types::Type* TypeOfReturnedLocal(const Checker& c, const FunctionRecord* function) {
  const syntax::FunctionDecl* decl = function->entity != nullptr ? function->entity->decl : nullptr;
  if (decl == nullptr || decl->body == nullptr || decl->body->statements.empty()) return nullptr;
  const auto* last = syntax::As<syntax::ReturnStmt>(decl->body->statements.back());
  const auto* name = last != nullptr ? syntax::As<syntax::NameExpr>(last->value) : nullptr;
  if (name == nullptr || name->name.is_qualified) return nullptr;
  for (size_t i = c.names.size(); i-- > 0;) {
    const LocalName& known = c.names[i];
    if (known.name != name->name.name || known.owner != function) continue;
    const bool is_variable = known.kind == LocalName::Kind::kLocal && !known.local->type->is_generic();
    return is_variable && !IsError(known.local->type) ? known.local->type->unqualified : nullptr;
  }
  return nullptr;
}

bool AlwaysReturns(const TBlock* block) {
  if (block == nullptr) return false;
  for (const TStmt* stmt : block->statements) {
    if (StatementReturns(stmt)) return true;
  }
  return false;
}

}  // namespace vestige::sema
