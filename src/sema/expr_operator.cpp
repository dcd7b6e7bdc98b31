// Operators. Floor 3.
//
// Operands of built-in types are settled by a small table of rules; everything else is a call of the function that
// bears the operator's sign, looked for from the module that instantiates a generic, so that a generic can add what
// only its user knows how to add.

#include <string>

#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/stmt.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

TExpr* TryOperator(Checker& c, std::string_view name, std::span<TExpr* const> operands, syntax::Place place) {
  if (c.fn == nullptr) return nullptr;
  const base::Symbol symbol = c.symbols.Intern(name);
  if (TExpr* call = TryCallByName(c, c.fn->caller_module, symbol, operands, place)) return call;
  if (c.fn->module == c.fn->caller_module) return nullptr;
  return TryCallByName(c, c.fn->module, symbol, operands, place);
}

namespace {

TExpr* CheckDereference(Checker& c, const syntax::UnaryExpr* unary) {
  TExpr* operand = CheckExpr(c, unary->operand);
  if (IsError(operand)) return operand;
  if (operand->type->kind == Kind::kDistinct) {
    TCast* cast =
        c.Node<TCast>(unary->place.location, c.types.WithQualifiers(operand->type->element, operand->type->qualifiers),
                      operand->is_place);
    cast->mode = CastMode::kBits;
    cast->operand = operand;
    return cast;
  }
  if (operand->type->kind != Kind::kPointer) {
    TExpr* operands[] = {operand};
    if (TExpr* call = TryOperator(c, "*", operands, unary->place)) return call;
    return c.Error(30921, unary->place, "can only dereference a pointer; " + Describe(operand));
  }
  if (operand->type->element->kind == Kind::kVoid) {
    return c.Error(30921, unary->place, "can only dereference a pointer to something; " + Describe(operand));
  }
  TExpr* place = Deref(c, operand, unary->place.location);
  static_cast<TDeref*>(place)->hint = HintText(c, unary->operand, " is null");
  return place;
}

TExpr* CheckStep(Checker& c, const syntax::UnaryExpr* unary) {
  using syntax::UnaryOperator;
  const std::string_view sign = syntax::OperatorText(unary->op);
  TExpr* target = CheckExpr(c, unary->operand);
  if (IsError(target)) return target;
  const Type* type = target->type;
  const bool is_number = type->is_numeric() && !type->is_storage_integer();
  if (!is_number && type->kind != Kind::kPointer) {
    TExpr* operands[] = {target};
    if (TExpr* call = TryOperator(c, sign, operands, unary->place)) return call;
    return MakeCall(c, {.module = c.fn->module, .name = c.symbols.Intern(sign), .place = unary->place}, [&] {
      CallArguments arguments;
      AddArgument(&arguments, target, unary->place);
      return arguments;
    }());
  }
  if (!target->is_place) {
    return c.Error(30905, unary->place, std::string(sign) + " can't be applied to non reference " + Describe(target));
  }
  if (type->is_const()) {
    return c.Error(30905, unary->place, std::string(sign) + " can't be applied to constant " + Describe(target));
  }
  if (type->kind == Kind::kPointer && !c.is_unsafe()) {
    return c.Error(31022, unary->place,
                   "unsafe operator '" + std::string(sign) + "' must be inside the 'unsafe' block");
  }
  NoteWrite(c, target);
  TStep* step = c.Node<TStep>(unary->place.location, type->unqualified);
  step->target = target;
  step->is_increment = unary->op == UnaryOperator::kPreIncrement || unary->op == UnaryOperator::kPostIncrement;
  step->is_prefix = unary->op == UnaryOperator::kPreIncrement || unary->op == UnaryOperator::kPreDecrement;
  return step;
}

// The node's operator, when the operand's type has it built in.
bool UnaryFits(UnaryOp op, const Type* type) {
  const bool integer = type->is_integer() && !type->is_storage_integer();
  switch (op) {
    case UnaryOp::kNegate:
    case UnaryOp::kPlus:
      return integer || type->is_floating() || type->is_vector();
    case UnaryOp::kNot:
      return type->kind == Kind::kBool;
    case UnaryOp::kBitNot:
      return integer || type->kind == Kind::kBitfield || (type->is_vector() && type->kind < Kind::kFloat2);
  }
  return false;
}

}  // namespace

