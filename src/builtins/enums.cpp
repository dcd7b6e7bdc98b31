// The values of an enum by number, for scripts that go through them. Module `enum_trait_core`, under
// `daslib/enum_trait`. Floor 5.

#include <cstring>

#include "builtins/tables.h"
#include "exec/context.h"

namespace vestige::builtins {

namespace enums_natives {
namespace {

using sema::NativeCall;

// Null, after a panic, for anything but an enum.
const types::EnumInfo* InfoOf(NativeCall& call) {
  const types::Type* type = call.types[0];
  if (type->kind == types::Kind::kEnum) return type->enum_info;
  call.context.Panic("an enum is expected");
  return nullptr;
}

void Count(NativeCall& call) {
  const types::EnumInfo* info = InfoOf(call);
  if (info != nullptr) call.Return(static_cast<int32_t>(info->values.size()));
}

// In order of declaration.
void ValueAt(NativeCall& call) {
  const types::EnumInfo* info = InfoOf(call);
  if (info == nullptr) return;
  const auto index = static_cast<uint32_t>(call.Value<int32_t>(1));
  if (index >= info->values.size()) {
    call.context.PanicF("enum value index out of range, {} of {}", call.Value<int32_t>(1), info->values.size());
    return;
  }
  const auto value = info->values[index].value;
  std::memcpy(call.result, &value, info->storage->size());
}

constexpr sema::NativeFunction kFunctions[] = {
    {"enum_value_count", "(e : auto(E)) : int", &Count},
    {"enum_value_at", "(e : auto(E); index : int) : E -const -&", &ValueAt},
};

}  // namespace
}  // namespace enums_natives

constexpr sema::NativeModule kEnumModule = {.name = "enum_trait_core", .functions = enums_natives::kFunctions};

}  // namespace vestige::builtins
