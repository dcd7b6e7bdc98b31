// The slots behind a HandleRegistry, without its type.
//
// Look-ups take no lock and write nothing that threads share but the count of the object they find: a slot's generation
// says whether a handle is current, and a read section keeps the slot's pointer whole while it is copied. Slots lie in
// chunks that never move, each twice as large as the one before. Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_TABLE_H_
#define VESTIGE_MEMORY_HANDLE_TABLE_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "base/read_section.h"
#include "vestige/handles.h"

namespace vestige::memory {

// A live handle, as a report needs it.
struct LiveHandle {
  uint32_t slot = 0;
  uint32_t generation = 0;
  // How many shared_ptrs own the object, the registry's own included.
  long use_count = 0;
  Birthplace origin;
};

// Thread-safe. Slots are reused last in, first out; a slot whose generation can grow no more is never used again, so
// no handle is ever mistaken for a newer one.
class HandleTable {
 public:
  HandleTable() = default;
  ~HandleTable();
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;

  // A handle for `object`, which is not null, from now on owned here too. Null when 2^32 - 2 slots are in use.
  HandleValue Acquire(std::shared_ptr<void> object, Birthplace origin);

  // Takes the object out; null for a handle that is stale or never was one. The caller drops what it gets, so that a
  // destructor may use the table. Waits for look-ups in progress; inside a read section, which cannot, the table keeps
  // its share of the object until it is used outside of one.
  std::shared_ptr<void> Release(HandleValue handle);

  // The object, or null for a handle that is stale or never was one.
  std::shared_ptr<void> Lookup(HandleValue handle) const {
    const Slot* slot = Find(handle);
    if (slot == nullptr) return nullptr;
    const base::ReadSection section;
    if (slot->generation.load(std::memory_order_acquire) != handle.generation()) return nullptr;
    return slot->object;
  }

  // The same without sharing it; for callers inside a read section, and until its end.
  void* Peek(HandleValue handle) const {
    const Slot* slot = Find(handle);
    if (slot == nullptr || slot->generation.load(std::memory_order_acquire) != handle.generation()) return nullptr;
    return slot->object.get();
  }

  bool IsAlive(HandleValue handle) const {
    const Slot* slot = Find(handle);
    return slot != nullptr && slot->generation.load(std::memory_order_acquire) == handle.generation();
  }

  uint32_t live_count() const { return live_count_.load(std::memory_order_relaxed); }

  // Calls `visit` with every live handle in the order of slots; stops when it returns false. What is acquired or
  // released meanwhile may be told or not. `visit` may use the table, also to release handles, and may destroy it.
  void ForEachLive(absl::FunctionRef<bool(const LiveHandle&)> visit) const;

  // Tests only: the next release of the slot is its last but `left`.
  void AgeSlotForTest(uint32_t slot, uint32_t left);

 private:
  // `generation` is the current handle's while the slot is in use and zero while it is not: no handle has zero.
  struct Slot {
    std::atomic<uint32_t> generation{0};
    uint32_t next_generation = 1;
    uint32_t next_free = kNoSlot;
    Birthplace origin;
    std::shared_ptr<void> object;
  };
  // A walk over the table, on the stack of whoever walks. Whose table has gone touches it no more.
  struct Walk {
    Walk* outer = nullptr;
    bool is_gone = false;
  };
  static constexpr uint32_t kNoSlot = UINT32_MAX;
  static constexpr uint32_t kFirstChunkBits = 6;
  static constexpr uint32_t kChunks = 33 - kFirstChunkBits;

  // Chunk 0 has the first 2^6 slots, chunk n > 0 the next 2^(5+n).
  static constexpr uint32_t ChunkOf(uint32_t slot) {
    return slot >> kFirstChunkBits == 0 ? 0 : static_cast<uint32_t>(std::bit_width(slot)) - kFirstChunkBits;
  }
  static constexpr uint32_t ChunkBegin(uint32_t chunk) { return chunk == 0 ? 0 : 1u << (kFirstChunkBits + chunk - 1); }
  static constexpr uint32_t ChunkSize(uint32_t chunk) {
    return chunk == 0 ? 1u << kFirstChunkBits : 1u << (kFirstChunkBits + chunk - 1);
  }

  // A slot below slot_count_.
  Slot& At(uint32_t slot) const {
    const uint32_t chunk = ChunkOf(slot);
    return chunks_[chunk].load(std::memory_order_relaxed)[slot - ChunkBegin(chunk)];
  }
  // The slot a handle names, in use or not; null for what no handle can be.
  Slot* Find(HandleValue handle) const {
    if (handle.generation() == 0 || handle.slot() >= slot_count_.load(std::memory_order_acquire)) return nullptr;
    return &At(handle.slot());
  }
  // A slot for a new handle, kNoSlot when there are no more.
  uint32_t TakeSlot() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes a slot whose handle has ended ready for its next one.
  std::shared_ptr<void> Empty(uint32_t number);
  // What was released inside read sections, for the caller to drop; nothing while it is inside one itself.
  std::vector<std::shared_ptr<void>> TakePostponed();

  mutable absl::Mutex mutex_;
  std::array<std::atomic<Slot*>, kChunks> chunks_{};
  // Slots ever used; those beyond are not looked at.
  std::atomic<uint32_t> slot_count_{0};
  std::atomic<uint32_t> live_count_{0};
  uint32_t first_free_ ABSL_GUARDED_BY(mutex_) = kNoSlot;
  // Slots that were released inside read sections.
  std::vector<uint32_t> postponed_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> has_postponed_{false};
  mutable Walk* walks_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_TABLE_H_
