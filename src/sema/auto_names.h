// The names that auto(T) introduces in a signature, found before its types are resolved: a parameter may use a name
// that a later one binds. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_AUTO_NAMES_H_
#define VESTIGE_SEMA_AUTO_NAMES_H_

#include <vector>

#include "base/symbol.h"
#include "syntax/ast.h"

namespace vestige::sema {

// Appends every T of an auto(T) in `type` (may be null) to `names`. Types nested deeper than any that resolves are not
// looked into.
void CollectAutoNames(const syntax::TypeExpr* type, std::vector<base::Symbol>* names);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_AUTO_NAMES_H_
