// Two places inside one table at once: `t[a] = t[b]`.
//
// Looking up a key may insert it, and inserting may move every value: a place found first would dangle. A lookup whose
// value is read at once is harmless, so only places that are still needed while another one is looked up count: targets
// and sources of assignments, and arguments passed by reference. Floor 3.

#include <string>

#include "absl/container/inlined_vector.h"
#include "sema/expr_parts.h"

namespace vestige::sema {

namespace {

using Lookups = absl::InlinedVector<const TIndex*, 4>;

void Collect(const TExpr* expr, Lookups* found);

void CollectArguments(std::span<TExpr* const> arguments, std::span<const bool> by_reference, Lookups* found) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    // What is passed by value has been read before the call.
    const bool stays = i < by_reference.size() && by_reference[i];
    if (stays || !arguments[i]->is_place) Collect(arguments[i], found);
  }
}

void CollectCall(const TCall* call, Lookups* found) {
  for (size_t i = 0; i < call->arguments.size(); ++i) {
    const bool stays = i < call->callee->arguments.size() && call->callee->arguments[i]->is_reference;
    if (stays || !call->arguments[i]->is_place) Collect(call->arguments[i], found);
  }
}

// Follows the path of a place, and calls that hold places while they run.
void Collect(const TExpr* expr, Lookups* found) {
  while (expr != nullptr) {
    switch (expr->kind) {
      case ExprKind::kIndex: {
        const auto* index = static_cast<const TIndex*>(expr);
        if (index->mode == IndexMode::kTable) found->push_back(index);
        expr = index->mode == IndexMode::kPointer ? nullptr : index->base;
        break;
      }
      case ExprKind::kField:
        expr = static_cast<const TField*>(expr)->base;
        break;
      case ExprKind::kSwizzle:
        expr = static_cast<const TSwizzle*>(expr)->base;
        break;
      case ExprKind::kVariantAs:
        expr = static_cast<const TVariantAs*>(expr)->base;
        break;
      case ExprKind::kAssign: {
        const auto* assign = static_cast<const TAssign*>(expr);
        Collect(assign->target, found);
        expr = assign->value;
        break;
      }
      case ExprKind::kCall:
        return CollectCall(static_cast<const TCall*>(expr), found);
      case ExprKind::kNativeCall: {
        const auto* call = static_cast<const TNativeCall*>(expr);
        return CollectArguments(call->arguments, call->by_reference, found);
      }
      case ExprKind::kInvoke: {
        const auto* invoke = static_cast<const TInvoke*>(expr);
        return CollectArguments(invoke->arguments, invoke->by_reference, found);
      }
      default:
        return;
    }
  }
}

// The same table, by name.
bool SameTable(const TExpr* a, const TExpr* b) {
  if (a->kind != b->kind) return false;
  switch (a->kind) {
    case ExprKind::kLocal:
      return static_cast<const TLocalRef*>(a)->local == static_cast<const TLocalRef*>(b)->local;
    case ExprKind::kGlobal:
      return static_cast<const TGlobalRef*>(a)->global == static_cast<const TGlobalRef*>(b)->global;
    case ExprKind::kField: {
      const auto* x = static_cast<const TField*>(a);
      const auto* y = static_cast<const TField*>(b);
      return x->offset == y->offset && SameTable(x->base, y->base);
    }
    case ExprKind::kDeref:
      return SameTable(static_cast<const TDeref*>(a)->pointer, static_cast<const TDeref*>(b)->pointer);
    default:
      return false;
  }
}

std::string NameOf(const TExpr* table) {
  switch (table->kind) {
    case ExprKind::kLocal:
      return std::string(static_cast<const TLocalRef*>(table)->local->name.text());
    case ExprKind::kGlobal:
      return std::string(static_cast<const TGlobalRef*>(table)->global->name.text());
    case ExprKind::kDeref:
      return NameOf(static_cast<const TDeref*>(table)->pointer);
    case ExprKind::kField: {
      const auto* field = static_cast<const TField*>(table);
      const types::Type* type = field->base->type;
      if (type->kind != types::Kind::kStruct) return NameOf(field->base);
      for (const types::Field& member : type->struct_info->fields) {
        if (member.offset == field->offset) return NameOf(field->base) + "." + std::string(member.name.text());
      }
      return NameOf(field->base);
    }
    default:
      return {};
  }
}

}  // namespace

void CheckTableCollision(Checker& c, const TExpr* expr) {
  Lookups found;
  Collect(expr, &found);
  for (size_t i = 1; i < found.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!SameTable(found[i]->base, found[j]->base)) continue;
      c.Error(30250, {found[i]->base->location, 1}, "potential table lookup collision for " + NameOf(found[i]->base));
      return;
    }
  }
}

}  // namespace vestige::sema
