// The kinds of expressions, one function each; CheckExpr() dispatches to them. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_EXPR_PARTS_H_
#define VESTIGE_SEMA_EXPR_PARTS_H_

#include <string>

#include "sema/call.h"
#include "sema/checker.h"
#include "syntax/ast.h"

namespace vestige::sema {

// What calls of macros report that are written where or how they make no sense.
constexpr int kMacroError = 50503;

// expr_name.cpp
TExpr* CheckName(Checker& c, const syntax::NameExpr* name);
// The variable, or null without a message.
TExpr* TryName(Checker& c, const syntax::QualifiedName& name, syntax::Place place);
// The type of this name as seen from the current function: bound by a generic's instance, a local typedef, or of a
// module. Null without a message.
const types::Type* TypeByName(Checker& c, const syntax::QualifiedName& name);
// A member of the struct behind a `with` or `self`.
TExpr* TryWithMember(Checker& c, const LocalName& with, base::Symbol name, syntax::Place place);
// The place a `with` (or self) name stands for: a struct.
TExpr* WithObject(Checker& c, const LocalName& with, syntax::Place place);
// The module where unqualified names, or names behind `qualifier::`, are looked up; null when there is none.
ModuleScope* LookupModule(Checker& c, const syntax::QualifiedName& name);

// expr_operator.cpp
TExpr* CheckUnary(Checker& c, const syntax::UnaryExpr* unary, Want want);
TExpr* CheckBinary(Checker& c, const syntax::BinaryExpr* binary, Want want);
TExpr* CheckConditional(Checker& c, const syntax::ConditionalExpr* conditional, Want want);
// `target op= value`.
TExpr* CheckCompound(Checker& c, const syntax::AssignExpr* assign);
// The operation on checked operands; reports when there is none.
TExpr* MakeBinary(Checker& c, syntax::BinaryOperator op, TExpr* left, TExpr* right, syntax::Place place,
                  const syntax::BinaryExpr* binary = nullptr);
// An operation between operands of built-in types; null without a message when there is none.
TExpr* BuiltinBinary(Checker& c, BinaryOp op, TExpr* left, TExpr* right, base::Location location);
// A call of the function that overloads an operator for these operands; null when there is none.
TExpr* TryOperator(Checker& c, std::string_view name, std::span<TExpr* const> operands, syntax::Place place);

// expr_field.cpp
TExpr* CheckField(Checker& c, const syntax::FieldExpr* field);
// Member `name` of the place or value `object` (pointers are followed); null without a message.
TExpr* TryMember(Checker& c, TExpr* object, base::Symbol name, syntax::Place place);
// Private members are for functions of the struct and of what derives from it; false after error 30900.
bool MayAccess(Checker& c, const types::StructInfo* info, const types::Field& field, syntax::Place place);
// The mask of a flag (or named combination) of a bitfield type; false when it has no such name. `b.flag = v` needs it.
bool BitfieldFlag(const types::Type* type, base::Symbol name, uint64_t* mask);
// The place behind a pointer or the object itself.
TExpr* FollowPointer(Checker& c, TExpr* object, const syntax::Expr* written, syntax::Place place);

// expr_index.cpp
TExpr* CheckIndex(Checker& c, const syntax::IndexExpr* index, Want want);
TExpr* CheckCoalesce(Checker& c, const syntax::CoalesceExpr* coalesce, Want want);

// expr_variant.cpp
TExpr* CheckTypeTest(Checker& c, const syntax::TypeTestExpr* test, Want want);

// expr_cast.cpp
TExpr* CheckCast(Checker& c, const syntax::CastExpr* cast, Want want);
TExpr* CheckAddress(Checker& c, const syntax::AddressExpr* address);
// `int(x)`, `float3(a, b, c)`, `range(n)`: a call whose callee is a type word. Null when the arguments call for a
// function (string(x) and the like).
TExpr* TryConversion(Checker& c, const types::Type* type, const CallArguments& arguments, syntax::Place place);

// expr_call.cpp
TExpr* CheckCall(Checker& c, const syntax::CallExpr* call, Want want);
TExpr* CheckMethodCall(Checker& c, const syntax::MethodCallExpr* call, Want want);
TExpr* CheckFunctionRef(Checker& c, const syntax::FunctionRefExpr* ref, Want want);

// call_special.cpp: calls with rules of their own (static_assert, invoke, ...). Null when `name` is not one.
TExpr* TrySpecialCall(Checker& c, const syntax::CallExpr* call, Want want);

// expr_string.cpp
TExpr* CheckInterpolation(Checker& c, const syntax::InterpolationExpr* text);

// typeinfo.cpp
TExpr* CheckTypeInfo(Checker& c, const syntax::TypeInfoExpr* info);

// The text of a simple expression (`a[i]`, `p.next`), for run-time messages; empty when it is not simple.
std::string SourceText(const syntax::Expr* expr);
std::string_view HintText(Checker& c, const syntax::Expr* expr, std::string_view suffix);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_EXPR_PARTS_H_
