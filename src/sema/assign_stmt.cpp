// Assignments as written. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

std::string_view Sign(syntax::AssignForm form) {
  if (form == syntax::AssignForm::kMove) return "<-";
  return form == syntax::AssignForm::kClone ? ":=" : "=";
}

AssignMode ModeOf(syntax::AssignForm form) {
  if (form == syntax::AssignForm::kMove) return AssignMode::kMove;
  return form == syntax::AssignForm::kClone ? AssignMode::kClone : AssignMode::kCopy;
}

// b.flag = v: the whole bitfield is stored again, with the flag's bit set or cleared.
TExpr* AssignFlag(Checker& c, TExpr* bits, uint64_t mask, TExpr* value, syntax::Place place) {
  if (!bits->is_place || bits->type->is_const()) {
    return c.Error(30952, place,
                   fmt::format("can't write to a constant value, {} = {}", Describe(bits), Describe(value)));
  }
  if (value->type->kind != Kind::kBool) {
    return c.Error(30915, place, fmt::format("can only copy compatible type; bool& = {}", Describe(value)),
                   "not the same type");
  }
  const Type* type = bits->type;
  auto with_mask = [&](BinaryOp op, uint64_t constant) {
    TBinary* binary = c.Node<TBinary>(place.location, type);
    binary->op = op;
    binary->left = bits;
    binary->right = MakeConst(c, type, constant, place.location);
    return binary;
  };
  const uint32_t width = type->size() * 8;
  const uint64_t all = width >= 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  TAssign* assign = c.Node<TAssign>(place.location, c.types.void_type());
  assign->target = bits;
  bool known = false;
  if (ConstantBool(value, &known)) {
    assign->value = known ? with_mask(BinaryOp::kOr, mask) : with_mask(BinaryOp::kAnd, all & ~mask);
    return assign;
  }
  TConditional* choice = c.Node<TConditional>(place.location, type);
  choice->condition = value;
  choice->then_value = with_mask(BinaryOp::kOr, mask);
  choice->else_value = with_mask(BinaryOp::kAnd, all & ~mask);
  assign->value = choice;
  return assign;
}

// a[i] = v through an operator of that name; null when there is none.
TExpr* TryIndexOperator(Checker& c, const syntax::AssignExpr* assign) {
  const auto* index = syntax::As<syntax::IndexExpr>(assign->target);
  if (index == nullptr || index->is_raw || index->access != syntax::Access::kPlain) return nullptr;
  base::Symbol name = c.symbols.Intern(fmt::format("[]{}", Sign(assign->form)));
  if (FindOverloads(c, c.fn->module, name).empty()) return nullptr;
  ++c.silent;
  const int errors = c.error_count;
  TExpr* object = CheckExpr(c, index->object);
  TExpr* key = CheckExpr(c, index->index);
  TExpr* value = CheckExpr(c, assign->value);
  --c.silent;
  c.error_count = errors;
  if (IsError(object) || IsError(key) || IsError(value)) return nullptr;
  TExpr* arguments[] = {object, key, value};
  return TryCallByName(c, c.fn->module, name, arguments, assign->place);
}

// name = v in a method or a `with`, where a function writes that property of the object; null when none does, or when
// the name means something nearer.
TExpr* TryNamedPropertyWrite(Checker& c, const syntax::AssignExpr* assign, const syntax::QualifiedName& name) {
  if (name.is_qualified || c.fn == nullptr || assign->form == syntax::AssignForm::kMove) return nullptr;
  const base::Symbol writer = c.symbols.Intern(fmt::format(".`{}`clone", name.name.text()));
  if (FindOverloads(c, c.fn->module, writer).empty()) return nullptr;
  for (size_t i = c.names.size(); i > NamesBegin(c); --i) {
    const LocalName local = c.names[i - 1];
    if (local.kind != LocalName::Kind::kWith) {
      if (local.name == name.name) return nullptr;
      continue;
    }
    const Type* type = local.local->type->kind == Kind::kPointer ? local.local->type->element : local.local->type;
    if (type->kind != Kind::kStruct) continue;
    if (type->struct_info->FindField(name.name) != nullptr) return nullptr;
    TExpr* value = CheckExpr(c, assign->value);
    if (IsError(value)) return value;
    TExpr* arguments[] = {WithObject(c, local, assign->place), value};
    if (TExpr* call = TryCallByName(c, c.fn->module, writer, arguments, assign->place)) return call;
  }
  return nullptr;
}

