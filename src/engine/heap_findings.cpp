#include "engine/heap_findings.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
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

std::vector<PlaceBytes> TopPlaces(const memory::Heap& heap, PlaceTexts& places, size_t limit) {
  absl::flat_hash_map<std::string_view, uint64_t> bytes_at;
  for (const memory::BlockGroup& group : heap.LiveGroups()) {
    const std::string_view place = places.Of(group.node);
    if (!place.empty()) bytes_at[place] += group.count * group.requested;
  }
  std::vector<PlaceBytes> rows;
  for (const auto& [place, bytes] : bytes_at) rows.push_back({std::string(place), bytes});
  std::sort(rows.begin(), rows.end(), [](const PlaceBytes& a, const PlaceBytes& b) {
    return std::tie(b.bytes, a.place) < std::tie(a.bytes, b.place);
  });
  if (rows.size() > limit) rows.resize(limit);
  return rows;
}

}  // namespace vestige::engine
