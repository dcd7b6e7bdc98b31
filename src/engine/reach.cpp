#include "engine/reach.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fmt/format.h"
#include "runtime/mark.h"

namespace vestige::engine {

namespace {

// Globals are numbered from 1 here.
constexpr uint32_t kLost = 0;

using Globals = std::span<const exec::GlobalEntry>;

std::string ReachText(Globals globals, uint32_t global) {
  return global == kLost ? "lost" : fmt::format("reachable from {}", globals[global - 1].name);
}

// The survivors of one heap, collected block by block. Memory goes with the number of groups, unless `each` is set.
class HeapReach {
 public:
  HeapReach(const memory::Heap& heap, bool each) : heap_(heap), each_(each) {}

  void Add(const memory::LiveBlock& block, uint32_t global) {
    const auto [entry, is_new] = index_.try_emplace({block.node, block.requested, global}, groups_.size());
    if (is_new) {
      groups_.push_back({{.size = block.requested, .count = 0, .first_id = block.id, .stack = block.node}, global});
    }
    BlockGroup& group = groups_[entry->second].first;
    group.count += 1;
    group.first_id = std::min(group.first_id, block.id);
    survivors_.count += 1;
    survivors_.bytes += block.requested;
    if (each_ && global != kLost) owners_.emplace_back(block.id, global);
  }

  // Once every reachable block was added.
  void AddLost() {
    heap_.ForEachLive([this](const memory::LiveBlock& block) {
      if (!block.marked) Add(block, kLost);
    });
  }

  Survivors TakeSurvivors(Globals globals) {
    for (auto& [group, global] : groups_) {
      group.reach = ReachText(globals, global);
      survivors_.groups.push_back(std::move(group));
    }
    audit::SortGroups(survivors_.groups);
    return std::move(survivors_);
  }

  audit::EachSurvivor TakeEach(Globals globals) {
    if (!each_) return nullptr;
    std::sort(owners_.begin(), owners_.end());
    return [globals, owners = std::move(owners_), each = EachSurvivorOf(heap_)](audit::GroupVisitor visit) {
      each([&](const BlockGroup& block) {
        const auto owner = std::lower_bound(owners.begin(), owners.end(), std::pair(block.first_id, kLost));
        const bool is_owned = owner != owners.end() && owner->first == block.first_id;
        BlockGroup told = block;
        told.reach = ReachText(globals, is_owned ? owner->second : kLost);
        visit(told);
      });
    };
  }

 private:
  const memory::Heap& heap_;
  bool each_;
  absl::flat_hash_map<std::tuple<ledger::NodeId, uint64_t, uint32_t>, size_t> index_;
  std::vector<std::pair<BlockGroup, uint32_t>> groups_;
  Survivors survivors_;
  // Id and global of each reachable block.
  std::vector<std::pair<ledger::BirthId, uint32_t>> owners_;
};

// One marking of a context, global after global: a block belongs to the global whose turn it was when it was reached.
struct Reach final : runtime::MarkObserver {
  Reach(exec::Context& context, bool each)
      : objects(context.heap()), blocks(context.heap(), each), strings(context.string_heap(), each) {}

  void DidMark(const memory::Heap& heap, const void* block) override {
    (&heap == &objects ? blocks : strings).Add(heap.Describe(block), global);
  }

  const memory::Heap& objects;
  HeapReach blocks;
  HeapReach strings;
  uint32_t global = kLost;
};

ReachFindings WithoutReach(exec::Context& context) {
  return {.blocks = SurvivorsOf(context.heap()),
          .strings = SurvivorsOf(context.string_heap()),
          .each_block = EachSurvivorOf(context.heap()),
          .each_string = EachSurvivorOf(context.string_heap())};
}

}  // namespace

ReachFindings SurvivorsWithReach(exec::Context& context, bool each) {
  Reach reach(context, each);
  runtime::Marker marker(context, &reach);
  if (!marker.Begin()) return WithoutReach(context);
  const Globals globals = context.code().globals();
  for (const exec::GlobalEntry& global : globals) {
    reach.global += 1;
    if (global.type->traits().holds_heap && context.Owns(global)) {
      marker.MarkRoot(global.type, context.AddressOf(global));
    }
  }
  reach.blocks.AddLost();
  reach.strings.AddLost();
  marker.End();
  return {.blocks = reach.blocks.TakeSurvivors(globals),
          .strings = reach.strings.TakeSurvivors(globals),
          .each_block = reach.blocks.TakeEach(globals),
          .each_string = reach.strings.TakeEach(globals)};
}

}  // namespace vestige::engine
