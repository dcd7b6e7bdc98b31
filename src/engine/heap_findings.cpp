#include "engine/heap_findings.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "audit/leak_report.h"
#include "memory/present_text.h"

namespace vestige::engine {

namespace {

std::string TextOf(const memory::LiveBlock& block) {
  return memory::PresentText(static_cast<const char*>(block.pointer));
}

std::vector<std::string> TextsIn(const memory::Heap& heap, const memory::ChunkUse& chunk) {
  std::vector<std::string> texts;
  if (heap.content() != memory::Content::kStrings) return texts;
  heap.ForEachLiveIn(chunk, [&](const memory::LiveBlock& block) { texts.push_back(TextOf(block)); });
  return texts;
}

uint64_t AddressOf(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

BlockRow RowOf(const memory::Heap& heap, const memory::LiveBlock& block, PlaceOfNode place_of) {
  BlockRow row = {.bytes = block.size, .address = AddressOf(block.pointer), .id = block.id};
  if (heap.content() == memory::Content::kStrings) {
    row.text = TextOf(block);
  } else if (heap.is_tracking()) {
    // Without tracking the comment is known too, but the documented report does not tell it then.
    row.comment = heap.CommentText(block.comment);
    row.place = place_of(block.node);
  }
  return row;
}

void AddDeck(const memory::Heap& heap, const memory::ChunkUse& chunk, HeapPicture& picture) {
  if (picture.decks.empty() || picture.decks.back().block_bytes != chunk.block_bytes) {
    picture.decks.push_back({.block_bytes = static_cast<uint32_t>(chunk.block_bytes), .chunks = {}});
  }
  picture.decks.back().chunks.push_back({.begin = AddressOf(chunk.begin),
                                         .end = AddressOf(chunk.end),
                                         .used_blocks = chunk.blocks_used,
                                         .blocks = chunk.blocks,
                                         .used_bytes = chunk.bytes_used,
                                         .bytes = chunk.bytes,
                                         .texts = TextsIn(heap, chunk)});
}

}  // namespace

HeapPicture PictureOf(const memory::Heap& heap, PlaceOfNode place_of) {
  HeapPicture picture = {.is_string_heap = heap.content() == memory::Content::kStrings,
                         .is_linear = heap.model() == memory::Model::kLinear};
  if (picture.is_linear) {
    heap.ForEachChunk([&](const memory::ChunkUse& chunk) {
      picture.chunks.push_back({.address = AddressOf(chunk.begin),
                                .used_bytes = chunk.bytes_used,
                                .bytes = chunk.bytes,
                                .texts = TextsIn(heap, chunk)});
    });
    return picture;
  }
  const auto add_row = [&](const memory::LiveBlock& block) { picture.blocks.push_back(RowOf(heap, block, place_of)); };
  if (heap.is_tracking()) {
    heap.ForEachLive(add_row);
  } else {
    heap.ForEachChunk([&](const memory::ChunkUse& chunk) { AddDeck(heap, chunk, picture); });
    heap.ForEachBig(add_row);
  }
  return picture;
}

namespace {

Survivors EachSurvivorOf(const memory::Heap& heap) {
  Survivors survivors;
  for (const memory::LiveBlock& block : heap.LiveBlocks()) {
    survivors.groups.push_back({.size = block.requested, .count = 1, .first_id = block.id, .stack = block.node});
    survivors.bytes += block.requested;
  }
  survivors.count = survivors.groups.size();
  audit::SortGroups(survivors.groups);
  return survivors;
}

}  // namespace

Survivors SurvivorsOf(const memory::Heap& heap, bool each) {
  if (each) return EachSurvivorOf(heap);
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

std::vector<PlaceBytes> TopPlaces(const memory::Heap& heap, PlaceOfNode place_of, size_t limit) {
  absl::flat_hash_map<ledger::NodeId, uint64_t> bytes_of;
  for (const memory::BlockGroup& group : heap.LiveGroups()) bytes_of[group.node] += group.count * group.requested;
  absl::flat_hash_map<std::tuple<std::string, uint32_t, uint32_t>, uint64_t> bytes_at;
  for (const auto& [node, bytes] : bytes_of) {
    const Place place = place_of(node);
    if (place.line != 0) bytes_at[{place.file, place.line, place.column}] += bytes;
  }
  std::vector<PlaceBytes> places;
  for (const auto& [at, bytes] : bytes_at) {
    places.push_back({{.file = std::get<0>(at), .line = std::get<1>(at), .column = std::get<2>(at)}, bytes});
  }
  std::sort(places.begin(), places.end(), [](const PlaceBytes& a, const PlaceBytes& b) {
    return std::tie(b.bytes, a.place.file, a.place.line, a.place.column) <
           std::tie(a.bytes, b.place.file, b.place.line, b.place.column);
  });
  if (places.size() > limit) places.resize(limit);
  return places;
}

}  // namespace vestige::engine
