// Slabs of a persistent heap: size classes, and how a class finds its next word with a free bit.
//
// A class allocates from one word of 64 slots until that is full, then from the next word of the same slab that its
// summary calls not full, then from the next listed slab, then from a new one. Summaries may call a full word not full:
// the fast path takes bits without telling; the word is struck off when it is met here. Floor 2.
#include <bit>
#include <cstdlib>
#include <cstring>

#include "memory/heap.h"
#include "memory/tool_marks.h"

namespace vestige::memory {

uint32_t Heap::ClassOf(uint64_t bytes) {
  if (bytes <= kLargestDeckBlock) return static_cast<uint32_t>((bytes - 1) >> 4);
  // Eight classes per doubling: at most an eighth of a block is not asked for.
  const uint64_t last = bytes - 1;
  const uint32_t exponent = static_cast<uint32_t>(std::bit_width(last)) - 1;
  return kDeckClassCount + (exponent - 8) * 8 + static_cast<uint32_t>((last >> (exponent - 3)) & 7);
}

uint32_t Heap::BlockBytesOf(uint32_t size_class) {
  if (size_class < kDeckClassCount) return (size_class + 1) * 16;
  const uint32_t exponent = 8 + (size_class - kDeckClassCount) / 8;
  return (1u << exponent) + ((size_class - kDeckClassCount) % 8 + 1) * (1u << (exponent - 3));
}

uint32_t Heap::ReciprocalOf(uint32_t block_bytes) {
  // Rounded up; exact for every offset in a chunk, because offset * block_bytes stays below 2^32.
  return static_cast<uint32_t>(((uint64_t{1} << 32) + block_bytes - 1) / block_bytes);
}

void* Heap::AllocateFromClass(uint32_t size_class, uint64_t bytes, BlockInfo info) {
  SizeClass& slabs = classes_[size_class];
  if (*slabs.word == 0 && !FindWordWithRoom(size_class)) return Refuse(bytes, true);
  const uint64_t free = *slabs.word;
  *slabs.word = free & (free - 1);
  Chunk* chunk = slabs.current;
  const uint32_t word = static_cast<uint32_t>(slabs.word - chunk->free_words);
  const uint32_t slot = word * 64 + static_cast<uint32_t>(std::countr_zero(free));
  if (chunk->requested != nullptr) {
    chunk->requested[slot] = bytes;
  } else {
    info = info.WithSlack(static_cast<uint32_t>(chunk->block_bytes - bytes));
  }
  chunk->set_info(slot, info);
  CountBirth(RoundUp(bytes));
  char* block = chunk->data + size_t{slot} * chunk->block_bytes;
  ToolDidAllocate(block, bytes);
  // Then the next birth of the class comes here, too: the inline half of Allocate tells no tool.
  if (kTellsTools) slabs.word = &no_word_;
  return tracking_ ? RecordBirth(chunk->record(slot), block, bytes) : block;
}

bool Heap::FindWordWithRoom(uint32_t size_class) {
  SizeClass& slabs = classes_[size_class];
  for (;;) {
    Chunk* chunk = slabs.current;
    if (chunk == nullptr) {
      chunk = slabs.with_room;
      if (chunk != nullptr) {
        slabs.with_room = chunk->next_with_room;
      } else {
        chunk = MakeSlab(size_class);
        if (chunk == nullptr) return false;
      }
      slabs.current = chunk;
    }
    while (chunk->words_with_free != 0) {
      const uint32_t word = static_cast<uint32_t>(std::countr_zero(chunk->words_with_free));
      if (chunk->free_words[word] != 0) {
        slabs.word = &chunk->free_words[word];
        slabs.blocks = chunk->data + size_t{word} * 64 * chunk->block_bytes;
        slabs.records = chunk->records + (size_t{word} * 64 << record_shift_);
        return true;
      }
      chunk->words_with_free &= chunk->words_with_free - 1;
    }
    chunk->listed = false;
    slabs.current = nullptr;
    slabs.word = &no_word_;
  }
}

bool Heap::DidGetRoom(Chunk* chunk, uint32_t word) {
  chunk->words_with_free |= uint64_t{1} << word;
  if (!chunk->listed) {
    SizeClass& slabs = classes_[chunk->size_class];
    chunk->listed = true;
    chunk->next_with_room = slabs.with_room;
    slabs.with_room = chunk;
  }
  return true;
}

Chunk* Heap::MakeSlab(uint32_t size_class) {
  const uint32_t block_bytes = BlockBytesOf(size_class);
  const uint32_t slot_count = static_cast<uint32_t>(kChunkBytes / block_bytes);
  const uint32_t word_count = (slot_count + 63) / 64;
  const bool is_deck = block_bytes <= kLargestDeckBlock;
  // Records, then sizes as asked for, then marks.
  const size_t record_bytes = ((size_t{slot_count} << record_shift_) + 7) & ~size_t{7};
  const size_t requested_bytes = is_deck ? 0 : slot_count * sizeof(uint64_t);
  char* beside = static_cast<char*>(std::malloc(record_bytes + requested_bytes + word_count * sizeof(uint64_t)));
  if (beside == nullptr) return nullptr;
  Chunk* chunk = segments_.Take(1);
  if (chunk == nullptr) {
    std::free(beside);
    return nullptr;
  }
  ToolDidReserve(chunk->data, kChunkBytes);
  chunk->kind = Chunk::Kind::kSlab;
  chunk->block_bytes = block_bytes;
  chunk->reciprocal = ReciprocalOf(block_bytes);
  chunk->slot_count = slot_count;
  chunk->data_bytes = slot_count * block_bytes;
  chunk->size_class = static_cast<uint8_t>(size_class);
  chunk->record_shift = record_shift_;
  chunk->listed = true;
  chunk->records = beside;
  chunk->requested = is_deck ? nullptr : reinterpret_cast<uint64_t*>(beside + record_bytes);
  chunk->marks = reinterpret_cast<uint64_t*>(beside + record_bytes + requested_bytes);
  chunk->words_with_free = word_count == 64 ? ~uint64_t{0} : (uint64_t{1} << word_count) - 1;
  std::memset(chunk->free_words, 0xFF, word_count * sizeof(uint64_t));
  // Bits behind the last slot stay clear: nobody may be given them.
  if (slot_count % 64 != 0) chunk->free_words[word_count - 1] = (uint64_t{1} << (slot_count % 64)) - 1;

  SizeClass& slabs = classes_[size_class];
  chunk->next = nullptr;
  chunk->previous = slabs.last;
  (slabs.last == nullptr ? slabs.first : slabs.last->next) = chunk;
  slabs.last = chunk;
  if (tracking_) tracking_bytes_ += size_t{slot_count} << record_shift_;
  return chunk;
}

void Heap::ReleaseSlab(Chunk* chunk) {
  SizeClass& slabs = classes_[chunk->size_class];
  (chunk->previous == nullptr ? slabs.first : chunk->previous->next) = chunk->next;
  (chunk->next == nullptr ? slabs.last : chunk->next->previous) = chunk->previous;
  if (tracking_) tracking_bytes_ -= size_t{chunk->slot_count} << record_shift_;
  std::free(chunk->records);
  ToolWillRelease(chunk->data, kChunkBytes);
  segments_.GiveBack(chunk);
}

void Heap::Trim() {
  for (SizeClass& slabs : classes_) {
    // The lists of slabs with room are made anew, without those that go.
    slabs.current = slabs.with_room = nullptr;
    slabs.word = &no_word_;
    bool kept_empty = false;
    Chunk* next = nullptr;
    for (Chunk* chunk = slabs.first; chunk != nullptr; chunk = next) {
      next = chunk->next;
      uint32_t free_count = 0;
      for (uint32_t w = 0; w < chunk->word_count(); ++w) free_count += std::popcount(chunk->free_words[w]);
      chunk->listed = false;
      if (free_count == chunk->slot_count && kept_empty) {
        ReleaseSlab(chunk);
        continue;
      }
      kept_empty = kept_empty || free_count == chunk->slot_count;
      if (free_count == 0) {
        chunk->words_with_free = 0;
        continue;
      }
      chunk->listed = true;
      chunk->next_with_room = slabs.with_room;
      slabs.with_room = chunk;
    }
  }
}

}  // namespace vestige::memory
