#include "runtime/counted.h"

#include <cstring>

#include "vestige/native.h"

namespace vestige::runtime {

namespace {

void* LoadPointer(const void* slot) {
  void* pointer;
  std::memcpy(&pointer, slot, sizeof(pointer));
  return pointer;
}

void StorePointer(void* slot, void* pointer) { std::memcpy(slot, &pointer, sizeof(pointer)); }

}  // namespace

RefCounted* CountedAt(const types::Type* type, void* address) {
  if (address == nullptr) return nullptr;
  return type->element->unqualified->struct_info->native->counted->base(address);
}

bool LiveCounted(ScriptContext& context, const types::Type* type, const void* slot, RefCounted** object,
                 CountedUse use) {
  void* address = LoadPointer(slot);
  *object = CountedAt(type, address);
  const memory::ObjectAccount* objects = context.options().objects;
  if (*object == nullptr || objects == nullptr || objects->IsLive(*object)) return true;
  objects->NoteDeadUse(*object, use == CountedUse::kGiveBack);
  return context.PanicF("invalid smart pointer 0x{:x}: no live object of type {} is there",
                        reinterpret_cast<uint64_t>(address), types::TypeName(type->element->unqualified));
}

bool ReleaseCounted(ScriptContext& context, const types::Type* type, void* slot) {
  RefCounted* object;
  if (!LiveCounted(context, type, slot, &object, CountedUse::kGiveBack)) return false;
  // First the slot: the object's destructor may look at it.
  StorePointer(slot, nullptr);
  if (object != nullptr) object->Release(slot);
  return true;
}

bool CloneCounted(ScriptContext& context, const types::Type* type, void* target, const void* source) {
  RefCounted* held;
  RefCounted* object;
  if (!LiveCounted(context, type, source, &object)) return false;
  if (!LiveCounted(context, type, target, &held, CountedUse::kGiveBack)) return false;
  if (object == held) return true;
  if (object != nullptr) object->Retain(target, HolderKind::kScript);
  StorePointer(target, LoadPointer(source));
  if (held != nullptr) held->Release(target);
  return true;
}

}  // namespace vestige::runtime
