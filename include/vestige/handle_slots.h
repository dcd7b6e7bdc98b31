// The slots behind a type's handles, as far as look-ups need them; for vestige/handles.h.
//
// Public because a look-up is shorter than a call. Slots lie in chunks that never move, found through a directory that
// is replaced when it is full. A slot says which handle is its current one; a read section keeps the slot's object
// whole while it is looked at. What acquires and releases is the table in the library.

#ifndef VESTIGE_HANDLE_SLOTS_H_
#define VESTIGE_HANDLE_SLOTS_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "vestige/findings.h"
#include "vestige/read_section.h"

namespace vestige {

// A handle as a number: generation in the high 32 bits, slot + 1 in the low 32; zero names nothing.
struct HandleValue {
  uint64_t bits = 0;

  // The handle of a slot in its generation.
  static constexpr HandleValue Make(uint32_t slot, uint32_t generation) {
    return {uint64_t{generation} << 32 | (uint64_t{slot} + 1)};
  }
  // Whether it never named anything.
  constexpr bool is_null() const { return bits == 0; }
  // Meaningless for the null handle.
  constexpr uint32_t slot() const { return static_cast<uint32_t>(bits) - 1; }
  // How often the slot had been used, this time included; zero for the null handle.
  constexpr uint32_t generation() const { return static_cast<uint32_t>(bits >> 32); }
  friend constexpr bool operator==(HandleValue, HandleValue) = default;
};

// What look-ups read. Thread-safe; they take no lock and write nothing that threads share but, when they share it, the
// count of the object they find.
class HandleSlots {
 public:
  HandleSlots(const HandleSlots&) = delete;
  HandleSlots& operator=(const HandleSlots&) = delete;

  // The object, shared; null for a handle that is stale or never was one.
  std::shared_ptr<void> Lookup(HandleValue handle) const {
    const base::ReadSection section;
    const Slot* slot = Current(handle);
    return slot == nullptr ? nullptr : slot->object;
  }

  // The same without sharing it; for callers inside a read section, and until its end.
  void* Peek(HandleValue handle) const {
    const Slot* slot = Current(handle);
    return slot == nullptr ? nullptr : slot->object.get();
  }

  // Whether the handle has not ended.
  bool IsAlive(HandleValue handle) const { return Current(handle) != nullptr; }

 protected:
  HandleSlots() = default;
  ~HandleSlots() = default;

  struct Slot {
    // The current handle's bits while the slot is in use, zero while it is not.
    std::atomic<uint64_t> current{0};
    uint32_t next_generation = 1;
    uint32_t next_free = UINT32_MAX;
    Birthplace origin;
    std::shared_ptr<void> object;
  };
  // Slots in a chunk.
  static constexpr uint32_t kChunkSize = 64;

  // A slot below slot_count_.
  Slot& At(uint32_t slot) const {
    return directory_.load(std::memory_order_acquire)[slot / kChunkSize][slot % kChunkSize];
  }
  // The slot a handle names, whether it is the current one or not; null for what no handle can be.
  Slot* Find(HandleValue handle) const {
    // The null handle has the largest slot.
    return handle.slot() < slot_count_.load(std::memory_order_acquire) ? &At(handle.slot()) : nullptr;
  }
  // The slot of a handle that has not ended.
  const Slot* Current(HandleValue handle) const {
    const Slot* slot = Find(handle);
    if (slot == nullptr || slot->current.load(std::memory_order_acquire) != handle.bits) return nullptr;
    return slot;
  }

  // Slots ever used; those beyond are not looked at.
  std::atomic<uint32_t> slot_count_{0};
  // By chunk; one that was replaced stays as long as the table, as a look-up may be reading it.
  std::atomic<Slot**> directory_{nullptr};
};

}  // namespace vestige

#endif  // VESTIGE_HANDLE_SLOTS_H_
