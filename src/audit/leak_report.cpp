#include "audit/leak_report.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "fmt/format.h"

namespace vestige::audit {

namespace {

// Text is handed on in pieces of about this size, so that a report of any length needs little memory.
constexpr size_t kFlushBytes = 64 * 1024;

class ReportWriter {
 public:
  ReportWriter(const StackResolver& stacks, const LeakReportOptions& options, base::TextSink& out)
      : stacks_(stacks), options_(options), out_(out) {}
  ~ReportWriter() { out_.Write(text_); }

  template <typename... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_.push_back('\n');
    if (text_.size() >= kFlushBytes) {
      out_.Write(text_);
      text_.clear();
    }
  }

  void Group(const BlockGroup& group) {
    std::string stack;
    for (const StackFrame& frame : stacks_.Frames(group.stack)) {
      AppendFrame(frame, stack);
      stack.push_back('\n');
    }
    if (!stack.empty()) stack.pop_back();
    const std::string reach = options_.extended ? Extension(group) : "";
    const uint64_t rows = options_.ungrouped ? group.count : 1;
    for (uint64_t row = 0; row < rows; ++row) {
      if (rows == group.count) {
        Line("[leak] size={:#x} bytes{}", group.size, reach);
      } else {
        Line("[leak] size={:#x} bytes x{} ({:#x} bytes){}", group.size, group.count, group.size * group.count, reach);
      }
      if (!stack.empty()) Line("{}", stack);
    }
  }

 private:
  // What the extended report adds to a row: the id to break on, and who still leads to the block.
  static std::string Extension(const BlockGroup& group) {
    return fmt::format(", id {}{}{}", group.first_id, group.reach.empty() ? "" : ", ", group.reach);
  }

  const StackResolver& stacks_;
  const LeakReportOptions& options_;
  base::TextSink& out_;
  std::string text_;
};

}  // namespace

void SortGroups(std::vector<BlockGroup>& groups) {
  std::sort(groups.begin(), groups.end(), [](const BlockGroup& a, const BlockGroup& b) {
    return std::tie(b.size, a.first_id) < std::tie(a.size, b.first_id);
  });
}

void AppendFrame(const StackFrame& frame, std::string& text) {
  if (frame.is_native) {
    fmt::format_to(std::back_inserter(text), "  at {} native", frame.function);
  } else {
    fmt::format_to(std::back_inserter(text), "  at {} {}:{}{}", frame.function, frame.file, frame.line,
                   frame.is_recursive ? " (recursive)" : "");
  }
}

void WriteLeakReport(const ContextFindings& findings, const StackResolver& stacks, const LeakReportOptions& options,
                     base::TextSink& out) {
  ReportWriter writer(stacks, options, out);
  if (findings.block_count > 0) {
    writer.Line("=== Memory leaks in context '{}' ({} allocations, {:#x} bytes) ===", findings.context_name,
                findings.block_count, findings.block_bytes);
    for (const BlockGroup& group : findings.blocks) writer.Group(group);
  }
  if (findings.string_count > 0) {
    writer.Line("=== Strings alive in context '{}' ({} strings, {:#x} bytes) ===", findings.context_name,
                findings.string_count, findings.string_bytes);
    for (const BlockGroup& group : findings.strings) writer.Group(group);
  }
  if (options.extended && !findings.empty()) {
    writer.Line("=== Tracker in context '{}': {} records, {} stacks, {:#x} bytes of its own ===", findings.context_name,
                findings.record_count, findings.stack_count, findings.tracker_bytes);
  }
}

}  // namespace vestige::audit
