#include "memory/handle_table.h"

#include <algorithm>
#include <utility>

#include "base/lock.h"

namespace vestige::memory {

HandleTable::~HandleTable() {
  {
    const base::Lock lock(mutex_);
    for (Walk* walk = walks_; walk != nullptr; walk = walk->outer) walk->is_gone = true;
  }
  // Destructors of objects may use the table, which is empty for them; what they acquire goes in the next round.
  std::vector<std::unique_ptr<Slot[]>> chunks;
  do {
    chunks.clear();
    const base::Lock lock(mutex_);
    slot_count_.store(0, std::memory_order_relaxed);
    first_free_ = kNoSlot;
    postponed_.clear();
    chunks.swap(chunks_);
  } while (!chunks.empty());
}

void HandleTable::AddChunk(uint32_t slot) {
  const size_t number = slot / kChunkSize;
  if (directories_.empty() || number == directories_.back().size()) {
    std::vector<Slot*> directory(std::max<size_t>(2 * number, 1));
    if (number != 0) std::copy(directories_.back().begin(), directories_.back().end(), directory.begin());
    directories_.push_back(std::move(directory));
    directory_.store(directories_.back().data(), std::memory_order_release);
  }
  chunks_.push_back(std::make_unique<Slot[]>(kChunkSize));
  directories_.back()[number] = chunks_.back().get();
}

uint32_t HandleTable::TakeSlot() {
  if (first_free_ != kNoSlot) {
    const uint32_t slot = first_free_;
    first_free_ = At(slot).next_free;
    return slot;
  }
  const uint32_t slot = slot_count_.load(std::memory_order_relaxed);
  // The largest number stands for "no slot", and the one before it would wrap to zero in a handle.
  if (slot >= kNoSlot - 1) return kNoSlot;
  if (slot % kChunkSize == 0) AddChunk(slot);
  // The chunk is seen by whoever sees the count.
  slot_count_.store(slot + 1, std::memory_order_release);
  return slot;
}

HandleValue HandleTable::Acquire(std::shared_ptr<void> object, Birthplace origin) {
  // Dropped last: their destructors may use the table, or end it.
  const std::vector<std::shared_ptr<void>> postponed = TakePostponed();
  const base::Lock lock(mutex_);
  const uint32_t number = TakeSlot();
  if (number == kNoSlot) return {};
  Slot& slot = At(number);
  slot.object = std::move(object);
  slot.origin = origin;
  const HandleValue handle = HandleValue::Make(number, slot.next_generation);
  // From here on look-ups may copy the pointer.
  slot.current.store(handle.bits, std::memory_order_release);
  live_count_.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

std::shared_ptr<void> HandleTable::Release(HandleValue handle) {
  Slot* slot = Find(handle);
  if (slot == nullptr) return nullptr;
  // Of several threads that release one handle, one gets the object.
  uint64_t expected = handle.bits;
  if (!slot->current.compare_exchange_strong(expected, 0, std::memory_order_acq_rel)) return nullptr;
  live_count_.fetch_sub(1, std::memory_order_relaxed);
  slot->next_generation = handle.generation() + 1;
  if (base::IsReading()) {
    const base::Lock lock(mutex_);
    postponed_.push_back(handle.slot());
    has_postponed_.store(true, std::memory_order_relaxed);
    return slot->object;
  }
  // Dropped last: their destructors may use the table, or end it.
  const std::vector<std::shared_ptr<void>> postponed = TakePostponed();
  base::WaitForReaders();
  return Empty(handle.slot());
}

std::shared_ptr<void> HandleTable::Empty(uint32_t number) {
  const base::Lock lock(mutex_);
  Slot& slot = At(number);
  std::shared_ptr<void> object = std::move(slot.object);
  slot.origin = {};
  if (slot.next_generation != 0) {
    slot.next_free = first_free_;
    first_free_ = number;
  }
  return object;
}

std::vector<std::shared_ptr<void>> HandleTable::TakePostponed() {
  std::vector<std::shared_ptr<void>> objects;
  if (!has_postponed_.load(std::memory_order_relaxed) || base::IsReading()) return objects;
  std::vector<uint32_t> slots;
  {
    const base::Lock lock(mutex_);
    slots.swap(postponed_);
    has_postponed_.store(false, std::memory_order_relaxed);
  }
  base::WaitForReaders();
  for (const uint32_t slot : slots) objects.push_back(Empty(slot));
  return objects;
}

void HandleTable::ForEachLive(absl::FunctionRef<bool(const LiveHandle&)> visit) const {
  Walk walk;
  {
    const base::Lock lock(mutex_);
    walk.outer = walks_;
    walks_ = &walk;
  }
  const uint32_t end = slot_count_.load(std::memory_order_acquire);
  for (uint32_t number = 0; number < end; ++number) {
    LiveHandle live{.slot = number};
    {
      const base::Lock lock(mutex_);
      const Slot& slot = At(number);
      const base::ReadSection section;
      const HandleValue current = {slot.current.load(std::memory_order_acquire)};
      if (current.is_null()) continue;
      live.generation = current.generation();
      live.use_count = slot.object.use_count();
      live.origin = slot.origin;
    }
    const bool goes_on = visit(live);
    if (walk.is_gone) return;
    if (!goes_on) break;
  }
  const base::Lock lock(mutex_);
  Walk** link = &walks_;
  while (*link != &walk) link = &(*link)->outer;
  *link = walk.outer;
}

void HandleTable::AgeSlotForTest(uint32_t slot, uint32_t left) {
  const base::Lock lock(mutex_);
  At(slot).next_generation = UINT32_MAX - left;
}

}  // namespace vestige::memory
