// The slots behind a HandleRegistry, without its type.
//
// Acquiring and releasing takes its lock; look-ups are those of HandleSlots. Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_TABLE_H_
#define VESTIGE_MEMORY_HANDLE_TABLE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/lock.h"
#include "vestige/handle_slots.h"
#include "vestige/read_section.h"

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
class HandleTable final : public HandleSlots {
 public:
  HandleTable() = default;
  ~HandleTable();

  // A handle for `object`, which is not null, from now on owned here too. Null when 2^32 - 2 slots are in use.
  HandleValue Acquire(std::shared_ptr<void> object, Birthplace origin);

  // Takes the object out; null for a handle that is stale or never was one. The caller drops what it gets, so that a
  // destructor may use the table. Waits for look-ups in progress; inside a read section, which cannot, the table keeps
  // its share of the object until it is used outside of one.
  std::shared_ptr<void> Release(HandleValue handle);

  uint32_t live_count() const { return live_count_.load(std::memory_order_relaxed); }

  // Calls `visit` with every live handle in the order of slots; stops when it returns false. What is acquired or
  // released meanwhile may be told or not. `visit` may use the table, also to release handles, and may destroy it.
  void ForEachLive(absl::FunctionRef<bool(const LiveHandle&)> visit) const;

  // Tests only: the next release of the slot is its last but `left`.
  void AgeSlotForTest(uint32_t slot, uint32_t left);

 private:
  // A walk over the table, on the stack of whoever walks. Whose table has gone touches it no more.
  struct Walk {
    Walk* outer = nullptr;
    bool is_gone = false;
  };
  static constexpr uint32_t kNoSlot = UINT32_MAX;
  // Makes the chunk that begins with `slot`.
  void AddChunk(uint32_t slot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A slot for a new handle, kNoSlot when there are no more.
  uint32_t TakeSlot() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes a slot whose handle has ended ready for its next one.
  std::shared_ptr<void> Empty(uint32_t number);
  // What was released inside read sections, for the caller to drop; nothing while it is inside one itself.
  std::vector<std::shared_ptr<void>> TakePostponed();

  mutable base::Mutex mutex_;
  std::atomic<uint32_t> live_count_{0};
  std::vector<std::unique_ptr<Slot[]>> chunks_ ABSL_GUARDED_BY(mutex_);
  // The last one is in use.
  std::vector<std::vector<Slot*>> directories_ ABSL_GUARDED_BY(mutex_);
  uint32_t first_free_ ABSL_GUARDED_BY(mutex_) = kNoSlot;
  // Slots that were released inside read sections.
  std::vector<uint32_t> postponed_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> has_postponed_{false};
  mutable Walk* walks_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_TABLE_H_
