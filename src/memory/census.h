// How many blocks of each type are alive, at any moment.
//
// Always on: a birth and a death cost two additions in one cache line. The CMake option VESTIGE_CENSUS=OFF makes a
// build without them, only to measure that cost; its heaps count nothing by type. Floor 2.

#ifndef VESTIGE_MEMORY_CENSUS_H_
#define VESTIGE_MEMORY_CENSUS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "memory/block.h"

namespace vestige::memory {

// Live blocks of one type.
struct CensusRow {
  uint64_t count = 0;
  // Rounded sizes.
  uint64_t bytes = 0;
};

// Dense by TypeId. Not thread-safe. Grows when a new type is born, never with the number of blocks; when the system
// refuses that memory, the type is counted as unknown (type 0).
class Census {
 public:
  Census() = default;
  ~Census();
  Census(const Census&) = delete;
  Census& operator=(const Census&) = delete;

  // Whether DidBirth may be called with `type`.
  bool has_room(TypeId type) const { return !kIsCompiledIn || type < row_count_; }
  // Makes room for `type`. False when the system refuses.
  bool Reserve(TypeId type) { return has_room(type) || Grow(type); }

  // `type` must have room.
  void DidBirth(TypeId type, uint64_t bytes) {
    if constexpr (!kIsCompiledIn) return;
    Add(rows_[type].count, 1);
    Add(rows_[type].bytes, bytes);
  }
  void DidDie(TypeId type, uint64_t bytes) {
    if constexpr (!kIsCompiledIn) return;
    Add(rows_[type].count, ~uint64_t{0});
    Add(rows_[type].bytes, uint64_t{0} - bytes);
  }

  // Row i counts type i. Valid until the next birth.
  std::span<const CensusRow> rows() const { return {rows_, row_count_}; }

 private:
#ifdef VESTIGE_NO_CENSUS
  static constexpr bool kIsCompiledIn = false;
#else
  static constexpr bool kIsCompiledIn = true;
#endif

  bool Grow(TypeId type);

  // Relaxed atomics keep the compiler from joining the two counters of a row into one vector load, which would have to
  // wait for the two stores of the event before.
  static void Add(uint64_t& counter, uint64_t by) {
    const std::atomic_ref<uint64_t> shared(counter);
    shared.store(shared.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  CensusRow* rows_ = nullptr;
  uint32_t row_count_ = 0;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_CENSUS_H_
