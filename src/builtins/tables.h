// The row tables that modules are put together from, one per file of natives. Floor 5.

#ifndef VESTIGE_BUILTINS_TABLES_H_
#define VESTIGE_BUILTINS_TABLES_H_

#include "sema/native.h"

namespace vestige::builtins {

// Parts of module `$`.
extern const sema::NativeModule kOutputModule;
extern const sema::NativeModule kHeapModule;
extern const sema::NativeModule kArrayModule;
extern const sema::NativeModule kTableModule;
extern const sema::NativeModule kSearchModule;
extern const sema::NativeModule kSortModule;
extern const sema::NativeModule kIteratorModule;
extern const sema::NativeModule kConvertModule;
extern const sema::NativeModule kObjectModule;

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_TABLES_H_
