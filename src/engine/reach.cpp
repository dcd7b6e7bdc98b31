#include "engine/reach.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/lost_cycles.h"
#include "engine/reach_paths.h"
#include "runtime/mark.h"

namespace vestige::engine {

namespace {

std::string ReachText(ReachPaths& paths, uint32_t path) {
  return path == ReachPaths::kNone ? "lost" : "reachable from " + paths.TextOf(path);
}

// The survivors of one heap, collected block by block. Memory goes with the number of groups, unless `each` is set.
class HeapReach {
 public:
  HeapReach(const memory::Heap& heap, ReachPaths& paths, bool each) : heap_(heap), paths_(paths), each_(each) {}

  void Add(const memory::LiveBlock& block, uint32_t path) {
    // Blocks of one global are one group; it is told with the path of the first of them.
    const uint32_t global = path == ReachPaths::kNone ? kLost : paths_.GlobalOf(path);
    const auto [entry, is_new] = index_.try_emplace({block.node, block.requested, global}, groups_.size());
    if (is_new) {
      groups_.push_back({{.size = block.requested, .count = 0, .first_id = block.id, .stack = block.node}, path});
    }
    auto& [group, first_path] = groups_[entry->second];
    group.count += 1;
    if (block.id < group.first_id) {
      group.first_id = block.id;
      first_path = path;
    }
    survivors_.count += 1;
    survivors_.bytes += block.requested;
    if (each_ && path != ReachPaths::kNone) owners_.emplace_back(block.id, path);
  }

  // Once every reachable block was added.
  void AddLost() {
    heap_.ForEachLive([this](const memory::LiveBlock& block) {
      if (!block.marked) Add(block, ReachPaths::kNone);
    });
  }

  Survivors TakeSurvivors() {
    for (auto& [group, path] : groups_) {
      group.reach = ReachText(paths_, path);
      survivors_.groups.push_back(std::move(group));
    }
    audit::SortGroups(survivors_.groups);
    return std::move(survivors_);
  }

  // `paths` are those this was made with.
  audit::EachSurvivor TakeEach(const std::shared_ptr<ReachPaths>& paths) {
    if (!each_) return nullptr;
    std::sort(owners_.begin(), owners_.end());
    return [paths, owners = std::move(owners_), each = EachSurvivorOf(heap_)](audit::GroupVisitor visit) {
      each([&](const BlockGroup& block) {
        const auto owner = std::lower_bound(owners.begin(), owners.end(), std::pair(block.first_id, uint32_t{0}));
        const bool is_owned = owner != owners.end() && owner->first == block.first_id;
        BlockGroup told = block;
        told.reach = ReachText(*paths, is_owned ? owner->second : ReachPaths::kNone);
        visit(told);
      });
    };
  }

 private:
  static constexpr uint32_t kLost = ~uint32_t{0};

  const memory::Heap& heap_;
  ReachPaths& paths_;
  bool each_;
  absl::flat_hash_map<std::tuple<ledger::NodeId, uint64_t, uint32_t>, size_t> index_;
  std::vector<std::pair<BlockGroup, uint32_t>> groups_;
  Survivors survivors_;
  // Id and path of each reachable block.
  std::vector<std::pair<ledger::BirthId, uint32_t>> owners_;
};

// One marking of a context, global after global: a block belongs to the global whose turn it was when it was reached.
struct Reach final : runtime::MarkObserver {
  Reach(exec::Context& context, ReachPaths& reach_paths, bool each)
      : paths(reach_paths),
        objects(context.heap()),
        blocks(context.heap(), paths, each),
        strings(context.string_heap(), paths, each) {}

  uint32_t DidMark(const memory::Heap& heap, const void* block, uint32_t owner, runtime::Way way) override {
    const memory::LiveBlock live = heap.Describe(block);
    const uint32_t path = paths.Child(owner, way, block, live.type);
    (&heap == &objects ? blocks : strings).Add(live, path);
    return path;
  }

  ReachPaths& paths;
  const memory::Heap& objects;
  HeapReach blocks;
  HeapReach strings;
};

ReachFindings WithoutReach(exec::Context& context) {
  return {.blocks = SurvivorsOf(context.heap()),
          .strings = SurvivorsOf(context.string_heap()),
          .each_block = EachSurvivorOf(context.heap()),
          .each_string = EachSurvivorOf(context.string_heap())};
}

}  // namespace

ReachFindings SurvivorsWithReach(exec::Context& context, bool each) {
  const auto paths = std::make_shared<ReachPaths>(context);
  Reach reach(context, *paths, each);
  runtime::Marker marker(context, &reach);
  if (!marker.Begin()) return WithoutReach(context);
  uint32_t number = 0;
  for (const exec::GlobalEntry& global : context.code().globals()) {
    if (global.type->traits().holds_heap && context.Owns(global)) {
      marker.MarkRoot(global.type, context.AddressOf(global), paths->OfGlobal(number));
    }
    ++number;
  }
  reach.blocks.AddLost();
  reach.strings.AddLost();
  ReachFindings findings = {.cycles = CyclesOfLost(context)};
  marker.End();
  findings.blocks = reach.blocks.TakeSurvivors();
  findings.strings = reach.strings.TakeSurvivors();
  findings.each_block = reach.blocks.TakeEach(paths);
  findings.each_string = reach.strings.TakeEach(paths);
  return findings;
}

}  // namespace vestige::engine
