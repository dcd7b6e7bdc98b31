// Live blocks that belong in one row of a report, collected block by block.
//
// A hash table over the few things that make a row, never over addresses; its size depends on the number of rows.
// Blocks come in heap order, so the next one usually belongs where the last one did. Floor 2.

#ifndef VESTIGE_MEMORY_GROUP_TABLE_H_
#define VESTIGE_MEMORY_GROUP_TABLE_H_

#include <cstdint>
#include <vector>

#include "memory/block.h"

namespace vestige::memory {

class GroupTable {
 public:
  GroupTable() : slots_(kFirstSlots, kEmpty) {}

  void Add(const LiveBlock& block) {
    BlockGroup* group = last_ < groups_.size() && Matches(groups_[last_], block) ? &groups_[last_] : FindOrMake(block);
    group->count += 1;
    group->bytes += block.size;
    group->marked_count += block.marked ? 1 : 0;
    if (block.id < group->first_id) {
      group->first_id = block.id;
      group->first_pointer = block.pointer;
    }
  }

  // All groups: largest `requested` first, then smallest id, then heap order. The table is empty afterwards.
  std::vector<BlockGroup> TakeSorted();

 private:
  static constexpr uint32_t kEmpty = ~0u;
  static constexpr size_t kFirstSlots = 256;

  static bool Matches(const BlockGroup& group, const LiveBlock& block) {
    return group.node == block.node && group.requested == block.requested && group.comment == block.comment &&
           group.type == block.type;
  }
  static uint64_t HashOf(ledger::NodeId node, uint64_t requested, Comment comment, TypeId type);
  BlockGroup* FindOrMake(const LiveBlock& block);
  void Grow();

  std::vector<BlockGroup> groups_;
  // Indexes into groups_, open addressing, at most half full.
  std::vector<uint32_t> slots_;
  size_t last_ = 0;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_GROUP_TABLE_H_
