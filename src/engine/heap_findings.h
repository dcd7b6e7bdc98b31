// From the heaps of a context to findings: what reports need, without knowing how heaps keep it. Floor 6.

#ifndef VESTIGE_ENGINE_HEAP_FINDINGS_H_
#define VESTIGE_ENGINE_HEAP_FINDINGS_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "memory/heap.h"
#include "vestige/findings.h"

namespace vestige::engine {

// Where the block born at a context node was allocated; line 0 when that is unknown.
using PlaceOfNode = absl::FunctionRef<Place(ledger::NodeId)>;

// One heap as the heap report shows it. Reads the text of strings, so it must come before the heap is released.
HeapPicture PictureOf(const memory::Heap& heap, PlaceOfNode place_of);

// Survivors of `heap` grouped by stack and size, in the order of reports, with their sums. `each`: a group of one for
// every block, so that each has its own id and place in the order.
struct Survivors {
  std::vector<BlockGroup> groups;
  uint64_t count = 0;
  uint64_t bytes = 0;  // as asked for
};
Survivors SurvivorsOf(const memory::Heap& heap, bool each = false);

// The places that hold most, largest first, at most `limit`: bytes and place.
struct PlaceBytes {
  Place place;
  uint64_t bytes = 0;
};
std::vector<PlaceBytes> TopPlaces(const memory::Heap& heap, PlaceOfNode place_of, size_t limit);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_HEAP_FINDINGS_H_
