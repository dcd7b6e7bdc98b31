// Calls while they are being resolved: arguments, candidates, the choice. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_CALL_H_
#define VESTIGE_SEMA_CALL_H_

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "sema/checker.h"
#include "sema/match.h"
#include "syntax/ast.h"

namespace vestige::sema {

inline bool IsCallable(const types::Type* type) {
  return type->kind == types::Kind::kBlock || type->kind == types::Kind::kFunction ||
         type->kind == types::Kind::kLambda;
}

// At least one argument, and each with a name.
inline bool AllNamed(std::span<const syntax::Argument> arguments) {
  return !arguments.empty() &&
         std::all_of(arguments.begin(), arguments.end(), [](const auto& argument) { return !argument.name.empty(); });
}

// An argument as written. Closures and empty literals have no type before the parameter is known: `expr` is null then.
struct CallArgument {
  TExpr* expr = nullptr;
  const syntax::Expr* ast = nullptr;  // null: made by sema
  base::Symbol name;
  syntax::InitMode mode = syntax::InitMode::kNone;
  bool is_trailing = false;
  syntax::Place place;
};
using CallArguments = absl::InlinedVector<CallArgument, 6>;

// How a candidate would take the arguments.
struct Candidate {
  FunctionEntity* entity = nullptr;
  absl::InlinedVector<int, 8> slots;                 // parameter -> argument, -1: default value
  absl::InlinedVector<const types::Type*, 8> types;  // parameter -> concrete type; null while unknown
  Bindings bindings;
  int distance = 0;
};

// Which functions a call may mean.
struct CallTarget {
  ModuleScope* module = nullptr;  // seen from here
  base::Symbol name;
  bool own_module_only = false;  // `mod::name`: nothing that mod merely sees
  bool for_source = false;       // the call is a source of a `for`
  bool discarded = false;        // nobody looks at the result
  syntax::Place place;
};

// Elaborates the arguments that have a type of their own. False after an error in one of them.
bool PrepareArguments(Checker& c, std::span<const syntax::Argument> arguments, CallArguments* prepared);
void AddArgument(CallArguments* arguments, TExpr* expr, syntax::Place place);

// Tells whether the closure or empty literal `ast` could be given to a parameter of type `pattern`.
bool DeferredFits(const syntax::Expr* ast, const types::Type* pattern);
bool IsDeferred(Checker& c, const syntax::Expr* ast);

// The best candidate, or null; `tie` tells that several fit equally well. Fills `*best`.
bool ChooseCandidate(Checker& c, OverloadSet overloads, const CallArguments& arguments, Candidate* best,
                     std::vector<FunctionEntity*>* tie);
// How well one function fits; false: not at all.
bool MatchCandidate(Checker& c, FunctionEntity* entity, const CallArguments& arguments, bool pad_trailing,
                    Candidate* candidate);

// The call, or null without a message when no function fits.
TExpr* TryCall(Checker& c, const CallTarget& target, const CallArguments& arguments);
// The call, or an error expression after a message.
TExpr* MakeCall(Checker& c, const CallTarget& target, const CallArguments& arguments);
// Completes the call of a chosen candidate: closures, default values, instance, node.
TExpr* FinishCall(Checker& c, Candidate& candidate, const CallArguments& arguments, const CallTarget& target);

// [argument_rule(x = kind)] of the candidate (argument_rule.cpp); false after an error.
bool CheckArgumentRules(Checker& c, const Candidate& candidate, const CallArguments& arguments,
                        std::span<TExpr* const> values);

// 30341 with the list of candidates.
TExpr* ReportNoMatch(Checker& c, const CallTarget& target, OverloadSet overloads, const CallArguments& arguments,
                     std::span<FunctionEntity* const> tie);

// `f(a: int const): void`
std::string DescribeFunction(Checker& c, FunctionEntity* entity);

// A default value, elaborated anew as seen from where the function was declared.
TExpr* DefaultArgument(Checker& c, FunctionEntity* entity, Parameter& parameter, const types::Type* type,
                       const Bindings& bindings);
// A value for a parameter of type `parameter`: base class and pointer adjustments are written out.
TExpr* PassArgument(Checker& c, TExpr* value, const types::Type* parameter);

// Calls through a value of callable type.
TExpr* MakeInvoke(Checker& c, TExpr* callee, const CallArguments& arguments, syntax::Place place,
                  std::string_view hint);
// obj.m(..): `object` is a struct place or a pointer to one. Null when there is no such method or callable field.
TExpr* TryMethod(Checker& c, TExpr* object, base::Symbol name, const CallArguments& arguments, syntax::Place place);

// A static member function of `info` or of an ancestor, called without an object. Null when none takes the arguments.
TExpr* TryStaticMethod(Checker& c, const types::StructInfo* info, base::Symbol name, const CallArguments& arguments,
                       syntax::Place place);
// The function pointer that an object holds for a method, as a value of the method's type.
TExpr* MethodValue(Checker& c, TExpr* object, const types::Field& field, syntax::Place place);
// function<..> of a function whose result is known.
const types::Type* FunctionType(Checker& c, const FunctionRecord* function);

// super(..) inside a method: the constructor of the nearest ancestor that takes the arguments, called on self. Null
// outside of methods.
TExpr* TrySuperConstructor(Checker& c, const syntax::CallExpr* call);
// super.method(..): the ancestor's own function, whatever overrides it.
TExpr* CheckSuperCall(Checker& c, const syntax::MethodCallExpr* call, const CallArguments& arguments);

// The functions an overload set holds that take this many arguments etc. are found by ChooseCandidate; this is the one
// and only function of the name, or null.
FunctionEntity* OnlyFunction(OverloadSet overloads);

// The annotation `name` of a declaration, or null.
const syntax::Annotation* FindAnnotation(std::span<syntax::Annotation* const> annotations, std::string_view name);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_CALL_H_
