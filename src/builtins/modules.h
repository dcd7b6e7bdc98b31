// Every native module a script can require.
//
// A module is a table of rows (sema/native.h): name, signature in the script's own language, function, flags. Rows are
// constants; nothing is registered at run time and nothing is parsed before a program names it. Floor 5.

#ifndef VESTIGE_BUILTINS_MODULES_H_
#define VESTIGE_BUILTINS_MODULES_H_

#include <span>

#include "sema/native.h"

namespace vestige::builtins {

// All modules; the one named "$" is visible everywhere, and may come in several parts. Valid for ever.
std::span<const sema::NativeModule* const> Modules();

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_MODULES_H_
