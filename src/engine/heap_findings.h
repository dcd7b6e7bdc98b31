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
#include "vestige/heap_stats.h"

namespace vestige::engine {

// Writes one heap as the heap report shows it: chunks and blocks, without the report's title. Reads the text of
// strings, so it must come before the heap is released. Needs little memory, however many blocks there are.
void WriteHeap(const memory::Heap& heap, PlaceTexts& places, audit::HeapReport& report);

// How much it was used.
HeapStats StatsOf(const memory::Heap& heap);

// What `heap` holds, by type.
std::vector<audit::TypeRow> CensusOf(const memory::Heap& heap, const types::TypeTable& types);

// Where the blocks come from that are alive and were born after the birth with id `mark`, a group per stack and size as
// the leak profiler tells them, most bytes first; at most ten. Without tracking, how to have it.
std::string GrowthText(const memory::Heap& heap, uint64_t mark, const Compiled& program,
                       const ledger::ContextTree& tree);

// Survivors of `heap` grouped by stack and size, in the order of reports, with their sums.
struct Survivors {
  std::vector<BlockGroup> groups;
  uint64_t count = 0;
  uint64_t bytes = 0;  // as asked for
};
Survivors SurvivorsOf(const memory::Heap& heap);

// The same one by one, each a group of its own. `heap` is kept by what is returned.
audit::EachSurvivor EachSurvivorOf(const memory::Heap& heap);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_HEAP_FINDINGS_H_
