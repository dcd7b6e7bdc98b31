#include "memory/heap_profile.h"

#include <algorithm>

namespace vestige::memory {

uint32_t HeapProfile::MakePoint(ledger::NodeId node) {
  if (node >= index_.size()) index_.resize(std::max<size_t>(node + size_t{1}, index_.size() * 3 / 2));
  index_[node] = static_cast<uint32_t>(points_.size());
  points_.emplace_back().node = node;
  return index_[node];
}

void HeapProfile::ForEachRow(absl::FunctionRef<void(const ProfileRow&)> visit) const {
  for (size_t i = 1; i < points_.size(); ++i) {
    const Point& point = points_[i];
    const bool changed = !is_at_peak_ && point.saved_epoch == epoch_;
    visit({.node = point.node,
           .total_bytes = point.total_bytes,
           .total_blocks = point.total_blocks,
           .lifetimes = point.lifetimes + point.blocks * time_,
           .max_bytes = point.max_bytes,
           .max_blocks = point.max_blocks,
           .peak_bytes = changed ? point.saved_bytes : point.bytes,
           .peak_blocks = changed ? point.saved_blocks : point.blocks,
           .live_bytes = point.bytes,
           .live_blocks = point.blocks});
  }
}

}  // namespace vestige::memory
