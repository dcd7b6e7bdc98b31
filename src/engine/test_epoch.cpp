#include "engine/test_epoch.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace vestige::engine {

uint32_t TestEpoch::Begin() {
  const auto test = static_cast<uint32_t>(spans_.size());
  spans_.push_back({.first_object = context_.heap().birth_count() + 1,
                    .first_string = context_.string_heap().birth_count() + 1,
                    .parent = open_.empty() ? 0 : open_.back()});
  open_.push_back(test);
  return test;
}

void TestEpoch::End(uint32_t test) {
  spans_[test].last_object = context_.heap().birth_count();
  spans_[test].last_string = context_.string_heap().birth_count();
  open_.pop_back();
}

std::vector<EpochSurvivors> TestEpoch::Survivors(const memory::Heap& heap) const {
  std::vector<EpochSurvivors> survivors;
  if (spans_.empty() || !heap.is_tracking()) return survivors;
  const bool is_string = heap.content() == memory::Content::kStrings;
  const auto first = [&](const Span& span) { return is_string ? span.first_string : span.first_object; };
  const auto last = [&](const Span& span) { return is_string ? span.last_string : span.last_object; };
  absl::flat_hash_map<std::tuple<uint32_t, ledger::NodeId, uint64_t>, size_t> index;
  for (const memory::LiveBlock& block : heap.LiveBlocks()) {
    if (block.id < first(spans_[0])) continue;
    // The last test that began before the birth is the innermost one or lies beside it, below a common ancestor.
    const auto after = std::upper_bound(spans_.begin(), spans_.end(), block.id,
                                        [&](uint64_t id, const Span& span) { return id < first(span); });
    auto test = static_cast<uint32_t>(after - spans_.begin() - 1);
    while (test != 0 && last(spans_[test]) < block.id) test = spans_[test].parent;
    if (spans_[test].is_forgiven) continue;
    const auto [entry, is_new] = index.try_emplace({test, block.node, block.requested}, survivors.size());
    if (is_new) survivors.push_back({.test = test, .node = block.node, .bytes = block.requested, .count = 0});
    survivors[entry->second].count += 1;
  }
  return survivors;
}

}  // namespace vestige::engine
