#include "sema/smart_pointer.h"

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "vestige/native.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

// A function of the built-in module that scripts have no name for.
TExpr* CallHidden(Checker& c, std::string_view name, TExpr* argument, syntax::Place place) {
  TExpr* arguments[] = {argument};
  return CallByName(c, c.builtin, c.symbols.Intern(name), arguments, place);
}

}  // namespace

bool IsCounted(const Type* type) {
  return type->kind == Kind::kStruct && type->struct_info->native != nullptr &&
         type->struct_info->native->counted != nullptr;
}

const Type* MakeSmartPointer(Checker& c, const Type* target, syntax::Place place) {
  const auto fail = [&](int code, std::string_view what) {
    c.Error(code, place, fmt::format("{}: 'smart_ptr<{}>'", what, types::TypeName(target)));
    return c.types.Basic(Kind::kAny);
  };
  if (target->kind == Kind::kVoid) {
    c.Error(30262, place, "can't declare a void smart pointer");
    return c.types.Basic(Kind::kAny);
  }
  if (target->is_ref()) return fail(30262, "can't declare a pointer to a reference");
  if (target->is_generic()) return c.types.SmartPointer(target);
  if (target->kind != Kind::kStruct || target->struct_info->native == nullptr) {
    return fail(30262, "can't declare a smart pointer to anything but a type of the host");
  }
  if (!IsCounted(target)) return fail(30103, "objects of this type are not counted, so smart pointers can't own them");
  return c.types.SmartPointer(target);
}

TExpr* NewCounted(Checker& c, const Type* type, syntax::Place place) {
  if (type->struct_info->native->counted->make == nullptr) {
    return c.Error(30214, place, fmt::format("scripts can't make objects of type '{}'", types::TypeName(type)));
  }
  return CallHidden(c, "new`counted", MakeConst(c, c.types.Pointer(type), 0, place.location), place);
}

bool SharesRaw(const Type* target, const TExpr* value) {
  return target->is_smart_pointer() && value->type->kind == Kind::kPointer && !value->type->is_smart_pointer() &&
         value->type->element->unqualified == target->element->unqualified;
}

TExpr* ShareCounted(Checker& c, TExpr* pointer, syntax::Place place) {
  return CallHidden(c, "share`counted", pointer, place);
}

bool IsFreshCounted(const TExpr* value) {
  switch (value->kind) {
    case ExprKind::kCall:
    case ExprKind::kNativeCall:
    case ExprKind::kInvoke:
    case ExprKind::kConst:
    case ExprKind::kZero:
    case ExprKind::kCast:
    case ExprKind::kStmtExpr:
      return !value->is_place;
    default:
      return false;
  }
}

bool CheckCountedMove(Checker& c, const TExpr* value, syntax::Place place) {
  if (c.is_unsafe()) return true;
  if (c.program.options.strict_smart_pointers && value->type->traits().holds_counted) {
    c.Error(31029, place, "moving values which contain smart pointers is unsafe", {},
            "clone (:=) shares the object; a new variable takes it over (var inscope x <- y)");
    return false;
  }
  if (value->type->is_smart_pointer() && !value->is_place) {
    c.Error(31021, place, "moving from the smart pointer value requires unsafe", {},
            "try moving from reference instead");
    return false;
  }
  return true;
}

}  // namespace vestige::sema
