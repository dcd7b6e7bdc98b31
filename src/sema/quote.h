// quote(..), the qmacro family and `typeinfo ast_typedecl`: syntax as values. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_QUOTE_H_
#define VESTIGE_SEMA_QUOTE_H_

#include "sema/checker.h"

namespace vestige::sema {

// The call, when it quotes and the natives of module `ast` (templates_boost for qmacro) are visible; else null.
TExpr* TryQuote(Checker& c, const syntax::CallExpr* call);

// A call that makes the TypeDecl of `type`. Null when module `ast` is not visible.
TExpr* QuoteOfType(Checker& c, const types::Type* type, syntax::Place place);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_QUOTE_H_
