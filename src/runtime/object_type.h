// What a pointer to an object really points at. Floor 3.

#ifndef VESTIGE_RUNTIME_OBJECT_TYPE_H_
#define VESTIGE_RUNTIME_OBJECT_TYPE_H_

#include "runtime/script_context.h"

namespace vestige::runtime {

// The type of the object that `new` made at `pointer`, when it is one that a pointer to `declared` may point at: a
// derived class, say. `declared` for anything else: parts of objects, memory of no known type, dead blocks.
const types::Type* ObjectType(ScriptContext& context, const types::Type* declared, const void* pointer);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_OBJECT_TYPE_H_
