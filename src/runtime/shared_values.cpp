#include "runtime/shared_values.h"

#include <atomic>
#include <cstring>

#include "base/load.h"
#include "runtime/array.h"
#include "runtime/lock.h"
#include "runtime/table.h"

namespace vestige::runtime {

using types::Kind;
using types::Type;

namespace {

// Calls visit(type, address) for the parts of a value that are no aggregates. Recursion ends with the nesting of the
// type.
template <typename Visit>
void VisitParts(const Type* type, char* address, const Visit& visit) {
  switch (type->kind) {
    case Kind::kStruct:
      for (const types::Field& field : type->struct_info->fields) VisitParts(field.type, address + field.offset, visit);
      return;
    case Kind::kTuple:
      for (size_t i = 0; i < type->parts.size(); ++i) VisitParts(type->parts[i], address + type->part_offset(i), visit);
      return;
    case Kind::kVariant: {
      const auto member = static_cast<size_t>(base::Load<int32_t>(address));
      if (member < type->parts.size()) VisitParts(type->parts[member], address + type->part_offset(member), visit);
      return;
    }
    case Kind::kDistinct:
      return VisitParts(type->element, address, visit);
    case Kind::kFixedArray:
      for (uint32_t i = 0; i < type->dim; ++i) VisitParts(type->element, address + i * type->element->size(), visit);
      return;
    default:
      visit(type, address);
  }
}

void SetLock(uint32_t& lock, bool is_shared) {
  const std::atomic_ref<uint32_t> count(lock);
  if (is_shared) {
    count.fetch_or(kSharedLock, std::memory_order_relaxed);
  } else {
    count.fetch_and(~kSharedLock, std::memory_order_relaxed);
  }
}

}  // namespace

void SetSharedLocks(const Type* type, char* address, bool is_shared) {
  // What can be copied has no containers inside.
  if (type->traits().can_copy) return;
  VisitParts(type, address, [is_shared](const Type* part, char* at) {
    if (part->kind == Kind::kArray) {
      auto& array = *reinterpret_cast<Array*>(at);
      SetLock(array.lock, is_shared);
      const uint32_t stride = part->element->size();
      if (part->element->traits().can_copy) return;
      for (uint32_t i = 0; i < array.size; ++i)
        SetSharedLocks(part->element, array.data + size_t{i} * stride, is_shared);
    } else if (part->kind == Kind::kTable) {
      auto& table = *reinterpret_cast<Table*>(at);
      SetLock(table.lock, is_shared);
      if (part->element->kind == Kind::kVoid || part->element->traits().can_copy || table.capacity == 0) return;
      const TableShape shape = ShapeOfTable(part);
      for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
        SetSharedLocks(part->element, ValueAt(table, shape, i), is_shared);
      }
    }
  });
}

namespace {

// Whether the part, which begins with a pointer, is memory of the context's heaps; then it is zeros.
bool TakePart(ScriptContext& context, const Type* type, char* at) {
  const void* memory = base::Load<const void*>(at);
  if (memory == nullptr) return false;
  switch (type->kind) {
    case Kind::kString:
      if (!context.string_heap().IsLive(memory)) return false;
      break;
    case Kind::kPointer:
      if (type->is_smart_pointer() || !context.heap().IsLive(memory)) return false;
      break;
    case Kind::kArray:
    case Kind::kTable:
      if (!context.heap().IsLive(memory)) return false;
      break;
    default:
      return false;
  }
  std::memset(at, 0, type->size());
  return true;
}

}  // namespace

bool TakeBack(ScriptContext& context, const Type* type, char* address) {
  if (type->traits().is_raw) return false;
  bool any = false;
  VisitParts(type, address, [&](const Type* part, char* at) { any |= TakePart(context, part, at); });
  return any;
}

}  // namespace vestige::runtime
