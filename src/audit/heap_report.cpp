#include "audit/heap_report.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "fmt/compile.h"
#include "fmt/format.h"

namespace vestige::audit {

namespace {

// Text is handed on in pieces of about this size.
constexpr size_t kFlushBytes = 64 * 1024;

uint64_t WholeKilobytes(uint64_t bytes) { return (bytes + 1023) / 1024; }

template <typename... Args>
void Line(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  text.push_back('\n');
}

}  // namespace

void HeapReport::Flush(size_t limit) {
  if (text_.size() < limit) return;
  out_.Write(text_);
  text_.clear();
}

void HeapReport::WriteTitle() { Line(text_, "--- {}heap report ---", is_strings() ? "string " : ""); }

void HeapReport::WriteLinearChunk(const LinearChunk& chunk) {
  Line(text_, "{:x}\t{} of {}", chunk.address, chunk.used_bytes, chunk.bytes);
}

void HeapReport::WriteDeckChunk(const DeckChunk& chunk) {
  if (deck_bytes_ != chunk.block_bytes) {
    EndDeck();
    deck_bytes_ = chunk.block_bytes;
    Line(text_, "{}decks of size {}", is_strings() ? "string " : "", deck_bytes_);
  }
  Line(text_, "\t[{:x}..{:x})", chunk.begin, chunk.end);
  Line(text_, "\t{} of {}, {} of {} bytes", chunk.used_blocks, chunk.blocks, chunk.used_bytes, chunk.bytes);
  deck_chunks_ += 1;
  deck_reserved_bytes_ += chunk.bytes;
  Flush(kFlushBytes);
}

void HeapReport::WriteContent(std::string_view text) {
  Line(text_, "{}{}", deck_bytes_ != 0 ? "\t\t" : "\t", text);
  Flush(kFlushBytes);
}

void HeapReport::EndDeck() {
  if (deck_bytes_ != 0 && is_strings()) {
    Line(text_, "decks reserves {} kb in {} chunks", WholeKilobytes(deck_reserved_bytes_), deck_chunks_);
  }
  deck_bytes_ = 0;
  deck_chunks_ = 0;
  deck_reserved_bytes_ = 0;
}

void HeapReport::BeginBlocks() {
  EndDeck();
  has_blocks_ = true;
  Line(text_, "big stuff:");
  if (!is_strings()) Line(text_, "\tsize\tpointer\t\tid");
}

void HeapReport::WriteBlock(const BlockRow& block) {
  if (!has_blocks_) BeginBlocks();
  // There may be millions of rows, so their formats are compiled.
  const auto end = std::back_inserter(text_);
  if (is_strings()) {
    fmt::format_to(end, FMT_COMPILE("\t{} size {} bytes, at {:#x}\n"), block.text, block.bytes, block.address);
    block_bytes_ += block.bytes;
  } else {
    fmt::format_to(end, FMT_COMPILE("\t{}\t{:#x}\t{}"), block.bytes, block.address, block.id);
    if (!block.comment.empty()) text_.append("\t").append(block.comment);
    if (!block.place.empty()) {
      text_.append("\t").append(block.place);
      bytes_at_[absl::string_view(block.place.data(), block.place.size())] += block.bytes;
    }
    text_.push_back('\n');
  }
  Flush(kFlushBytes);
}

// Blocks without a known place have no line here.
void HeapReport::WritePerLocation() {
  if (bytes_at_.empty()) return;
  std::vector<std::pair<std::string, uint64_t>> rows(bytes_at_.begin(), bytes_at_.end());
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return std::tie(b.second, a.first) < std::tie(a.second, b.first); });
  Line(text_, "bytes per location:");
  for (const auto& [place, bytes] : rows) {
    Line(text_, "{}\t{}", bytes, place);
    Flush(kFlushBytes);
  }
}

void HeapReport::Finish() {
  EndDeck();
  if (has_blocks_ && is_strings()) Line(text_, " big stuff total size:{} kb", WholeKilobytes(block_bytes_));
  WritePerLocation();
  Flush(0);
}

void WriteHeapsOf(std::string_view context_name, std::string_view lane, base::TextSink& out) {
  std::string text;
  Line(text, "=== Heaps of context '{}' ({}) ===", context_name, lane);
  out.Write(text);
}

void WriteCensus(HeapKind kind, bool with_title, const std::vector<TypeRow>& rows, base::TextSink& out) {
  std::string text;
  if (with_title) Line(text, "--- {}heap census ---", kind == HeapKind::kStrings ? "string " : "");
  for (const TypeRow& row : rows) Line(text, "{}\t{} bytes\t{}", row.count, row.bytes, row.type);
  out.Write(text);
}

}  // namespace vestige::audit
