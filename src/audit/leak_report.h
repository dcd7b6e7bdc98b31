// The leak profiler's report: survivors of a context with their call stacks, as text.
//
// The lines are the documented ones of the reference; a group of more than one block adds the count. The extended
// report has lines of its own. Floor 2.

#ifndef VESTIGE_AUDIT_LEAK_REPORT_H_
#define VESTIGE_AUDIT_LEAK_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/text_sink.h"
#include "vestige/findings.h"

namespace vestige::audit {

// Calls its visitor with a group of one for every survivor of a heap, in the order of SortGroups.
using GroupVisitor = absl::FunctionRef<void(const BlockGroup&)>;
using EachSurvivor = std::function<void(GroupVisitor)>;

struct LeakReportOptions {
  bool extended = false;  // reach of every group, and what the tracker itself costs
  // Set: a row for each survivor instead of one for each group of the findings.
  EachSurvivor each_block;
  EachSurvivor each_string;
};

// Writes the heap's block, then the strings' block, then cycles; each only when it has any.
void WriteLeakReport(const ContextFindings& findings, const StackResolver& stacks, const LeakReportOptions& options,
                     base::TextSink& out);

// Sorts groups by size, largest first, then by first id: never by address or hash.
void SortGroups(std::vector<BlockGroup>& groups);

// A frame whose texts belong to somebody else.
struct FrameView {
  std::string_view function;
  std::string_view file;
  uint32_t line = 0;
  uint32_t column = 0;
  bool is_native = false;
  bool is_recursive = false;
};

// One frame as reports spell it, without the line feed: "  at fill demo.das:6", "  at builtin`push native".
void AppendFrame(const StackFrame& frame, std::string& text);
// The same into `room`, cut to what fits, without allocating; returns the bytes written.
size_t WriteFrame(const FrameView& frame, std::span<char> room);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_LEAK_REPORT_H_
