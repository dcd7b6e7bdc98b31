// Expressions as written. Floor 2 (syntax).
//
// Pipes are gone: `a |> f(b)` and `f(b) <| a` are the call with `a` in its place (Argument::is_piped tells), and a
// closure written behind a call is the call's last argument (is_trailing). Parentheses around one expression leave no
// node. Everything else is a node of its own.

#ifndef VESTIGE_SYNTAX_AST_EXPR_H_
#define VESTIGE_SYNTAX_AST_EXPR_H_

#include <string_view>

#include "syntax/ast_base.h"
#include "syntax/ast_type.h"

namespace vestige::syntax {

struct Variable;

enum class ExprKind : uint8_t {
  kNull,
  kBool,
  kNumber,
  kString,
  kInterpolation,
  kName,
  kUnary,
  kBinary,
  kAssign,
  kConditional,
  kCoalesce,
  kTypeTest,
  kField,
  kIndex,
  kCall,
  kMethodCall,
  kNew,
  kCast,
  kAddress,
  kUnsafe,
  kTypeInfo,
  kTypeValue,
  kTuple,
  kArrayLiteral,
  kTableLiteral,
  kStructLiteral,
  kMapTo,
  kComprehension,
  kClosure,
  kFunctionRef,
  kGenerator,
  kReader,
  kTag,
  kEllipsis,
};

struct Expr {
  ExprKind kind;
  bool in_parentheses = false;  // written `(e)`
  Place place;
};

struct NullExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kNull;
};

struct BoolExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kBool;
  bool value = false;
};

// A numeric or character literal; its type is said by the literal alone. Integers are in `bits` (as the type's bits,
// zero-extended for unsigned, sign-extended otherwise; only a character can be negative), kFloat, kFloat16 and kDouble
// in `real`.
struct NumberExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kNumber;
  BasicType type;  // kInt, kUInt, kUInt8, kInt64, kUInt64, kFloat, kDouble, kFloat16
  uint64_t bits = 0;
  double real = 0;
  bool is_integer() const {
    return type != BasicType::kFloat && type != BasicType::kDouble && type != BasicType::kFloat16;
  }
};

// Without interpolation; escapes are resolved. NUL-terminated beyond the view.
struct StringExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kString;
  std::string_view text;
};

// Text (value is null), or a value with the format behind the colon ("" when there is none, without the colon).
struct InterpolationPart {
  std::string_view text;
  Expr* value = nullptr;
  std::string_view format;
};

struct InterpolationExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kInterpolation;
  std::span<InterpolationPart> parts;
};

struct NameExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kName;
  QualifiedName name;
};

enum class UnaryOperator : uint8_t {
#define VESTIGE_UNARY_OPERATOR(Name, text) k##Name,
#include "syntax/operators.def"
};

// place: the operator. kDereference is both `*p` and `deref(p)`.
struct UnaryExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kUnary;
  UnaryOperator op;
  Expr* operand = nullptr;
};

enum class BinaryOperator : uint8_t {
#define VESTIGE_BINARY_OPERATOR(Name, text, precedence) k##Name,
#include "syntax/operators.def"
};

// The sign, which is also the name of the function that overloads it (`..` is `interval`).
std::string_view OperatorText(UnaryOperator op);
std::string_view OperatorText(BinaryOperator op);

// place: the operator.
struct BinaryExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kBinary;
  BinaryOperator op;
  Expr* left = nullptr;
  Expr* right = nullptr;
};

enum class AssignForm : uint8_t { kCopy, kMove, kClone, kCompound };  // `=`, `<-`, `:=`, `op=`

// Only as a statement. place: the operator. `op` matters for kCompound.
struct AssignExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kAssign;
  AssignForm form = AssignForm::kCopy;
  BinaryOperator op{};
  Expr* target = nullptr;
  Expr* value = nullptr;
};

// c ? a : b.
struct ConditionalExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kConditional;
  Expr* condition = nullptr;
  Expr* then_value = nullptr;
  Expr* else_value = nullptr;
};

// p ?? d; raw: `!??`, which no overload sees.
struct CoalesceExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kCoalesce;
  bool is_raw = false;
  Expr* value = nullptr;
  Expr* fallback = nullptr;
};

enum class TypeTestForm : uint8_t { kIs, kAs, kSafeAs };  // `is`, `as`, `?as`

