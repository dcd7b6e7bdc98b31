// From the heaps of a context to findings: what reports need, without knowing how heaps keep it. Floor 6.

#ifndef VESTIGE_ENGINE_HEAP_FINDINGS_H_
#define VESTIGE_ENGINE_HEAP_FINDINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "audit/heap_report.h"
#include "audit/leak_report.h"
#include "engine/stack_text.h"
#include "memory/heap.h"
#include "types/type_table.h"
#include "vestige/findings.h"

namespace vestige::engine {

// Writes one heap as the heap report shows it: chunks and blocks, without the report's title. Reads the text of
// strings, so it must come before the heap is released. Needs little memory, however many blocks there are.
void WriteHeap(const memory::Heap& heap, PlaceTexts& places, audit::HeapReport& report);

// What `heap` holds, by type.
std::vector<audit::TypeRow> CensusOf(const memory::Heap& heap, const types::TypeTable& types);

// Survivors of `heap` grouped by stack and size, in the order of reports, with their sums.
struct Survivors {
  std::vector<BlockGroup> groups;
  uint64_t count = 0;
  uint64_t bytes = 0;  // as asked for
};
Survivors SurvivorsOf(const memory::Heap& heap);

// The same one by one, each a group of its own. `heap` is kept by what is returned.
audit::EachSurvivor EachSurvivorOf(const memory::Heap& heap);

// The places that hold most, largest first, at most `limit`: "file:line:column" and bytes.
struct PlaceBytes {
  std::string place;
  uint64_t bytes = 0;
};
std::vector<PlaceBytes> TopPlaces(const memory::Heap& heap, PlaceTexts& places, size_t limit);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_HEAP_FINDINGS_H_
