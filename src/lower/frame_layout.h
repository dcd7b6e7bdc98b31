// Slots of the frame of the function being lowered.
//
// Slots are taken from the top and given back in the opposite order, by marks: a scope gives its locals back when it
// ends, an expression its temporaries when it is computed. The calls a function makes build their frames at the top, so
// a frame is as large as the highest top. Every slot is a multiple of 8.
//
// Operands of operations reach 64 KB, so large values are far: a slot holds their address, and they lie in memory of
// the context that belongs to the frame, numbered from 0. Floor 5.

#ifndef VESTIGE_LOWER_FRAME_LAYOUT_H_
#define VESTIGE_LOWER_FRAME_LAYOUT_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "exec/code.h"
#include "lower/place.h"

namespace vestige::lower {

class FrameLayout {
 public:
  void Reset(SlotOffset first) {
    top_ = high_water_ = first;
    open_.clear();
    far_.clear();
  }

  SlotOffset top() const { return top_; }
  // Highest top so far.
  uint32_t high_water() const { return high_water_; }

  // A slot of `bytes` bytes, uninitialised.
  SlotOffset Take(uint32_t bytes) {
    const SlotOffset slot = top_;
    Reserve(slot + ((bytes + 7) & ~7u));
    return slot;
  }
  // Everything below `top` is in use.
  void Reserve(SlotOffset top) {
    top_ = std::max(top_, top);
    high_water_ = std::max(high_water_, top_);
  }
  // Whether a value of `bytes` bytes may lie in the frame itself.
  bool HasRoomFor(uint32_t bytes) const {
    return bytes <= kSmallBytes || (bytes <= kNearBytes && top_ + bytes <= kCrowdedBytes);
  }
  // The number, among the far values alive in this frame, of one whose address `slot` will hold.
  uint32_t TakeFar(SlotOffset slot) {
    far_.push_back(slot);
    return static_cast<uint32_t>(far_.size() - 1);
  }
  // Gives back what lies at `mark` and above; the collector does not look there from word `here` on.
  void Release(SlotOffset mark, uint32_t here, std::vector<exec::SlotMapEntry>& slots) {
    top_ = mark;
    while (!far_.empty() && far_.back() >= mark) far_.pop_back();
    while (!open_.empty() && slots[open_.back()].offset >= mark) {
      slots[open_.back()].last_word = here;
      open_.pop_back();
    }
  }
  // What the collector must see from the entry's first word on, until its slot is given back.
  void BeginLive(const exec::SlotMapEntry& entry, std::vector<exec::SlotMapEntry>& slots) {
    open_.push_back(static_cast<uint32_t>(slots.size()));
    slots.push_back(entry);
  }

 private:
  // Values up to this size always lie in the frame, those above the second never; between, while there is room.
  static constexpr uint32_t kSmallBytes = 64;
  static constexpr uint32_t kNearBytes = 8 * 1024;
  static constexpr uint32_t kCrowdedBytes = 32 * 1024;

  SlotOffset top_ = 0;
  uint32_t high_water_ = 0;
  // Indices of slot map entries whose end is not known yet.
  std::vector<uint32_t> open_;
  // The slots of far values alive, in order.
  std::vector<SlotOffset> far_;
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_FRAME_LAYOUT_H_
