// Tuples with type arguments: [template_tuple(T)] struct template Name { .. }. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_TYPE_TEMPLATE_H_
#define VESTIGE_SEMA_TYPE_TEMPLATE_H_

#include "absl/functional/function_ref.h"
#include "sema/checker.h"

namespace vestige::sema {

// The tuple of the fields of `decl`. `resolve` says what their types are for the arguments at `place`; an error type
// after a message.
const types::Type* TemplateTuple(Checker& c, const syntax::StructDecl* decl, syntax::Place place,
                                 absl::FunctionRef<const types::Type*(const syntax::TypeExpr*)> resolve);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPE_TEMPLATE_H_
