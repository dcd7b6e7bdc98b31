// delete: what may be finalized, and where it needs unsafe. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/smart_pointer.h"
#include "sema/stmt.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

bool CanDelete(const Type* type) {
  switch (type->kind) {
    case Kind::kArray:
    case Kind::kTable:
    case Kind::kStruct:
    case Kind::kTuple:
    case Kind::kVariant:
    case Kind::kLambda:
    case Kind::kIterator:
      return true;
    case Kind::kFixedArray:
      return CanDelete(type->element);
    case Kind::kPointer: {
      const Type* target = type->element;
      while (target->kind == Kind::kFixedArray) target = target->element;
      return target->kind == Kind::kStruct || target->kind == Kind::kTuple || target->kind == Kind::kVariant;
    }
    default:
      return false;
  }
}

namespace {

// A finalizer of its own, or of an ancestor, says what deleting means: then it is a call like any other.
bool HasFinalizer(const Type* type) {
  if (type->kind != Kind::kStruct) return false;
  for (const types::StructInfo* info = type->struct_info; info != nullptr; info = info->parent) {
    if (info->finalize_function != types::kNoFunction) return true;
  }
  return false;
}

}  // namespace

TDelete* MakeDelete(Checker& c, TExpr* place, syntax::Place at) {
  const Type* type = place->type;
  EnsureComplete(c, type);
  if (!c.is_unsafe() && type->traits().unsafe_delete && !HasFinalizer(type)) {
    c.Error(31009, at, fmt::format("delete of {} requires unsafe", Describe(place)));
    return nullptr;
  }
  if (type->kind == Kind::kPointer && !type->is_smart_pointer() && IsCounted(type->element)) {
    c.Error(30919, at,
            fmt::format("can't delete {}: objects with a count die with their last smart pointer", Describe(place)));
    return nullptr;
  }
  if (!CanDelete(type)) {
    c.Error(30917, at, fmt::format("can't delete {}", Describe(place)));
    return nullptr;
  }
  if (!place->is_place) {
    c.Error(30917, at, fmt::format("can only delete reference {}", Describe(place)));
    return nullptr;
  }
  if (type->is_const()) {
    c.Error(30917, at, fmt::format("can't delete constant expression {}", Describe(place)));
    return nullptr;
  }
  TDelete* made = c.Stmt<TDelete>(at.location);
  made->place = place;
  return made;
}

TStmt* CheckDelete(Checker& c, const syntax::DeleteStmt* stmt) {
  if (const syntax::FieldExpr* super = AsSuperSelf(c, stmt->value)) return CheckDeleteSuper(c, stmt, super);
  TExpr* place = CheckExpr(c, stmt->value);
  if (IsError(place)) return nullptr;
  // A finalizer for a type that is not a struct is an ordinary function.
  const bool is_structural = place->type->kind == Kind::kStruct || place->type->kind == Kind::kPointer;
  if (!is_structural && !stmt->is_explicit) {
    TExpr* arguments[] = {place};
    if (TExpr* call = TryCallByName(c, c.fn->module, c.known.finalize, arguments, stmt->place)) {
      TExprStmt* made = c.Stmt<TExprStmt>(stmt->place.location);
      made->expr = call;
      return made;
    }
  }
  return MakeDelete(c, place, stmt->place);
}

}  // namespace vestige::sema
