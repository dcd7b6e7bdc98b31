// `is`, `as` and `?as`: of variants, of types at compile time, and of whatever functions of those names say. Floor 3.

#include <string>

#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/match.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

int MemberIndex(const Type* variant, base::Symbol name) {
  for (size_t i = 0; i < variant->names.size(); ++i) {
    if (variant->names[i] == name) return static_cast<int>(i);
  }
  return -1;
}

std::string_view FormText(syntax::TypeTestForm form) {
  switch (form) {
    case syntax::TypeTestForm::kIs:
      return "is";
    case syntax::TypeTestForm::kAs:
      return "as";
    case syntax::TypeTestForm::kSafeAs:
      return "?as";
  }
  return {};
}

// value is T: known now.
TExpr* CheckStaticIs(Checker& c, const syntax::TypeTestExpr* test, TExpr* value) {
  const Type* type = ResolveType(c, test->type, TypeUse::kPattern, c.fn != nullptr ? c.fn->module : c.main);
  if (IsError(type)) return c.ErrorExpr(test->place.location);
  Matcher matcher(c.types, true);
  const bool same = type->is_generic() ? matcher.Match(type, {value->type, value->is_place}) != nullptr
                                       : SameShape(type, value->type);
  return MakeConst(c, c.types.bool_type(), same, test->place.location);
}

TExpr* VariantTest(Checker& c, const syntax::TypeTestExpr* test, TExpr* value, TExpr* place, Want want) {
  const Type* variant = place->type;
  const int index = MemberIndex(variant, test->name);
  if (index < 0) {
    return c.Error(30839, test->place, "can't get variant field '" + std::string(test->name.text()) + "'");
  }
  const base::Location location = test->place.location;
  if (test->form == syntax::TypeTestForm::kIs) {
    TVariantIs* node = c.Node<TVariantIs>(location, c.types.bool_type());
    node->base = place;
    node->member = static_cast<uint32_t>(index);
    return node;
  }
  const Type* member = c.types.WithQualifiers(variant->parts[index], variant->qualifiers & types::kConst);
  TVariantAs* node = c.Node<TVariantAs>(location, member, true);
  node->base = place;
  node->member = static_cast<uint32_t>(index);
  if (test->form == syntax::TypeTestForm::kSafeAs) {
    if (!want.nullable && !c.is_unsafe() && value == place) {
      return c.Error(31036, test->place, "variant ?as on non-pointer requires unsafe");
    }
    node->safe = true;
    node->is_place = false;
    node->type = c.types.Pointer(member);
  } else {
    node->hint = HintText(c, test->value, " is not '" + std::string(test->name.text()) + "'");
  }
  return node;
}

// p ?as f: null when p is. The pointer is looked at twice, so it is held.
TExpr* SafeThroughPointer(Checker& c, const syntax::TypeTestExpr* test, TExpr* pointer, Want want) {
  const base::Location location = test->place.location;
  TLocal* held = NewLocal(c, {}, pointer->type->unqualified, location);
  TLet* let = c.Stmt<TLet>(location);
  let->local = held;
  let->init = pointer;
  TExpr* place = FollowPointer(c, LocalRef(c, held, location), test->value, test->place);
  TExpr* found = VariantTest(c, test, pointer, place, want);
  if (IsError(found)) return found;
  TBinary* is_there = c.Node<TBinary>(location, c.types.bool_type());
  is_there->op = BinaryOp::kNe;
  is_there->left = LocalRef(c, held, location);
  is_there->right = MakeConst(c, held->type, 0, location);
  TConditional* choice = c.Node<TConditional>(location, found->type);
  choice->condition = is_there;
  choice->then_value = found;
  choice->else_value = MakeConst(c, found->type, 0, location);
  TBlock* body = c.Stmt<TBlock>(location);
  TStmt* statements[] = {let};
  body->statements = c.arena.Copy(std::span<TStmt* const>(statements));
  TStmtExpr* made = c.Node<TStmtExpr>(location, found->type);
  made->body = body;
  made->result = choice;
  return made;
}

