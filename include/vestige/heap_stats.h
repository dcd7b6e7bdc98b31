// How much a heap was used, and checks of it for tests.
//
//   vestige::HeapStats before = ...;
//   ... what must leave nothing behind ...
//   EXPECT_EQ(vestige::HeapEqual(before, now), "");
//
// Numbers are exact and each heap has its own, so tests may run side by side. Part of the public interface; needs
// nothing else of Vestige. Scripts have the same in daslib/heap_stats.

#ifndef VESTIGE_HEAP_STATS_H_
#define VESTIGE_HEAP_STATS_H_

#include <cstdint>
#include <string>

namespace vestige {

// Bytes are what blocks count for: rounded up to 16, of strings to 4.
struct HeapStats {
  uint64_t total_blocks = 0;  // ever allocated; growing a block counts as a new one
  uint64_t total_bytes = 0;
  uint64_t current_blocks = 0;  // alive
  uint64_t current_bytes = 0;
  uint64_t max_blocks = 0;  // alive when max_bytes were
  uint64_t max_bytes = 0;   // most bytes alive at once

  friend bool operator==(const HeapStats&, const HeapStats&) = default;
};

// Each returns the empty text when the claim holds, else a sentence with both numbers.

// Nothing that was allocated since `before` is alive, and nothing of then is gone.
std::string HeapEqual(const HeapStats& before, const HeapStats& now);
// At most so much is alive.
std::string AtMostBytes(const HeapStats& now, uint64_t bytes);
// At most so many blocks are alive.
std::string AtMostBlocks(const HeapStats& now, uint64_t blocks);
// At most so much was ever alive at once.
std::string PeakAtMost(const HeapStats& now, uint64_t bytes);
// Nothing was allocated since `before`.
std::string NoneAllocated(const HeapStats& before, const HeapStats& now);

}  // namespace vestige

#endif  // VESTIGE_HEAP_STATS_H_
