// What is always true of a heap, checked by walking all of it. Floor 2.
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "memory/heap.h"
#include "memory/linear_store.h"

namespace vestige::memory {

namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "heap: %s\n", what);
  std::abort();
}

}  // namespace

void Heap::VerifySlab(const Chunk& chunk) const {
  Require(chunk.block_bytes == BlockBytesOf(chunk.size_class), "a slab is in the wrong class");
  for (uint32_t word = 0; word < chunk.word_count(); ++word) {
    const bool may_have_room = ((chunk.words_with_free >> word) & 1) != 0;
    Require(chunk.free_words[word] == 0 || may_have_room, "a word with a free block is not in its summary");
    const uint32_t slots_here = chunk.slot_count - word * 64;
    Require(slots_here >= 64 || chunk.free_words[word] >> slots_here == 0, "a block behind the last one is free");
  }
  Require(chunk.words_with_free == 0 || chunk.listed, "a slab with room is not listed");
  for (uint32_t slot = 0; slot < chunk.slot_count; ++slot) {
    if (!chunk.is_live(slot)) continue;
    const char* block = chunk.data + size_t{slot} * chunk.block_bytes;
    const Place place = FindLive(block);
    Require(place.chunk == &chunk && place.slot == slot, "a live block is not found by its address");
    Require(chunk.requested_bytes(slot) <= chunk.block_bytes, "a block is smaller than what was asked for");
    Require(FindLive(block + 1).chunk == nullptr, "the inside of a block counts as a block");
  }
}

void Heap::Verify() const {
  if (linear_ != nullptr) linear_->Verify();
  for (const SizeClass& slabs : classes_) {
    size_t listed = slabs.current == nullptr ? 0 : 1;
    for (const Chunk* chunk = slabs.with_room; chunk != nullptr; chunk = chunk->next_with_room) {
      Require(chunk->listed && chunk != slabs.current, "a slab is in the wrong list");
      ++listed;
    }
    for (const Chunk* chunk = slabs.first; chunk != nullptr; chunk = chunk->next) {
      VerifySlab(*chunk);
      listed -= chunk->listed ? 1 : 0;
    }
    Require(listed == 0, "a listed slab is lost");
    Require(slabs.current != nullptr || slabs.word == &no_word_, "a class without a slab has a word");
  }
  Require(no_word_ == 0, "the word of nobody has a bit");

  uint64_t count = 0;
  uint64_t bytes = 0;
  uint64_t very_large = 0;
  ForEachLive([&](const LiveBlock& block) {
    ++count;
    bytes += block.size;
    very_large += block.requested >= kVeryLargeBlock ? 1 : 0;
    Require(!tracking_ || (block.id > 0 && block.id <= births_.last()), "an id was never given out");
  });
  Require(count == live_count(), "the number of live blocks is wrong");
  Require(bytes == live_bytes_ - dead_bytes_, "the bytes of live blocks are wrong");
  Require(very_large == very_large_count_, "the number of very large blocks is wrong");
  if (linear_ == nullptr) return;
  uint64_t used = 0;
  for (const LinearStore::Chunk* chunk = linear_->newest(); chunk != nullptr; chunk = chunk->older) used += chunk->used;
  Require(used == live_bytes_, "the bytes of linear chunks are wrong");
}

}  // namespace vestige::memory
