// What a call leaves on a context's stack.
//
// A frame is bytes on the context's own stack: a header, then arguments, locals and temporaries, each at a multiple of
// 8 and of its natural size (vectors of 16 bytes are accessed unaligned). Operands of operations are byte offsets from
// the frame's start. The caller builds the callee's frame above its own temporaries, at the offset its call word names,
// so no frame pointer is saved:
//
//   caller's frame == frame - header.ret->a
//   the result goes to caller's frame + header.ret->b
//   execution goes on at header.ret + 1
//
// Native code that calls back into the script starts a new dispatch loop on top of the same stack; an EntryFrame lies
// between, and remembers where the outer loop stands. Walkers cross it (stack_walk.h). Floor 4.

#ifndef VESTIGE_EXEC_FRAME_H_
#define VESTIGE_EXEC_FRAME_H_

#include <cstddef>
#include <cstdint>

#include "exec/word.h"
#include "ledger/context_tree.h"

namespace vestige::exec {

struct Function;

struct FrameHeader {
  // Null marks an EntryFrame.
  const Function* function;
  // The word that called; in another array than the program's code when native code called (see EntryFrame).
  const Word* ret;
  // Context-tree node of being in this call; kNoNode until somebody asked. Zeroed by every call.
  ledger::NodeId node;
  // Of an EntryFrame: it does not end a dispatch loop, but leads from or to a generator's frame (generator.h).
  uint32_t is_link;
};
static_assert(sizeof(FrameHeader) == 24);

// Offset of the first argument.
inline constexpr uint32_t kFirstSlot = sizeof(FrameHeader);

// Largest frame: operands have 16 bits.
inline constexpr uint32_t kMaxFrameBytes = 0xFFF0;

inline FrameHeader& HeaderAt(char* frame) { return *reinterpret_cast<FrameHeader*>(frame); }

// Lies below the first frame of every dispatch loop, and as a link where calls leave or enter a generator's frame.
// `header.function` is null and `header.ret` is the word the outer loop is at, null when there is no outer loop.
struct EntryFrame {
  FrameHeader header;
  // The frame of the outer loop, null when there is none.
  char* outer_frame;
  // Where a workhorse result arrives.
  alignas(16) uint64_t result[2];
};
inline constexpr uint32_t kEntryFrameBytes = sizeof(EntryFrame);
static_assert(kEntryFrameBytes % 16 == 0);

// The value of a block: 48 bytes in its maker's frame. Valid while that frame is.
struct BlockValue {
  const Function* function;
  // Becomes the hidden first argument of the body.
  char* maker_frame;
  uint64_t spare[4];
};
static_assert(sizeof(BlockValue) == 48);

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_FRAME_H_
