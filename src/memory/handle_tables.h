// All registries of handles of one engine, by type. Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_TABLES_H_
#define VESTIGE_MEMORY_HANDLE_TABLES_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/lock.h"
#include "memory/handle_table.h"
#include "vestige/handles.h"

namespace vestige::memory {

// Thread-safe. A registry comes to be when it is first asked for, which is all that hooks its dump in.
class HandleTables {
 public:
  HandleTables() = default;
  HandleTables(const HandleTables&) = delete;
  HandleTables& operator=(const HandleTables&) = delete;

  // The registry of this kind, valid as long as this object.
  HandleTable& TableOf(const HandleKind& kind);

  struct Entry {
    std::string_view name;
    const HandleTable* table = nullptr;
  };
  // Sorted by name.
  std::vector<Entry> All() const;

 private:
  mutable base::Mutex mutex_;
  absl::flat_hash_map<const HandleKind*, std::unique_ptr<HandleTable>> tables_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_TABLES_H_
