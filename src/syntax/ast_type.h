// Types as written. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_AST_TYPE_H_
#define VESTIGE_SYNTAX_AST_TYPE_H_

#include <string_view>

#include "syntax/ast_base.h"

namespace vestige::syntax {

struct Variable;
struct Argument;

// The basic type words, in the order of basic_types.def.
enum class BasicType : uint8_t {
#define VESTIGE_BASIC_TYPE(Name, word) k##Name,
#include "syntax/basic_types.def"
};

// `int`, `float3`...
std::string_view BasicTypeWord(BasicType type);

enum class TypeKind : uint8_t {
  kBasic,
  kNamed,
  kAuto,
  kTypedecl,
  kPointer,
  kArray,
  kTable,
  kIterator,
  kSmartPtr,
  kCallable,
  kTuple,
  kVariant,
  kBitfield,
  kFixedArray,
  kOptions,
  kTypeOf,
  kMacro,
  kTag,
};

// Words and signs written after a type. Bits of TypeExpr::qualifiers.
enum TypeQualifier : uint16_t {
  kTypeConst = 1 << 0,            // const
  kTypeReference = 1 << 1,        // &
  kTypeTemporary = 1 << 2,        // #
  kTypeImplicit = 1 << 3,         // implicit
  kTypeExplicit = 1 << 4,         // explicit
  kTypeExactConst = 1 << 5,       // ==const
  kTypeExactReference = 1 << 6,   // ==&
  kTypeRemoveConst = 1 << 7,      // -const
  kTypeRemoveReference = 1 << 8,  // -&
  kTypeRemoveTemporary = 1 << 9,  // -#
  kTypeRemoveDim = 1 << 10,       // -[]
};

// `int const?` is a kPointer whose inner kBasic has kTypeConst; `int? const` is a kPointer that has it itself.
struct TypeExpr {
  TypeKind kind;
  uint16_t qualifiers = 0;
  Place place;
};

struct BasicTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kBasic;
  BasicType basic;
};

// A struct, class, enum, typedef, or a type parameter bound by auto(T).
struct NamedTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kNamed;
  QualifiedName name;
};

// `auto` (empty name) or `auto(T)`.
struct AutoTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kAuto;
  base::Symbol name;
};

// typedecl(expr): the type of an expression that is not evaluated.
struct TypedeclTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kTypedecl;
  Expr* expr = nullptr;
};

struct PointerTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kPointer;
  TypeExpr* target = nullptr;
};

struct ArrayTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kArray;
  TypeExpr* element = nullptr;
};

// table<K;V>, or a set table<K> (value is null).
struct TableTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kTable;
  TypeExpr* key = nullptr;
  TypeExpr* value = nullptr;
};

struct IteratorTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kIterator;
  TypeExpr* element = nullptr;
};

struct SmartPtrTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kSmartPtr;
  TypeExpr* target = nullptr;
};

enum class CallableForm : uint8_t { kBlock, kFunction, kLambda };

// block<(a : int; b : T) : R>. Bare `block` has no parameters; a missing result means void, also in `block<R>` where
// there are only a result and no parameters.
struct CallableTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kCallable;
  CallableForm form = CallableForm::kBlock;
  std::span<Variable> parameters;
  TypeExpr* result = nullptr;
};

// A member of a tuple, variant: the name may be missing in tuples.
struct TypeMember {
  base::Symbol name;
  TypeExpr* type = nullptr;
  Place place;
};

struct TupleTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kTuple;
  std::span<TypeMember> members;
};

struct VariantTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kVariant;
  std::span<TypeMember> members;
};

// bitfield<a; b>, bitfield : uint8 <a>. Plain `bitfield` is a kBasic.
struct BitfieldTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kBitfield;
  BasicType storage;  // kUInt when not written
  std::span<base::Symbol> bits;
};

// T[2][3]: the element, then the sizes from left (outermost) to right; null is `[]`, a size to be found.
struct FixedArrayTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kFixedArray;
  TypeExpr* element = nullptr;
  std::span<Expr*> sizes;
};

// A | B | #: alternatives of a parameter in order of preference. A null alternative is the `#` of `T | #`: the
// alternative before it, as a temporary.
struct OptionsTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kOptions;
  std::span<TypeExpr*> alternatives;
};

// type<T> where a type is expected: T, which may be a name that only the instance knows.
struct TypeOfTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kTypeOf;
  TypeExpr* type = nullptr;
};

// Name<T; U>(a), Name(a), with an optional `$` in front: made by a type macro, or by an instance of a struct template.
struct MacroTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kMacro;
  QualifiedName name;
  bool has_dollar = false;
  std::span<TypeExpr*> types;
  std::span<Argument> arguments;
};

// $t(expr), in quoted code only.
struct TagTypeExpr : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::kTag;
  Expr* expr = nullptr;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_AST_TYPE_H_