TExpr* CheckUnary(Checker& c, const syntax::UnaryExpr* unary, Want want) {
  using syntax::UnaryOperator;
  UnaryOp op = UnaryOp::kNegate;
  switch (unary->op) {
    case UnaryOperator::kDereference:
      return CheckDereference(c, unary);
    case UnaryOperator::kNegate:
      op = UnaryOp::kNegate;
      break;
    case UnaryOperator::kPlus:
      op = UnaryOp::kPlus;
      break;
    case UnaryOperator::kNot:
      op = UnaryOp::kNot;
      break;
    case UnaryOperator::kBitNot:
      op = UnaryOp::kBitNot;
      break;
    default:
      return CheckStep(c, unary);
  }
  want.nullable = false;
  TExpr* operand = CheckExpr(c, unary->operand, want);
  if (IsError(operand)) return operand;
  if (!UnaryFits(op, operand->type)) {
    TExpr* operands[] = {operand};
    const std::string_view sign = syntax::OperatorText(unary->op);
    if (TExpr* call = TryOperator(c, sign, operands, unary->place)) return call;
    if (c.fn == nullptr) return c.Error(30216, unary->place, "operator is not defined for " + Describe(operand));
    return CallByName(c, c.fn->module, c.symbols.Intern(sign), operands, unary->place);
  }
  const Type* type = operand->type->unqualified;
  if (TConst* folded = FoldUnary(c, op, operand, type, unary->place.location)) return folded;
  TUnary* node = c.Node<TUnary>(unary->place.location, type);
  node->op = op;
  node->operand = operand;
  return node;
}

namespace {

// A value to be chosen, without const and with its own node type.
TExpr* Unify(Checker& c, TExpr* value, const TExpr* other, syntax::Place place) {
  TExpr* converted = Convert(c, value, other->type, place);
  return converted != nullptr ? converted : value;
}

}  // namespace

TExpr* CheckConditional(Checker& c, const syntax::ConditionalExpr* conditional, Want want) {
  TExpr* condition = CheckExpr(c, conditional->condition);
  if (!IsError(condition) && condition->type->kind != Kind::kBool) {
    condition = c.Error(31401, conditional->condition->place, "cond operator condition must be boolean");
  }
  TExpr* then_value = CheckExpr(c, conditional->then_value, {.type = want.type});
  TExpr* else_value =
      CheckExpr(c, conditional->else_value, {.type = want.type != nullptr ? want.type : then_value->type});
  if (IsError(condition) || IsError(then_value) || IsError(else_value)) return c.ErrorExpr(conditional->place.location);
  if (then_value->type->unqualified != else_value->type->unqualified) {
    then_value = Unify(c, then_value, else_value, conditional->then_value->place);
    else_value = Unify(c, else_value, then_value, conditional->else_value->place);
    if (IsError(then_value) || IsError(else_value)) return c.ErrorExpr(conditional->place.location);
  }
  if (then_value->type->unqualified != else_value->type->unqualified) {
    return c.Error(30411, conditional->place, "cond operator must return the same types on both sides",
                   "\t" + Describe(then_value) + " vs " + Describe(else_value));
  }
  const types::Qualifiers shared =
      (then_value->type->qualifiers | else_value->type->qualifiers) & (types::kConst | types::kTemp);
  bool known = false;
  if (ConstantBool(condition, &known)) {
    TExpr* taken = known ? then_value : else_value;
    if (ConstantOf(taken) != nullptr) return taken;
  }
  TConditional* node = c.Node<TConditional>(conditional->place.location, c.types.Qualified(then_value->type, shared),
                                            then_value->is_place && else_value->is_place);
  node->condition = condition;
  node->then_value = then_value;
  node->else_value = else_value;
  return node;
}

