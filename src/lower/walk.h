// The children of a typed expression, in order of evaluation.
//
// One place that knows every node's operands, so that analyses are a few lines each. Floor 5.

#ifndef VESTIGE_LOWER_WALK_H_
#define VESTIGE_LOWER_WALK_H_

#include "sema/typed.h"

namespace vestige::lower {

// Calls visit(TExpr*) for every operand of `expr` until it returns false; true when all returned true. Statements
// inside a TStmtExpr and the bodies of closures are not entered: visit never sees them, callers treat those nodes as
// opaque.
template <typename Visit>
bool ForEachChild(const sema::TExpr* expr, Visit visit);

// The nodes with any number of operands.
template <typename Visit>
bool ForEachListed(const sema::TExpr* expr, Visit visit) {
  using sema::ExprKind;
  const auto maybe = [&visit](sema::TExpr* child) { return child == nullptr || visit(child); };
  const auto all = [&visit](std::span<sema::TExpr*> children) {
    for (sema::TExpr* child : children) {
      if (!visit(child)) return false;
    }
    return true;
  };
  const auto members = [&maybe](std::span<sema::TMember> list) {
    for (const sema::TMember& member : list) {
      if (!maybe(member.value)) return false;
    }
    return true;
  };
  switch (expr->kind) {
    case ExprKind::kCall:
      return all(static_cast<const sema::TCall*>(expr)->arguments);
    case ExprKind::kNativeCall:
      return all(static_cast<const sema::TNativeCall*>(expr)->arguments);
    case ExprKind::kInvoke: {
      const auto* node = static_cast<const sema::TInvoke*>(expr);
      return visit(node->callee) && all(node->arguments);
    }
    case ExprKind::kMake:
      return members(static_cast<const sema::TMake*>(expr)->members);
    case ExprKind::kMakeArray:
      return members(static_cast<const sema::TMakeArray*>(expr)->elements);
    case ExprKind::kMakeTable: {
      const auto* node = static_cast<const sema::TMakeTable*>(expr);
      return all(node->keys) && members(node->values);
    }
    case ExprKind::kClosure:
      for (const sema::TCapture& capture : static_cast<const sema::TClosure*>(expr)->captures) {
        if (!maybe(capture.source)) return false;
      }
      return true;
    case ExprKind::kString:
      for (const sema::TStringPart& part : static_cast<const sema::TString*>(expr)->parts) {
        if (!maybe(part.value)) return false;
      }
      return true;
    default:
      return true;
  }
}

template <typename Visit>
bool ForEachChild(const sema::TExpr* expr, Visit visit) {
  using sema::ExprKind;
  const auto maybe = [&visit](sema::TExpr* child) { return child == nullptr || visit(child); };
  switch (expr->kind) {
    case ExprKind::kConst:
    case ExprKind::kZero:
    case ExprKind::kLocal:
    case ExprKind::kGlobal:
    case ExprKind::kFunctionRef:
      return true;
    case ExprKind::kField:
      return visit(static_cast<const sema::TField*>(expr)->base);
    case ExprKind::kDeref:
      return visit(static_cast<const sema::TDeref*>(expr)->pointer);
    case ExprKind::kAddress:
      return visit(static_cast<const sema::TAddress*>(expr)->place);
    case ExprKind::kIndex: {
      const auto* node = static_cast<const sema::TIndex*>(expr);
      return visit(node->base) && visit(node->index) && maybe(node->initial);
    }
    case ExprKind::kSafeField:
      return visit(static_cast<const sema::TSafeField*>(expr)->pointer);
    case ExprKind::kSafeIndex: {
      const auto* node = static_cast<const sema::TSafeIndex*>(expr);
      return visit(node->base) && visit(node->index);
    }
    case ExprKind::kCoalesce: {
      const auto* node = static_cast<const sema::TCoalesce*>(expr);
      return visit(node->pointer) && visit(node->fallback);
    }
    case ExprKind::kSwizzle:
      return visit(static_cast<const sema::TSwizzle*>(expr)->base);
    case ExprKind::kVariantIs:
      return visit(static_cast<const sema::TVariantIs*>(expr)->base);
    case ExprKind::kVariantAs:
      return visit(static_cast<const sema::TVariantAs*>(expr)->base);
    case ExprKind::kUnary:
      return visit(static_cast<const sema::TUnary*>(expr)->operand);
    case ExprKind::kBinary: {
      const auto* node = static_cast<const sema::TBinary*>(expr);
      return visit(node->left) && visit(node->right);
    }
    case ExprKind::kLogic: {
      const auto* node = static_cast<const sema::TLogic*>(expr);
      return visit(node->left) && visit(node->right);
    }
    case ExprKind::kConditional: {
      const auto* node = static_cast<const sema::TConditional*>(expr);
      return visit(node->condition) && visit(node->then_value) && visit(node->else_value);
    }
    case ExprKind::kCast:
      return visit(static_cast<const sema::TCast*>(expr)->operand);
    case ExprKind::kAssign: {
      const auto* node = static_cast<const sema::TAssign*>(expr);
      return visit(node->target) && visit(node->value);
    }
    case ExprKind::kCompound: {
      const auto* node = static_cast<const sema::TCompound*>(expr);
      return visit(node->target) && visit(node->value);
    }
    case ExprKind::kStep:
      return visit(static_cast<const sema::TStep*>(expr)->target);
    case ExprKind::kNew:
      return maybe(static_cast<const sema::TNew*>(expr)->init);
    case ExprKind::kStmtExpr:
      return maybe(static_cast<const sema::TStmtExpr*>(expr)->result);
    case ExprKind::kTableFind: {
      const auto* node = static_cast<const sema::TTableFind*>(expr);
      return visit(node->table) && visit(node->key);
    }
    default:
      return ForEachListed(expr, visit);
  }
}

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_WALK_H_