// a.name := v, or = v, through a property's operator; null when there is none.
TExpr* TryPropertyWrite(Checker& c, const syntax::AssignExpr* assign) {
  if (const auto* name = syntax::As<syntax::NameExpr>(assign->target)) {
    return TryNamedPropertyWrite(c, assign, name->name);
  }
  const auto* field = syntax::As<syntax::FieldExpr>(assign->target);
  if (field == nullptr || field->is_raw || field->access != syntax::Access::kPlain || field->name.empty())
    return nullptr;
  if (c.fn == nullptr || assign->form == syntax::AssignForm::kMove) return nullptr;
  const base::Symbol name = c.symbols.Intern(fmt::format(".`{}`clone", field->name.text()));
  if (FindOverloads(c, c.fn->module, name).empty()) return nullptr;
  ++c.silent;
  const int errors = c.error_count;
  TExpr* object = CheckExpr(c, field->object);
  TExpr* value = CheckExpr(c, assign->value);
  --c.silent;
  c.error_count = errors;
  if (IsError(object) || IsError(value)) return nullptr;
  TExpr* arguments[] = {object, value};
  if (TExpr* call = TryCallByName(c, c.fn->module, name, arguments, assign->place)) return call;
  if (object->type->kind != Kind::kPointer || object->type->element->kind == Kind::kVoid) return nullptr;
  arguments[0] = FollowPointer(c, object, field->object, assign->place);
  return TryCallByName(c, c.fn->module, name, arguments, assign->place);
}

// Null when the target is not a flag of a bitfield.
TExpr* TryFlag(Checker& c, const syntax::AssignExpr* assign) {
  const auto* field = syntax::As<syntax::FieldExpr>(assign->target);
  if (field == nullptr || field->access != syntax::Access::kPlain || field->name.empty()) return nullptr;
  if (assign->form == syntax::AssignForm::kMove) return nullptr;
  ++c.silent;
  const int errors = c.error_count;
  TExpr* object = CheckExpr(c, field->object);
  --c.silent;
  c.error_count = errors;
  uint64_t mask = 0;
  if (IsError(object) || object->type->kind != Kind::kBitfield || !BitfieldFlag(object->type, field->name, &mask)) {
    return nullptr;
  }
  object = CheckExpr(c, field->object);
  TExpr* value = CheckExpr(c, assign->value);
  if (IsError(value)) return value;
  return AssignFlag(c, object, mask, value, assign->place);
}

// The table that `expr` looks something up in, or null: the local or global that holds it.
const void* LookedUpTable(const TExpr* expr) {
  const auto* index = expr->kind == ExprKind::kIndex ? static_cast<const TIndex*>(expr) : nullptr;
  if (index == nullptr || index->mode != IndexMode::kTable) return nullptr;
  if (index->base->kind == ExprKind::kLocal) return static_cast<const TLocalRef*>(index->base)->local;
  if (index->base->kind == ExprKind::kGlobal) return static_cast<const TGlobalRef*>(index->base)->global;
  return nullptr;
}

std::string_view TableName(const TExpr* expr) {
  const TExpr* base = static_cast<const TIndex*>(expr)->base;
  if (base->kind == ExprKind::kLocal) return static_cast<const TLocalRef*>(base)->local->name.text();
  return static_cast<const TGlobalRef*>(base)->global->name.text();
}

}  // namespace

TExpr* CheckAssign(Checker& c, const syntax::AssignExpr* assign) {
  if (TExpr* flag = TryFlag(c, assign)) return flag;
  if (TExpr* call = TryIndexOperator(c, assign)) return call;
  if (TExpr* call = TryPropertyWrite(c, assign)) return call;
  TExpr* target = CheckExpr(c, assign->target);
  Want want;
  if (!IsError(target)) want.type = c.types.WithoutQualifiers(target->type, types::kConst);
  TExpr* value = CheckExpr(c, assign->value, want);
  if (IsError(target) || IsError(value)) return c.ErrorExpr(assign->place.location);
  // Both may insert, and the second insertion may move what the first one found.
  const void* table = LookedUpTable(target);
  if (table != nullptr && table == LookedUpTable(value)) {
    return c.Error(30250, assign->place, fmt::format("potential table lookup collision for {}", TableName(target)));
  }
  return MakeAssign(c, ModeOf(assign->form), target, value, assign->place);
}

}  // namespace vestige::sema
