// Syntax nodes that outlived what they were made for, as text. Floor 2.

#ifndef VESTIGE_AUDIT_NODE_REPORT_H_
#define VESTIGE_AUDIT_NODE_REPORT_H_

#include <span>

#include "base/text_sink.h"
#include "vestige/findings.h"

namespace vestige::audit {

// What the nodes outlived.
enum class NodePhase : uint8_t { kCompile, kRun };

// The head line, then every root; nothing at all when there are no nodes. With `stacks`, the frames of each recorded
// birth follow its row.
void WriteNodeReport(NodePhase phase, std::span<const SyntaxNodes> roots, const StackResolver* stacks,
                     base::TextSink& out);

// One root and its nodes.
void WriteNodeRoot(const SyntaxNodes& root, const StackResolver* stacks, base::TextSink& out);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_NODE_REPORT_H_
