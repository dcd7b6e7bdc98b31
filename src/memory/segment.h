// Where slab memory comes from: segments, cut into chunks, cut into blocks of one size.
//
// A segment is 1 MiB of address space at a multiple of 1 MiB. Its first 64 KiB hold one header for each of the sixteen
// chunks of 64 KiB it is made of, itself included; the other fifteen hold blocks. So the header of any block is found
// by masking its address, once the segment is known to be ours, and pages that nobody uses cost address space only.
//
// A chunk is a slab (blocks of one size class) or the start of a span (one block of whole chunks). A block that needs
// more than fifteen chunks gets a segment of its own, as long as it needs. Which blocks are free is said by one bit
// each and by nothing else: nothing is ever written into free memory, so a script that writes through a stale pointer
// cannot break the heap. Floor 2.

#ifndef VESTIGE_MEMORY_SEGMENT_H_
#define VESTIGE_MEMORY_SEGMENT_H_

#include <cstddef>
#include <cstdint>

#include "memory/block.h"
#include "memory/heap_profile.h"

namespace vestige::memory {

inline constexpr uint64_t kChunkBytes = 64 * 1024;
inline constexpr uint64_t kSegmentBytes = 1024 * 1024;
inline constexpr uint32_t kChunksPerSegment = kSegmentBytes / kChunkBytes;
// Slabs of 16-byte blocks have the most.
inline constexpr uint32_t kMaxSlots = kChunkBytes / 16;
inline constexpr uint32_t kSlotWords = kMaxSlots / 64;

// What a tracked block has beside it. Untracked, only `info` is kept, at the same place of a shorter stride.
struct BlockRecord {
  uint32_t info;
  ledger::NodeId node;
  ledger::BirthId id;
};
static_assert(sizeof(BlockRecord) == 16);

// What a block has beside it while a profile is made.
struct ProfiledRecord {
  BlockRecord record;
  ProfileBirth birth;
};
static_assert(sizeof(ProfiledRecord) == 32);

// Header of one chunk.
//
// Always true: a set bit of free_words is a block nobody owns; a word with a set bit has its bit in words_with_free
// set; a slab whose words_with_free is not zero is `listed` by its class.
struct Chunk {
  enum class Kind : uint8_t { kFree, kSlab, kSpanStart, kSpanRest };

  // First block. A block's slot is (address - data) / block_bytes, done by multiplying with the reciprocal.
  char* data;
  uint32_t block_bytes;
  uint32_t reciprocal;
  // slot_count * block_bytes; a larger offset is no block.
  uint32_t data_bytes;
  uint32_t slot_count;
  Kind kind;
  uint8_t size_class;
  // 2 untracked, 4 tracked, 5 with a profile: the record of slot i is at records + (i << record_shift).
  uint8_t record_shift;
  bool listed;
  // Chunks of a span, this one included.
  uint32_t span_chunks;
  char* records;
  // As asked for, where the slack does not fit into the info: per slot for classes above 256 bytes, one for spans, else
  // null.
  uint64_t* requested;
  // One bit per slot; meaningful only while the heap's marks are valid.
  uint64_t* marks;
  uint64_t words_with_free;
  // All chunks of a class or all spans, in order of birth.
  Chunk* next;
  Chunk* previous;
  // The class's chunks with room.
  Chunk* next_with_room;
  // What `requested`, `marks` and `records` of a span point at.
  uint64_t span_requested;
  uint64_t span_mark;
  ProfiledRecord span_record;
  uint64_t free_words[kSlotWords];

