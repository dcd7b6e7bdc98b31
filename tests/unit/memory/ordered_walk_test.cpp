// Reports in order, whatever fits into one walk.

#include "memory/ordered_walk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vestige::memory {

namespace {

ledger::NodeId OneNode(void*) { return 7; }

// A heap with blocks of three sizes in no order, and holes where others were.
struct Mixed {
  explicit Mixed(bool track, Model model = Model::kPersistent) : heap({.model = model, .track = track}) {
    heap.set_birth_source(&OneNode, nullptr);
    std::vector<std::pair<void*, uint64_t>> gone;
    for (uint64_t i = 0; i < 100; ++i) {
      const uint64_t bytes = i % 3 == 0 ? 300 : i % 3 == 1 ? 20 : 30;
      void* block = heap.Allocate(bytes, BlockInfo(Comment::kNew));
      if (i % 5 == 0) gone.emplace_back(block, bytes);
    }
    for (const auto& [block, bytes] : gone) REQUIRE(heap.Free(block, bytes));
  }

  std::vector<LiveBlock> InOrder(uint64_t rows_at_once, OrderedBy by = OrderedBy::kRequested,
                                 Chosen chosen = Chosen::kAll) const {
    std::vector<LiveBlock> blocks;
    ForEachInOrder(heap, by, chosen, rows_at_once, [&](const LiveBlock& block) { blocks.push_back(block); });
    return blocks;
  }

  Heap heap;
};

std::vector<std::pair<uint64_t, ledger::BirthId>> SizesAndIds(const std::vector<LiveBlock>& blocks) {
  std::vector<std::pair<uint64_t, ledger::BirthId>> rows;
  for (const LiveBlock& block : blocks) rows.emplace_back(block.requested, block.id);
  return rows;
}

}  // namespace

TEST_CASE("blocks come by size, largest first, then by id, in walks of any length") {
  if (!kTrackingIsCompiledIn) return;
  for (const Model model : {Model::kPersistent, Model::kLinear}) {
    const Mixed mixed(true, model);
    std::vector<LiveBlock> expected = mixed.heap.LiveBlocks();
    std::stable_sort(expected.begin(), expected.end(),
                     [](const LiveBlock& a, const LiveBlock& b) { return a.requested > b.requested; });
    REQUIRE(expected.size() == 80);
    for (const uint64_t rows_at_once : {1, 2, 7, 40, 79, 80, 81, 1000}) {
      CAPTURE(rows_at_once);
      CHECK(SizesAndIds(mixed.InOrder(rows_at_once)) == SizesAndIds(expected));
    }
  }
}

TEST_CASE("rounded sizes join what asked for different ones") {
  if (!kTrackingIsCompiledIn) return;
  const Mixed mixed(true);
  const std::vector<LiveBlock> blocks = mixed.InOrder(9, OrderedBy::kRounded);
  const auto small = std::find_if(blocks.begin(), blocks.end(), [](const LiveBlock& b) { return b.size == 32; });
  CHECK(std::is_sorted(small, blocks.end(), [](const LiveBlock& a, const LiveBlock& b) { return a.id < b.id; }));
  CHECK(std::any_of(small, blocks.end(), [](const LiveBlock& b) { return b.requested == 20; }));
  CHECK(std::any_of(small, blocks.end(), [](const LiveBlock& b) { return b.requested == 30; }));
}

TEST_CASE("without ids blocks of one size come in heap order") {
  const Mixed mixed(false);
  std::vector<void*> expected;
  mixed.heap.ForEachBig([&](const LiveBlock& block) { expected.push_back(block.pointer); });
  REQUIRE(expected.size() > 20);
  std::vector<void*> told;
  for (const LiveBlock& block : mixed.InOrder(4, OrderedBy::kRounded, Chosen::kBigOnly)) told.push_back(block.pointer);
  CHECK(told == expected);
}

TEST_CASE("an empty heap has no rows") {
  const Heap heap{HeapOptions{}};
  ForEachInOrder(heap, OrderedBy::kRounded, Chosen::kAll, [](const LiveBlock&) { FAIL("no block lives"); });
}

}  // namespace vestige::memory
