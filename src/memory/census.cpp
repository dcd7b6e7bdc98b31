// Growth of the census. Floor 2.
#include "memory/census.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace vestige::memory {

Census::~Census() { std::free(rows_); }

bool Census::Grow(TypeId type) {
  const uint32_t new_count = std::max({type + 1, row_count_ * 2, 16u});
  void* grown = std::realloc(static_cast<void*>(rows_), new_count * sizeof(CensusRow));
  if (grown == nullptr) return false;
  rows_ = static_cast<CensusRow*>(grown);
  for (uint32_t i = row_count_; i < new_count; ++i) new (&rows_[i]) CensusRow();
  row_count_ = new_count;
  return true;
}

}  // namespace vestige::memory
