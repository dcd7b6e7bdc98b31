// Objects that scripts and hosts name by value-sized handles. See handle.h for the handles. Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_REGISTRY_H_
#define VESTIGE_MEMORY_HANDLE_REGISTRY_H_

#include <memory>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "memory/handle.h"
#include "memory/handle_table.h"

namespace vestige::memory {

// Owns one shared_ptr for every live handle. Thread-safe; look-ups do not block each other, nor wait for anything.
template <typename T>
class HandleRegistry {
  static_assert(NamedHandleType<T>,
                "A type with handles needs a name for reports: specialise vestige::kHandleName<T>, for example "
                "template <> inline constexpr std::string_view vestige::kHandleName<Session> = \"Session\";");

 public:
  static constexpr std::string_view type_name() { return kHandleName<T>; }

  // A handle for `object`; the null handle for a null object. `origin` is where reports say it was acquired.
  Handle<T> Acquire(std::shared_ptr<T> object, HandleOrigin origin = {}) {
    if (object == nullptr) return {};
    return {table_.Acquire(std::move(object), origin)};
  }

  // Ends the handle and all its copies, and drops the registry's share of the object. False when it had ended already.
  bool Release(Handle<T> handle) { return table_.Release(handle.value) != nullptr; }

  // The object, shared with the caller; null for a handle that has ended.
  std::shared_ptr<T> Lookup(Handle<T> handle) const { return std::static_pointer_cast<T>(table_.Lookup(handle.value)); }

  bool IsAlive(Handle<T> handle) const { return table_.IsAlive(handle.value); }
  uint32_t live_count() const { return table_.live_count(); }

  // See HandleTable.
  void ForEachLive(absl::FunctionRef<bool(const LiveHandle&)> visit) const { table_.ForEachLive(visit); }

  HandleTable& table() { return table_; }

 private:
  HandleTable table_;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_REGISTRY_H_
