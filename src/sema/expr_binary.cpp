// Binary operators. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/match.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

// The typed operator of a written one; false for those that are more than an operation (&&, ||, ..).
bool TypedOperator(syntax::BinaryOperator op, BinaryOp* typed) {
  using From = syntax::BinaryOperator;
  switch (op) {
    case From::kAdd:
      *typed = BinaryOp::kAdd;
      return true;
    case From::kSubtract:
      *typed = BinaryOp::kSub;
      return true;
    case From::kMultiply:
      *typed = BinaryOp::kMul;
      return true;
    case From::kDivide:
      *typed = BinaryOp::kDiv;
      return true;
    case From::kModulo:
      *typed = BinaryOp::kMod;
      return true;
    case From::kBitAnd:
      *typed = BinaryOp::kAnd;
      return true;
    case From::kBitOr:
      *typed = BinaryOp::kOr;
      return true;
    case From::kBitXor:
      *typed = BinaryOp::kXor;
      return true;
    case From::kShiftLeft:
      *typed = BinaryOp::kShl;
      return true;
    case From::kShiftRight:
      *typed = BinaryOp::kShr;
      return true;
    case From::kRotateLeft:
      *typed = BinaryOp::kRotl;
      return true;
    case From::kRotateRight:
      *typed = BinaryOp::kRotr;
      return true;
    case From::kEqual:
      *typed = BinaryOp::kEq;
      return true;
    case From::kNotEqual:
      *typed = BinaryOp::kNe;
      return true;
    case From::kLess:
      *typed = BinaryOp::kLt;
      return true;
    case From::kLessEqual:
      *typed = BinaryOp::kLe;
      return true;
    case From::kGreater:
      *typed = BinaryOp::kGt;
      return true;
    case From::kGreaterEqual:
      *typed = BinaryOp::kGe;
      return true;
    case From::kLogicXor:
      *typed = BinaryOp::kLogicXor;
      return true;
    case From::kLogicAnd:
    case From::kLogicOr:
    case From::kInterval:
      return false;
  }
  return false;
}

namespace {

bool IsArithmetic(BinaryOp op) { return op <= BinaryOp::kMod; }
bool IsBitwise(BinaryOp op) { return op >= BinaryOp::kAnd && op <= BinaryOp::kXor; }
bool IsShift(BinaryOp op) { return op >= BinaryOp::kShl && op <= BinaryOp::kRotr; }
bool IsEquality(BinaryOp op) { return op == BinaryOp::kEq || op == BinaryOp::kNe; }
bool IsComparison(BinaryOp op) { return op >= BinaryOp::kEq && op <= BinaryOp::kGe; }

bool IsIntVector(const Type* type) { return type->is_vector() && type->kind < Kind::kFloat2; }

// The type of a vector's components.
Kind Component(const Type* type) {
  if (type->kind >= Kind::kFloat2) return Kind::kFloat;
  return type->kind >= Kind::kUInt2 ? Kind::kUInt : Kind::kInt;
}

// Operators that two values of the type `type` have.
bool SameTypeFits(BinaryOp op, const Type* type) {
  switch (type->kind) {
    case Kind::kInt:
    case Kind::kUInt:
    case Kind::kInt64:
    case Kind::kUInt64:
      return op != BinaryOp::kLogicXor;
    case Kind::kFloat:
    case Kind::kDouble:
      return IsArithmetic(op) || IsComparison(op);
    case Kind::kString:
      return op == BinaryOp::kAdd || IsComparison(op);
    case Kind::kBool:
      return IsEquality(op) || op == BinaryOp::kLogicXor;
    case Kind::kBitfield:
      return IsEquality(op) || IsBitwise(op);
    case Kind::kInt8:
    case Kind::kUInt8:
    case Kind::kInt16:
    case Kind::kUInt16:
    case Kind::kEnum:
    case Kind::kPointer:
    case Kind::kFunction:
    case Kind::kLambda:
    case Kind::kRange:
    case Kind::kURange:
    case Kind::kRange64:
    case Kind::kURange64:
    case Kind::kNull:
      return IsEquality(op);
    case Kind::kDistinct:
      return IsEquality(op) && type->element->is_workhorse();
    default:
      break;
  }
  if (!type->is_vector()) return false;
  if (IsArithmetic(op) || IsEquality(op)) return true;
  return IsIntVector(type) && (IsBitwise(op) || IsShift(op));
}

TExpr* BinaryNode(Checker& c, BinaryOp op, TExpr* left, TExpr* right, const Type* type, base::Location location) {
  if (TConst* folded = FoldBinary(c, op, left, right, type, location)) return folded;
  TBinary* node = c.Node<TBinary>(location, type);
  node->op = op;
  node->left = left;
  node->right = right;
  return node;
}

TExpr* PointerArithmetic(Checker& c, BinaryOp op, TExpr* left, TExpr* right, base::Location location) {
  if (left->type->kind != Kind::kPointer || (op != BinaryOp::kAdd && op != BinaryOp::kSub)) return nullptr;
  const bool difference = op == BinaryOp::kSub && SameShape(left->type, right->type);
  const Kind kind = right->type->kind;
  const bool step = kind == Kind::kInt || kind == Kind::kUInt || kind == Kind::kInt64 || kind == Kind::kUInt64;
  if (!difference && !step) return nullptr;
  if (left->type->element->kind == Kind::kVoid) {
    // Told once; then it is an operator that nobody has defined.
    c.Error(30950, {location, 1}, "operations on 'void' pointers are prohibited; " + Describe(left));
    return nullptr;
  }
  // A difference is a number; a step makes a pointer to who knows what.
  if (!difference && !c.is_unsafe()) {
    return c.Error(
        31022, {location, 1},
        fmt::format("unsafe operator '{}' must be inside the 'unsafe' block", op == BinaryOp::kAdd ? "+" : "-"));
  }
  const Type* type = difference ? c.types.Basic(Kind::kInt64) : left->type->unqualified;
  return BinaryNode(c, op, left, right, type, location);
}

}  // namespace

