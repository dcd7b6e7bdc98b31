// How a heap is made, and why it says no.
//
// Floor 2.

#ifndef VESTIGE_MEMORY_HEAP_OPTIONS_H_
#define VESTIGE_MEMORY_HEAP_OPTIONS_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "ledger/lane.h"
#include "ledger/watch.h"
#include "memory/heap_profile.h"

namespace vestige::memory {

// Whether this build can track at all (the CMake option DAS_TRACK_ALLOCATIONS).
#if DAS_TRACK_ALLOCATIONS
inline constexpr bool kTrackingIsCompiledIn = true;
#else
inline constexpr bool kTrackingIsCompiledIn = false;
#endif

enum class Model : uint8_t { kPersistent, kLinear };
enum class Content : uint8_t { kObjects, kStrings };

// Blocks up to this size live in decks; larger ones are big stuff.
inline constexpr uint64_t kLargestDeckBlock = 256;
// Blocks from this size on are counted for the memory-limit report.
inline constexpr uint64_t kVeryLargeBlock = 256 * 1024;

// Which allocation is refused for no reason, so that tests see what a refusal does. Heaps on any threads share it.
struct FailurePlan {
  // Allocations and reallocations up to the refused one, itself included; zero: none is refused (any more).
  std::atomic<uint64_t> left{0};
};

struct HeapOptions {
  Model model = Model::kPersistent;
  Content content = Content::kObjects;
  // Keep an id and a birth path for every block. Ignored where tracking is compiled out.
  bool track = false;
  // Most bytes (rounded sizes) that may be alive at once; zero: no limit.
  uint64_t max_bytes = 0;
  // Not owned, may be null: nothing is refused without a reason.
  FailurePlan* failure = nullptr;
  // Size of the first chunk of a linear heap; a persistent heap takes no hint.
  uint64_t first_chunk_bytes = 64 * 1024;
  // Told of births and deaths of tracked blocks; filled before the heap is made. Not owned, may be null.
  ledger::Watch* watch = nullptr;
  // Told of births and deaths of tracked blocks; the context's two heaps have one. Not owned, may be null.
  HeapProfile* profile = nullptr;
  // The lane whose births the ids count.
  std::string lane = std::string(ledger::kMainLane);
};

// Why the last allocation was refused.
struct Refusal {
  uint64_t requested = 0;
  // Bytes alive in this heap at that moment, rounded sizes.
  uint64_t used = 0;
  // Live blocks of at least kVeryLargeBlock.
  uint64_t very_large_count = 0;
  // The system had no memory; otherwise the heap's own limit was reached.
  bool by_system = false;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HEAP_OPTIONS_H_
