// Natives that are one operation. Floor 5.

#ifndef VESTIGE_LOWER_INTRINSICS_H_
#define VESTIGE_LOWER_INTRINSICS_H_

#include <string_view>

#include "exec/operation.h"
#include "sema/native.h"

namespace vestige::lower {

// Under which name lower looks for an operation: NativeFunction::intrinsic, or the name of a native that is known to be
// the language's own; empty for all others.
std::string_view IntrinsicName(const sema::NativeFunction& native);

// The operation `[a] = name([b] [, [c]])` on operands of `type`; kNone when there is none and the native must be
// called. `name` is an IntrinsicName.
exec::Op IntrinsicOp(std::string_view name, exec::ValueType type);

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_INTRINSICS_H_
