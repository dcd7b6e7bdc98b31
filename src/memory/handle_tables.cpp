#include "memory/handle_tables.h"

#include <algorithm>

#include "base/lock.h"

namespace vestige::memory {

HandleTable& HandleTables::TableOf(const HandleKind& kind) {
  const base::Lock lock(mutex_);
  std::unique_ptr<HandleTable>& table = tables_[&kind];
  if (table == nullptr) table = std::make_unique<HandleTable>();
  return *table;
}

std::vector<HandleTables::Entry> HandleTables::All() const {
  std::vector<Entry> entries;
  {
    const base::Lock lock(mutex_);
    for (const auto& [kind, table] : tables_) entries.push_back({kind->name, table.get()});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace vestige::memory

namespace vestige {

namespace {

// No other class has slots.
memory::HandleTable& TableOf(HandleSlots& slots) { return static_cast<memory::HandleTable&>(slots); }
const memory::HandleTable& TableOf(const HandleSlots& slots) { return static_cast<const memory::HandleTable&>(slots); }

}  // namespace

HandleValue AcquireHandle(HandleSlots& slots, std::shared_ptr<void> object, Birthplace birth) {
  if (object == nullptr) return {};
  return TableOf(slots).Acquire(std::move(object), birth);
}

bool ReleaseHandle(HandleSlots& slots, HandleValue handle) { return TableOf(slots).Release(handle) != nullptr; }

uint32_t LiveHandleCount(const HandleSlots& slots) { return TableOf(slots).live_count(); }

void ForEachLiveHandle(const HandleSlots& slots, const std::function<bool(HandleValue)>& visit) {
  TableOf(slots).ForEachLive(
      [&](const memory::LiveHandle& live) { return visit(HandleValue::Make(live.slot, live.generation)); });
}

}  // namespace vestige