// `v is T` where no variant and no function answers: a type name makes it a compile-time test.
TExpr* TryNamedIs(Checker& c, const syntax::TypeTestExpr* test, TExpr* value) {
  if (test->form != syntax::TypeTestForm::kIs) return nullptr;
  syntax::QualifiedName name;
  name.name = test->name;
  const Type* type = TypeByName(c, name);
  if (type == nullptr || (type->kind == Kind::kStruct && type->struct_info->is_class)) return nullptr;
  return MakeConst(c, c.types.bool_type(), SameShape(type, value->type), test->place.location);
}

bool IsClassPointer(const Type* type) {
  return type->kind == Kind::kPointer && type->element->kind == Kind::kStruct && type->element->struct_info->is_class;
}

// p is Class, p as Class, p ?as Class: calls of what module dynamic_cast_rtti has, where it is visible.
TExpr* TryClassTest(Checker& c, const syntax::TypeTestExpr* test, TExpr* value) {
  if (!IsClassPointer(value->type) || c.fn == nullptr) return nullptr;
  const Type* wanted = test->type != nullptr ? ResolveType(c, test->type, TypeUse::kValue, c.fn->module)
                                             : TypeByName(c, {.module = {}, .name = test->name, .is_qualified = false});
  if (wanted == nullptr || IsError(wanted) || wanted->kind != Kind::kStruct || !wanted->struct_info->is_class) {
    return nullptr;
  }
  const std::string_view name = test->form == syntax::TypeTestForm::kIs   ? "is_instance_of"
                                : test->form == syntax::TypeTestForm::kAs ? "force_dynamic_type_cast"
                                                                          : "dynamic_type_cast";
  for (ModuleScope* module : c.fn->module->visible) {
    if (module->name.text() != "dynamic_cast_rtti") continue;
    TExpr* operands[] = {value, c.Node<TZero>(test->place.location, wanted)};
    return CallByName(c, module, c.symbols.Intern(name), operands, test->place);
  }
  return nullptr;
}

}  // namespace

TExpr* CheckTypeTest(Checker& c, const syntax::TypeTestExpr* test, Want want) {
  TExpr* value = CheckExpr(c, test->value, {.nullable = test->form == syntax::TypeTestForm::kSafeAs});
  if (IsError(value)) return value;
  if (test->tag != nullptr) return c.Error(40100, test->place, "macros are not supported");
  const std::string form(FormText(test->form));
  std::string name = test->type != nullptr ? std::string() : std::string(test->name.text());
  if (const auto* basic = syntax::As<syntax::BasicTypeExpr>(test->type)) name = syntax::BasicTypeWord(basic->basic);
  if (!test->is_raw && !name.empty()) {
    TExpr* operands[] = {value};
    if (TExpr* call = TryOperator(c, form + "`" + name, operands, test->place)) return call;
    if (TExpr* call = TryOperator(c, "`" + form + "`" + name, operands, test->place)) return call;
    TExpr* two[] = {value, MakeString(c, name, test->place.location)};
    if (TExpr* call = TryOperator(c, form, two, test->place)) return call;
  }
  if (TExpr* call = TryClassTest(c, test, value)) return call;
  if (test->type != nullptr) {
    if (test->form == syntax::TypeTestForm::kIs) return CheckStaticIs(c, test, value);
    return c.Error(30113, test->place, " as only allowed for variants");
  }
  const bool behind_pointer = value->type->kind == Kind::kPointer && value->type->element->kind == Kind::kVariant;
  if (behind_pointer && test->form == syntax::TypeTestForm::kSafeAs) return SafeThroughPointer(c, test, value, want);
  TExpr* place = behind_pointer ? FollowPointer(c, value, test->value, test->place) : value;
  if (place->type->kind == Kind::kVariant) return VariantTest(c, test, value, place, want);
  if (TExpr* known = TryNamedIs(c, test, value)) return known;
  switch (test->form) {
    case syntax::TypeTestForm::kIs:
      return c.Error(30190, test->place, " is " + name + " only allowed for variants");
    case syntax::TypeTestForm::kAs:
      return c.Error(30113, test->place, " as '" + name + "' only allowed for variants");
    case syntax::TypeTestForm::kSafeAs:
      break;
  }
  return c.Error(30226, test->place,
                 " ?as " + name + " only allowed for variants or pointers to variants and not " + Describe(value));
}

}  // namespace vestige::sema
