// Where values are while code is made.
//
// An Operand is a value an operation can take; a Place is memory a value can be loaded from, stored to or made in. Both
// are small descriptions, no code: making one may emit the operations that compute an address, using it emits the
// access. Floor 5.

#ifndef VESTIGE_LOWER_PLACE_H_
#define VESTIGE_LOWER_PLACE_H_

#include <cstdint>
#include <string_view>

namespace vestige::lower {

// Offset of a slot from the frame pointer.
using SlotOffset = uint32_t;
inline constexpr SlotOffset kNoSlot = 0xffffffff;

// A workhorse value.
struct Operand {
  enum class Kind : uint8_t {
    kFrame,  // in the frame at `slot`
    kConst,  // known: `bits`, scalars extended as in sema::TConst
    kAcc,    // in the accumulator of its kind; the very next operation must take it
  };
  Kind kind = Kind::kFrame;
  SlotOffset slot = kNoSlot;
  uint64_t bits = 0;

  static Operand Frame(SlotOffset slot) { return {Kind::kFrame, slot, 0}; }
  static Operand Const(uint64_t bits) { return {Kind::kConst, kNoSlot, bits}; }
  static Operand Acc() { return {Kind::kAcc, kNoSlot, 0}; }
  bool is_frame() const { return kind == Kind::kFrame; }
  bool is_const() const { return kind == Kind::kConst; }
  bool is_acc() const { return kind == Kind::kAcc; }
};

// Memory.
struct Place {
  enum class Base : uint8_t {
    kFrame,    // frame offset `slot`
    kPointer,  // `offset` bytes after the address in frame slot `slot`
    kGlobal,   // `offset` bytes into the globals
  };
  Base base = Base::kFrame;
  // kPointer: the address comes from the script and may be null; the first access must check it.
  bool checked = false;
  SlotOffset slot = kNoSlot;
  int32_t offset = 0;
  // What the panic of the check adds: "p is null".
  std::string_view hint;

  static Place Frame(SlotOffset slot) { return {Base::kFrame, false, slot, 0, {}}; }
  static Place Pointer(SlotOffset slot, int32_t offset = 0) { return {Base::kPointer, false, slot, offset, {}}; }
  static Place Global(uint32_t offset) { return {Base::kGlobal, false, kNoSlot, static_cast<int32_t>(offset), {}}; }
  bool in_frame() const { return base == Base::kFrame; }
  bool by_pointer() const { return base == Base::kPointer; }
  // The place `bytes` further on, inside the same object.
  Place At(uint32_t bytes) const {
    Place place = *this;
    if (base == Base::kFrame) {
      place.slot += bytes;
    } else {
      place.offset += static_cast<int32_t>(bytes);
    }
    return place;
  }
};

// Where a consumer wants a value.
struct Want {
  SlotOffset slot = kNoSlot;  // kNoSlot: anywhere
  bool acc = false;           // the accumulator is welcome
  bool fresh = false;         // nothing in the expression can see `slot`
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_PLACE_H_