  uint32_t word_count() const { return (slot_count + 63) / 64; }
  BlockInfo info(uint32_t slot) const {
    return BlockInfo::FromBits(*reinterpret_cast<const uint32_t*>(records + (size_t{slot} << record_shift)));
  }
  void set_info(uint32_t slot, BlockInfo info) {
    *reinterpret_cast<uint32_t*>(records + (size_t{slot} << record_shift)) = info.bits();
  }
  // Only while tracking.
  BlockRecord* record(uint32_t slot) const {
    return reinterpret_cast<BlockRecord*>(records + (size_t{slot} << record_shift));
  }
  bool is_live(uint32_t slot) const { return ((free_words[slot / 64] >> (slot % 64)) & 1) == 0; }
  bool is_marked(uint32_t slot) const { return ((marks[slot / 64] >> (slot % 64)) & 1) != 0; }
  // As asked for; the slot must be live.
  uint64_t requested_bytes(uint32_t slot) const {
    return requested != nullptr ? requested[slot] : block_bytes - info(slot).slack();
  }
};

// The head of a segment.
struct Segment {
  // Of the whole segment; more than kSegmentBytes for a span that needs it.
  uint64_t mapped_bytes;
  // Grows in order of birth.
  uint64_t ordinal;
  // Bit i: chunk i belongs to nobody.
  uint32_t free_chunks;
  Segment* next;
  Segment* previous;
  Chunk chunks[kChunksPerSegment];

  char* chunk_data(uint32_t index) { return reinterpret_cast<char*>(this) + index * kChunkBytes; }
};
static_assert(sizeof(Segment) <= kChunkBytes);

// The segments of one heap. Knows every address it gave out, so that any number can be asked about. Not thread-safe.
class SegmentStore {
 public:
  SegmentStore() = default;
  // Gives every segment back to the system, whatever is in it.
  ~SegmentStore();
  SegmentStore(const SegmentStore&) = delete;
  SegmentStore& operator=(const SegmentStore&) = delete;

  // The header of the chunk `address` lies in, or null when it is not in a chunk of ours. Chunks of a span beyond its
  // first segment count as not ours: no block starts there.
  Chunk* FindChunk(const void* address) const {
    Chunk* chunk = FindChunkFast(address);
    return chunk != nullptr || !FindSlow(SegmentBase(address)) ? chunk : HeaderOf(address);
  }

  // The same with one probe only: null may also mean that more are needed. Calls nothing.
  Chunk* FindChunkFast(const void* address) const {
    const uintptr_t base = SegmentBase(address);
    return known_[(base / kSegmentBytes) & known_mask_] == base ? HeaderOf(address) : nullptr;
  }

  // `count` neighbouring chunks, kind and data of the first set, the rest zero or kSpanRest. Null when the system
  // refuses.
  Chunk* Take(uint64_t count);
  // The chunk and its span are free again.
  void GiveBack(Chunk* chunk);
  // Whether the span may become `count` chunks long where it is; then it is.
  bool ResizeInPlace(Chunk* chunk, uint64_t count);

  // Bytes of chunks in use.
  uint64_t taken_bytes() const { return taken_bytes_; }
  // Bytes of address space held.
  uint64_t mapped_bytes() const { return mapped_bytes_; }

 private:
  static constexpr uintptr_t kNothing = 1;
  static constexpr uintptr_t kNoSegments[1] = {kNothing};

  static uintptr_t SegmentBase(const void* address) {
    return reinterpret_cast<uintptr_t>(address) & ~uintptr_t{kSegmentBytes - 1};
  }
  static Chunk* HeaderOf(const void* address) {
    const uintptr_t chunk = reinterpret_cast<uintptr_t>(address) / kChunkBytes % kChunksPerSegment;
    return &reinterpret_cast<Segment*>(SegmentBase(address))->chunks[chunk];
  }

  bool FindSlow(uintptr_t base) const;
  bool Remember(Segment* segment);
  void Forget(Segment* segment);
  Segment* MapSegment(uint64_t bytes);
  void Unmap(Segment* segment);
  Chunk* TakeFrom(Segment* segment, uint32_t first, uint32_t count);

  // Open addressing; addresses are multiples of kSegmentBytes, so kNothing is none.
  const uintptr_t* known_ = kNoSegments;
  uintptr_t known_mask_ = 0;
  uintptr_t* known_storage_ = nullptr;
  uint32_t segment_count_ = 0;
  Segment* first_ = nullptr;
  Segment* last_ = nullptr;
  // hints_[n]: no segment before it has n neighbouring free chunks; null: none has.
  Segment* hints_[kChunksPerSegment] = {};
  uint64_t next_ordinal_ = 0;
  // Segments without a chunk in use; one is kept, so that a block that comes and goes does not map memory every time.
  uint32_t idle_count_ = 0;
  uint64_t taken_bytes_ = 0;
  uint64_t mapped_bytes_ = 0;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_SEGMENT_H_