TExpr* BuiltinBinary(Checker& c, BinaryOp op, TExpr* left, TExpr* right, base::Location location) {
  const Type* a = left->type->unqualified;
  const Type* b = right->type->unqualified;
  if (a != b) {
    if (a->kind == Kind::kNull &&
        (b->kind == Kind::kPointer || b->kind == Kind::kFunction || b->kind == Kind::kLambda)) {
      left = MakeConst(c, b, 0, left->location);
      a = b;
    } else if (b->kind == Kind::kNull &&
               (a->kind == Kind::kPointer || a->kind == Kind::kFunction || a->kind == Kind::kLambda)) {
      right = MakeConst(c, a, 0, right->location);
      b = a;
    } else if (IsEquality(op) && a->kind == Kind::kPointer && b->kind == Kind::kPointer &&
               (a->is_smart || b->is_smart) && a->element->unqualified == b->element->unqualified) {
      b = a;
    } else if (IsEquality(op) && a->kind == Kind::kPointer && b->kind == Kind::kPointer &&
               (Passes(a, {b, true}, true) || Passes(b, {a, true}, true))) {
      b = a;
    } else if (a->kind == Kind::kBitfield && SameShape(a, b)) {
      // The named type wins over the anonymous one.
      if (a->enum_info == nullptr) a = b;
      b = a;
    }
  }
  if (TExpr* pointer = PointerArithmetic(c, op, left, right, location)) return pointer;
  const Type* result = nullptr;
  if (a == b || SameShape(a, b)) {
    if (SameTypeFits(op, a)) result = a;
  } else if (a->is_vector() && b->kind == Component(a)) {
    if (IsArithmetic(op) || (IsIntVector(a) && IsShift(op))) result = a;
  } else if (IsIntVector(a) && IsShift(op) && b->kind == Kind::kInt) {
    result = a;
  } else if (b->is_vector() && a->kind == Component(b)) {
    if (IsArithmetic(op)) result = b;
  } else if (IsShift(op) && (a->kind == Kind::kInt64 || a->kind == Kind::kUInt64 || a->kind == Kind::kUInt) &&
             b->kind == Kind::kInt) {
    result = a;
  }
  if (result == nullptr) return nullptr;
  if (IsComparison(op)) result = c.types.bool_type();
  return BinaryNode(c, op, left, right, result, location);
}

