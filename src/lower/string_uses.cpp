// A walk over a function that follows one string variable. Floor 5.

#include "lower/string_uses.h"

#include "lower/analysis.h"
#include "lower/walk.h"
#include "sema/native.h"

namespace vestige::lower {

using sema::ExprKind;
using sema::StmtKind;
using sema::TExpr;
using sema::TStmt;

namespace {

constexpr int kSearchBudget = 2000;

class Search {
 public:
  Search(StringUses& uses, const sema::TLocal* local) : uses_(uses), local_(local) {}

  bool Block(const sema::TBlock* block) {
    return block == nullptr || (Statements(block->statements) && Statements(block->finally_part));
  }

 private:
  bool Statements(std::span<TStmt* const> statements) {
    for (const TStmt* stmt : statements) {
      if (!Statement(stmt)) return false;
    }
    return true;
  }

  bool Statement(const TStmt* stmt) {
    if (--budget_ < 0) return false;
    switch (stmt->kind) {
      case StmtKind::kExpr:
        return Uses(static_cast<const sema::TExprStmt*>(stmt)->expr, true);
      case StmtKind::kLet:
        return Maybe(static_cast<const sema::TLet*>(stmt)->init);
      case StmtKind::kBlock:
        return Block(static_cast<const sema::TBlock*>(stmt));
      case StmtKind::kIf: {
        const auto* node = static_cast<const sema::TIf*>(stmt);
        return Uses(node->condition, true) && Block(node->then_part) && Block(node->else_part);
      }
      case StmtKind::kWhile: {
        const auto* node = static_cast<const sema::TWhile*>(stmt);
        return Uses(node->condition, true) && Block(node->body);
      }
      case StmtKind::kFor: {
        const auto* node = static_cast<const sema::TFor*>(stmt);
        for (const sema::TForSource& source : node->sources) {
          if (!Uses(source.source, source.kind == sema::SourceKind::kString) || !Maybe(source.step)) return false;
        }
        return Block(node->body);
      }
      case StmtKind::kYield:
        return Maybe(static_cast<const sema::TYield*>(stmt)->value);
      case StmtKind::kReturn:
        return Maybe(static_cast<const sema::TReturn*>(stmt)->value);
      case StmtKind::kTry: {
        const auto* node = static_cast<const sema::TTry*>(stmt);
        return Block(node->body) && Block(node->recover);
      }
      case StmtKind::kDelete:
        return Uses(static_cast<const sema::TDelete*>(stmt)->place, false);
      case StmtKind::kBreak:
      case StmtKind::kContinue:
        return true;
      default:
        return false;
    }
  }

  bool Maybe(const TExpr* expr) { return expr == nullptr || Uses(expr, false); }

  // `looks`: whoever takes the value of `expr` keeps no pointer to it.
  bool Uses(const TExpr* expr, bool looks) {
    if (--budget_ < 0) return false;
    switch (expr->kind) {
      case ExprKind::kLocal:
        return looks || static_cast<const sema::TLocalRef*>(expr)->local != local_;
      case ExprKind::kString:
        return ForEachChild(expr, [this](const TExpr* part) { return Uses(part, true); });
      // What an operator makes of strings is new: a joined string, a bool.
      case ExprKind::kBinary:
      case ExprKind::kUnary:
      case ExprKind::kTableFind:
        return ForEachChild(expr, [this](const TExpr* operand) { return Uses(operand, true); });
      case ExprKind::kConditional: {
        const auto* node = static_cast<const sema::TConditional*>(expr);
        return Uses(node->condition, true) && Uses(node->then_value, looks) && Uses(node->else_value, looks);
      }
      case ExprKind::kNativeCall:
        return NativeArguments(static_cast<const sema::TNativeCall*>(expr));
      case ExprKind::kCall: {
        const auto* node = static_cast<const sema::TCall*>(expr);
        for (size_t i = 0; i < node->arguments.size(); ++i) {
          const bool is_value = !node->callee->arguments[i]->is_reference;
          // Asked only where the variable itself is the argument.
          const bool matters = is_value && IsLocal(node->arguments[i]);
          if (!Uses(node->arguments[i], matters && uses_.ParameterStays(node->callee, i))) return false;
        }
        return true;
      }
      case ExprKind::kClosure: {
        const auto* node = static_cast<const sema::TClosure*>(expr);
        for (const sema::TCapture& capture : node->captures) {
          if (!Maybe(capture.source)) return false;
        }
        return Block(node->function->body);
      }
      case ExprKind::kStmtExpr: {
        const auto* node = static_cast<const sema::TStmtExpr*>(expr);
        return Block(node->body) && (node->result == nullptr || Uses(node->result, looks));
      }
      default:
        return ForEachChild(expr, [this](const TExpr* child) { return Uses(child, false); });
    }
  }

