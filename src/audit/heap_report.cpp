#include "audit/heap_report.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "fmt/format.h"

namespace vestige::audit {

namespace {

uint64_t WholeKilobytes(uint64_t bytes) { return (bytes + 1023) / 1024; }

using Text = std::string;

template <typename... Args>
void Line(Text& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  text.push_back('\n');
}

void AppendLinear(const HeapPicture& picture, Text& text) {
  for (const LinearChunk& chunk : picture.chunks) {
    Line(text, "{:x}\t{} of {}", chunk.address, chunk.used_bytes, chunk.bytes);
    for (const std::string& content : chunk.texts) Line(text, "\t{}", content);
  }
}

void AppendDecks(const HeapPicture& picture, Text& text) {
  for (const DeckClass& deck : picture.decks) {
    Line(text, "{}decks of size {}", picture.is_string_heap ? "string " : "", deck.block_bytes);
    uint64_t reserved_bytes = 0;
    for (const DeckChunk& chunk : deck.chunks) {
      Line(text, "\t[{:x}..{:x})", chunk.begin, chunk.end);
      Line(text, "\t{} of {}, {} of {} bytes", chunk.used_blocks, chunk.blocks, chunk.used_bytes, chunk.bytes);
      for (const std::string& content : chunk.texts) Line(text, "\t\t{}", content);
      reserved_bytes += chunk.bytes;
    }
    if (picture.is_string_heap) {
      Line(text, "decks reserves {} kb in {} chunks", WholeKilobytes(reserved_bytes), deck.chunks.size());
    }
  }
}

std::string Spell(const Place& place) { return fmt::format("{}:{}:{}", place.file, place.line, place.column); }

// "bytes per location": blocks without a known place have no line here.
void AppendPerLocation(const std::vector<BlockRow>& blocks, Text& text) {
  absl::flat_hash_map<std::string, uint64_t> bytes_at;
  for (const BlockRow& block : blocks) {
    if (block.place.line != 0) bytes_at[Spell(block.place)] += block.bytes;
  }
  if (bytes_at.empty()) return;
  std::vector<std::pair<std::string, uint64_t>> rows(bytes_at.begin(), bytes_at.end());
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return std::tie(b.second, a.first) < std::tie(a.second, b.first); });
  Line(text, "bytes per location:");
  for (const auto& [place, bytes] : rows) Line(text, "{}\t{}", bytes, place);
}

void AppendBlocks(const std::vector<BlockRow>& blocks, Text& text) {
  Line(text, "big stuff:");
  Line(text, "\tsize\tpointer\t\tid");
  for (const BlockRow& block : blocks) {
    Line(text, "\t{}\t{:#x}\t{}{}{}{}{}", block.bytes, block.address, block.id, block.comment.empty() ? "" : "\t",
         block.comment, block.place.line == 0 ? "" : "\t", block.place.line == 0 ? "" : Spell(block.place));
  }
  AppendPerLocation(blocks, text);
}

void AppendStrings(const std::vector<BlockRow>& blocks, Text& text) {
  Line(text, "big stuff:");
  uint64_t total_bytes = 0;
  for (const BlockRow& block : blocks) {
    Line(text, "\t{} size {} bytes, at {:#x}", block.text, block.bytes, block.address);
    total_bytes += block.bytes;
  }
  Line(text, " big stuff total size:{} kb", WholeKilobytes(total_bytes));
}

}  // namespace

void WriteHeapBody(HeapPicture picture, base::TextSink& out) {
  std::sort(picture.blocks.begin(), picture.blocks.end(),
            [](const BlockRow& a, const BlockRow& b) { return std::tie(b.bytes, a.id) < std::tie(a.bytes, b.id); });
  Text text;
  AppendLinear(picture, text);
  AppendDecks(picture, text);
  if (!picture.blocks.empty()) {
    if (picture.is_string_heap) {
      AppendStrings(picture.blocks, text);
    } else {
      AppendBlocks(picture.blocks, text);
    }
  }
  out.Write(text);
}

void WriteHeapReport(HeapPicture picture, base::TextSink& out) {
  out.Write(picture.is_string_heap ? "--- string heap report ---\n" : "--- heap report ---\n");
  WriteHeapBody(std::move(picture), out);
}

}  // namespace vestige::audit
