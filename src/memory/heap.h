// The heap of a context: objects in one instance, strings in another.
//
// Two models. The persistent heap has size classes in steps of 16 bytes up to 256 ("decks"), coarser classes and spans
// above ("big stuff"), and frees exactly. The linear heap bumps through chunks and really frees only its newest block.
// Both count and describe every block in the same way, so whoever uses a Heap need not know its model.
//
//   Allocate: take the lowest free bit of the class's current word; write the block's 32 bits beside it; count.
//   Free:     find the chunk by masking, the slot by a multiplication; check and set its bit; count.
//
// Tracking is chosen at creation: each block's id and birth path are then kept in side arrays of the chunks. Nothing
// maps addresses, and nothing grows with blocks that are gone. Floor 2; knows no types, frames or scripts.

#ifndef VESTIGE_MEMORY_HEAP_H_
#define VESTIGE_MEMORY_HEAP_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "ledger/lane.h"
#include "ledger/watch.h"
#include "memory/block.h"
#include "memory/heap_options.h"
#include "memory/segment.h"

namespace vestige::memory {

class LinearStore;

// Not thread-safe: a heap belongs to one context.
//
// Always true, and checked by Verify(): live_bytes() is the sum of the rounded sizes of all live blocks (and of the
// dead ones that keep their place in a linear heap), live_count() the number of live blocks.
class Heap {
 public:
  using BlockVisitor = absl::FunctionRef<void(const LiveBlock&)>;

  explicit Heap(const HeapOptions& options);
  // Returns all memory, whatever is still alive in it.
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // Blocks:

  // A block of `bytes` bytes (zero counts as one), not initialised, aligned to 16 (strings of a linear heap: 4). Null
  // when the limit or the system refuses; last_refusal() says why. While tracking, asks the birth source for the node.
  void* Allocate(uint64_t bytes, BlockInfo info) {
    const uint64_t step = (bytes - 1) >> 4;
    if (step >= kDeckClassCount) [[unlikely]]
      return AllocateOutOfLine(bytes, info);
    SizeClass& deck = classes_[step];
    const uint64_t free = *deck.word;
    const uint64_t block_bytes = (step + 1) << 4;
    const uint64_t size = (bytes + granule_mask_) & ~granule_mask_;
    if (free == 0 || live_bytes_ + size > max_inline_bytes_) [[unlikely]]
      return AllocateOutOfLine(bytes, info);
    const size_t bit = static_cast<size_t>(std::countr_zero(free));
    *deck.word = free & (free - 1);
    char* record = deck.records + (bit << record_shift_);
    *reinterpret_cast<uint32_t*>(record) = info.WithSlack(static_cast<uint32_t>(block_bytes - bytes)).bits();
    CountBirth(size);
    char* block = deck.blocks + bit * block_bytes;
    if (is_tracking()) return RecordBirth(reinterpret_cast<BlockRecord*>(record), block, bytes);
    return block;
  }

  // The block is gone. False, and nothing happens, when `pointer` is not the start of a live block of this heap: a
  // double delete, or memory that a heap does not own. Null is freed successfully. `bytes` is what was asked for; a
  // wrong value only costs time.
  bool Free(void* pointer, uint64_t bytes) {
    Chunk* chunk = segments_.FindChunkFast(pointer);
    const uint64_t step = (bytes - 1) >> 4;
    if (chunk == nullptr || step >= kDeckClassCount) [[unlikely]]
      return FreeOutOfLine(pointer);
    // What is known of the size spares the slot's arithmetic from waiting for the chunk.
    const SizeClass& deck = classes_[step];
    const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) % kChunkBytes;
    const uint32_t slot = static_cast<uint32_t>((offset * deck.reciprocal) >> 32);
    const uint32_t block_bytes = deck.bytes_freed_inline;
    if (chunk->block_bytes != block_bytes || offset >= chunk->data_bytes || slot * block_bytes != offset) [[unlikely]] {
      return FreeOutOfLine(pointer);
    }
    const uint64_t bit = uint64_t{1} << (slot % 64);
    uint64_t& word = chunk->free_words[slot / 64];
    const uint64_t free = word;
    if ((free & bit) != 0) [[unlikely]]
      return false;
    word = free | bit;
    const char* record = chunk->records + (size_t{slot} << record_shift_);
    const BlockInfo info = BlockInfo::FromBits(*reinterpret_cast<const uint32_t*>(record));
    CountDeath((block_bytes - info.slack() + granule_mask_) & ~granule_mask_);
    if (free == 0) [[unlikely]]
      return DidGetRoom(chunk, slot / 64);
    return true;
  }

  // The bytes of `pointer` in a block of `new_bytes`, which is `pointer` itself where that is possible. Counts as a
  // death and a birth either way: a grown array is told where it grew last. On refusal null, and the old block lives
  // on. `pointer` may be null; it must be live otherwise. `new_bytes` is not zero.
  void* Reallocate(void* pointer, uint64_t old_bytes, uint64_t new_bytes, BlockInfo info);

  // Questions about addresses:

