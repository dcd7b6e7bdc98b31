// What a run left behind, as data.
//
// The engine fills these structures when a context closes; reports, exporters and hosts read them. Nothing here is text
// for people yet: the library's audit part spells them out. Part of the public interface; needs nothing else of
// Vestige.

#ifndef VESTIGE_FINDINGS_H_
#define VESTIGE_FINDINGS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace vestige {

// One level of a call stack. Leaf first in every list of frames.
struct StackFrame {
  std::string function;       // "fill", "Pool`grow", "builtin`push"
  std::string file;           // empty for a native
  uint32_t line = 0;          // from 1
  uint32_t column = 0;        // from 0
  bool is_native = false;     // a native builtin's own frame: it has no line
  bool is_recursive = false;  // stands for this level and all deeper ones of the same function
};

// A number for a call stack, the ledger's context node. Equal numbers, equal stacks.
using StackId = uint32_t;

// Spells stacks out when a report is made.
class StackResolver {
 public:
  virtual ~StackResolver() = default;
  // Leaf first; empty when nothing is known of the stack.
  virtual std::vector<StackFrame> Frames(StackId stack) const = 0;
};

// Blocks that were born alike: same stack, same size, same reach.
struct BlockGroup {
  uint64_t size = 0;  // bytes asked for, of each block
  uint64_t count = 0;
  uint64_t first_id = 0;  // smallest birth id among them
  StackId stack = 0;
  // Only in the extended report: empty = not looked at, "lost", or "reachable from <global>".
  std::string reach;
};

// Survivors of one context's heaps.
struct ContextFindings {
  std::string context_name;  // as the header tells it: "<unnamed>", "game", "clone of <parent>"
  uint64_t block_count = 0;
  uint64_t block_bytes = 0;
  std::vector<BlockGroup> blocks;
  uint64_t string_count = 0;
  uint64_t string_bytes = 0;
  std::vector<BlockGroup> strings;
  // What the tracker itself holds, for the extended report.
  uint64_t tracker_bytes = 0;
  uint64_t record_count = 0;
  uint64_t stack_count = 0;

  // Whether nothing was left behind.
  bool empty() const { return block_count == 0 && string_count == 0; }
};

}  // namespace vestige

#endif  // VESTIGE_FINDINGS_H_
