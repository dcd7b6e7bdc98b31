// Types, declarations, statements, closures and construction: what expressions ask of them.
//
// Floor 3, inside sema.

#ifndef VESTIGE_SEMA_DECL_H_
#define VESTIGE_SEMA_DECL_H_

#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "sema/checker.h"

namespace vestige::sema {

// --- types (type_resolve.cpp, type_verify.cpp)

enum class TypeUse : uint8_t {
  kValue,    // the type of something that exists: no auto
  kPattern,  // of a parameter or a cast target: auto, auto(T), options, -const... are kept
  kPartial,  // of a variable: plain `auto` parts are kept and come from the initialiser
};

// The semantic type of a type expression, seen from c.fn (module, bindings) or from `module`. Names bound by auto(T) in
// the current instance stand for their types; in a pattern, a name that some auto(T) of the same signature binds
// (listed in `pattern_names`) stands for Auto(T). An error type after a message.
const types::Type* ResolveType(Checker& c, const syntax::TypeExpr* type, TypeUse use, ModuleScope* module,
                               std::vector<base::Symbol>* pattern_names = nullptr);

// How the message about an unknown type name is worded: error[code]: <what> <type>[suffix].
struct UnknownType {
  int code = 30832;
  std::string_view what = "undefined type ";
  std::string_view suffix = {};
  syntax::Place place;  // where to report; unknown: at the type
};
const types::Type* ResolveTypeAs(Checker& c, const syntax::TypeExpr* type, TypeUse use, ModuleScope* module,
                                 const UnknownType& unknown, std::vector<base::Symbol>* pattern_names = nullptr);

// The named type (struct, enum, alias...) that `module` sees under `name`; null without a message when there is none.
const types::Type* FindNamedType(Checker& c, ModuleScope* module, const syntax::QualifiedName& name);
// The `struct template` that `module` sees under `name`; null when there is none.
const TypeEntity* FindTemplate(Checker& c, ModuleScope* module, const syntax::QualifiedName& name);
// The module `name` in `name::x` stands for (`_` and `__` included); null when unknown.
ModuleScope* FindQualifier(Checker& c, ModuleScope* module, base::Symbol name);
// The variable that `module` sees, with its type inferred; null without a message.
GlobalEntity* FindGlobal(Checker& c, ModuleScope* module, const syntax::QualifiedName& name, syntax::Place place);
// The private variable of another module that `name` would be; for messages.
GlobalEntity* FindHiddenGlobal(ModuleScope* module, base::Symbol name);

// Lays out the structs that a value of `type` contains. Needed before size(), align() or traits() while declarations
// are still being made; afterwards everything is complete.
void EnsureComplete(Checker& c, const types::Type* type);

// A bare `var x : T` of this type would leave fields with initialisers unset (error 31016).
bool IsUnsafeUninitialized(Checker& c, const types::Type* type);

// Some descendant of `info` overrides the method of this name: calls go through the object's own function pointers.
bool IsOverridden(const Checker& c, const types::StructInfo* info, base::Symbol method);

// --- statements (stmt*.cpp)

// A block with its own names.
TBlock* CheckBlock(Checker& c, const syntax::Block* block);
// What a block is to the statement around it. The finally part of a lambda's is left out: it is its finalizer.
enum class BodyKind : uint8_t { kBlock, kLoop, kLambda, kGenerator };
// The body of a function, loop or closure; otherwise as CheckBlock.
TBlock* CheckBody(Checker& c, const syntax::Block* block, BodyKind kind);
// `return value` (value may be null), also `=> value`. Fixes the result type of c.fn when it is not known yet.
TStmt* CheckReturn(Checker& c, const syntax::Expr* value, bool moves, syntax::Place place);
// What a constructor declared inside a struct does: makes a default value, runs the body on it, returns it.
TBlock* CheckConstructorBody(Checker& c, FunctionEntity* constructor);

// The expression behind the `assume` name c.names[index], checked for this use.
TExpr* ExpandAlias(Checker& c, size_t index, syntax::Place place);

// --- closures (closure.cpp, capture.cpp)

// The local `name` of a function around the current one: a block reaches it through its parent's frame, a lambda
// captures it.
TExpr* OuterLocal(Checker& c, const LocalName& name, syntax::Place place);

// generator<T> capture(..) { .. }: makes an iterator (generator.cpp).
TExpr* CheckGenerator(Checker& c, const syntax::GeneratorExpr* expr);
// A generator with a body that `fill` elaborates: it sets c.fn->yields when that is still open, and returns null after
// a message.
TExpr* MakeGenerator(Checker& c, syntax::Place place, std::span<const syntax::Capture> listed,
                     const types::Type* yields, const syntax::Block* body, absl::FunctionRef<TBlock*()> fill);
// `yield value`.
TStmt* CheckYield(Checker& c, const syntax::YieldStmt* stmt);
// The statement that yields a value that was elaborated already; null after a message.
TStmt* MakeYield(Checker& c, TExpr* value, bool moves, syntax::Place place);

// A closure literal. `want.type` is the parameter's type, possibly with auto parts that the closure then fixes.
TExpr* CheckClosure(Checker& c, const syntax::Expr* closure, Want want);

// --- construction (make_*.cpp)

// Literals of arrays, tables, tuples, structs and variants, `new`, default<T>, comprehensions, generators.
TExpr* CheckMake(Checker& c, const syntax::Expr* expr, Want want);
// `Type(...)` written as a call, where `type` is a struct, tuple, variant, or alias of one, or a container.
TExpr* CheckConstructorCall(Checker& c, const syntax::Expr* call, const types::Type* type, Want want);
// A value of `type` as a bare declaration makes it: field initialisers run, everything else is zero.
TExpr* DefaultValue(Checker& c, const types::Type* type, syntax::Place place);

// --- copy, move, clone (assign.cpp)

// The node that stores `value` into `target` in this mode, after checking that the types allow it; relaxed assignment
// (= of a temporary becomes a move) included. Reports errors in terms of an assignment.
TExpr* MakeAssign(Checker& c, AssignMode mode, TExpr* target, TExpr* value, syntax::Place place);
// `target = value`, `<-`, `:=` as written, flags of bitfields and operators like `[]=` included.
TExpr* CheckAssign(Checker& c, const syntax::AssignExpr* assign);
// How `=` of this value is done: kCopy, or kMove for temporaries of types that do not copy. False: neither works.
bool CopyMode(Checker& c, const TExpr* value, AssignMode* mode);
// `value` is fresh, owned by nobody else: a literal, a construction, the result of a call.
bool IsFresh(const TExpr* value);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_DECL_H_
