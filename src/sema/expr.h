// Expressions, calls, overloads and instances: what the rest of sema asks of them.
//
// Floor 3, inside sema.

#ifndef VESTIGE_SEMA_EXPR_H_
#define VESTIGE_SEMA_EXPR_H_

#include <span>
#include <string>

#include "sema/checker.h"

namespace vestige::sema {

// --- expressions (expr_*.cpp)

// Elaborates an expression; never null. The result may be of another type than wanted: whoever needs the type converts
// with Convert(). Literals without a type of their own ([], {}, closures, null) take the wanted one.
TExpr* CheckExpr(Checker& c, const syntax::Expr* expr, Want want = {});

// The expression's type without keeping the expression: typeinfo, typedecl, static_if. Errors are reported.
const types::Type* TypeOfExpr(Checker& c, const syntax::Expr* expr);

// An expression of type bool, or error 30183 `<what> must be boolean, and not T`. what: "if-then-else condition".
TExpr* CheckCondition(Checker& c, const syntax::Expr* expr, std::string_view what);

// `expr` as a value of `target`, where initialisers, assignments and returns may adapt it: integer literals to another
// number type (error 30515 when out of range), null to pointers, derived pointers to base ones, temporary flags and
// const dropped. Null, without a message, when the types do not fit.
TExpr* Convert(Checker& c, TExpr* expr, const types::Type* target, syntax::Place place);

// A value of type `from` may be passed for `to` without a change of bits (const, reference, null, base classes).
bool CanPass(const types::Type* from, const types::Type* to);

// The value of an integer constant expression, after folding. Enums and bitfields count.
bool ConstantInteger(const TExpr* expr, int64_t* value);
// The value of a constant of type bool.
bool ConstantBool(const TExpr* expr, bool* value);
// An integer, bool, float... constant.
TConst* MakeConst(Checker& c, const types::Type* type, uint64_t bits, base::Location location);
TConst* MakeString(Checker& c, std::string_view text, base::Location location);

// Reports error 30250 when one statement's expression needs two places of one table at once, which may move meanwhile.
void CheckTableCollision(Checker& c, const TExpr* expr);

// The place behind a pointer, the member of a place.
TExpr* Deref(Checker& c, TExpr* pointer, base::Location location);
TExpr* FieldOf(Checker& c, TExpr* base, const types::Field& field, base::Location location);

// --- calls (overload.cpp, call*.cpp)

// Calls the function `name` visible from `module` with checked arguments, as if written at `place`. Reports when no
// function fits.
TExpr* CallByName(Checker& c, ModuleScope* module, base::Symbol name, std::span<TExpr* const> arguments,
                  syntax::Place place);
// The same, but null without a message when nothing fits.
TExpr* TryCallByName(Checker& c, ModuleScope* module, base::Symbol name, std::span<TExpr* const> arguments,
                     syntax::Place place);
// Calls exactly this function with complete arguments.
TExpr* CallFunction(Checker& c, FunctionRecord* function, std::span<TExpr* const> arguments, syntax::Place place);

// All functions `name` that `module` sees, generics included. One probe.
OverloadSet FindOverloads(Checker& c, ModuleScope* module, base::Symbol name);

// --- functions (function.cpp)

// Resolves parameter and result types; false (reported once) when they are wrong.
bool EnsureSignature(Checker& c, FunctionEntity* entity);
// The record of an ordinary function, made when first asked for. Null when the signature is wrong.
FunctionRecord* RecordOf(Checker& c, FunctionEntity* entity);
// The instance of a generic for these parameter types (TLocal::type plus kRef for `T&`).
FunctionRecord* InstanceOf(Checker& c, FunctionEntity* entity, std::span<const types::Type* const> argument_types,
                           const Bindings& bindings);
// Elaborates the body unless that has happened; with `need_result` only as far as its result type requires: a body
// whose result is stated is put into Checker::pending instead. Reports and returns false when the result is needed and
// cannot be known because the body is just being elaborated.
bool EnsureChecked(Checker& c, FunctionRecord* function, bool need_result, syntax::Place place);
// A new empty function record, entered into no list: closures, generated functions.
FunctionRecord* NewFunction(Checker& c, base::Symbol name, ModuleScope* module, base::Location location,
                            FunctionRole role);
// The current function (or initialiser) uses `used`: it stays in the program if the user does.
void NoteUse(Checker& c, FunctionRecord* used);
// The function being elaborated, and the one around a block, has an `unsafe`.
void NoteUnsafe(Checker& c);
// `target <- value` that frees what it overwrites, where `options force_inscope_pod` says so; else null.
TExpr* MoveAndFree(Checker& c, TExpr* target, TExpr* value, syntax::Place place);
// Fills TProgram::functions with what the roots reach, and numbers them.
void CollectReachable(Checker& c, std::span<FunctionRecord* const> roots);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_EXPR_H_
