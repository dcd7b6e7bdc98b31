// Construction: which literal makes what. Floor 3.

#include "sema/make.h"

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/stmt.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

bool ElementMode(Checker& c, const TExpr* value, int code, syntax::Place place, AssignMode* mode) {
  if (CopyMode(c, value, mode)) return true;
  if (value->type->traits().can_move && !value->type->is_const()) return true;
  c.Error(code, place, fmt::format("can't move from a constant value {}", Describe(value)));
  return false;
}

TExpr* CheckMake(Checker& c, const syntax::Expr* expr, Want want) {
  using K = syntax::ExprKind;
  switch (expr->kind) {
    case K::kTuple:
      return MakeTuple(c, static_cast<const syntax::TupleExpr*>(expr), want);
    case K::kMapTo:
      return MakeMapTo(c, static_cast<const syntax::MapToExpr*>(expr), want);
    case K::kArrayLiteral:
      return MakeArrayLiteral(c, static_cast<const syntax::ArrayLiteralExpr*>(expr), want);
    case K::kTableLiteral:
      return MakeTableLiteral(c, static_cast<const syntax::TableLiteralExpr*>(expr), want);
    case K::kStructLiteral:
      return MakeStructLiteral(c, static_cast<const syntax::StructLiteralExpr*>(expr));
    case K::kNew:
      return MakeNew(c, static_cast<const syntax::NewExpr*>(expr));
    case K::kComprehension:
      return MakeComprehension(c, static_cast<const syntax::ComprehensionExpr*>(expr), want);
    case K::kGenerator:
      return CheckGenerator(c, static_cast<const syntax::GeneratorExpr*>(expr));
    default:
      return c.Error(30151, expr->place, "not a construction");
  }
}

TExpr* DefaultValue(Checker& c, const Type* type, syntax::Place place) {
  type = c.types.WithoutQualifiers(type, types::kConst | types::kRef);
  EnsureComplete(c, type);
  if (type->kind == Kind::kStruct && type->struct_info->has_init) return MakeNamed(c, type, {}, false, place);
  if (type->kind == Kind::kFixedArray && IsUnsafeUninitialized(c, type)) {
    TMake* make = c.Node<TMake>(place.location, type);
    std::vector<TMember> members;
    for (uint32_t i = 0; i < type->dim; ++i) {
      members.push_back({i * type->element->size(), AssignMode::kMove, DefaultValue(c, type->element, place)});
    }
    make->members = c.arena.Copy(members);
    return make;
  }
  return c.Node<TZero>(place.location, type);
}

namespace {

// Type(positional, ...): tuples take their elements in order; other types have no such form.
TExpr* MakePositional(Checker& c, const syntax::CallExpr* call, const Type* type) {
  if (type->kind == Kind::kDistinct && call->arguments.size() == 1) {
    Want want;
    want.type = type->element;
    TExpr* value = CheckExpr(c, call->arguments[0].value, want);
    if (IsError(value)) return value;
    TExpr* converted = Convert(c, value, type->element, call->place);
    if (converted == nullptr) {
      return c.Error(30413, call->place, fmt::format("can't make {} from {}", types::TypeName(type), Describe(value)));
    }
    TCast* cast = c.Node<TCast>(call->place.location, type);
    cast->mode = CastMode::kBits;
    cast->operand = converted;
    return cast;
  }
  std::string arguments;
  for (const syntax::Argument& argument : call->arguments) {
    TExpr* value = CheckExpr(c, argument.value);
    if (IsError(value)) return value;
    if (!arguments.empty()) arguments += ", ";
    arguments += types::TypeName(value->type);
  }
  return c.Error(30341, call->place,
                 fmt::format("no matching functions or generics: {}({})", call->callee.name.text(), arguments));
}

}  // namespace

TExpr* CheckConstructorCall(Checker& c, const syntax::Expr* expr, const Type* type, Want want) {
  (void)want;
  const auto* call = static_cast<const syntax::CallExpr*>(expr);
  type = c.types.WithoutQualifiers(type, types::kConst | types::kRef);
  EnsureComplete(c, type);
  bool all_named = true;
  for (const syntax::Argument& argument : call->arguments) all_named = all_named && !argument.name.empty();
  if (all_named && type->kind == Kind::kStruct && type->struct_info->is_class) {
    return MakeObject(c, type, call->arguments, call->is_uninitialized, call->place);
  }
  if (call->arguments.empty()) {
    if (!call->is_uninitialized) return DefaultValue(c, type, call->place);
    return MakeNamed(c, type, {}, true, call->place);
  }
  if (!all_named) return MakePositional(c, call, type);
  return MakeNamed(c, type, call->arguments, call->is_uninitialized, call->place);
}

TBlock* CheckConstructorBody(Checker& c, FunctionEntity* constructor) {
  const base::Location location = constructor->location;
  const syntax::Place place{location, 1};
  BlockBuilder builder;
  const Type* type = constructor->method_of->type;
  TLocal* made = NewLocal(c, c.known.self, type, location);
  TLet* let = c.Stmt<TLet>(location);
  let->local = made;
  let->init = MakeNamed(c, type, {}, false, place);
  let->mode = AssignMode::kMove;
  builder.statements.push_back(let);
  // The method of the same declaration does the work.
  StructEntity* owner = c.declarations->Find(constructor->method_of);
  for (FunctionEntity* method : owner->methods) {
    if (method->decl != constructor->decl) continue;
    FunctionRecord* body = RecordOf(c, method);
    if (body == nullptr) break;
    std::vector<TExpr*> arguments{LocalRef(c, made, location)};
    for (TLocal* argument : c.fn->function->arguments) arguments.push_back(LocalRef(c, argument, location));
    TExprStmt* call = c.Stmt<TExprStmt>(location);
    call->expr = CallFunction(c, body, arguments, place);
    builder.statements.push_back(call);
  }
  TReturn* result = c.Stmt<TReturn>(location);
  result->value = LocalRef(c, made, location);
  result->mode = AssignMode::kMove;
  builder.statements.push_back(result);
  return MakeBlock(c, location, builder);
}

}  // namespace vestige::sema