  // Whether a live block starts there. Any value may be asked about.
  bool IsLive(const void* pointer) const;
  // The live block that starts there; `pointer` of the answer is null when there is none.
  LiveBlock Describe(const void* pointer) const;
  // Whether a live block starts there that the last marking, which is still valid, did not reach.
  bool IsUnmarked(const void* pointer) const;
  // Says what a live block is from now on (`tag_array`). False when no live block starts there.
  bool SetComment(void* pointer, Comment comment);

  // The comment with this text; made when it is new. When a heap has as many as it can hold, kNone.
  Comment InternComment(std::string_view text);
  // Valid as long as the heap.
  const char* CommentText(Comment comment) const;

  // Tracking:

  // Asked for the current context-tree node at every birth while tracking. `host` is handed over, not owned.
  using BirthSource = ledger::NodeId (*)(void* host);
  void set_birth_source(BirthSource source, void* host) {
    birth_source_ = source;
    birth_host_ = host;
  }
  bool is_tracking() const { return kTrackingIsCompiledIn && tracking_; }
  // Bytes of the system that ids and birth paths cost now.
  uint64_t tracking_bytes() const;

  // Counters:

  Model model() const { return model_; }
  Content content() const { return content_; }
  std::string_view lane() const { return lane_; }
  // Rounded sizes of live blocks. In a linear heap dead blocks that keep their place count as well.
  uint64_t live_bytes() const { return live_bytes_; }
  // Live blocks.
  uint64_t live_count() const { return births_.last() - death_count_; }
  // Blocks ever born, which is also the id of the newest.
  uint64_t birth_count() const { return births_.last(); }
  // Rounded sizes of all blocks ever born, and of those that are gone.
  uint64_t born_bytes() const { return born_bytes_; }
  uint64_t freed_bytes() const { return born_bytes_ - (live_bytes_ - dead_bytes_); }
  // The largest live_bytes() so far, and the live blocks at that moment.
  uint64_t peak_bytes() const { return peak_bytes_; }
  uint64_t peak_count() const { return peak_count_; }
  // The limit on live_bytes(); zero: none.
  uint64_t max_bytes() const { return max_bytes_ == kNoLimit ? 0 : max_bytes_; }
  // Bytes of chunks taken from the system.
  uint64_t reserved_bytes() const;
  // Most chunks of any one size class; of a linear heap, its chunks.
  uint32_t depth() const;
  const Refusal& last_refusal() const { return refusal_; }

  // Starts over as a heap of another lane, with ids from 1 and nothing counted; memory of the system is kept. False,
  // and nothing happens, while a block is alive, and for a linear heap.
  bool Restart(std::string_view lane);

  // Replaces the limit; zero: none. What is alive stays alive.
  void set_max_bytes(uint64_t max_bytes) {
    max_bytes_ = max_bytes == 0 ? kNoLimit : max_bytes;
    SetInlineLimit();
  }

  // Walking:

  // Every live block, in an order that no address decides: by class and slot; linear: in order of birth. The visitor
  // must not allocate from or free into this heap.
  void ForEachLive(BlockVisitor visit) const;
  // All of them, sorted by id when tracking, else in the order of ForEachLive.
  std::vector<LiveBlock> LiveBlocks() const;
  // Live blocks with equal path, size, comment and type as one. Order: largest `requested` first, then smallest id.
  // Extra memory depends on the number of groups only.
  std::vector<BlockGroup> LiveGroups() const;

  // The chunks of decks, ascending size; linear: newest first. `blocks` visits the live blocks of one of them.
  void ForEachChunk(absl::FunctionRef<void(const ChunkUse&)> visit) const;
  void ForEachLiveIn(const ChunkUse& chunk, BlockVisitor visit) const;
  // Live blocks above kLargestDeckBlock of a persistent heap.
  void ForEachBig(BlockVisitor visit) const;

  // Collecting:

  // Starts a marking: no block is marked. False when the system has no memory for the marks.
  bool BeginMark();
  // Marks the live block that starts at `pointer`. True when it was not marked before; false also when none starts
  // there. Between BeginMark and EndMark or Sweep only.
  bool Mark(const void* pointer);
  bool IsMarked(const void* pointer) const;
  // Forgets the marks.
  void EndMark();
  // Frees every block that is not marked, telling each to `will_free` before, and forgets the marks. Returns the count.
  // A linear heap frees nothing.
  uint64_t Sweep(BlockVisitor will_free);

  // Empty chunks go back to the system, except one of each class.
  void Trim();

  // Walks everything and CHECKs that counters, bits and lists agree. For tests and stress runs.
  void Verify() const;

 private:
  // A class of slabs. `word` points at a zero when there is no current word, so that the fast path needs no other test.
  struct alignas(64) SizeClass {
    uint64_t* word = nullptr;
    // Block and record of the word's first bit.
    char* blocks = nullptr;
    char* records = nullptr;
    // As in Chunk; the size is zero when deaths are to be told, so that every Free goes out of line.
    uint32_t reciprocal = 0;
    uint32_t bytes_freed_inline = 0;
    // The slab the word is in, and the other slabs that may have room.
    Chunk* current = nullptr;
    Chunk* with_room = nullptr;
    // All slabs, in order of birth.
    Chunk* first = nullptr;
    Chunk* last = nullptr;
  };
  static constexpr uint32_t kDeckClassCount = kLargestDeckBlock / 16;
  static constexpr uint32_t kClassCount = kDeckClassCount + 56;
  // Larger ones are spans.
  static constexpr uint64_t kLargestSlabBlock = kChunkBytes / 2;
  static constexpr uint64_t kNoLimit = ~uint64_t{0} >> 1;

