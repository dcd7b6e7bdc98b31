#include "runtime/sever.h"

#include <cstring>

#include "absl/container/inlined_vector.h"
#include "runtime/array.h"
#include "runtime/counted.h"
#include "runtime/lock.h"
#include "runtime/object_type.h"
#include "runtime/owned.h"
#include "runtime/table.h"
#include "vestige/native.h"

namespace vestige::runtime {
namespace {

using types::Field;
using types::Kind;
using types::Type;

class Severer {
 public:
  explicit Severer(ScriptContext& context) : context_(context) {}

  bool Finalize(const Type* type, char* address) {
    if (!Walk(type, address)) return false;
    std::memset(address, 0, type->size());
    while (!work_.empty()) {
      const Owned owned = work_.back();
      work_.pop_back();
      if (!Release(owned)) return false;
    }
    return true;
  }

 private:
  // A block that nobody else refers to any more: what a pointer pointed at, or the buffer of a container.
  struct Owned {
    const Type* type;
    char* data;
    uint32_t size;
    uint32_t capacity;
  };

  // Takes over what the value owns. Recursion ends with the nesting of the type: containers go to the work list.
  bool Walk(const Type* type, char* address) {
    if (!type->traits().needs_delete) return true;
    switch (type->kind) {
      case Kind::kPointer: {
        if (type->is_smart_pointer()) return ReleaseCounted(context_, type, address);
        auto* target = base::Load<char*>(address);
        if (target != nullptr) work_.push_back({type, target, 1, 1});
        return true;
      }
      case Kind::kArray: {
        const auto& array = *reinterpret_cast<const Array*>(address);
        if (IsLocked(array.lock)) return PanicLocked(context_, array.lock, "can't delete locked array");
        if (array.data != nullptr && (array.flags & kArrayBorrowed) == 0) {
          work_.push_back({type, array.data, array.size, array.capacity});
        }
        return true;
      }
      case Kind::kTable: {
        const auto& table = *reinterpret_cast<const Table*>(address);
        if (IsLocked(table.lock)) return PanicLocked(context_, table.lock, "can't delete locked table");
        if (table.data != nullptr) work_.push_back({type, table.data, table.size, table.capacity});
        return true;
      }
      case Kind::kStruct:
        DestroyNative(*type->struct_info, address);
        for (const Field& field : type->struct_info->fields) {
          if (OwnsField(field) && !Walk(field.type, address + field.offset)) return false;
        }
        return true;
      case Kind::kTuple:
        for (size_t i = 0; i < type->parts.size(); ++i) {
          if (!Walk(type->parts[i], address + type->part_offset(i))) return false;
        }
        return true;
      case Kind::kVariant: {
        const int32_t member = ActiveMember(type, address);
        return member < 0 || Walk(type->parts[static_cast<size_t>(member)], address + type->part_offset(0));
      }
      case Kind::kDistinct:
        return Walk(type->element, address);
      case Kind::kFixedArray:
        return WalkRun(type->element, address, type->dim);
      default:
        return true;
    }
  }

  bool WalkRun(const Type* type, char* address, uint32_t count) {
    if (!type->traits().needs_delete) return true;
    const uint32_t stride = type->size();
    for (uint32_t i = 0; i < count; ++i, address += stride) {
      if (!Walk(type, address)) return false;
    }
    return true;
  }

  bool Release(const Owned& owned) {
    const Type* element = owned.type->element;
    if (owned.type->kind == Kind::kTable) return ReleaseTable(owned);
    if (owned.type->kind == Kind::kPointer) {
      if (const NativeType* native = Releaser(element)) return native->release(context_, owned.data);
    }
    if (element->traits().needs_delete) {
      // A dead block must not be read; where nothing is read, freeing it says the same.
      if (owned.type->kind == Kind::kPointer && !MayFree(context_, owned.data)) return false;
      if (!WalkRun(element, owned.data, owned.size)) return false;
    }
    return context_.heap().Free(owned.data, uint64_t{owned.capacity} * element->size()) || PanicNotLive(context_);
  }

  bool ReleaseTable(const Owned& owned) {
    const TableShape shape = ShapeOfTable(owned.type);
    const Type* element = owned.type->element;
    if (element->traits().needs_delete) {
      Table table;
      table.data = owned.data;
      table.size = owned.size;
      table.capacity = owned.capacity;
      table.keys = table.data + uint64_t{table.capacity} * shape.value_size;
      table.marks = table.keys + uint64_t{table.capacity} * shape.key_size;
      for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
        if (!Walk(element, ValueAt(table, shape, i))) return false;
      }
    }
    context_.heap().Free(owned.data, shape.BufferBytes(owned.capacity));
    return true;
  }

  ScriptContext& context_;
  absl::InlinedVector<Owned, 8> work_;
};

}  // namespace

bool SeverValue(ScriptContext& context, const Type* type, char* address) {
  return Severer(context).Finalize(type, address);
}

}  // namespace vestige::runtime