  bool IsLocal(const TExpr* expr) const {
    return expr->kind == ExprKind::kLocal && static_cast<const sema::TLocalRef*>(expr)->local == local_;
  }

  bool NativeArguments(const sema::TNativeCall* node) {
    const bool captures = (node->native->flags & sema::kCapturesStrings) != 0;
    for (size_t i = 0; i < node->arguments.size(); ++i) {
      if (!Uses(node->arguments[i], !captures && !node->by_reference[i])) return false;
    }
    return true;
  }

  StringUses& uses_;
  const sema::TLocal* local_;
  int budget_ = kSearchBudget;
};

// Every return of a function has a fresh string. Blocks and other closures in it return for themselves.
class ReturnSearch {
 public:
  explicit ReturnSearch(StringUses& uses) : uses_(uses) {}

  bool Block(const sema::TBlock* block) {
    if (block == nullptr) return true;
    for (const TStmt* stmt : block->statements) {
      if (!Statement(stmt)) return false;
    }
    return true;
  }

 private:
  bool Statement(const TStmt* stmt) {
    if (--budget_ < 0) return false;
    switch (stmt->kind) {
      case StmtKind::kBlock:
        return Block(static_cast<const sema::TBlock*>(stmt));
      case StmtKind::kIf: {
        const auto* node = static_cast<const sema::TIf*>(stmt);
        return Block(node->then_part) && Block(node->else_part);
      }
      case StmtKind::kWhile:
        return Block(static_cast<const sema::TWhile*>(stmt)->body);
      case StmtKind::kFor:
        return Block(static_cast<const sema::TFor*>(stmt)->body);
      case StmtKind::kTry: {
        const auto* node = static_cast<const sema::TTry*>(stmt);
        return Block(node->body) && Block(node->recover);
      }
      case StmtKind::kReturn: {
        const TExpr* value = static_cast<const sema::TReturn*>(stmt)->value;
        return value != nullptr && uses_.IsFresh(value);
      }
      default:
        return true;
    }
  }

  StringUses& uses_;
  int budget_ = kSearchBudget;
};

}  // namespace

bool StringUses::IsFresh(const TExpr* expr) {
  if (expr->type->kind != types::Kind::kString) return false;
  if (expr->kind == ExprKind::kCall) return ReturnsFresh(static_cast<const sema::TCall*>(expr)->callee);
  if (expr->kind == ExprKind::kConditional) {
    const auto* node = static_cast<const sema::TConditional*>(expr);
    return IsFresh(node->then_value) && IsFresh(node->else_value);
  }
  return IsFreshString(expr);
}

bool StringUses::ReturnsFresh(const sema::TFunction* function) {
  // While the answer is looked for it is no, which recursion is content with.
  const auto [entry, is_new] = results_.try_emplace(function, false);
  if (!is_new) return entry->second;
  const bool is_plain = function->role == sema::FunctionRole::kFunction && !function->returns_reference;
  const bool fresh = is_plain && function->body != nullptr && ReturnSearch(*this).Block(function->body);
  results_[function] = fresh;
  return fresh;
}

bool StringUses::StaysIn(const sema::TFunction* function, const sema::TLocal* local) {
  return Search(*this, local).Block(function->body);
}

bool StringUses::ParameterStays(const sema::TFunction* function, size_t index) {
  const sema::TLocal* parameter = function->arguments[index];
  // While the answer is looked for it is no, which recursion is content with.
  const auto [entry, is_new] = parameters_.try_emplace(parameter, false);
  if (!is_new) return entry->second;
  const bool stays = function->body != nullptr && !parameter->is_reference && StaysIn(function, parameter);
  parameters_[parameter] = stays;
  return stays;
}

}  // namespace vestige::lower
