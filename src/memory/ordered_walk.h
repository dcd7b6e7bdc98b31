// Live blocks in the order of reports: largest first, then oldest first.
//
// A report of ten million rows must not need ten million rows of memory: the heap is walked several times, and each
// walk keeps only the rows that come next. Floor 2.

#ifndef VESTIGE_MEMORY_ORDERED_WALK_H_
#define VESTIGE_MEMORY_ORDERED_WALK_H_

#include <cstdint>

#include "memory/heap.h"

namespace vestige::memory {

// Which of a block's sizes decides its place.
enum class OrderedBy : uint8_t { kRequested, kRounded };

enum class Chosen : uint8_t { kAll, kBigOnly };

// Visits live blocks, largest first, those of one size by id; without ids in heap order. `kBigOnly` leaves out what
// Heap::ForEachBig leaves out. The visitor must not allocate from or free into the heap. Needs 13 MB or 2.4 bytes for
// each live block, whichever is more, and at most twenty walks.
void ForEachInOrder(const Heap& heap, OrderedBy by, Chosen chosen, Heap::BlockVisitor visit);

// The same with `rows_at_once` rows (at least one) for each walk.
void ForEachInOrder(const Heap& heap, OrderedBy by, Chosen chosen, uint64_t rows_at_once, Heap::BlockVisitor visit);

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_ORDERED_WALK_H_
