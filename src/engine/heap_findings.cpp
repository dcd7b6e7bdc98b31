#include "engine/heap_findings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "fmt/format.h"
#include "memory/census.h"
#include "memory/ordered_walk.h"
#include "memory/present_text.h"

namespace vestige::engine {

namespace {

bool HoldsStrings(const memory::Heap& heap) { return heap.content() == memory::Content::kStrings; }

std::string TextOf(const memory::LiveBlock& block) {
  return memory::PresentText(static_cast<const char*>(block.pointer));
}

uint64_t AddressOf(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

void WriteChunk(const memory::Heap& heap, const memory::ChunkUse& chunk, audit::HeapReport& report) {
  if (heap.model() == memory::Model::kLinear) {
    report.WriteLinearChunk({.address = AddressOf(chunk.begin), .used_bytes = chunk.bytes_used, .bytes = chunk.bytes});
  } else {
    report.WriteDeckChunk({.block_bytes = chunk.block_bytes,
                           .begin = AddressOf(chunk.begin),
                           .end = AddressOf(chunk.end),
                           .used_blocks = chunk.blocks_used,
                           .blocks = chunk.blocks,
                           .used_bytes = chunk.bytes_used,
                           .bytes = chunk.bytes});
  }
  if (!HoldsStrings(heap)) return;
  heap.ForEachLiveIn(chunk, [&](const memory::LiveBlock& block) { report.WriteContent(TextOf(block)); });
}

void WriteBlock(const memory::Heap& heap, const memory::LiveBlock& block, PlaceTexts& places,
                audit::HeapReport& report) {
  audit::BlockRow row = {.bytes = block.size, .address = AddressOf(block.pointer), .id = block.id};
  if (HoldsStrings(heap)) {
    const std::string text = TextOf(block);
    row.text = text;
    report.WriteBlock(row);
    return;
  }
  // Without tracking the comment is known too, but the documented report does not tell it then.
  if (heap.is_tracking()) {
    row.comment = heap.CommentText(block.comment);
    row.place = places.Of(block.node);
  }
  report.WriteBlock(row);
}

}  // namespace

void WriteHeap(const memory::Heap& heap, PlaceTexts& places, audit::HeapReport& report) {
  const bool is_linear = heap.model() == memory::Model::kLinear;
  const bool tells_all_blocks = heap.is_tracking() && !is_linear;
  if (!tells_all_blocks) {
    heap.ForEachChunk([&](const memory::ChunkUse& chunk) { WriteChunk(heap, chunk, report); });
  }
  if (!is_linear) {
    const memory::Chosen chosen = tells_all_blocks ? memory::Chosen::kAll : memory::Chosen::kBigOnly;
    memory::ForEachInOrder(heap, memory::OrderedBy::kRounded, chosen,
                           [&](const memory::LiveBlock& block) { WriteBlock(heap, block, places, report); });
  }
  report.Finish();
}

HeapStats StatsOf(const memory::Heap& heap) {
  return {.total_blocks = heap.birth_count(),
          .total_bytes = heap.born_bytes(),
          .current_blocks = heap.live_count(),
          .current_bytes = heap.live_bytes(),
          .max_blocks = heap.peak_count(),
          .max_bytes = heap.peak_bytes()};
}

std::vector<audit::TypeRow> CensusOf(const memory::Heap& heap, const types::TypeTable& types) {
  std::vector<audit::TypeRow> rows;
  for (const memory::CensusRow& row : memory::TakeCensus(heap)) {
    std::string name;
    if (row.type == 0) {
      name = row.comment == memory::Comment::kNone ? "other" : heap.CommentText(row.comment);
    } else {
      // The last number stands for all types that did not get one of their own.
      name = row.type < types.type_count() ? types::TypeName(types.ById(row.type)) : "other types";
    }
    rows.push_back({.count = row.count, .bytes = row.bytes, .type = std::move(name)});
  }
  return rows;
}

std::string GrowthText(const memory::Heap& heap, uint64_t mark, const Compiled& program,
                       const ledger::ContextTree& tree) {
  if (!heap.is_tracking()) return "(--track-allocations tells where they come from)\n";
  constexpr size_t kMostGroups = 10;
  absl::flat_hash_map<std::pair<ledger::NodeId, uint64_t>, uint64_t> counts;
  heap.ForEachLive([&](const memory::LiveBlock& block) {
    if (block.id > mark) counts[{block.node, block.requested}] += 1;
  });
  struct Row {
    uint64_t bytes;
    uint64_t count;
    ledger::NodeId node;
  };
  std::vector<Row> rows;
  for (const auto& [key, count] : counts) rows.push_back({key.second * count, count, key.first});
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : std::pair(a.node, a.count) < std::pair(b.node, b.count);
  });
  std::string text;
  for (size_t i = 0; i < std::min(rows.size(), kMostGroups); ++i) {
    text += fmt::format("+{} bytes in {} blocks\n", rows[i].bytes, rows[i].count);
    AppendStack(program, tree, rows[i].node, text);
  }
  if (rows.size() > kMostGroups) text += fmt::format("... and {} places more\n", rows.size() - kMostGroups);
  return text;
}

Survivors SurvivorsOf(const memory::Heap& heap) {
  Survivors survivors;
  // The heap groups more finely (by type and comment as well) than a report tells.
  absl::flat_hash_map<std::pair<ledger::NodeId, uint64_t>, size_t> index;
  for (const memory::BlockGroup& group : heap.LiveGroups()) {
    survivors.count += group.count;
    survivors.bytes += group.count * group.requested;
    const auto [entry, is_new] = index.try_emplace({group.node, group.requested}, survivors.groups.size());
    if (is_new) {
      survivors.groups.push_back(
          {.size = group.requested, .count = 0, .first_id = group.first_id, .stack = group.node});
    }
    BlockGroup& row = survivors.groups[entry->second];
    row.count += group.count;
    row.first_id = std::min(row.first_id, group.first_id);
  }
  audit::SortGroups(survivors.groups);
  return survivors;
}

audit::EachSurvivor EachSurvivorOf(const memory::Heap& heap) {
  return [&heap](audit::GroupVisitor visit) {
    memory::ForEachInOrder(heap, memory::OrderedBy::kRequested, memory::Chosen::kAll,
                           [&](const memory::LiveBlock& block) {
                             visit({.size = block.requested, .count = 1, .first_id = block.id, .stack = block.node});
                           });
  };
}

}  // namespace vestige::engine
