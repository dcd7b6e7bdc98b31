// Looking for locked containers inside values. Floor 3.

#include "runtime/lock.h"

#include <cstring>

namespace vestige::runtime {

using types::Kind;
using types::Type;

bool PanicModified(ScriptContext& context, const Array&) {
  return context.Panic("array was modified during iteration");
}
bool PanicModified(ScriptContext& context, const Table&) {
  return context.Panic("table was modified during iteration");
}

bool PanicLocked(ScriptContext& context, uint32_t lock, std::string_view problem) {
  if ((lock & kSharedLock) == 0) return context.Panic(problem);
  return context.PanicF("{}: nobody changes shared variables while jobs or threads run", problem);
}

namespace {

// Recursion ends with the nesting of the type.
bool ContainsLockInside(const Type* type, const char* address) {
  switch (type->kind) {
    case Kind::kArray:
      return reinterpret_cast<const Array*>(address)->lock != 0;
    case Kind::kTable:
      return reinterpret_cast<const Table*>(address)->lock != 0;
    case Kind::kStruct:
      for (const types::Field& field : type->struct_info->fields) {
        if (ContainsLock(field.type, address + field.offset, 1)) return true;
      }
      return false;
    case Kind::kTuple:
      for (size_t i = 0; i < type->parts.size(); ++i) {
        if (ContainsLock(type->parts[i], address + type->part_offset(i), 1)) return true;
      }
      return false;
    case Kind::kVariant: {
      int32_t index;
      std::memcpy(&index, address, sizeof(index));
      const auto member = static_cast<size_t>(index);
      return member < type->parts.size() && ContainsLock(type->parts[member], address + type->part_offset(member), 1);
    }
    case Kind::kDistinct:
      return ContainsLock(type->element, address, 1);
    case Kind::kFixedArray:
      return ContainsLock(type->element, address, type->dim);
    default:
      return false;
  }
}

}  // namespace

bool ContainsLock(const Type* type, const char* address, uint64_t count) {
  // What can be copied has no containers inside.
  if (type->traits().can_copy) return false;
  const uint32_t stride = type->size();
  for (uint64_t i = 0; i < count; ++i) {
    if (ContainsLockInside(type, address + i * stride)) return true;
  }
  return false;
}

}  // namespace vestige::runtime
