// Values that several contexts see, as variables that are `shared` are. Floor 3.

#ifndef VESTIGE_RUNTIME_SHARED_VALUES_H_
#define VESTIGE_RUNTIME_SHARED_VALUES_H_

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

// Sets or takes kSharedLock (lock.h) of the containers in a value and of those in their elements. Nobody changes them
// meanwhile.
void SetSharedLocks(const types::Type* type, char* address, bool is_shared);

// Strings, pointers and containers of the context's heaps that stand in the value itself become null. Whether there was
// one.
bool TakeBack(ScriptContext& context, const types::Type* type, char* address);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_SHARED_VALUES_H_
