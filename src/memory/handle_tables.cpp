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

HandleValue AcquireHandle(memory::HandleTable& table, std::shared_ptr<void> object, Birthplace birth) {
  if (object == nullptr) return {};
  return table.Acquire(std::move(object), birth);
}

bool ReleaseHandle(memory::HandleTable& table, HandleValue handle) { return table.Release(handle) != nullptr; }

std::shared_ptr<void> LookUpHandle(const memory::HandleTable& table, HandleValue handle) {
  return table.Lookup(handle);
}

void* PinHandle(const memory::HandleTable& table, HandleValue handle) {
  base::Reader& reader = base::ThisReader();
  reader.Enter();
  void* object = table.Peek(handle);
  if (object == nullptr) reader.Leave();
  return object;
}

void UnpinHandle() { base::ThisReader().Leave(); }

bool IsHandleAlive(const memory::HandleTable& table, HandleValue handle) { return table.IsAlive(handle); }

uint32_t LiveHandleCount(const memory::HandleTable& table) { return table.live_count(); }

void ForEachLiveHandle(const memory::HandleTable& table, const std::function<bool(HandleValue)>& visit) {
  table.ForEachLive(
      [&](const memory::LiveHandle& live) { return visit(HandleValue::Make(live.slot, live.generation)); });
}

}  // namespace vestige