bool TypedOperator(syntax::BinaryOperator op, BinaryOp* typed);

namespace {

// `a &&= b`: the value is evaluated only when it matters. The target is written out twice.
TExpr* CheckLogicAssign(Checker& c, const syntax::AssignExpr* assign, TExpr* target, TExpr* value) {
  TLogic* logic = c.Node<TLogic>(assign->place.location, c.types.bool_type());
  logic->is_and = assign->op == syntax::BinaryOperator::kLogicAnd;
  logic->left = CheckExpr(c, assign->target);
  logic->right = value;
  TAssign* node = c.Node<TAssign>(assign->place.location, c.types.void_type());
  node->target = target;
  node->value = logic;
  return node;
}

// `a[i] op= v` and `a.name op= v` where functions say what that means.
TExpr* TryCompoundMember(Checker& c, const syntax::AssignExpr* assign, std::string_view sign) {
  if (c.fn == nullptr) return nullptr;
  std::string name;
  const syntax::Expr* object = nullptr;
  const auto* index = syntax::As<syntax::IndexExpr>(assign->target);
  if (index != nullptr) {
    name = "[]" + std::string(sign);
    object = index->object;
  } else if (const auto* field = syntax::As<syntax::FieldExpr>(assign->target)) {
    name = ".`" + std::string(field->name.text()) + "`" + std::string(sign);
    object = field->object;
  } else {
    return nullptr;
  }
  if (FindOverloads(c, c.fn->caller_module, c.symbols.Intern(name)).empty()) return nullptr;
  TExpr* operands[3] = {CheckExpr(c, object), nullptr, nullptr};
  size_t count = 1;
  if (index != nullptr) operands[count++] = CheckExpr(c, index->index);
  operands[count++] = CheckExpr(c, assign->value);
  for (size_t i = 0; i < count; ++i) {
    if (IsError(operands[i])) return operands[i];
  }
  return TryOperator(c, name, std::span(operands, count), assign->place);
}

// a op b for operands that are elaborated; null when there is no such operator.
TExpr* Combine(Checker& c, syntax::BinaryOperator op, TExpr* left, TExpr* right, syntax::Place place) {
  const bool is_and = op == syntax::BinaryOperator::kLogicAnd;
  if ((is_and || op == syntax::BinaryOperator::kLogicOr) && left->type->kind == Kind::kBool &&
      right->type->kind == Kind::kBool) {
    TLogic* logic = c.Node<TLogic>(place.location, c.types.bool_type());
    logic->is_and = is_and;
    logic->left = left;
    logic->right = right;
    return logic;
  }
  BinaryOp typed = BinaryOp::kAdd;
  if (TypedOperator(op, &typed)) {
    if (TExpr* built_in = BuiltinBinary(c, typed, left, right, place.location)) return built_in;
  }
  TExpr* operands[] = {left, right};
  return TryOperator(c, syntax::OperatorText(op), operands, place);
}

// `a[i] op= v` where functions read and write elements: a[i] = a[i] op v, with a and i evaluated once. Null when there
// are no such functions.
TExpr* TryReadAndWrite(Checker& c, const syntax::AssignExpr* assign, TExpr* value) {
  const auto* index = syntax::As<syntax::IndexExpr>(assign->target);
  if (index == nullptr || index->is_raw || index->access != syntax::Access::kPlain || c.fn == nullptr) return nullptr;
  if (FindOverloads(c, c.fn->caller_module, c.symbols.Intern("[]=")).empty()) return nullptr;
  const base::Location location = assign->place.location;
  BlockBuilder held;
  TExpr* object = CheckExpr(c, index->object);
  TExpr* key = CheckExpr(c, index->index);
  if (IsError(object) || IsError(key)) return c.ErrorExpr(location);
  TLocal* object_local = HoldValue(c, object, held);
  TLocal* key_local = HoldValue(c, key, held);
  TExpr* element[] = {LocalRef(c, object_local, location), LocalRef(c, key_local, location)};
  TExpr* read = TryOperator(c, "[]", element, assign->place);
  TExpr* combined = read == nullptr || IsError(read) ? read : Combine(c, assign->op, read, value, assign->place);
  if (combined == nullptr || IsError(combined)) return combined;
  TExpr* operands[] = {LocalRef(c, object_local, location), LocalRef(c, key_local, location), combined};
  TExpr* write = TryOperator(c, "[]=", operands, assign->place);
  if (write == nullptr || IsError(write)) return write;
  TExprStmt* last = c.Stmt<TExprStmt>(location);
  last->expr = write;
  held.statements.push_back(last);
  TStmtExpr* made = c.Node<TStmtExpr>(location, c.types.void_type());
  made->body = MakeBlock(c, location, held);
  made->result = c.Node<TZero>(location, c.types.void_type());
  return made;
}

TExpr* ReportCompound(Checker& c, const std::string& sign, TExpr* target, TExpr* value, syntax::Place place) {
  if (target->type->is_numeric() && value->type->is_numeric()) {
    const std::string left(types::TypeName(target->type->unqualified));
    return c.Error(30406, place,
                   "numeric operator '" + sign + "' type mismatch. both sides have to be of the same type; " + left +
                       " " + sign + " " + types::TypeName(value->type->unqualified) + " is not defined");
  }
  TExpr* operands[] = {target, value};
  return CallByName(c, c.fn != nullptr ? c.fn->module : c.main, c.symbols.Intern(sign), operands, place);
}

}  // namespace

