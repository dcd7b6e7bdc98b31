// new: values on the heap. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/make.h"
#include "sema/smart_pointer.h"
#include "sema/stmt.h"
#include "sema/type_verify.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

TExpr* NewValue(Checker& c, const Type* type, TExpr* init, syntax::Place place) {
  EnsureComplete(c, type);
  TNew* made = c.Node<TNew>(place.location, c.types.Pointer(type));
  made->target = type;
  made->init = init != nullptr && init->kind == ExprKind::kZero ? nullptr : init;
  return made;
}

// new [1, 2], new (1, 2), new Foo-literals: the literal's value moves to the heap.
TExpr* NewOfValue(Checker& c, const syntax::NewExpr* expr) {
  TExpr* value = CheckExpr(c, expr->value);
  if (IsError(value)) return value;
  const Type* type = c.types.WithoutQualifiers(value->type, types::kConst | types::kRef | types::kTemp);
  if (type->is_workhorse()) {
    return c.Error(30214, expr->place,
                   fmt::format("only tuples, variants, structures or handled types can be allocated on the heap, not "
                               "'{}'",
                               types::TypeName(type)));
  }
  return NewValue(c, type, value, expr->place);
}

bool CanAllocate(const Type* type) {
  return type->kind == Kind::kStruct || type->kind == Kind::kTuple || type->kind == Kind::kVariant;
}

// new Foo(...) makes what Foo(...) makes: by the function of that name, or field by field.
TExpr* Construct(Checker& c, const syntax::NewExpr* expr, const Type* type) {
  const syntax::TypeExpr* written = expr->type;
  while (const auto* row = syntax::As<syntax::FixedArrayTypeExpr>(written)) written = row->element;
  const auto* named = syntax::As<syntax::NamedTypeExpr>(written);
  bool positional = false;
  for (const syntax::Argument& argument : expr->arguments) positional = positional || argument.name.empty();
  if (named == nullptr || (!positional && !expr->arguments.empty())) {
    return MakeNamed(c, type, expr->arguments, expr->is_uninitialized, expr->place);
  }
  const bool has_function =
      type->kind == Kind::kStruct && !FindOverloads(c, c.fn->module, type->struct_info->name).empty();
  if (!has_function) {
    if (!positional) return MakeNamed(c, type, {}, expr->is_uninitialized, expr->place);
    return c.Error(30318, expr->place, fmt::format("'{}' does not have default initializer", types::TypeName(type)));
  }
  syntax::CallExpr* call = c.scratch.New<syntax::CallExpr>();
  call->kind = syntax::ExprKind::kCall;
  call->place = expr->place;
  call->callee = named->name;
  call->callee.name = type->struct_info->name;
  call->arguments = expr->arguments;
  call->end = expr->place.location;
  call->is_uninitialized = expr->is_uninitialized;
  return CheckExpr(c, call);
}

}  // namespace

namespace {

// A name without a module in front must mean one struct only. False after a message.
bool IsUnambiguous(Checker& c, const syntax::NewExpr* expr) {
  const auto* named = syntax::As<syntax::NamedTypeExpr>(expr->type);
  if (named == nullptr || named->name.is_qualified) return true;
  std::string candidates;
  int count = 0;
  for (const ModuleScope* scope : c.fn->module->visible) {
    const auto found = scope->types.find(named->name.name);
    if (found == scope->types.end() || found->second->kind != TypeEntityKind::kStruct) continue;
    if (scope != c.fn->module && found->second->is_private) continue;
    candidates += fmt::format("\t{}::{}\n", scope->is_main ? "" : scope->name.text(), named->name.name.text());
    ++count;
  }
  if (count < 2) return true;
  c.Error(30609, expr->place, fmt::format("too many options for {}", named->name.name.text()),
          "candidates are:\n" + candidates, "say which module it is of");
  return false;
}

}  // namespace

