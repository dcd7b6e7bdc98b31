// Constants from the command line and the environment, known when a program is compiled: build_flag and its relatives,
// where module build_const is visible. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_BUILD_CONSTANT_H_
#define VESTIGE_SEMA_BUILD_CONSTANT_H_

#include "sema/checker.h"

namespace vestige::sema {

// A constant for build_flag("--flag", "VARIABLE"), build_value(.., .., "default"), build_int(.., .., 1) and the forms
// that look at one of the two only; null for every other call. The command line wins; an empty variable is none.
TExpr* TryBuildConstant(Checker& c, const syntax::CallExpr* call);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_BUILD_CONSTANT_H_
