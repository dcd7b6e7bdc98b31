// Numbers for the places of a heap's blocks, so that what is said of each block can lie in arrays. Floor 6.

#ifndef VESTIGE_ENGINE_BLOCK_NUMBERS_H_
#define VESTIGE_ENGINE_BLOCK_NUMBERS_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "memory/heap.h"

namespace vestige::engine {

// A number for every place that may hold a block. Valid until the heap changes. Takes memory for each chunk and for
// each block above memory::kLargestDeckBlock.
class BlockNumbers {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  explicit BlockNumbers(const memory::Heap& heap);

  // One more than the largest number. Zero as well when there are more places than numbers.
  uint32_t count() const { return count_; }
  // Of the live block that starts there and that the last marking did not reach; kNone when there is none.
  uint32_t OfUnmarked(const void* pointer) const;
  // The block with this number, which is live.
  memory::LiveBlock BlockAt(uint32_t number) const;

 private:
  // Places of `unit` bytes from `begin` on, numbered from `first`.
  struct Part {
    uint32_t first;
    uint32_t unit;
    const char* begin;
  };

  void AddPart(const char* begin, const char* end, uint64_t unit, uint64_t& next);
  const Part& PartOf(const void* pointer) const;

  const memory::Heap& heap_;
  // By number.
  std::vector<Part> parts_;
  // Of a persistent heap: the part of each deck's chunk by its place in memory, and of each larger block by its
  // address.
  absl::flat_hash_map<uintptr_t, uint32_t> part_at_;
  // The deck that was asked for last: blocks refer to their neighbours more often than not.
  mutable uintptr_t last_chunk_ = 0;
  mutable const Part* last_part_ = nullptr;
  uint32_t count_ = 0;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_BLOCK_NUMBERS_H_
