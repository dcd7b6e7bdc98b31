// Calls whose block becomes a job. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_PARALLEL_CALL_H_
#define VESTIGE_SEMA_PARALLEL_CALL_H_

#include "sema/checker.h"

namespace vestige::sema {

// parallel_for and its relatives with a block that is written out; null for every other call.
TExpr* TryParallelCall(Checker& c, const syntax::CallExpr* call, Want want);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_PARALLEL_CALL_H_