namespace {

TExpr* MakeLogic(Checker& c, bool is_and, TExpr* left, TExpr* right, base::Location location) {
  bool known = false;
  if (ConstantBool(left, &known)) return known == is_and ? right : left;
  TLogic* logic = c.Node<TLogic>(location, c.types.bool_type());
  logic->is_and = is_and;
  logic->left = left;
  logic->right = right;
  return logic;
}

TExpr* ReportMismatch(Checker& c, syntax::BinaryOperator op, TExpr* left, TExpr* right, syntax::Place place) {
  const std::string sign(syntax::OperatorText(op));
  const Type* a = left->type->unqualified;
  const Type* b = right->type->unqualified;
  const std::string operation = types::TypeName(a) + " " + sign + " " + types::TypeName(b);
  if (a->is_numeric() && b->is_numeric()) {
    if (a != b) {
      return c.Error(30406, place,
                     "numeric operator '" + sign + "' type mismatch. both sides have to be of the same type. " +
                         operation + " is not defined");
    }
    if (a->is_storage_integer()) {
      return c.Error(30230, place,
                     "numeric operator '" + sign + "' is not defined for storage types (int8, uint8, int16, uint16)",
                     "\t" + operation);
    }
    return c.Error(30406, place, "numeric operator '" + sign + "' type mismatch", "\t" + operation);
  }
  if (a->kind == Kind::kEnum && b->kind == Kind::kEnum && a != b) {
    return c.Error(30148, place, "operations on different enumerations are prohibited");
  }
  TExpr* operands[] = {left, right};
  return CallByName(c, c.fn != nullptr ? c.fn->module : c.main, c.symbols.Intern(sign), operands, place);
}

// Literals take the type of the other side.
void AdaptSides(Checker& c, TExpr** left, TExpr** right, const syntax::BinaryExpr* binary, syntax::Place place) {
  if ((*left)->type->unqualified == (*right)->type->unqualified) return;
  const syntax::Place left_place = binary != nullptr ? binary->left->place : place;
  const syntax::Place right_place = binary != nullptr ? binary->right->place : place;
  if (TExpr* adapted = AdaptLiteral(c, *right, (*left)->type, right_place)) {
    *right = adapted;
  } else if (TExpr* other = AdaptLiteral(c, *left, (*right)->type, left_place)) {
    *left = other;
  }
}

TExpr* MakeInterval(Checker& c, TExpr* left, TExpr* right, syntax::Place place) {
  Kind kind = Kind::kVoid;
  switch (left->type->kind) {
    case Kind::kInt:
      kind = Kind::kRange;
      break;
    case Kind::kUInt:
      kind = Kind::kURange;
      break;
    case Kind::kInt64:
      kind = Kind::kRange64;
      break;
    case Kind::kUInt64:
      kind = Kind::kURange64;
      break;
    default:
      break;
  }
  if (kind != Kind::kVoid && left->type->unqualified == right->type->unqualified) {
    CallArguments arguments;
    AddArgument(&arguments, left, place);
    AddArgument(&arguments, right, place);
    return TryConversion(c, c.types.Basic(kind), arguments, place);
  }
  TExpr* operands[] = {left, right};
  if (TExpr* call = TryOperator(c, "interval", operands, place)) return call;
  return CallByName(c, c.fn != nullptr ? c.fn->module : c.main, c.known.interval, operands, place);
}

bool IsScalar(const Type* type) { return type->kind <= Kind::kString && type->kind != Kind::kVoid; }

}  // namespace

TExpr* MakeBinary(Checker& c, syntax::BinaryOperator op, TExpr* left, TExpr* right, syntax::Place place,
                  const syntax::BinaryExpr* binary) {
  if (IsError(left) || IsError(right)) return c.ErrorExpr(place.location);
  AdaptSides(c, &left, &right, binary, place);
  if (IsError(left) || IsError(right)) return c.ErrorExpr(place.location);
  if (op == syntax::BinaryOperator::kInterval) return MakeInterval(c, left, right, place);
  const bool scalars = IsScalar(left->type) && IsScalar(right->type);
  BinaryOp typed = BinaryOp::kAdd;
  const bool is_operation = TypedOperator(op, &typed);
  if (is_operation && scalars) {
    if (TExpr* node = BuiltinBinary(c, typed, left, right, place.location)) return node;
  }
  if (!is_operation && left->type->kind == Kind::kBool && right->type->kind == Kind::kBool) {
    return MakeLogic(c, op == syntax::BinaryOperator::kLogicAnd, left, right, place.location);
  }
  TExpr* operands[] = {left, right};
  if (TExpr* call = TryOperator(c, syntax::OperatorText(op), operands, place)) return call;
  if (is_operation && !scalars) {
    if (TExpr* node = BuiltinBinary(c, typed, left, right, place.location)) return node;
  }
  return ReportMismatch(c, op, left, right, place);
}

TExpr* CheckBinary(Checker& c, const syntax::BinaryExpr* binary, Want) {
  TExpr* left = CheckExpr(c, binary->left);
  TExpr* right = CheckExpr(c, binary->right, {.type = IsError(left) ? nullptr : left->type});
  return MakeBinary(c, binary->op, left, right, binary->place, binary);
}

}  // namespace vestige::sema
