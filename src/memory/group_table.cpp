// The hash table behind grouped reports. Floor 2.
#include "memory/group_table.h"

#include <algorithm>
#include <utility>

namespace vestige::memory {

uint64_t GroupTable::HashOf(ledger::NodeId node, uint64_t requested, Comment comment, TypeId type) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15ull;
  const uint64_t what = uint64_t{node} << 32 | uint64_t{type} << 8 | static_cast<uint64_t>(comment);
  uint64_t hash = (what ^ requested * kOdd) * kOdd;
  hash ^= hash >> 32;
  return hash;
}

BlockGroup* GroupTable::FindOrMake(const LiveBlock& block) {
  const size_t mask = slots_.size() - 1;
  size_t slot = HashOf(block.node, block.requested, block.comment, block.type) & mask;
  for (; slots_[slot] != kEmpty; slot = (slot + 1) & mask) {
    if (Matches(groups_[slots_[slot]], block)) {
      last_ = slots_[slot];
      return &groups_[last_];
    }
  }
  last_ = groups_.size();
  slots_[slot] = static_cast<uint32_t>(last_);
  BlockGroup group;
  group.node = block.node;
  group.comment = block.comment;
  group.type = block.type;
  group.requested = block.requested;
  group.first_id = block.id;
  group.first_pointer = block.pointer;
  groups_.push_back(group);
  if (groups_.size() * 2 > slots_.size()) Grow();
  return &groups_[last_];
}

void GroupTable::Grow() {
  slots_.assign(slots_.size() * 2, kEmpty);
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < groups_.size(); ++i) {
    const BlockGroup& group = groups_[i];
    size_t slot = HashOf(group.node, group.requested, group.comment, group.type) & mask;
    while (slots_[slot] != kEmpty) slot = (slot + 1) & mask;
    slots_[slot] = i;
  }
}

std::vector<BlockGroup> GroupTable::TakeSorted() {
  std::vector<BlockGroup> sorted = std::move(groups_);
  groups_.clear();
  slots_.assign(kFirstSlots, kEmpty);
  last_ = 0;
  std::stable_sort(sorted.begin(), sorted.end(), [](const BlockGroup& a, const BlockGroup& b) {
    return a.requested != b.requested ? a.requested > b.requested : a.first_id < b.first_id;
  });
  return sorted;
}

}  // namespace vestige::memory
