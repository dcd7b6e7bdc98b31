// Native functions as scripts see them: rows of tables. The rows are the public ones of include/vestige/native.h, which
// has the calling convention; what the engine has itself and what hosts add are the same to it.
//
// Floor 3 (sema), because rows carry what overload resolution must know. Implemented by builtins (floor 5) and hosts,
// called by exec (floor 4).

#ifndef VESTIGE_SEMA_NATIVE_H_
#define VESTIGE_SEMA_NATIVE_H_

#include "types/type.h"
#include "vestige/native.h"

namespace vestige::sema {

using vestige::NativeCall;
using vestige::NativeConstant;
using vestige::NativeFlags;
using vestige::NativeFn;
using vestige::NativeFunction;
using vestige::NativeModule;
using vestige::NativeType;

using enum vestige::NativeFlags;

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_NATIVE_H_
