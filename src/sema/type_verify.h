// Which types may exist: void arrays, unhashable keys and the like are refused here.
//
// Floor 3, inside sema.

#ifndef VESTIGE_SEMA_TYPE_VERIFY_H_
#define VESTIGE_SEMA_TYPE_VERIFY_H_

#include "sema/checker.h"

namespace vestige::sema {

// True when `type` and its parts are well-formed; else reports the first fault at `place`. Patterns pass.
bool VerifyType(Checker& c, const types::Type* type, syntax::Place place);

// A value of the type takes more than 0x7fffffff bytes; asked when types are complete.
bool IsTooBig(const types::Type* type);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPE_VERIFY_H_