TExpr* CheckCompound(Checker& c, const syntax::AssignExpr* assign) {
  const std::string sign = std::string(syntax::OperatorText(assign->op)) + "=";
  if (TExpr* call = TryCompoundMember(c, assign, sign)) return call;
  TExpr* target = CheckExpr(c, assign->target);
  TExpr* value = CheckExpr(c, assign->value, {.type = target->type});
  if (IsError(target) || IsError(value)) return c.ErrorExpr(assign->place.location);
  if (TExpr* adapted = AdaptLiteral(c, value, target->type, assign->value->place)) value = adapted;
  if (IsError(value)) return value;
  const bool logic = assign->op == syntax::BinaryOperator::kLogicAnd || assign->op == syntax::BinaryOperator::kLogicOr;
  BinaryOp op = BinaryOp::kAdd;
  const bool both_bool = target->type->kind == Kind::kBool && value->type->kind == Kind::kBool;
  TExpr* built_in = nullptr;
  if (!logic && TypedOperator(assign->op, &op)) built_in = BuiltinBinary(c, op, target, value, assign->place.location);
  if (built_in != nullptr && IsError(built_in)) return built_in;
  const bool fits =
      (logic && both_bool) || (built_in != nullptr && built_in->type->unqualified == target->type->unqualified);
  if (!fits) {
    TExpr* operands[] = {target, value};
    if (TExpr* call = TryOperator(c, sign, operands, assign->place)) return call;
    return ReportCompound(c, sign, target, value, assign->place);
  }
  if (!target->is_place) {
    if (TExpr* written = TryReadAndWrite(c, assign, value)) return written;
    return c.Error(30910, assign->place, "numeric operator '" + sign + "' left side must be reference.");
  }
  if (target->type->is_const()) {
    return c.Error(30910, assign->place, "numeric operator '" + sign + "' left side can't be constant.");
  }
  NoteWrite(c, target);
  if (logic) return CheckLogicAssign(c, assign, target, value);
  TCompound* node = c.Node<TCompound>(assign->place.location, c.types.void_type());
  node->op = op;
  node->target = target;
  node->value = As<TBinary>(built_in) != nullptr ? As<TBinary>(built_in)->right : value;
  return node;
}

}  // namespace vestige::sema