  void CountBirth(uint64_t size) {
    births_.Next();
    live_bytes_ += size;
    born_bytes_ += size;
    if (live_bytes_ > peak_bytes_) {
      peak_bytes_ = live_bytes_;
      peak_count_ = live_count();
    }
  }
  void CountDeath(uint64_t size) {
    death_count_ += 1;
    live_bytes_ -= size;
  }

  // One block of one chunk; chunk is null for "no live block".
  struct Place {
    Chunk* chunk = nullptr;
    uint32_t slot = 0;
  };

  // The slow halves of the inline functions above. DidGetRoom returns true.
  void* AllocateOutOfLine(uint64_t bytes, BlockInfo info);
  bool FreeOutOfLine(void* pointer);
  bool DidGetRoom(Chunk* chunk, uint32_t word);
  // Fills the newest birth's record, which is a ProfiledRecord when there is a profile, and returns `block`.
  void* RecordBirth(BlockRecord* record, void* block, uint64_t bytes);

  // Slabs.
  static uint32_t ClassOf(uint64_t bytes);
  static uint32_t BlockBytesOf(uint32_t size_class);
  static uint32_t ReciprocalOf(uint32_t block_bytes);
  void* AllocateFromClass(uint32_t size_class, uint64_t bytes, BlockInfo info);
  bool FindWordWithRoom(uint32_t size_class);
  Chunk* MakeSlab(uint32_t size_class);
  void ReleaseSlab(Chunk* chunk);

  // Spans.
  void* AllocateSpan(uint64_t bytes, BlockInfo info);
  void ReleaseSpan(Chunk* chunk);

  // Blocks of either kind.
  Place FindLive(const void* pointer) const;
  LiveBlock DescribeSlot(const Chunk* chunk, uint32_t slot) const;
  void FreeSlot(Chunk* chunk, uint32_t slot);
  // A tracked block of `bytes` bytes dies.
  void TellDeath(const BlockRecord* record, uint64_t bytes);
  void* Refuse(uint64_t bytes, bool by_system);
  // Whether the failure plan is for this allocation.
  bool FailsAsPlanned();
  // While a failure may come, every allocation goes out of line.
  void SetInlineLimit() { max_inline_bytes_ = failure_ != nullptr && failure_->left != 0 ? 0 : max_bytes_; }
  ledger::Domain domain() const {
    return content_ == Content::kStrings ? ledger::Domain::kString : ledger::Domain::kHeapBlock;
  }
  uint64_t RoundUp(uint64_t bytes) const { return (bytes + granule_mask_) & ~granule_mask_; }
  bool GrowInPlace(Place place, uint64_t new_bytes, BlockInfo info);
  // Every slab in class order, then every span in order of birth.
  void ForEachChunkHeader(absl::FunctionRef<void(Chunk*)> visit) const;
  void VerifySlab(const Chunk& chunk) const;

  // The linear model.
  void* AllocateLinear(uint64_t bytes, BlockInfo info);
  bool FreeLinear(void* pointer);
  void* ReallocateLinear(void* pointer, uint64_t new_bytes, BlockInfo info);

  SizeClass classes_[kClassCount];
  // What a class without a current word points at; never written.
  uint64_t no_word_ = 0;
  SegmentStore segments_;
  ledger::BirthIds births_;
  uint64_t live_bytes_ = 0;
  uint64_t born_bytes_ = 0;
  // Part of live_bytes_: blocks of a linear heap that are dead but keep their place.
  uint64_t dead_bytes_ = 0;
  uint64_t death_count_ = 0;
  uint64_t max_bytes_ = kNoLimit;
  // What the inline half of Allocate compares with: max_bytes_ or less.
  uint64_t max_inline_bytes_ = kNoLimit;
  FailurePlan* failure_ = nullptr;
  uint64_t peak_bytes_ = 0;
  uint64_t peak_count_ = 0;
  uint64_t tracking_bytes_ = 0;
  uint64_t granule_mask_ = 15;
  uint8_t record_shift_ = 2;
  bool tracking_ = false;
  bool tells_deaths_ = false;
  bool marks_are_valid_ = false;
  Model model_;
  Content content_;
  BirthSource birth_source_ = nullptr;
  void* birth_host_ = nullptr;
  ledger::Watch* watch_ = nullptr;
  HeapProfile* profile_ = nullptr;
  Chunk* first_span_ = nullptr;
  Chunk* last_span_ = nullptr;
  uint64_t very_large_count_ = 0;
  Refusal refusal_;
  std::unique_ptr<LinearStore> linear_;
  std::vector<std::unique_ptr<std::string>> custom_comments_;
  std::string lane_;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HEAP_H_
