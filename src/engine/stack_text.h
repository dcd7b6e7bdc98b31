// From nodes of the context tree to what people read. Floor 6.

#ifndef VESTIGE_ENGINE_STACK_TEXT_H_
#define VESTIGE_ENGINE_STACK_TEXT_H_

#include <string>
#include <vector>

#include "engine/compiler.h"
#include "ledger/context_tree.h"
#include "vestige/findings.h"

namespace vestige::engine {

// Spells out the stacks of one program's context tree, inlined and native frames included. Keeps references only.
class NodeResolver : public StackResolver {
 public:
  NodeResolver(const Compiled& program, const ledger::ContextTree& tree) : program_(program), tree_(tree) {}
  std::vector<StackFrame> Frames(StackId stack) const override;

 private:
  const Compiled& program_;
  const ledger::ContextTree& tree_;
};

// The innermost place of the script on the path; line 0 for the empty path.
Place PlaceOf(const Compiled& program, const ledger::ContextTree& tree, ledger::NodeId node);

// Appends the path, a frame a line, as reports spell it.
void AppendStack(const Compiled& program, const ledger::ContextTree& tree, ledger::NodeId node, std::string& text);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_STACK_TEXT_H_
