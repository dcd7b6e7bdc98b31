// Declarations as written, and the module that holds them. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_AST_DECL_H_
#define VESTIGE_SYNTAX_AST_DECL_H_

#include <string_view>

#include "syntax/ast_base.h"
#include "syntax/ast_expr.h"
#include "syntax/ast_literal.h"
#include "syntax/ast_stmt.h"
#include "syntax/ast_type.h"

namespace vestige::syntax {

enum class AnnotationValue : uint8_t { kNone, kBool, kInt, kFloat, kString, kName, kFunction, kList };

// name, name = value, name = (1, 2): of annotations, options and tags. kNone means true. kFunction is `= @@f`. In a
// kList the elements have no names.
struct AnnotationArgument {
  base::Symbol name;
  AnnotationValue kind = AnnotationValue::kNone;
  bool boolean = false;
  int32_t integer = 0;
  float real = 0;
  base::Symbol text;  // kString, kName, kFunction
  std::span<AnnotationArgument> list;
  Place place;
};

enum class AnnotationForm : uint8_t { kPlain, kNot, kAnd, kOr, kXor };

// [name(arguments)], and contracts put together with `! && || ^^` (left and right; kNot has left only).
struct Annotation {
  AnnotationForm form = AnnotationForm::kPlain;
  QualifiedName name;
  std::span<AnnotationArgument> arguments;
  Annotation* left = nullptr;
  Annotation* right = nullptr;
  Place place;
};

// What a parameter, local, global or field declares for one name. Names that share a declaration (`a, b : int`) share
// its nodes.
struct Variable {
  base::Symbol name;
  base::Symbol aka;          // second name, `x aka y`
  Place place;               // of the name
  TypeExpr* type = nullptr;  // null: to be found; generic in a parameter
  Expr* init = nullptr;
  InitMode init_mode = InitMode::kNone;
  bool is_var = false;                           // parameters: `var x`; locals and globals: as their let / var
  bool is_let = false;                           // parameters: `let x` written out
  bool is_reference = false;                     // `x &` without a type, `let r & = ..`
  bool is_static = false;                        // fields
  bool is_override = false;                      // fields
  bool is_sealed = false;                        // fields
  bool joins_previous = false;                   // shares the declaration of the name before it
  Visibility visibility = Visibility::kDefault;  // fields
  std::span<AnnotationArgument> tags;            // @name = value
  std::span<base::Symbol> tuple_names;           // `let (a, b) = ..`: then `name` is empty
  Expr* tag = nullptr;                           // $i(e) for a name, $a(e) for parameters
};

enum class DeclKind : uint8_t { kStruct, kEnum, kBitfield, kAlias, kGlobals, kFunction, kReader };

// place: the declared name.
struct Decl {
  DeclKind kind;
  Visibility visibility = Visibility::kDefault;
  Place place;
  std::span<Annotation*> annotations;
};

// A function, method or constructor. Operators have the name under which expressions look for them: `+`, `[]`, `+++`
// for a postfix `++`, `interval`, `clone` for `:=`, `finalize` for `delete`, ".`x" and ".`x`clone" for a property,
// "`is`x", "?as`x" and so on.
struct FunctionDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kFunction;
  base::Symbol name;
  bool is_operator = false;
  bool is_template = false;  // def template
  bool is_method = false;    // inside a struct or class
  bool is_static = false;
  bool is_abstract = false;
  bool is_override = false;
  bool is_sealed = false;
  bool is_const = false;
  bool has_arrow_body = false;  // => e
  std::span<Variable> parameters;
  TypeExpr* result = nullptr;  // null: to be found
  Block* body = nullptr;       // null: abstract, or a signature
  base::Location keyword;      // of `def`
};

// typedef name = type (also inside structs), tuple name { .. } and variant name { .. } (type is a kTuple, kVariant).
struct AliasDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kAlias;
  base::Symbol name;
  bool is_distinct = false;
  bool has_body = false;  // tuple / variant form
  TypeExpr* type = nullptr;
};

// One member, in the order of writing: exactly one pointer is set.
struct StructMember {
  Variable* field = nullptr;
  FunctionDecl* method = nullptr;
  AliasDecl* alias = nullptr;
};

struct StructDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kStruct;
  base::Symbol name;
  QualifiedName parent;  // empty name: none
  Place parent_place;
  bool is_class = false;
  bool is_template = false;
  bool is_sealed = false;
  bool has_body = true;  // false: `struct Name;`
  std::span<StructMember> members;
};

struct EnumValue {
  base::Symbol name;
  Expr* value = nullptr;  // null: the one before plus 1
  Place place;
};

struct EnumDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kEnum;
  base::Symbol name;
  BasicType storage;  // kInt when not written
  bool has_storage = false;
  std::span<EnumValue> values;
};

// A named bitfield; entries with a value are further names, not bits.
struct BitfieldDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kBitfield;
  base::Symbol name;
  BasicType storage;  // kUInt when not written
  bool has_storage = false;
  std::span<EnumValue> bits;
};

// let / var at module level, one Variable per name.
struct GlobalsDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kGlobals;
  bool is_var = false;
  bool is_shared = false;
  bool is_group = false;
  std::span<Variable> variables;
};

// A reader macro at module level.
struct ReaderDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::kReader;
  ReaderExpr* reader = nullptr;
};

// require ?guard path as alias public.
struct Require {
  base::Symbol path;  // as written, without spaces: `daslib/x`, `./util.das`
  base::Symbol guard;
  base::Symbol alias;
  bool is_public = false;
  Place place;
};

// expect code : count.
struct Expectation {
  int32_t code = 0;
  int32_t count = 1;
  Place place;
};

// A parsed file. `name` is empty without a `module` line. Lists by kind are in the order of writing; `declarations`
// has all of them in that order.
struct Module {
  base::Symbol name;
  Place place;
  bool is_shared = false;
  bool is_inscope = false;  // !inscope
  Visibility visibility = Visibility::kDefault;
  std::span<AnnotationArgument> options;
  std::span<Require> requires_list;
  std::span<Expectation> expectations;
  std::span<Decl*> declarations;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_AST_DECL_H_
