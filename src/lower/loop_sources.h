// The state of a for loop while its body is lowered. Floor 5.

#ifndef VESTIGE_LOWER_LOOP_SOURCES_H_
#define VESTIGE_LOWER_LOOP_SOURCES_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "exec/operation.h"
#include "lower/place.h"
#include "sema/typed.h"

namespace vestige::lower {

// Slots of one source.
struct LoopSource {
  const sema::TForSource* source = nullptr;
  // The counter, element pointer (end and buffer follow), string position, or table cursor (addresses of key, value and
  // buffer follow).
  SlotOffset cursor = kNoSlot;
  // The variable, when it is not a reference that the cursor serves as. Ranges: may be the cursor.
  SlotOffset variable = kNoSlot;
  // What must be released: slot of the container's address, the iterator, the string.
  SlotOffset container = kNoSlot;
  // Ranges: end. kCount: step.
  SlotOffset limit = kNoSlot;
  bool limit_is_constant = false;
  uint16_t limit_constant = 0;
  exec::ValueType value_type = exec::ValueType::kNone;
  uint32_t stride = 0;
  // First word at which it holds something (LoopHoldEntry) that is not yet released on the way that is being emitted.
  uint32_t held_since = kNotHeld;
  bool holds = false;

  static constexpr uint32_t kNotHeld = 0xffffffff;
  // Where the buffer of the locked container is.
  SlotOffset buffer() const { return cursor + (source->kind == sema::SourceKind::kArray ? 16 : 24); }
  void BeginHold(uint32_t here) {
    holds = true;
    held_since = here;
  }
};

struct LoopSources {
  absl::InlinedVector<LoopSource, 2> items;
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_LOOP_SOURCES_H_