namespace {

// One value on the heap.
TExpr* NewOne(Checker& c, const syntax::NewExpr* expr, const Type* type) {
  if (IsCounted(type)) {
    if (expr->arguments.empty()) return NewCounted(c, type, expr->place);
    return c.Error(30318, expr->place, fmt::format("'{}' does not have default initializer", types::TypeName(type)));
  }
  if (type->kind == Kind::kStruct && type->struct_info->is_class) return NewObject(c, expr, type);
  if (!expr->has_parentheses) return NewValue(c, type, nullptr, expr->place);
  TExpr* value = Construct(c, expr, type);
  if (IsError(value)) return value;
  if (value->type->unqualified != type->unqualified) {
    return c.Error(
        30212, expr->place,
        fmt::format("initializer returns '{}' vs '{}'", types::TypeName(value->type), types::TypeName(type)));
  }
  return NewValue(c, type, value, expr->place);
}

// The fixed array type with elements of another type.
const Type* WithElement(Checker& c, const Type* row, const Type* element) {
  if (row->kind != Kind::kFixedArray) return element;
  return c.types.FixedArray(WithElement(c, row->element, element), row->dim);
}

// new <T[N]>: a fixed array of pointers to N values, each made by itself.
TExpr* NewRow(Checker& c, const syntax::NewExpr* expr, const Type* row, const Type* element) {
  const base::Location location = expr->place.location;
  TExpr* one = NewOne(c, expr, element);
  if (IsError(one)) return one;
  uint32_t count = 1;
  for (const Type* type = row; type->kind == Kind::kFixedArray; type = type->element) count *= type->dim;
  TLocal* made = NewLocal(c, {}, WithElement(c, row, one->type), location);
  TLet* let = c.Stmt<TLet>(location);
  let->local = made;
  // Whatever its dimensions, it is filled as one row.
  TCast* flat = c.Node<TCast>(location, c.types.FixedArray(one->type, count), true);
  flat->mode = CastMode::kBits;
  flat->operand = LocalRef(c, made, location);
  TForSource source;
  source.kind = SourceKind::kRange;
  source.variable = NewLocal(c, {}, c.types.int_type(), location);
  source.source = MakeConst(c, c.types.Basic(Kind::kRange), uint64_t{count} << 32, location);
  TIndex* place = c.Node<TIndex>(location, one->type, true);
  place->mode = IndexMode::kFixed;
  place->base = flat;
  place->index = LocalRef(c, source.variable, location);
  TAssign* assign = c.Node<TAssign>(location, c.types.void_type());
  assign->target = place;
  assign->value = one;
  TExprStmt* fill = c.Stmt<TExprStmt>(location);
  fill->expr = assign;
  BlockBuilder body;
  body.statements.push_back(fill);
  TFor* loop = c.Stmt<TFor>(location);
  loop->sources = c.arena.Copy(std::vector<TForSource>{source});
  loop->body = MakeBlock(c, location, body);
  BlockBuilder all;
  all.statements.push_back(let);
  all.statements.push_back(loop);
  TStmtExpr* value = c.Node<TStmtExpr>(location, made->type);
  value->body = MakeBlock(c, location, all);
  value->result = LocalRef(c, made, location);
  return value;
}

}  // namespace

TExpr* MakeNew(Checker& c, const syntax::NewExpr* expr) {
  if (expr->value != nullptr) return NewOfValue(c, expr);
  if (!IsUnambiguous(c, expr)) return c.ErrorExpr(expr->place.location);
  UnknownType unknown{30823, "undefined new expression type '", "'", expr->place};
  const Type* type = ResolveTypeAs(c, expr->type, TypeUse::kValue, c.fn->module, unknown);
  if (IsError(type)) return c.ErrorExpr(expr->place.location);
  if (type->is_ref()) return c.Error(30214, expr->place, "a reference cannot be allocated on the heap");
  type = c.types.WithoutQualifiers(type, types::kConst);
  const Type* element = type;
  while (element->kind == Kind::kFixedArray) element = element->element->unqualified;
  EnsureComplete(c, type);
  if (IsTooBig(type)) {
    c.LintError(30512, expr->place, fmt::format("can't new a type that is too big, {}", types::TypeName(type)));
  }
  if (!CanAllocate(element) || (element != type && IsCounted(element))) {
    return c.Error(30214, expr->place,
                   fmt::format("only tuples, variants, structures or handled types can be allocated on the heap, not "
                               "'{}'",
                               types::TypeName(type)));
  }
  EnsureComplete(c, element);
  return element == type ? NewOne(c, expr, type) : NewRow(c, expr, type, element);
}

}  // namespace vestige::sema
