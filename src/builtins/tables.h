// The row tables that modules are put together from, one per file of natives. Floor 5.

#ifndef VESTIGE_BUILTINS_TABLES_H_
#define VESTIGE_BUILTINS_TABLES_H_

#include "sema/native.h"

namespace vestige::builtins {

// Parts of module `$`.
extern const sema::NativeModule kOutputModule;
extern const sema::NativeModule kHeapModule;

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_TABLES_H_
