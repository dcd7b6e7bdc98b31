// Marking and sweeping: the heap's half of a precise collection. What is reachable is the run-time's to say. Floor 2.
#include <bit>
#include <cstring>

#include "memory/heap.h"
#include "memory/linear_store.h"

namespace vestige::memory {

bool Heap::BeginMark() {
  if (linear_ != nullptr) {
    marks_are_valid_ = linear_->BeginMark();
    return marks_are_valid_;
  }
  ForEachChunkHeader([](Chunk* chunk) { std::memset(chunk->marks, 0, chunk->word_count() * sizeof(uint64_t)); });
  marks_are_valid_ = true;
  return true;
}

bool Heap::Mark(const void* pointer) {
  if (linear_ != nullptr) return linear_->Mark(linear_->FindLive(pointer));
  const Place place = FindLive(pointer);
  if (place.chunk == nullptr) return false;
  uint64_t& word = place.chunk->marks[place.slot / 64];
  const uint64_t bit = uint64_t{1} << (place.slot % 64);
  if ((word & bit) != 0) return false;
  word |= bit;
  return true;
}

bool Heap::IsMarked(const void* pointer) const { return Describe(pointer).marked; }

void Heap::EndMark() {
  if (linear_ != nullptr) linear_->EndMark();
  marks_are_valid_ = false;
}

uint64_t Heap::Sweep(BlockVisitor will_free) {
  uint64_t freed = 0;
  if (linear_ == nullptr) {
    ForEachChunkHeader([&](Chunk* chunk) {
      // A span's header is gone once its block is, so the words are counted before.
      const uint32_t words = chunk->word_count();
      for (uint32_t word = 0; word < words; ++word) {
        uint64_t dead = ~chunk->free_words[word] & ~chunk->marks[word];
        const uint32_t slots_here = chunk->slot_count - word * 64;
        if (slots_here < 64) dead &= (uint64_t{1} << slots_here) - 1;
        for (; dead != 0; dead &= dead - 1) {
          const uint32_t slot = word * 64 + static_cast<uint32_t>(std::countr_zero(dead));
          will_free(DescribeSlot(chunk, slot));
          FreeSlot(chunk, slot);
          ++freed;
        }
      }
    });
  }
  EndMark();
  return freed;
}

}  // namespace vestige::memory
