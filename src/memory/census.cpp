#include "memory/census.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "memory/heap.h"

namespace vestige::memory {

std::vector<CensusRow> TakeCensus(const Heap& heap) {
  absl::flat_hash_map<uint32_t, size_t> index;
  std::vector<CensusRow> rows;
  heap.ForEachLive([&](const LiveBlock& block) {
    const Comment comment = block.type == 0 ? block.comment : Comment::kNone;
    const uint32_t key = BlockInfo(comment, block.type).bits();
    const auto [entry, is_new] = index.try_emplace(key, rows.size());
    if (is_new) rows.push_back({.type = block.type, .comment = comment});
    rows[entry->second].count += 1;
    rows[entry->second].bytes += block.size;
  });
  std::sort(rows.begin(), rows.end(), [](const CensusRow& a, const CensusRow& b) {
    return std::tie(b.bytes, a.type, a.comment) < std::tie(a.bytes, b.type, b.comment);
  });
  return rows;
}

}  // namespace vestige::memory
