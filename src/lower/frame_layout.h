// Slots of the frame of the function being lowered.
//
// Slots are taken from the top and given back in the opposite order, by marks: a scope gives its locals back when it
// ends, an expression its temporaries when it is computed. The calls a function makes build their frames at the top, so
// a frame is as large as the highest top. Every slot is a multiple of 8.
//
// Operands of operations reach 64 KB, so large values are far: a slot holds their address. They lie in memory of the
// context that belongs to the frame, numbered from 0; those of a generator lie behind its frame, in its own block.
// Variables that are too many for a frame share far pages. Floor 5.

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
    pages_.clear();
    far_high_water_ = 0;
    far_words_.clear();
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
  // Whether a value of `bytes` bytes may lie in the frame itself. Small ones always do, unless they are variables, of
  // which there may be any number: the last quarter is for temporaries and calls.
  bool HasRoomFor(uint32_t bytes) const {
    return bytes <= kSmallBytes || (bytes <= kNearBytes && top_ + bytes <= kCrowdedBytes);
  }
  bool HasRoomForVariable(uint32_t bytes) const { return HasRoomFor(bytes) && top_ + bytes <= kFullBytes; }

  // A value of `bytes` bytes whose address `slot` will hold: its number among those alive, and its offset in memory
  // that holds them all one behind the other.
  struct Far {
    uint32_t number = 0;
    uint64_t offset = 0;
  };
  Far TakeFar(SlotOffset slot, uint32_t bytes) {
    const uint64_t offset = far_.empty() ? 0 : far_.back().end;
    far_.push_back({slot, offset + ((uint64_t{bytes} + 15) & ~uint64_t{15})});
    far_high_water_ = std::max(far_high_water_, far_.back().end);
    return {static_cast<uint32_t>(far_.size() - 1), offset};
  }
  // Bytes of the memory that holds all far values of the function.
  uint64_t far_high_water() const { return far_high_water_; }

  // Generators: a word that makes the address of what lies `offset` bytes behind the frame.
  struct FarWord {
    uint32_t word;
    uint32_t offset;
  };
  void AddFarWord(const FarWord& word) { far_words_.push_back(word); }
  const std::vector<FarWord>& far_words() const { return far_words_; }

  // Far memory that variables share.
  static constexpr uint32_t kPageBytes = 16 * 1024;
  struct Page {
    SlotOffset slot = kNoSlot;
    uint32_t used_bytes = 0;
  };
  static bool IsPaged(uint32_t bytes) { return bytes <= kNearBytes; }
  void AddPage(SlotOffset slot) { pages_.push_back({slot, 0}); }
  // Takes `bytes` bytes of the newest page: its slot, and where they begin. The slot is kNoSlot when there is no room.
  Page TakeFromPage(uint32_t bytes) {
    if (pages_.empty() || pages_.back().used_bytes + bytes > kPageBytes) return {};
    const Page place = pages_.back();
    pages_.back().used_bytes += (bytes + 15) & ~15u;
    return place;
  }
  // Gives back what lies at `mark` and above; the collector does not look there from word `here` on.
  void Release(SlotOffset mark, uint32_t here, std::vector<exec::SlotMapEntry>& slots) {
    top_ = mark;
    while (!far_.empty() && far_.back().slot >= mark) far_.pop_back();
    while (!pages_.empty() && pages_.back().slot >= mark) pages_.pop_back();
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
  static constexpr uint32_t kFullBytes = 48 * 1024;

  // A far value: the slot of its address, and where the next one begins.
  struct FarValue {
    SlotOffset slot;
    uint64_t end;
  };

  SlotOffset top_ = 0;
  uint32_t high_water_ = 0;
  // Indices of slot map entries whose end is not known yet.
  std::vector<uint32_t> open_;
  // Far values alive, in order.
  std::vector<FarValue> far_;
  uint64_t far_high_water_ = 0;
  std::vector<FarWord> far_words_;
  // Their space is taken for good: a page goes with its slot.
  std::vector<Page> pages_;
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_FRAME_LAYOUT_H_
