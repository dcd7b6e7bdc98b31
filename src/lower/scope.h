// Control flow of the function being lowered: jumps, and what is passed on the way out. Floor 5.

#ifndef VESTIGE_LOWER_SCOPE_H_
#define VESTIGE_LOWER_SCOPE_H_

#include <cstdint>

#include "lower/place.h"
#include "sema/typed.h"

namespace vestige::lower {

struct LoopSources;

// A target of jumps; forward jumps wait in a chain through their own words until it is bound.
struct Label {
  uint32_t word = kUnbound;
  uint32_t last_jump = kUnbound;
  static constexpr uint32_t kUnbound = 0xffffffff;
  bool is_bound() const { return word != kUnbound; }
  bool is_used() const { return last_jump != kUnbound; }
};

// Labels that scripts write, by number; and where a computed goto finds its number.
struct NumberedLabel {
  int32_t number;
  Label label;
};
struct ComputedGoto {
  SlotOffset slot;
  Label label;
};

// What control passes when it leaves a part of the function, innermost first.
struct Scope {
  enum class Kind : uint8_t { kBlock, kLoop, kTry, kInline };
  Kind kind = Kind::kBlock;
  Scope* outer = nullptr;
  const sema::TBlock* block = nullptr;  // kBlock: its finally part runs
  Label* on_break = nullptr;            // kLoop; kInline: behind the body
  Label* on_continue = nullptr;
  // kLoop: sources that must be released when a return leaves the loop.
  LoopSources* sources = nullptr;
  Label* on_panic = nullptr;    // kTry
  bool cleans_up = false;       // kTry: the panic goes on behind it
  SlotOffset result = kNoSlot;  // kInline: of what the body returns
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_SCOPE_H_
