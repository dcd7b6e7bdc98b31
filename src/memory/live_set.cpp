#include "memory/live_set.h"

namespace vestige::memory {

void LiveSet::Insert(const void* address) {
  const Table* current = table_.load(std::memory_order_relaxed);
  const size_t capacity = current == nullptr ? 0 : current->mask + 1;
  if ((count_ + 1) * 2 > capacity) {
    auto grown = std::make_unique<Table>(capacity == 0 ? kFirstCapacity : capacity * 2);
    for (size_t i = 0; i < capacity; ++i) {
      const uintptr_t moved = current->slots[i].load(std::memory_order_relaxed);
      if (moved > kFree) grown->Insert(moved);
    }
    tables_.push_back(std::move(grown));
    table_.store(tables_.back().get(), std::memory_order_release);
  }
  table_.load(std::memory_order_relaxed)->Insert(reinterpret_cast<uintptr_t>(address));
  ++count_;
}

void LiveSet::Erase(const void* address) {
  Slot* slot = table_.load(std::memory_order_relaxed)->Find(reinterpret_cast<uintptr_t>(address));
  if (slot == nullptr) return;
  slot->store(kFree, std::memory_order_relaxed);
  --count_;
}

}  // namespace vestige::memory
