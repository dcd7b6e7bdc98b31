// Expressions: dispatch, literals, conversion to a wanted type. Floor 3.

#include "sema/expr.h"

#include <bit>
#include <utility>

#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr_parts.h"
#include "sema/match.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

constexpr int kMaxDepth = 1000;

TExpr* CheckNumber(Checker& c, const syntax::NumberExpr* number) {
  const base::Location location = number->place.location;
  Kind kind = Kind::kInt;
  uint64_t bits = number->bits;
  switch (number->type) {
    case syntax::BasicType::kInt:
      break;
    case syntax::BasicType::kUInt:
      kind = Kind::kUInt;
      break;
    case syntax::BasicType::kUInt8:
      kind = Kind::kUInt8;
      break;
    case syntax::BasicType::kInt64:
      kind = Kind::kInt64;
      break;
    case syntax::BasicType::kUInt64:
      kind = Kind::kUInt64;
      break;
    case syntax::BasicType::kDouble:
      kind = Kind::kDouble;
      bits = std::bit_cast<uint64_t>(number->real);
      break;
    case syntax::BasicType::kFloat:
      kind = Kind::kFloat;
      bits = std::bit_cast<uint32_t>(static_cast<float>(number->real));
      break;
    default:
      return c.Error(30832, number->place, "float16 is not supported");
  }
  TConst* constant = MakeConst(c, c.types.Basic(kind), bits, location);
  constant->adapts = kind == Kind::kInt || kind == Kind::kUInt;
  return constant;
}

// unsafe(f(x)) permits f, not what x does.
TExpr* CheckUnsafeExpr(Checker& c, const syntax::UnsafeExpr* unsafe, Want want) {
  want.is_unsafe = true;
  NoteUnsafe(c);
  return CheckExpr(c, unsafe->value, want);
}

TExpr* CheckAssignExpr(Checker& c, const syntax::AssignExpr* assign) {
  return assign->form == syntax::AssignForm::kCompound ? CheckCompound(c, assign) : CheckAssign(c, assign);
}

TExpr* CheckTypeValue(Checker& c, const syntax::TypeValueExpr* value) {
  const Type* type = ResolveType(c, value->type, TypeUse::kValue, c.fn != nullptr ? c.fn->module : c.main);
  if (IsError(type)) return c.ErrorExpr(value->place.location);
  // Only its type is ever looked at.
  return c.Node<TZero>(value->place.location, type);
}

TExpr* Dispatch(Checker& c, const syntax::Expr* expr, Want want) {
  using syntax::ExprKind;
  switch (expr->kind) {
    case ExprKind::kNull: {
      TConst* null = c.Node<TConst>(expr->place.location, c.types.Basic(Kind::kNull));
      return null;
    }
    case ExprKind::kBool:
      return MakeConst(c, c.types.bool_type(), static_cast<const syntax::BoolExpr*>(expr)->value, expr->place.location);
    case ExprKind::kNumber:
      return CheckNumber(c, static_cast<const syntax::NumberExpr*>(expr));
    case ExprKind::kString:
      return MakeString(c, static_cast<const syntax::StringExpr*>(expr)->text, expr->place.location);
    case ExprKind::kInterpolation:
      return CheckInterpolation(c, static_cast<const syntax::InterpolationExpr*>(expr));
    case ExprKind::kName:
      return CheckName(c, static_cast<const syntax::NameExpr*>(expr));
    case ExprKind::kUnary:
      return CheckUnary(c, static_cast<const syntax::UnaryExpr*>(expr), want);
    case ExprKind::kBinary:
      return CheckBinary(c, static_cast<const syntax::BinaryExpr*>(expr), want);
    case ExprKind::kAssign:
      return CheckAssignExpr(c, static_cast<const syntax::AssignExpr*>(expr));
    case ExprKind::kConditional:
      return CheckConditional(c, static_cast<const syntax::ConditionalExpr*>(expr), want);
    case ExprKind::kCoalesce:
      return CheckCoalesce(c, static_cast<const syntax::CoalesceExpr*>(expr), want);
    case ExprKind::kTypeTest:
      return CheckTypeTest(c, static_cast<const syntax::TypeTestExpr*>(expr), want);
    case ExprKind::kField:
      return CheckField(c, static_cast<const syntax::FieldExpr*>(expr));
    case ExprKind::kIndex:
      return CheckIndex(c, static_cast<const syntax::IndexExpr*>(expr), want);
    case ExprKind::kCall:
      return CheckCall(c, static_cast<const syntax::CallExpr*>(expr), want);
    case ExprKind::kMethodCall:
      return CheckMethodCall(c, static_cast<const syntax::MethodCallExpr*>(expr), want);
    case ExprKind::kCast:
      return CheckCast(c, static_cast<const syntax::CastExpr*>(expr), want);
    case ExprKind::kAddress:
      return CheckAddress(c, static_cast<const syntax::AddressExpr*>(expr));
    case ExprKind::kUnsafe:
      return CheckUnsafeExpr(c, static_cast<const syntax::UnsafeExpr*>(expr), want);
    case ExprKind::kTypeInfo:
      return CheckTypeInfo(c, static_cast<const syntax::TypeInfoExpr*>(expr));
    case ExprKind::kTypeValue:
      return CheckTypeValue(c, static_cast<const syntax::TypeValueExpr*>(expr));
    case ExprKind::kFunctionRef:
      return CheckFunctionRef(c, static_cast<const syntax::FunctionRefExpr*>(expr), want);
    case ExprKind::kClosure:
      return CheckClosure(c, expr, want);
    case ExprKind::kNew:
    case ExprKind::kTuple:
    case ExprKind::kArrayLiteral:
    case ExprKind::kTableLiteral:
    case ExprKind::kStructLiteral:
    case ExprKind::kMapTo:
    case ExprKind::kComprehension:
    case ExprKind::kGenerator:
      return CheckMake(c, expr, want);
    case ExprKind::kReader:
    case ExprKind::kTag:
    case ExprKind::kEllipsis:
      break;
  }
  return c.Error(40100, expr->place, "macros are not supported");
}

}  // namespace

