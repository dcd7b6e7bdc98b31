#include "engine/reach.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "audit/leak_report.h"
#include "fmt/format.h"
#include "runtime/mark.h"

namespace vestige::engine {

namespace {

constexpr uint32_t kLost = 0;

// Every live block of one heap, and the number of the global that was found to lead to it (from 1).
class Reach {
 public:
  explicit Reach(const memory::Heap& heap) : heap_(heap), blocks_(heap.LiveBlocks()), global_(blocks_.size(), kLost) {}

  // Blocks that are marked and belong to no earlier global belong to this one.
  void Claim(uint32_t global) {
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (global_[i] == kLost && heap_.IsMarked(blocks_[i].pointer)) global_[i] = global;
    }
  }

  Survivors Group(std::span<const exec::GlobalEntry> globals, bool each) const {
    Survivors survivors;
    absl::flat_hash_map<std::tuple<ledger::NodeId, uint64_t, uint32_t>, size_t> index;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      const memory::LiveBlock& block = blocks_[i];
      const size_t next = survivors.groups.size();
      const size_t at = each ? next : index.try_emplace({block.node, block.requested, global_[i]}, next).first->second;
      if (at == next) {
        survivors.groups.push_back({.size = block.requested,
                                    .count = 0,
                                    .first_id = block.id,
                                    .stack = block.node,
                                    .reach = Text(globals, global_[i])});
      }
      survivors.groups[at].count += 1;
      survivors.bytes += block.requested;
    }
    survivors.count = blocks_.size();
    audit::SortGroups(survivors.groups);
    return survivors;
  }

 private:
  static std::string Text(std::span<const exec::GlobalEntry> globals, uint32_t global) {
    return global == kLost ? "lost" : fmt::format("reachable from {}", globals[global - 1].name);
  }

  const memory::Heap& heap_;
  std::vector<memory::LiveBlock> blocks_;  // by id
  std::vector<uint32_t> global_;
};

}  // namespace

ReachFindings SurvivorsWithReach(exec::Context& context, bool each) {
  runtime::Marker marker(context);
  if (!marker.Begin()) return {SurvivorsOf(context.heap(), each), SurvivorsOf(context.string_heap(), each)};
  Reach blocks(context.heap());
  Reach strings(context.string_heap());
  const std::span<const exec::GlobalEntry> globals = context.code().globals();
  for (uint32_t i = 0; i < globals.size(); ++i) {
    if (!globals[i].type->traits().holds_heap) continue;
    marker.MarkRoot(globals[i].type, context.globals + globals[i].offset);
    blocks.Claim(i + 1);
    strings.Claim(i + 1);
  }
  marker.End();
  return {blocks.Group(globals, each), strings.Group(globals, each)};
}

}  // namespace vestige::engine
