#include "audit/node_report.h"

#include <iterator>
#include <string>

#include "audit/leak_report.h"
#include "fmt/format.h"

namespace vestige::audit {

void WriteNodeReport(NodePhase phase, std::span<const SyntaxNodes> roots, const StackResolver* stacks,
                     base::TextSink& out) {
  size_t count = 0;
  for (const SyntaxNodes& root : roots) count += root.nodes.size();
  if (count == 0) return;
  out.Write(phase == NodePhase::kCompile ? fmt::format("GC COMPILE LEAK: {} gc_node(s) after compile\n", count)
                                         : fmt::format("GC APP LEAK: {} gc_node(s) after execution\n", count));
  for (const SyntaxNodes& root : roots) WriteNodeRoot(root, stacks, out);
}

void WriteNodeRoot(const SyntaxNodes& root, const StackResolver* stacks, base::TextSink& out) {
  std::string text = fmt::format("gc_root {:#x}: count={}\n", root.root, root.nodes.size());
  for (const SyntaxNode& node : root.nodes) {
    fmt::format_to(std::back_inserter(text), "  node {:#x}: id={} type={} magic={:#010x} ", node.address, node.id,
                   node.family, node.magic);
    if (!node.file.empty()) fmt::format_to(std::back_inserter(text), "{}:{}:{}", node.file, node.line, node.column);
    text.push_back('\n');
    if (stacks == nullptr || node.stack == 0) continue;
    for (const StackFrame& frame : stacks->Frames(node.stack)) {
      text.append("  ");
      AppendFrame(frame, text);
      text.push_back('\n');
    }
  }
  out.Write(text);
}

}  // namespace vestige::audit