// value is name, value is type<T>, value is int (type set, name empty), value is $f(e) (tag set).
struct TypeTestExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kTypeTest;
  TypeTestForm form = TypeTestForm::kIs;
  bool is_raw = false;  // `!is`, `!as`, `!?as`
  Expr* value = nullptr;
  base::Symbol name;
  TypeExpr* type = nullptr;
  Expr* tag = nullptr;
};

enum class Access : uint8_t {
  kPlain,  // `a.b`, `a[i]`
  kSafe,   // `a?.b`, `a?[i]`
  kDot,    // `a..b`, `a.[i]`, `a.?.b`, `a.?[i]`: the field of the pointee or handle itself, no overload by name
};

// place: the name. With `$f(e)` for a name, tag is set and the name empty.
struct FieldExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kField;
  Access access = Access::kPlain;
  bool is_safe_dot = false;  // kDot and safe at once: `a.?.b`
  bool is_raw = false;       // `a!.b`, `a!?.b`
  Expr* object = nullptr;
  base::Symbol name;
  Expr* tag = nullptr;
};

// place: the bracket.
struct IndexExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kIndex;
  Access access = Access::kPlain;
  bool is_safe_dot = false;
  bool is_raw = false;  // `a![i]`, `a!?[i]`
  Expr* object = nullptr;
  Expr* index = nullptr;
};

// An argument, element or field value. `mode` is kNone for plain positional ones, kMove for `<- x`; named ones (`a =
// x`, `a <- x`, `a := x`) have a name, or a tag in quoted code (`$f(e) = x`).
struct Argument {
  Expr* value = nullptr;
  base::Symbol name;
  InitMode mode = InitMode::kNone;
  bool is_piped = false;     // came from `|>` or `<|`
  bool is_trailing = false;  // a closure written behind the call
  Place place;               // of the name, or of the value
  Expr* tag = nullptr;
};

// f(a), mod::f(a), Foo(x = 1), int(a). place: the name; `end` the closing parenthesis. Only named arguments, without
// brackets: makes a struct, class, variant or named tuple. With brackets or behind positional ones: a call with named
// arguments. A type word as the callee (`int8(x)`) sets `type`; `$c(e)(a)` sets `tag`.
struct CallExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kCall;
  QualifiedName callee;
  TypeExpr* type = nullptr;
  Expr* tag = nullptr;
  std::span<Argument> arguments;
  base::Location end;
  bool named_in_brackets = false;  // f([a = 1])
  bool is_uninitialized = false;   // Foo(uninitialized)
  bool has_parentheses = true;     // false: `x |> f`
};

enum class MethodForm : uint8_t { kDot, kArrow, kRaw };  // `a.m()`, `a->m()`, `a!.m()`

// place: the name. `x.int()` has the type word as its name.
struct MethodCallExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kMethodCall;
  MethodForm form = MethodForm::kDot;
  Expr* object = nullptr;
  base::Symbol name;
  std::span<Argument> arguments;
  base::Location end;
  bool named_in_brackets = false;
  bool has_parentheses = true;  // false: `a.m $(x) { }`
};

// new T, new T(a), new T(x = 1), new <T>, or new [..] and other literals (value set, type null).
struct NewExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kNew;
  TypeExpr* type = nullptr;
  Expr* value = nullptr;
  std::span<Argument> arguments;
  bool has_parentheses = false;
  bool is_uninitialized = false;
};

enum class CastForm : uint8_t { kCast, kUpcast, kReinterpret };

struct CastExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kCast;
  CastForm form = CastForm::kCast;
  TypeExpr* type = nullptr;
  Expr* value = nullptr;
};

// addr(x), addr<T?>(x).
struct AddressExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kAddress;
  TypeExpr* type = nullptr;
  Expr* value = nullptr;
};

// unsafe(x).
struct UnsafeExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kUnsafe;
  Expr* value = nullptr;
};

// typeinfo trait<name; extra>(argument); the argument is not evaluated and is a kTypeValue when a type was meant.
struct TypeInfoExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kTypeInfo;
  QualifiedName trait;
  base::Symbol name;
  base::Symbol extra;
  Expr* argument = nullptr;
};

// type<T>.
struct TypeValueExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kTypeValue;
  TypeExpr* type = nullptr;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_AST_EXPR_H_
