// Bounded walks over typed expressions. Floor 5.

#include "lower/analysis.h"

#include "lower/walk.h"
#include "sema/native.h"

namespace vestige::lower {

using sema::ExprKind;
using sema::TExpr;

namespace {

// Nodes one question may look at before it gives up.
constexpr int kBudget = 48;

// A native that cannot reach variables: pure, or given neither a writable reference nor a block.
bool IsQuietNative(const sema::TNativeCall* call) {
  if ((call->native->flags & sema::kPure) != 0) return true;
  if ((call->native->flags & sema::kInvokesBlocks) != 0) return false;
  for (size_t i = 0; i < call->arguments.size(); ++i) {
    if (call->by_reference[i] && !call->types[i]->is_const()) return false;
  }
  return true;
}

bool IsQuietNode(const TExpr* expr) {
  switch (expr->kind) {
    case ExprKind::kAssign:
    case ExprKind::kCompound:
    case ExprKind::kStep:
    case ExprKind::kCall:
    case ExprKind::kInvoke:
    case ExprKind::kStmtExpr:
    case ExprKind::kClosure:
      return false;
    case ExprKind::kNativeCall:
      return IsQuietNative(static_cast<const sema::TNativeCall*>(expr));
    // Finding may insert, which moves values that references point at.
    case ExprKind::kIndex:
      return static_cast<const sema::TIndex*>(expr)->mode != sema::IndexMode::kTable;
    default:
      return true;
  }
}

struct QuietWalk {
  int budget = kBudget;
  bool operator()(const TExpr* expr) {
    if (--budget < 0 || !IsQuietNode(expr)) return false;
    return ForEachChild(expr, [this](const TExpr* child) { return (*this)(child); });
  }
};

struct IndependenceWalk {
  const sema::TLocal* local;
  int budget = kBudget;
  bool operator()(const TExpr* expr) {
    if (--budget < 0 || !IsQuietNode(expr)) return false;
    switch (expr->kind) {
      case ExprKind::kLocal: {
        const sema::TLocal* other = static_cast<const sema::TLocalRef*>(expr)->local;
        // A reference may point anywhere, so also at `local`.
        return other != local && !other->is_reference;
      }
      case ExprKind::kDeref:
      case ExprKind::kSafeField:
      case ExprKind::kCoalesce:
      case ExprKind::kAddress:
        return false;
      default:
        return ForEachChild(expr, [this](const TExpr* child) { return (*this)(child); });
    }
  }
};

struct CountWalk {
  uint32_t count = 0;
  uint32_t limit;
  bool operator()(const TExpr* expr) {
    if (++count >= limit) return false;
    return ForEachChild(expr, [this](const TExpr* child) { return (*this)(child); });
  }
};

}  // namespace

bool IsQuiet(const TExpr* expr) { return QuietWalk{}(expr); }

bool IsIndependentOf(const TExpr* expr, const sema::TLocal* local) { return IndependenceWalk{local}(expr); }

bool IsFreshString(const TExpr* expr) {
  switch (expr->kind) {
    case ExprKind::kString:
      for (const sema::TStringPart& part : static_cast<const sema::TString*>(expr)->parts) {
        if (part.value != nullptr) return true;
      }
      return false;
    case ExprKind::kBinary:
      return expr->type->kind == types::Kind::kString &&
             static_cast<const sema::TBinary*>(expr)->op == sema::BinaryOp::kAdd;
    case ExprKind::kNativeCall: {
      const sema::NativeFunction* native = static_cast<const sema::TNativeCall*>(expr)->native;
      return expr->type->kind == types::Kind::kString &&
             (native->flags & (sema::kNoInScopeReturn | sema::kCapturesStrings | sema::kInvokesBlocks)) == 0;
    }
    default:
      return false;
  }
}

bool CoversWhole(const sema::TMake* make) {
  const types::Type* type = make->type;
  // Variants have bytes that the active member leaves out; printing and comparing may see them.
  if (type->kind == types::Kind::kVariant) return false;
  uint32_t covered = 0;
  for (const sema::TMember& member : make->members) {
    if (member.value == nullptr) return false;
    // Members come as written: only gapless ascending ones are recognised, which is how sema completes defaults.
    if (member.offset != covered) return false;
    covered += member.value->type->size();
  }
  return covered == type->size();
}

uint32_t CountNodes(const TExpr* expr, uint32_t limit) {
  CountWalk walk{0, limit};
  walk(expr);
  return walk.count;
}

}  // namespace vestige::lower
