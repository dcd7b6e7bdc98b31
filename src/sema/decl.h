// Types, declarations, statements, closures and construction: what expressions ask of them.
//
// Floor 3, inside sema.

#ifndef VESTIGE_SEMA_DECL_H_
#define VESTIGE_SEMA_DECL_H_

#include <span>
#include <string>

#include "sema/checker.h"

namespace vestige::sema {

// --- types (type_*.cpp)

enum class TypeUse : uint8_t {
  kValue,    // the type of something that exists: no auto
  kPattern,  // of a parameter or a cast target: auto, auto(T), options, -const... are kept
  kPartial,  // of a variable: plain `auto` parts are kept and come from the initialiser
};

// The semantic type of a type expression, seen from c.fn (module, bindings) or from `module`. Names bound by auto(T) in
// the current instance stand for their types; in a pattern, a name bound by an earlier auto(T) of the same signature
// (listed in `pattern_names`) stands for Auto(T). An error type after a message.
const types::Type* ResolveType(Checker& c, const syntax::TypeExpr* type, TypeUse use, ModuleScope* module,
                               std::vector<base::Symbol>* pattern_names = nullptr);

// The named type (struct, enum, alias...) that `module` sees under `name`; null without a message when there is none.
const types::Type* FindNamedType(Checker& c, ModuleScope* module, const syntax::QualifiedName& name);
// The module `name` in `name::x` stands for (`_` and `__` included); null when unknown.
ModuleScope* FindQualifier(Checker& c, ModuleScope* module, base::Symbol name);
// The variable that `module` sees, with its type inferred; null without a message.
GlobalEntity* FindGlobal(Checker& c, ModuleScope* module, const syntax::QualifiedName& name, syntax::Place place);

// --- statements (stmt_*.cpp)

// A block with its own names.
TBlock* CheckBlock(Checker& c, const syntax::Block* block);

// --- closures (closure.cpp)

// The local `name` of a function around the current one: a block reaches it through its parent's frame, a lambda
// captures it.
TExpr* OuterLocal(Checker& c, const LocalName& name, syntax::Place place);

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
// How `=` of this value is done: kCopy, or kMove for temporaries of types that do not copy. False: neither works.
bool CopyMode(Checker& c, const TExpr* value, AssignMode* mode);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_DECL_H_
