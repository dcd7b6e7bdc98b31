// Constants: reading, adapting and folding them. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_CONSTANT_H_
#define VESTIGE_SEMA_CONSTANT_H_

#include "sema/checker.h"

namespace vestige::sema {

// The constant behind an expression, or null.
const TConst* ConstantOf(const TExpr* expr);

// An integer literal as a value of another number or bitfield type; null when `expr` is no literal or `target` no such
// type. Out of range is error 30515 (and gives an error expression).
TExpr* AdaptLiteral(Checker& c, TExpr* expr, const types::Type* target, syntax::Place place);

// The value of an operation on constants, or null when it is not one that may be computed now: division by zero and
// everything that is not a number or bool stays for run time.
TConst* FoldUnary(Checker& c, UnaryOp op, const TExpr* operand, const types::Type* type, base::Location location);
TConst* FoldBinary(Checker& c, BinaryOp op, const TExpr* left, const TExpr* right, const types::Type* type,
                   base::Location location);
// Conversion between numbers.
TConst* FoldCast(Checker& c, const TExpr* operand, const types::Type* type, base::Location location);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_CONSTANT_H_
