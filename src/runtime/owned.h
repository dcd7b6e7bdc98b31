// What finalizing asks of fields, variants and pointers. Floor 3.

#ifndef VESTIGE_RUNTIME_OWNED_H_
#define VESTIGE_RUNTIME_OWNED_H_

#include <cstdint>

#include "base/load.h"
#include "runtime/script_context.h"
#include "types/type.h"
#include "vestige/native.h"

namespace vestige::runtime {

// The language leaves alone what is tagged, constant, or points at something constant.
inline bool OwnsField(const types::Field& field) {
  if (field.do_not_delete || field.type->is_const()) return false;
  if (field.type->kind == types::Kind::kPointer && field.type->element->is_const()) return false;
  return field.type->traits().needs_delete;
}

// The active member of a variant, or -1.
inline int32_t ActiveMember(const types::Type* type, const char* address) {
  const auto index = base::Load<int32_t>(address);
  return index >= 0 && static_cast<size_t>(index) < type->parts.size() ? index : -1;
}

inline bool PanicNotLive(ScriptContext& context) {
  return context.Panic("deleting a pointer that is not a live block of the heap");
}

inline bool MayFree(ScriptContext& context, const void* pointer) {
  return context.heap().IsLive(pointer) || PanicNotLive(context);
}

// What a host's type owns outside of the script's heaps. No script code runs, so the order does not matter.
inline void DestroyNative(const types::StructInfo& info, char* address) {
  if (info.native != nullptr && info.native->destroy != nullptr) info.native->destroy(address);
}

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_OWNED_H_