TExpr* CheckExpr(Checker& c, const syntax::Expr* expr, Want want) {
  if (expr == nullptr) return c.ErrorExpr({});
  if (c.depth >= kMaxDepth) return c.Error(30507, expr->place, "expression is nested too deep");
  ++c.depth;
  const bool outer_unsafe = std::exchange(c.unsafe_once, want.is_unsafe);
  want.is_unsafe = false;
  TExpr* result = Dispatch(c, expr, want);
  c.unsafe_once = outer_unsafe;
  --c.depth;
  return result;
}

const Type* TypeOfExpr(Checker& c, const syntax::Expr* expr) { return CheckExpr(c, expr)->type; }

TExpr* CheckCondition(Checker& c, const syntax::Expr* expr, std::string_view what) {
  TExpr* condition = CheckExpr(c, expr, {.type = c.types.bool_type()});
  if (IsError(condition) || condition->type->kind == Kind::kBool) return condition;
  return c.Error(30183, expr->place, std::string(what) + " must be boolean, and not " + Describe(condition));
}

TExpr* Convert(Checker& c, TExpr* expr, const Type* target, syntax::Place place) {
  if (IsError(expr) || IsError(target)) return expr;
  if (expr->type->unqualified == target->unqualified) return expr;
  if (TExpr* adapted = AdaptLiteral(c, expr, target, place)) return adapted;
  const Type* bare = target->unqualified;
  if (bare->kind == Kind::kStruct || !Passes(bare, {expr->type->unqualified, true}, true)) return nullptr;
  if (expr->type->kind == Kind::kNull) return MakeConst(c, bare, 0, expr->location);
  if (const TConst* constant = ConstantOf(expr)) {
    TConst* copy = MakeConst(c, bare, constant->bits[0], expr->location);
    copy->text = constant->text;
    return copy;
  }
  // Names of callable arguments, a named set of flags, a base class: the bits are the same.
  TCast* cast =
      c.Node<TCast>(expr->location, c.types.Qualified(bare, expr->type->qualifiers & types::kConst), expr->is_place);
  cast->mode = CastMode::kBits;
  cast->operand = expr;
  return cast;
}

TExpr* Deref(Checker& c, TExpr* pointer, base::Location location) {
  const Type* target = pointer->type->element;
  if (target == nullptr) return c.ErrorExpr(location);
  // Through a const pointer everything is const.
  TDeref* deref =
      c.Node<TDeref>(location, c.types.WithQualifiers(target, pointer->type->qualifiers & types::kConst), true);
  deref->pointer = pointer;
  return deref;
}

TExpr* FieldOf(Checker& c, TExpr* base, const types::Field& field, base::Location location) {
  TField* member = c.Node<TField>(location, c.types.WithQualifiers(field.type, base->type->qualifiers & types::kConst),
                                  base->is_place);
  member->base = base;
  member->offset = field.offset;
  return member;
}

std::string SourceText(const syntax::Expr* expr) {
  if (const auto* name = syntax::As<syntax::NameExpr>(expr)) return std::string(name->name.name.text());
  if (const auto* number = syntax::As<syntax::NumberExpr>(expr)) {
    return number->is_integer() ? std::to_string(number->bits) : std::string();
  }
  if (const auto* field = syntax::As<syntax::FieldExpr>(expr)) {
    const std::string object = SourceText(field->object);
    return object.empty() ? object : object + "." + std::string(field->name.text());
  }
  if (const auto* index = syntax::As<syntax::IndexExpr>(expr)) {
    const std::string object = SourceText(index->object);
    const std::string inner = SourceText(index->index);
    return object.empty() || inner.empty() ? std::string() : object + "[" + inner + "]";
  }
  return {};
}

std::string_view HintText(Checker& c, const syntax::Expr* expr, std::string_view suffix) {
  std::string text = SourceText(expr);
  if (text.empty()) return {};
  text.append(suffix);
  return c.arena.CopyText(text);
}

}  // namespace vestige::sema
