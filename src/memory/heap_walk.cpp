// Walking the live blocks of a heap: for reports, groups and questions about chunks. Floor 2.
#include <algorithm>
#include <bit>
#include <cstdlib>

#include "memory/group_table.h"
#include "memory/heap.h"
#include "memory/linear_store.h"

namespace vestige::memory {

namespace {

// Calls `visit(slot)` for every live slot, in ascending order.
template <typename Visit>
void ForEachLiveSlot(const Chunk& chunk, Visit visit) {
  for (uint32_t word = 0; word < chunk.word_count(); ++word) {
    uint64_t live = ~chunk.free_words[word];
    // The last word's bits behind the last slot are clear without being blocks.
    const uint32_t slots_here = chunk.slot_count - word * 64;
    if (slots_here < 64) live &= (uint64_t{1} << slots_here) - 1;
    for (; live != 0; live &= live - 1) visit(word * 64 + static_cast<uint32_t>(std::countr_zero(live)));
  }
}

uint64_t CountLive(const Chunk& chunk) {
  uint64_t free_count = 0;
  for (uint32_t word = 0; word < chunk.word_count(); ++word) free_count += std::popcount(chunk.free_words[word]);
  return chunk.slot_count - free_count;
}

}  // namespace

void Heap::ForEachChunkHeader(absl::FunctionRef<void(Chunk*)> visit) const {
  // The next one is fetched first: a visitor may release the chunk it is given.
  Chunk* next = nullptr;
  for (const SizeClass& slabs : classes_) {
    for (Chunk* chunk = slabs.first; chunk != nullptr; chunk = next) {
      next = chunk->next;
      visit(chunk);
    }
  }
  for (Chunk* chunk = first_span_; chunk != nullptr; chunk = next) {
    next = chunk->next;
    visit(chunk);
  }
}

void Heap::ForEachLive(BlockVisitor visit) const {
  if (linear_ != nullptr) {
    linear_->ForEachLive(visit);
    return;
  }
  ForEachChunkHeader(
      [&](Chunk* chunk) { ForEachLiveSlot(*chunk, [&](uint32_t slot) { visit(DescribeSlot(chunk, slot)); }); });
}

std::vector<LiveBlock> Heap::LiveBlocks() const {
  std::vector<LiveBlock> blocks;
  blocks.reserve(live_count());
  ForEachLive([&](const LiveBlock& block) { blocks.push_back(block); });
  if (is_tracking()) {
    std::sort(blocks.begin(), blocks.end(), [](const LiveBlock& a, const LiveBlock& b) { return a.id < b.id; });
  }
  return blocks;
}

std::vector<BlockGroup> Heap::LiveGroups() const {
  GroupTable groups;
  if (linear_ != nullptr) {
    linear_->ForEachLive([&](const LiveBlock& block) { groups.Add(block); });
  } else {
    ForEachChunkHeader(
        [&](Chunk* chunk) { ForEachLiveSlot(*chunk, [&](uint32_t slot) { groups.Add(DescribeSlot(chunk, slot)); }); });
  }
  return groups.TakeSorted();
}

void Heap::ForEachChunk(absl::FunctionRef<void(const ChunkUse&)> visit) const {
  if (linear_ != nullptr) {
    for (const LinearStore::Chunk* chunk = linear_->newest(); chunk != nullptr; chunk = chunk->older) {
      ChunkUse use;
      use.begin = chunk->data;
      use.end = chunk->data + chunk->bytes;
      linear_->ForEachLiveIn(*chunk, [&](const LiveBlock&) { ++use.blocks_used; });
      use.blocks = chunk->entries.size();
      use.bytes_used = chunk->used;
      use.bytes = chunk->bytes;
      visit(use);
    }
    return;
  }
  for (uint32_t deck = 0; deck < kDeckClassCount; ++deck) {
    for (const Chunk* chunk = classes_[deck].first; chunk != nullptr; chunk = chunk->next) {
      ChunkUse use;
      use.begin = chunk->data;
      use.end = chunk->data + chunk->data_bytes;
      use.block_bytes = chunk->block_bytes;
      use.blocks_used = CountLive(*chunk);
      use.blocks = chunk->slot_count;
      use.bytes_used = use.blocks_used * chunk->block_bytes;
      use.bytes = chunk->data_bytes;
      visit(use);
    }
  }
}

void Heap::ForEachLiveIn(const ChunkUse& use, BlockVisitor visit) const {
  if (linear_ != nullptr) {
    for (const LinearStore::Chunk* chunk = linear_->newest(); chunk != nullptr; chunk = chunk->older) {
      if (chunk->data == use.begin) linear_->ForEachLiveIn(*chunk, visit);
    }
    return;
  }
  const Chunk* chunk = segments_.FindChunk(use.begin);
  if (chunk == nullptr || chunk->kind != Chunk::Kind::kSlab) return;
  ForEachLiveSlot(*chunk, [&](uint32_t slot) { visit(DescribeSlot(chunk, slot)); });
}

void Heap::ForEachBig(BlockVisitor visit) const {
  ForEachChunkHeader([&](Chunk* chunk) {
    if (chunk->block_bytes <= kLargestDeckBlock) return;
    ForEachLiveSlot(*chunk, [&](uint32_t slot) { visit(DescribeSlot(chunk, slot)); });
  });
}

uint64_t Heap::tracking_bytes() const { return linear_ != nullptr ? linear_->tracking_bytes() : tracking_bytes_; }

uint64_t Heap::reserved_bytes() const {
  return linear_ != nullptr ? linear_->reserved_bytes() : segments_.taken_bytes();
}

uint32_t Heap::depth() const {
  if (linear_ != nullptr) return linear_->chunk_count();
  uint32_t deepest = 0;
  for (const SizeClass& slabs : classes_) {
    uint32_t count = 0;
    for (const Chunk* chunk = slabs.first; chunk != nullptr; chunk = chunk->next) ++count;
    deepest = std::max(deepest, count);
  }
  return deepest;
}

}  // namespace vestige::memory
