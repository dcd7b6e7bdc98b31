// How many blocks of each type are alive, at any moment.
//
// Nothing is counted while a script runs: every block carries its type from birth to death (memory/block.h), so a walk
// over the heap is the census, always exact, and births and deaths cost nothing for it. Floor 2.

#ifndef VESTIGE_MEMORY_CENSUS_H_
#define VESTIGE_MEMORY_CENSUS_H_

#include <cstdint>
#include <vector>

#include "memory/block.h"

namespace vestige::memory {

class Heap;

// Live blocks of one type. Those without a type are told apart by their comments, which are kNone for all others.
struct CensusRow {
  TypeId type = 0;
  Comment comment = Comment::kNone;
  uint64_t count = 0;
  // Rounded sizes.
  uint64_t bytes = 0;
};

// Rows of all types that have live blocks: most bytes first, then by type and comment. The sums are the heap's
// live_count() and, unless a linear heap keeps dead blocks in place, its live_bytes(). Walks the whole heap; needs
// memory for the types only.
std::vector<CensusRow> TakeCensus(const Heap& heap);

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_CENSUS_H_
