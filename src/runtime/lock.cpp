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

bool PanicLocked(ScriptContext& context, const uint32_t& lock, std::string_view problem) {
  if ((LoadLock(lock) & kSharedLock) == 0) return context.Panic(problem);
  return context.PanicF("{}: nobody changes shared variables while jobs or threads run", problem);
}

namespace {

// The first container inside whose count has a bit of `bits`: that count; null when there is none. Recursion ends with
// the nesting of the type.
const uint32_t* FindLock(const Type* type, const char* address, uint64_t count, uint32_t bits);

const uint32_t* FindLockInside(const Type* type, const char* address, uint32_t bits) {
  const auto locked = [bits](const uint32_t& lock) { return (LoadLock(lock) & bits) != 0 ? &lock : nullptr; };
  switch (type->kind) {
    case Kind::kArray:
      return locked(reinterpret_cast<const Array*>(address)->lock);
    case Kind::kTable:
      return locked(reinterpret_cast<const Table*>(address)->lock);
    case Kind::kStruct:
      for (const types::Field& field : type->struct_info->fields) {
        if (const uint32_t* lock = FindLock(field.type, address + field.offset, 1, bits)) return lock;
      }
      return nullptr;
    case Kind::kTuple:
      for (size_t i = 0; i < type->parts.size(); ++i) {
        if (const uint32_t* lock = FindLock(type->parts[i], address + type->part_offset(i), 1, bits)) return lock;
      }
      return nullptr;
    case Kind::kVariant: {
      int32_t index;
      std::memcpy(&index, address, sizeof(index));
      const auto member = static_cast<size_t>(index);
      if (member >= type->parts.size()) return nullptr;
      return FindLock(type->parts[member], address + type->part_offset(member), 1, bits);
    }
    case Kind::kDistinct:
      return FindLock(type->element, address, 1, bits);
    case Kind::kFixedArray:
      return FindLock(type->element, address, type->dim, bits);
    default:
      return nullptr;
  }
}

const uint32_t* FindLock(const Type* type, const char* address, uint64_t count, uint32_t bits) {
  // What can be copied has no containers inside.
  if (type->traits().can_copy) return nullptr;
  const uint32_t stride = type->size();
  for (uint64_t i = 0; i < count; ++i) {
    if (const uint32_t* lock = FindLockInside(type, address + i * stride, bits)) return lock;
  }
  return nullptr;
}

}  // namespace

bool ContainsLock(const Type* type, const char* address, uint64_t count) {
  return FindLock(type, address, count, ~0u) != nullptr;
}

bool MayMove(ScriptContext& context, const Type* type, const void* address, uint64_t count) {
  const uint32_t* lock = FindLock(type, static_cast<const char*>(address), count, kSharedLock);
  return lock == nullptr || PanicLocked(context, *lock, "can't move locked container");
}

}  // namespace vestige::runtime
