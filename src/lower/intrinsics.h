// Natives that are one operation. Floor 5.

#ifndef VESTIGE_LOWER_INTRINSICS_H_
#define VESTIGE_LOWER_INTRINSICS_H_

#include <string_view>

#include "exec/operation.h"

namespace vestige::lower {

// The operation `[a] = name([b] [, [c]])` on operands of `type`; kNone when there is none and the native must be
// called. `name` is NativeFunction::intrinsic.
exec::Op IntrinsicOp(std::string_view name, exec::ValueType type);

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_INTRINSICS_H_
