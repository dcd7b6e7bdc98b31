// What a heap knows about one block, and how reports see it.
//
// Every block carries 32 bits of its own from birth to death, tracked or not: its type, a word on what it is, and how
// much of it was not asked for. While tracking is on, a record of 16 bytes holds those bits together with the block's
// id and the context-tree node it was born at. Floor 2.

#ifndef VESTIGE_MEMORY_BLOCK_H_
#define VESTIGE_MEMORY_BLOCK_H_

#include <cstdint>

#include "ledger/context_tree.h"
#include "ledger/lane.h"

namespace vestige::memory {

// What a block is, in the words of reports; `CommentText` spells them. Values from kFirstCustomComment on are handed
// out by Heap::InternComment for what scripts call their containers.
enum class Comment : uint8_t {
  kNone,
  kNew,
  kNewMakeLocal,
  kNewWithInitializer,
  kArray,
  kTable,
  kArrayIterator,
  kIterator,
  kGenerator,
  kLambda,
  kString,
  kHost,
  kFirstCustom,
};
inline constexpr uint32_t kMaxComments = 128;

// Text of the fixed comments: `new`, `new [[ ]]`, `new with initializer`, `array`, `table`, `array<> iterator`,
// `iterator`, `generator`, `lambda`, `string`, `host`; empty for kNone. Valid for ever.
const char* FixedCommentText(Comment comment);

// Dense number of a type in the census; the run-time assigns them from 1. Zero: unknown. Numbers that do not fit share
// the last row.
using TypeId = uint32_t;
inline constexpr TypeId kMaxTypeId = (1u << 20) - 1;

// The 32 bits of a block: type 20, comment 7, dead 1, slack 4. Callers fill in type and comment, ahead of time where
// they can: an operation keeps a BlockInfo, not its parts.
class BlockInfo {
 public:
  constexpr BlockInfo() = default;
  constexpr explicit BlockInfo(Comment comment, TypeId type = 0)
      : bits_((type < kMaxTypeId ? type : kMaxTypeId) << 12 | static_cast<uint32_t>(comment) << 5) {}

  constexpr TypeId type() const { return bits_ >> 12; }
  constexpr Comment comment() const { return static_cast<Comment>((bits_ >> 5) & 0x7F); }
  // Bytes of the block that were not asked for, of a deck or a linear heap; below 16.
  constexpr uint32_t slack() const { return bits_ & 0xF; }
  constexpr bool is_dead() const { return (bits_ & kDeadBit) != 0; }

  constexpr BlockInfo WithSlack(uint32_t slack) const { return FromBits((bits_ & ~0xFu) | slack); }
  constexpr BlockInfo WithComment(Comment comment) const {
    return FromBits((bits_ & ~(0x7Fu << 5)) | static_cast<uint32_t>(comment) << 5);
  }
  // For a linear heap, whose dead blocks keep their place.
  constexpr BlockInfo AsDead() const { return FromBits(bits_ | kDeadBit); }

  constexpr uint32_t bits() const { return bits_; }
  static constexpr BlockInfo FromBits(uint32_t bits) {
    BlockInfo info;
    info.bits_ = bits;
    return info;
  }

 private:
  static constexpr uint32_t kDeadBit = 1u << 4;
  uint32_t bits_ = 0;
};

// One live block, as reports and the collector see it. `id` and `node` are zero unless the heap tracks.
struct LiveBlock {
  void* pointer = nullptr;
  // As asked for.
  uint64_t requested = 0;
  // What it counts for: rounded up to the heap's granule (16 bytes; strings 4).
  uint64_t size = 0;
  ledger::BirthId id = 0;
  ledger::NodeId node = ledger::kNoNode;
  Comment comment = Comment::kNone;
  TypeId type = 0;
  // Whether the last marking reached it. False when there was none.
  bool marked = false;
};

// Live blocks that a report tells in one row: same birth path, size, comment and type.
struct BlockGroup {
  ledger::NodeId node = ledger::kNoNode;
  Comment comment = Comment::kNone;
  TypeId type = 0;
  uint64_t requested = 0;
  uint64_t count = 0;
  // Sum of rounded sizes; the sum as asked for is requested * count.
  uint64_t bytes = 0;
  // How many of them the last marking reached.
  uint64_t marked_count = 0;
  // The block of the smallest id; without ids, the first in heap order.
  ledger::BirthId first_id = 0;
  void* first_pointer = nullptr;
};

// A chunk of a heap, as the heap report tells it.
struct ChunkUse {
  const char* begin = nullptr;
  const char* end = nullptr;
  // Zero for a chunk of a linear heap.
  uint64_t block_bytes = 0;
  uint64_t blocks_used = 0;
  uint64_t blocks = 0;
  uint64_t bytes_used = 0;
  uint64_t bytes = 0;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_BLOCK_H_
