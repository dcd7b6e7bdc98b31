// A registry of handles that is no engine's: what Handles<T> does, with a table of its own. Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_REGISTRY_H_
#define VESTIGE_MEMORY_HANDLE_REGISTRY_H_

#include <memory>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "memory/handle_table.h"
#include "vestige/handles.h"

namespace vestige::memory {

// Owns one shared_ptr for every live handle. Thread-safe; look-ups do not block each other, nor wait for anything.
template <typename T>
class HandleRegistry : public Handles<T> {
 public:
  HandleRegistry() : Handles<T>(table_, {}) {}

  static constexpr std::string_view type_name() { return kHandleName<T>; }

  using Handles<T>::Acquire;
  // `origin` is where reports say that the handle was acquired.
  Handle<T> Acquire(std::shared_ptr<T> object, Birthplace origin) {
    return Handles<T>(table_, origin).Acquire(std::move(object));
  }

  // See HandleTable.
  void ForEachLive(absl::FunctionRef<bool(const LiveHandle&)> visit) const { table_.ForEachLive(visit); }

  HandleTable& table() { return table_; }

 private:
  HandleTable table_;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_REGISTRY_H_
