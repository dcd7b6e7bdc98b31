#include "audit/limit_report.h"

#include <algorithm>

#include "fmt/format.h"

namespace vestige::audit {

template <typename... Args>
void LimitReportWriter::Line(const char* format, const Args&... args) {
  const size_t room = line_.size() - 1;
  const size_t size =
      std::min(fmt::vformat_to_n(line_.data(), room, format, fmt::make_format_args(args...)).size, room);
  line_[size] = '\n';
  out_.Write({line_.data(), size + 1});
}

void LimitReportWriter::BeginPlaces() { Line("bytes per location:"); }

void LimitReportWriter::Place(uint64_t bytes, std::string_view file, uint32_t line, uint32_t column) {
  if (file.empty()) {
    Line("{}\tbefore the script began", bytes);
  } else {
    Line("{}\t{}:{}:{}", bytes, file, line, column);
  }
}

void LimitReportWriter::Frame(const FrameView& frame) {
  const size_t size = WriteFrame(frame, line_.first(line_.size() - 1));
  line_[size] = '\n';
  out_.Write({line_.data(), size + 1});
}

void LimitReportWriter::MoreFrames(uint64_t count) { Line("  ... {} more", count); }

void LimitReportWriter::NoPlaces() { Line("(--track-allocations tells the places that hold most)"); }

void LimitReportWriter::BeginTypes() { Line("bytes per type:"); }

void LimitReportWriter::Type(uint64_t bytes, uint64_t count, std::string_view name) {
  Line("{}\t{}\t{}", bytes, count, name);
}

void LimitReportWriter::NotExact() { Line("(others may hold as much)"); }

void LimitReportWriter::Growth(const uint64_t* items, const HeapGrowth& heap, const HeapGrowth& strings) {
  constexpr const char* kHeaps = "heap {:+} bytes in {:+} blocks, strings {:+} bytes in {:+} blocks";
  char heaps[192];
  const size_t size = fmt::format_to_n(heaps, sizeof(heaps), fmt::runtime(kHeaps), heap.bytes, heap.blocks,
                                       strings.bytes, strings.blocks)
                          .size;
  const std::string_view text(heaps, std::min(size, sizeof(heaps)));
  if (items == nullptr) {
    Line("since the start: {}", text);
  } else {
    Line("since the checkpoint at items={}: {}", *items, text);
  }
}

void LimitReportWriter::GrownPlace(uint64_t bytes, std::string_view file, uint32_t line, uint32_t column) {
  if (!file.empty()) Line("+{}\t{}:{}:{}", bytes, file, line, column);
}

}  // namespace vestige::audit
