#include "audit/leak_report.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "fmt/format.h"

namespace vestige::audit {

namespace {

// Text is handed on in pieces of about this size, so that a report of any length needs little memory.
constexpr size_t kTextBytes = 64 * 1024;

class ReportWriter {
 public:
  ReportWriter(const StackResolver& stacks, const LeakReportOptions& options, base::TextSink& out)
      : stacks_(stacks), options_(options), out_(out) {}
  ~ReportWriter() { out_.Write(text_); }

  template <typename... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_.push_back('\n');
    if (text_.size() >= kTextBytes) {
      out_.Write(text_);
      text_.clear();
    }
  }

  // The groups, or if there is a way to tell them, the blocks one by one.
  void Rows(const std::vector<BlockGroup>& groups, const EachSurvivor& each) {
    if (each) {
      each([this](const BlockGroup& block) { Row(block); });
    } else {
      for (const BlockGroup& group : groups) Row(group);
    }
  }

  void Cycles(const ContextFindings& findings) {
    uint64_t count = 0;
    uint64_t blocks = 0;
    uint64_t bytes = 0;
    for (const CycleFinding& cycle : findings.cycles) {
      count += cycle.count;
      blocks += cycle.block_count;
      bytes += cycle.bytes;
    }
    Line("=== Cycles among lost blocks in context '{}' ({} cycles, {} blocks, {:#x} bytes) ===", findings.context_name,
         count, blocks, bytes);
    for (const CycleFinding& cycle : findings.cycles) {
      Line("[cycle] {}{} ({} blocks, {:#x} bytes), id {}", cycle.path,
           cycle.count == 1 ? "" : fmt::format(" x{}", cycle.count), cycle.block_count, cycle.bytes, cycle.first_id);
    }
  }

 private:
  // What the extended report adds to a row: the id to break on, and who still leads to the block.
  static std::string Extension(const BlockGroup& group) {
    return fmt::format(", id {}{}{}", group.first_id, group.reach.empty() ? "" : ", ", group.reach);
  }

  void Row(const BlockGroup& group) {
    const std::string reach = options_.extended ? Extension(group) : "";
    if (group.count == 1) {
      Line("[leak] size={:#x} bytes{}", group.size, reach);
    } else {
      Line("[leak] size={:#x} bytes x{} ({:#x} bytes){}", group.size, group.count, group.size * group.count, reach);
    }
    text_ += StackText(group.stack);
  }

  // Its frames, a line each. Spelled out once for the many rows that may share it.
  const std::string& StackText(StackId stack) {
    if (known_bytes_ > kKnownBytes) {
      known_.clear();
      known_bytes_ = 0;
    }
    const auto [entry, is_new] = known_.try_emplace(stack);
    if (!is_new) return entry->second;
    for (const StackFrame& frame : stacks_.Frames(stack)) {
      AppendFrame(frame, entry->second);
      entry->second.push_back('\n');
    }
    known_bytes_ += entry->second.size();
    return entry->second;
  }

  // How much text of stacks is remembered.
  static constexpr size_t kKnownBytes = 4 * 1024 * 1024;

  const StackResolver& stacks_;
  const LeakReportOptions& options_;
  base::TextSink& out_;
  std::string text_;
  absl::flat_hash_map<StackId, std::string> known_;
  size_t known_bytes_ = 0;
};

// `write(format, arguments...)` is called once.
template <typename Frame, typename Write>
void SpellFrame(const Frame& frame, Write write) {
  if (frame.is_native) {
    write(FMT_STRING("  at {} native"), frame.function);
  } else {
    write(FMT_STRING("  at {} {}:{}{}"), frame.function, frame.file, frame.line,
          frame.is_recursive ? " (recursive)" : "");
  }
}

}  // namespace

void SortGroups(std::vector<BlockGroup>& groups) {
  std::sort(groups.begin(), groups.end(), [](const BlockGroup& a, const BlockGroup& b) {
    return std::tie(b.size, a.first_id) < std::tie(a.size, b.first_id);
  });
}

void AppendFrame(const StackFrame& frame, std::string& text) {
  SpellFrame(frame,
             [&](auto format, const auto&... args) { fmt::format_to(std::back_inserter(text), format, args...); });
}

size_t WriteFrame(const FrameView& frame, std::span<char> room) {
  size_t written = 0;
  SpellFrame(frame, [&](auto format, const auto&... args) {
    written = std::min(fmt::format_to_n(room.data(), room.size(), format, args...).size, room.size());
  });
  return written;
}

void WriteLeakReport(const ContextFindings& findings, const StackResolver& stacks, const LeakReportOptions& options,
                     base::TextSink& out) {
  ReportWriter writer(stacks, options, out);
  if (findings.block_count > 0) {
    writer.Line("=== Memory leaks in context '{}' ({} allocations, {:#x} bytes) ===", findings.context_name,
                findings.block_count, findings.block_bytes);
    writer.Rows(findings.blocks, options.each_block);
  }
  if (findings.string_count > 0) {
    writer.Line("=== Strings alive in context '{}' ({} strings, {:#x} bytes) ===", findings.context_name,
                findings.string_count, findings.string_bytes);
    writer.Rows(findings.strings, options.each_string);
  }
  if (!findings.cycles.empty()) writer.Cycles(findings);
  if (options.extended && !findings.empty()) {
    writer.Line("=== Tracker in context '{}': {} records, {} stacks, {:#x} bytes of its own ===", findings.context_name,
                findings.record_count, findings.stack_count, findings.tracker_bytes);
  }
}

}  // namespace vestige::audit
