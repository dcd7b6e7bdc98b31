// Types that the program has as trees: what `typeinfo ast_typedecl` gives. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_QUOTE_KNOWN_H_
#define VESTIGE_SEMA_QUOTE_KNOWN_H_

#include "ast/quotes.h"
#include "sema/checker.h"

namespace vestige::sema {

// The tree, among the program's quotes. Structs and enums in it are links to one Structure or Enumeration each, which
// belongs to the program.
ast::TypeDecl* TreeOfType(Checker& c, const types::Type* type);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_QUOTE_KNOWN_H_
