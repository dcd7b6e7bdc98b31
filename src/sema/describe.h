// The description of a program that scripts can look at while it runs (types/description.h). Floor 3, inside sema.

#ifndef VESTIGE_SEMA_DESCRIBE_H_
#define VESTIGE_SEMA_DESCRIBE_H_

#include "sema/checker.h"

namespace vestige::sema {

// Whether the program has module rtti, so that it may ask about itself.
bool LooksAtItself(const Checker& c);
// Tells the program's quotes when it has module ast.
void NoteWhetherCodeHasNodes(const Checker& c);
// `typeinfo rtti_typeinfo`: the type itself as the TypeInfo that natives of module rtti read. It lives as long as the
// program.
TExpr* TypeAsValue(Checker& c, const types::Type* type, syntax::Place place);
// Makes TProgram::description of a program that is right and has all its functions.
void DescribeProgram(Checker& c);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_DESCRIBE_H_
