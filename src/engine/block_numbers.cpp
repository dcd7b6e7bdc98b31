#include "engine/block_numbers.h"

#include <algorithm>

namespace vestige::engine {

namespace {

// Decks lie in chunks that begin at multiples of their size.
uintptr_t ChunkOf(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer) & ~(memory::kChunkBytes - 1); }

// Blocks of a linear heap of objects begin at multiples of this.
constexpr uint64_t kLinearUnit = 16;

}  // namespace

BlockNumbers::BlockNumbers(const memory::Heap& heap) : heap_(heap) {
  uint64_t next = 0;
  const bool is_linear = heap.model() == memory::Model::kLinear;
  heap.ForEachChunk([&](const memory::ChunkUse& chunk) {
    AddPart(chunk.begin, chunk.end, is_linear ? kLinearUnit : chunk.block_bytes, next);
  });
  if (!is_linear) {
    heap.ForEachBig([&](const memory::LiveBlock& block) {
      const char* begin = static_cast<const char*>(block.pointer);
      AddPart(begin, begin + 1, 1, next);
    });
  }
  if (next < kNone) count_ = static_cast<uint32_t>(next);
}

void BlockNumbers::AddPart(const char* begin, const char* end, uint64_t unit, uint64_t& next) {
  const bool is_deck = unit != 1;
  part_at_.emplace(is_deck ? ChunkOf(begin) : reinterpret_cast<uintptr_t>(begin), static_cast<uint32_t>(parts_.size()));
  parts_.push_back({static_cast<uint32_t>(next), static_cast<uint32_t>(unit), begin});
  next += (static_cast<uint64_t>(end - begin) + unit - 1) / unit;
}

const BlockNumbers::Part& BlockNumbers::PartOf(const void* pointer) const {
  if (heap_.model() == memory::Model::kLinear) {
    // Few chunks, each as large as all before it.
    const Part* best = nullptr;
    for (const Part& part : parts_) {
      if (part.begin <= pointer && (best == nullptr || part.begin > best->begin)) best = &part;
    }
    return *best;
  }
  if (ChunkOf(pointer) == last_chunk_) return *last_part_;
  // A larger block may begin a chunk, which is no deck's then.
  const auto chunk = part_at_.find(ChunkOf(pointer));
  if (chunk != part_at_.end() && parts_[chunk->second].unit != 1) {
    last_chunk_ = ChunkOf(pointer);
    last_part_ = &parts_[chunk->second];
    return *last_part_;
  }
  return parts_[part_at_.find(reinterpret_cast<uintptr_t>(pointer))->second];
}

uint32_t BlockNumbers::OfUnmarked(const void* pointer) const {
  if (!heap_.IsUnmarked(pointer)) return kNone;
  const Part& part = PartOf(pointer);
  return part.first + static_cast<uint32_t>((static_cast<const char*>(pointer) - part.begin) / part.unit);
}

memory::LiveBlock BlockNumbers::BlockAt(uint32_t number) const {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), number,
                                      [](uint32_t wanted, const Part& part) { return wanted < part.first; });
  const Part& part = *(after - 1);
  return heap_.Describe(part.begin + uint64_t{number - part.first} * part.unit);
}

}  // namespace vestige::engine
