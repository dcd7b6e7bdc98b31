// Expressions that write a value out: tuples, arrays, tables, structs, comprehensions, closures; and the tags of quoted
// code. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_AST_LITERAL_H_
#define VESTIGE_SYNTAX_AST_LITERAL_H_

#include <string_view>

#include "syntax/ast_expr.h"

namespace vestige::syntax {

// (a, b), (a,), (x = 1, y = 2), tuple(a, b).
struct TupleExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kTuple;
  std::span<Argument> elements;
};

enum class ArrayForm : uint8_t { kBrackets, kArray, kFixedArray };  // [..], array(..), fixed_array(..)

// element: the T of array<T>(..), else null.
struct ArrayLiteralExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kArrayLiteral;
  ArrayForm form = ArrayForm::kBrackets;
  TypeExpr* element = nullptr;
  std::span<Argument> elements;
};

// { k => v }, { k }, table(..), table<K;V>(..). Entries are kMapTo, or keys of a set.
struct TableLiteralExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kTableLiteral;
  bool is_call = false;  // table(..)
  TypeExpr* key = nullptr;
  TypeExpr* value = nullptr;
  std::span<Argument> entries;
};

enum class StructForm : uint8_t { kStruct, kClass, kTuple, kVariant, kDefault };

// struct<T>(..), class<T>(..), tuple<..>(..), variant<..>(..), default<T>, and lists of them: array struct<T>((..),
// (..)). Each row is the named arguments of one value; a single value has one row, `T()` none or an empty one.
struct StructLiteralExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kStructLiteral;
  StructForm form = StructForm::kStruct;
  bool is_array = false;
  bool is_uninitialized = false;
  TypeExpr* type = nullptr;
  std::span<std::span<Argument>> rows;
};

// k => v: an entry of a table, elsewhere a tuple of two.
struct MapToExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kMapTo;
  Expr* key = nullptr;
  Expr* value = nullptr;
};

// What a `for` runs: name, `name aka other`, `(a, b)` (names set), or `$i(e)` (tag set).
struct LoopVariable {
  base::Symbol name;
  base::Symbol aka;
  Place place;
  std::span<base::Symbol> tuple_names;
  Expr* tag = nullptr;
};

// The head of a loop or comprehension: variables and sources go in step.
struct LoopHead {
  std::span<LoopVariable> variables;
  std::span<Argument> sources;
};

enum class ComprehensionForm : uint8_t { kArray, kIterator, kTable };

// [for (x in a); value; where condition]; a kTable has a kMapTo for value, or a key of a set.
struct ComprehensionExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kComprehension;
  ComprehensionForm form = ComprehensionForm::kArray;
  LoopHead head;
  Expr* value = nullptr;
  Expr* where = nullptr;
};

enum class CaptureMode : uint8_t { kCopy, kMove, kClone, kReference };

struct Capture {
  CaptureMode mode = CaptureMode::kCopy;
  base::Symbol name;
  Place place;
};

enum class ClosureForm : uint8_t { kBlock, kLambda, kLocalFunction };  // $, @, @@

// $ (a : int) : R { .. }, @ capture(= a) (x) => e, @@ (x) { .. }, and `{ .. }` behind a call. An expression body is a
// block with one return.
struct ClosureExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kClosure;
  ClosureForm form = ClosureForm::kBlock;
  bool is_bare = false;         // `{ .. }` behind a call
  bool has_arrow_body = false;  // => e
  std::span<Annotation*> annotations;
  std::span<Capture> captures;
  std::span<Variable> parameters;
  TypeExpr* result = nullptr;  // null: to be found
  Block* body = nullptr;
};

// @@name, @@<(a : int) : R> name (signature set), @@$c(e) and @@$i(e) (tag set).
struct FunctionRefExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kFunctionRef;
  QualifiedName name;
  TypeExpr* signature = nullptr;  // a kCallable, or any type
  Expr* tag = nullptr;
  bool tag_is_call = false;  // $c
};

// generator<T> capture(..) { .. }, or generator<T>(lambda).
struct GeneratorExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kGenerator;
  TypeExpr* type = nullptr;
  std::span<Capture> captures;
  Block* body = nullptr;
  Expr* source = nullptr;
};

// %name~ text %%, %name! text %%: handed to a reader macro as it stands.
struct ReaderExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kReader;
  QualifiedName name;
  bool is_inline = false;  // `!`
  std::string_view text;
};

// $e(x), $$(x) and so on, in quoted code and patterns only. `letter` is e i v b a.
struct TagExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kTag;
  char letter = 'e';
  Expr* value = nullptr;
};

// `...` in patterns.
struct EllipsisExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::kEllipsis;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_AST_LITERAL_H_
