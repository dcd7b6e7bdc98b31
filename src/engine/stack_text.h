// From nodes of the context tree to what people read. Floor 6.

#ifndef VESTIGE_ENGINE_STACK_TEXT_H_
#define VESTIGE_ENGINE_STACK_TEXT_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "audit/leak_report.h"
#include "engine/compiler.h"
#include "ledger/context_tree.h"
#include "vestige/findings.h"

namespace vestige::engine {

// Tells the frames that one site stands for: the native it calls, the functions inlined there, innermost first, and the
// function whose words it lies in. Allocates nothing, and neither does VisitFrames; views are valid as long as the
// program.
void VisitSite(const Compiled& program, const ledger::PathFrame& path,
               absl::FunctionRef<void(const audit::FrameView&)> visit);
// The same for all sites of a path, leaf first; nothing for kNoNode.
void VisitFrames(const Compiled& program, const ledger::ContextTree& tree, ledger::NodeId node,
                 absl::FunctionRef<void(const audit::FrameView&)> visit);

// Whether a source file is a library's: part of the executable or found below the folder of libraries (empty: none).
// What goes wrong in one is told at the line of the script that called it.
bool IsLibrary(std::string_view file, std::string_view das_root);

// Spells out the stacks of one program's context tree, inlined and native frames included. Keeps references only.
class NodeResolver : public StackResolver {
 public:
  NodeResolver(const Compiled& program, const ledger::ContextTree& tree) : program_(program), tree_(tree) {}
  std::vector<StackFrame> Frames(StackId stack) const override;

 private:
  const Compiled& program_;
  const ledger::ContextTree& tree_;
};

// Spells out the innermost place of the script on a path, each place once.
class PlaceTexts {
 public:
  // Keeps references.
  PlaceTexts(const Compiled& program, const ledger::ContextTree& tree) : program_(program), tree_(tree) {}
  // "file:line:column"; empty for the empty path. Valid as long as this object; equal places need not be one text.
  std::string_view Of(ledger::NodeId node);

 private:
  const std::string& OfSite(const ledger::PathFrame& frame);

  const Compiled& program_;
  const ledger::ContextTree& tree_;
  // What is known of a site; empty where it has no place of the script. Texts do not move.
  absl::flat_hash_map<ledger::CallSite, std::unique_ptr<const std::string>> known_;
};

// Appends the path, a frame a line, as reports spell it.
void AppendStack(const Compiled& program, const ledger::ContextTree& tree, ledger::NodeId node, std::string& text);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_STACK_TEXT_H_
