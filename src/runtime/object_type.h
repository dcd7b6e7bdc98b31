// What a pointer to an object really points at. Floor 3.

#ifndef VESTIGE_RUNTIME_OBJECT_TYPE_H_
#define VESTIGE_RUNTIME_OBJECT_TYPE_H_

#include "runtime/script_context.h"
#include "vestige/native.h"

namespace vestige::runtime {

// The type of the object that `new` made at `pointer`, when it is one that a pointer to `declared` may point at: a
// derived class, say. `declared` for anything else: parts of objects, memory of no known type, dead blocks.
const types::Type* ObjectType(ScriptContext& context, const types::Type* declared, const void* pointer);

// What the host makes and frees by itself (NativeType::release); null for other types of what a pointer points at.
inline const NativeType* Releaser(const types::Type* target) {
  if (target->kind != types::Kind::kStruct) return nullptr;
  const NativeType* native = target->struct_info->native;
  return native != nullptr && native->release != nullptr ? native : nullptr;
}

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_OBJECT_TYPE_H_
