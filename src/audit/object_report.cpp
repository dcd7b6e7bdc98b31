#include "audit/object_report.h"

#include <algorithm>
#include <string>
#include <vector>

#include "audit/leak_report.h"
#include "fmt/format.h"
#include "ledger/lane.h"

namespace vestige::audit {

namespace {

void AppendStack(const std::vector<StackFrame>& stack, std::string_view indent, std::string& text) {
  for (const StackFrame& frame : stack) {
    text += indent;
    AppendFrame(frame, text);
    text += '\n';
  }
}

// The innermost place in a script.
void AppendBirth(const std::vector<StackFrame>& stack, bool whole, std::string& text) {
  const auto place = std::find_if(stack.begin(), stack.end(), [](const StackFrame& frame) { return !frame.is_native; });
  if (place != stack.end()) text += fmt::format(" created at {}:{}:{}", place->file, place->line, place->column);
  text += '\n';
  if (whole) AppendStack(stack, "", text);
}

}  // namespace

void WriteHandles(std::span<const HandleFinding> handles, const ObjectReportOptions& options, base::TextSink& out) {
  if (options.silent || handles.empty()) return;
  std::string text;
  for (size_t i = 0; i < handles.size();) {
    const size_t begin = i;
    for (; i < handles.size() && handles[i].type == handles[begin].type; ++i) {
      const HandleFinding& handle = handles[i];
      text += fmt::format("  Handle<{}> idx={} gen={} (rc={})", handle.type, handle.slot, handle.generation,
                          handle.use_count);
      AppendBirth(handle.birth, options.stacks, text);
    }
    text += fmt::format("total {} leaked handles of type {}\n", i - begin, handles[begin].type);
  }
  out.Write(text);
}

void WritePointers(std::span<const PointerFinding> pointers, const ObjectReportOptions& options, base::TextSink& out) {
  if (pointers.empty()) return;
  std::string text =
      fmt::format("FATAL: exiting with code 1 -- {} smart pointer(s) still alive at shutdown", pointers.size());
  if (options.silent) {
    out.Write(text + " (re-run without -no-dump-leaks for the per-pointer dump)\n");
    return;
  }
  text += '\n';
  for (const PointerFinding& pointer : pointers) {
    const std::string lane = pointer.lane == ledger::kMainLane ? "" : pointer.lane + ":";
    text += fmt::format("0x{:x} (rc={}, id={}{:x}) {}", pointer.address, pointer.count, lane, pointer.id, pointer.name);
    AppendBirth(pointer.birth, options.stacks, text);
    for (const HolderFinding& holder : pointer.holders) {
      text += fmt::format("  held by {}\n", holder.what);
      AppendStack(holder.stack, "  ", text);
    }
  }
  text += fmt::format("total {} tracked pointers\n", pointers.size());
  out.Write(text);
}

}  // namespace vestige::audit
