// Questions about typed expressions that code generation asks before it chooses an order or a place.
//
// Everything here is conservative: "no" may mean "not proved". Answers cost at most a bounded walk, so asking at every
// node keeps lowering linear. Floor 5.

#ifndef VESTIGE_LOWER_ANALYSIS_H_
#define VESTIGE_LOWER_ANALYSIS_H_

#include <cstdint>

#include "sema/typed.h"

namespace vestige::lower {

// True when evaluating `expr` writes no variable: it calls nothing that could, and steps nothing. It may panic.
bool IsQuiet(const sema::TExpr* expr);

// True when evaluating `expr` neither reads nor writes `local`, not even through a call, a reference or a block.
bool IsIndependentOf(const sema::TExpr* expr, const sema::TLocal* local);

// True when the string `expr` yields was made by evaluating it, so that nothing else can point at it.
bool IsFreshString(const sema::TExpr* expr);

// True when the members of `make` cover every byte of its type that means anything, so it need not be zeroed first.
bool CoversWhole(const sema::TMake* make);

// Number of typed nodes in `expr`, at most `limit`.
uint32_t CountNodes(const sema::TExpr* expr, uint32_t limit);

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_ANALYSIS_H_
