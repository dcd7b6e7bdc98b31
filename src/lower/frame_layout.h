// Slots of the frame of the function being lowered.
//
// Slots are taken from the top and given back in the opposite order, by marks: a scope gives its locals back when it
// ends, an expression its temporaries when it is computed. The calls a function makes build their frames at the top, so
// a frame is as large as the highest top. Every slot is a multiple of 8. Floor 5.

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
  // Gives back what lies at `mark` and above; the collector does not look there from word `here` on.
  void Release(SlotOffset mark, uint32_t here, std::vector<exec::SlotMapEntry>& slots) {
    top_ = mark;
    while (!open_.empty() && slots[open_.back()].offset >= mark) {
      slots[open_.back()].last_word = here;
      open_.pop_back();
    }
  }
  // From word `here` on the slot holds a `type` that the collector must see.
  void BeginLive(SlotOffset slot, const types::Type* type, uint32_t here, std::vector<exec::SlotMapEntry>& slots) {
    open_.push_back(static_cast<uint32_t>(slots.size()));
    slots.push_back({here, here, slot, type});
  }

 private:
  SlotOffset top_ = 0;
  uint32_t high_water_ = 0;
  // Indices of slot map entries whose end is not known yet.
  std::vector<uint32_t> open_;
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_FRAME_LAYOUT_H_
