// Values made in place, one kind of literal each. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_MAKE_H_
#define VESTIGE_SEMA_MAKE_H_

#include <string>
#include <vector>

#include "sema/checker.h"

namespace vestige::sema {

// make_struct.cpp: a struct, tuple or variant from named arguments. `zeroed` leaves initialisers out.
TExpr* MakeNamed(Checker& c, const types::Type* type, std::span<const syntax::Argument> arguments, bool zeroed,
                 syntax::Place place);
// The members that the arguments name, as a TMake of nothing else; an error expression after messages.
TExpr* MakeMembers(Checker& c, const types::Type* type, std::span<const syntax::Argument> arguments,
                   syntax::Place place);
TExpr* MakeTuple(Checker& c, const syntax::TupleExpr* tuple, Want want);
TExpr* MakeMapTo(Checker& c, const syntax::MapToExpr* pair, Want want);
TExpr* MakeStructLiteral(Checker& c, const syntax::StructLiteralExpr* literal);

// make_container.cpp
TExpr* MakeArrayLiteral(Checker& c, const syntax::ArrayLiteralExpr* literal, Want want);
TExpr* MakeTableLiteral(Checker& c, const syntax::TableLiteralExpr* literal, Want want);
// An array of values that are elaborated already.
TExpr* MakeArrayOf(Checker& c, const types::Type* element, std::span<TExpr* const> values, syntax::Place place);

// make_new.cpp
TExpr* MakeNew(Checker& c, const syntax::NewExpr* expr);

// make_class.cpp: new Class(..), and Class(field = value) as a value.
TExpr* NewObject(Checker& c, const syntax::NewExpr* expr, const types::Type* type);
TExpr* MakeObject(Checker& c, const types::Type* type, std::span<const syntax::Argument> arguments, bool zeroed,
                  syntax::Place place);

// comprehension.cpp
TExpr* MakeComprehension(Checker& c, const syntax::ComprehensionExpr* comprehension, Want want);

// How a value gets into an element of a literal: places of types that do not copy are moved out of. False (after a
// message with `code`) when such a place is const.
bool ElementMode(Checker& c, const TExpr* value, int code, syntax::Place place, AssignMode* mode);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_MAKE_H_
