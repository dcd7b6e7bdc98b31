// Who holds one object: as many holds as references.
//
// A hold knows the address of the slot that has the reference; a slot has one reference at a time, so when another
// reference of the same object comes to lie in it, the one before is held by nobody any more (a local without inscope
// that went out of scope) and keeps its name for the report. Few holds are searched one by one; many by their slots'
// addresses. Floor 2.

#ifndef VESTIGE_MEMORY_HOLD_LIST_H_
#define VESTIGE_MEMORY_HOLD_LIST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "vestige/ref_counted.h"

namespace vestige::memory {

// A reference that is held.
struct Hold {
  // Null while the reference is in flight between two holders.
  const void* slot = nullptr;
  // What a script calls the holder: a text of the program, which is gone with its run; null: nobody knows.
  const char* name = nullptr;
  // Where this holder took it.
  Birthplace taken;
  HolderKind kind = HolderKind::kRefPtr;
};

// How reports call the holder.
std::string_view HolderName(const Hold& hold);

// A reference that was given back.
struct Drop {
  const void* slot = nullptr;
  HolderKind kind = HolderKind::kRefPtr;
  Birthplace dropped;
};

// The holds of an object, and the last few that dropped their reference. Its owner locks it.
class HoldList {
 public:
  // Pointers to holds are valid until the list changes.
  std::span<Hold> all() { return {holds_.data(), count_}; }
  // The hold of `slot`, which is not null; null when there is none.
  Hold* Find(const void* slot) {
    if (is_indexed_) [[unlikely]]
      return FindIndexed(slot);
    // Most references are given back in the opposite order.
    for (size_t i = count_; i-- > 0;) {
      if (holds_[i].slot == slot) return &holds_[i];
    }
    return nullptr;
  }
  // The latest hold that is in flight, or null.
  Hold* FindInFlight();

  // A reference was taken there. Fields are written one by one, as a copy would wait for them to be written.
  void Add(const void* slot, HolderKind kind, Birthplace taken) {
    // C++ says of each slot when it lets go; scripts leave slots behind.
    if (slot != nullptr && kind != HolderKind::kRefPtr) {
      if (Hold* before = Find(slot)) Lose(before);
    }
    if (count_ + 1 == kMany && !is_indexed_) [[unlikely]]
      Index();
    if (count_ == holds_.size()) [[unlikely]]
      holds_.resize(count_ * 2 + kFirst);
    Hold& hold = holds_[count_++];
    hold.slot = slot;
    hold.name = nullptr;
    hold.taken = taken;
    hold.kind = kind;
    if (slot == nullptr || is_indexed_) EnterSlot(count_ - 1);
  }
  // The reference is in `slot` from now on, which is null when it is in flight.
  void MoveTo(Hold* hold, const void* slot);
  // Nobody holds it any more; the reference stays.
  void Lose(Hold* hold);
  // The reference is given back.
  void Remove(Hold* hold, Birthplace now) {
    Drop& drop = drops_[drop_count_++ % kKeptDrops];
    drop.slot = hold->slot;
    drop.kind = hold->kind;
    drop.dropped = now;
    if (hold->slot == nullptr || is_indexed_) LeaveSlot(*hold);
    if (hold != &holds_[count_ - 1]) CloseGap(hold);
    --count_;
    if (is_indexed_ && count_ < kMany / 2) [[unlikely]]
      ForgetIndex();
  }
  // The latest drop of `slot`, or null.
  const Drop* FindDrop(const void* slot) const;

 private:
  // From here on holds are found by their slots, which `positions_` has while is_indexed_.
  static constexpr size_t kMany = 32;
  static constexpr size_t kFirst = 4;
  static constexpr size_t kKeptDrops = 16;

  // The slot of a hold that is lost: no value has this address.
  const void* Nowhere() const { return this; }
  bool HasSlot(const Hold& hold) const { return hold.slot != nullptr && hold.slot != Nowhere(); }
  size_t PositionOf(const Hold* hold) const { return static_cast<size_t>(hold - holds_.data()); }
  Hold* FindIndexed(const void* slot);
  void Index();
  void ForgetIndex();
  void LeaveSlot(const Hold& hold);
  void EnterSlot(size_t position);
  // The last hold is about to go, and something else than it is dropped.
  void CloseGap(Hold* hold);

  // The first count_ are holds, the others room.
  std::vector<Hold> holds_;
  size_t count_ = 0;
  size_t in_flight_ = 0;
  bool is_indexed_ = false;
  absl::flat_hash_map<const void*, size_t> positions_;
  std::array<Drop, kKeptDrops> drops_{};
  size_t drop_count_ = 0;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HOLD_LIST_H_
