// What fills the heaps at a memory limit, as text that is spelled without allocating. Floor 2.

#ifndef VESTIGE_AUDIT_LIMIT_REPORT_H_
#define VESTIGE_AUDIT_LIMIT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "audit/leak_report.h"
#include "base/text_sink.h"

namespace vestige::audit {

// How much a heap grew; negative when it shrank.
struct HeapGrowth {
  int64_t bytes = 0;
  int64_t blocks = 0;
};

// Writes line by line, each spelled in the same piece of memory and cut to it:
//
//   bytes per location:
//   800000<tab>game.das:36:9
//     at builtin`reserve native
//     at keep game.das:36
//   bytes per type:
//   800000<tab>2<tab>array<int>
//   since the checkpoint at items=2000: heap +800000 bytes in +2 blocks, strings +0 bytes in +0 blocks
//   +800000<tab>game.das:36:9
//
// The sink gets each line whole.
class LimitReportWriter {
 public:
  // Keeps both; `line` is at least 256 bytes.
  LimitReportWriter(std::span<char> line, base::TextSink& out) : line_(line), out_(out) {}

  void BeginPlaces();
  // An empty file: the place is unknown.
  void Place(uint64_t bytes, std::string_view file, uint32_t line, uint32_t column);
  void Frame(const FrameView& frame);
  void MoreFrames(uint64_t count);
  // Places cannot be told, because births were not recorded.
  void NoPlaces();
  void BeginTypes();
  void Type(uint64_t bytes, uint64_t count, std::string_view name);
  // There were too many kinds of rows to be sure of the list above.
  void NotExact();
  // `items` is unset before the first checkpoint.
  void Growth(const uint64_t* items, const HeapGrowth& heap, const HeapGrowth& strings);
  void GrownPlace(uint64_t bytes, std::string_view file, uint32_t line, uint32_t column);

 private:
  template <typename... Args>
  void Line(const char* format, const Args&... args);

  std::span<char> line_;
  base::TextSink& out_;
};

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_LIMIT_REPORT_H_
