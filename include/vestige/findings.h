// What a run left behind, as data.
//
// The engine fills these structures when a context closes; reports, exporters and hosts read them. Nothing here is text
// for people yet: the library's audit part spells them out. Part of the public interface; needs nothing else of
// Vestige.

#ifndef VESTIGE_FINDINGS_H_
#define VESTIGE_FINDINGS_H_

#include <cstdint>
#include <string>
#include <utility>
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

// Where something began: a lane, which is a run of a script in the order of an engine's runs from 1, or the fork of a
// job or a thread (2^31 and more, in no particular order), and a stack of that lane. Zeros: outside of scripts, or
// nobody knows.
struct Birthplace {
  uint32_t lane = 0;
  StackId stack = 0;

  friend bool operator==(const Birthplace&, const Birthplace&) = default;
  // For hash tables of Abseil.
  template <typename H>
  friend H AbslHashValue(H state, const Birthplace& place) {
    return H::combine(std::move(state), place.lane, place.stack);
  }
};

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

// Lost blocks that lead to each other, so that counting references would never free them: all cycles of one shape.
struct CycleFinding {
  std::string path;          // fields along the cycle, "Node.next -> Owner.node -> ..."; equal steps in a row are one
  uint64_t count = 0;        // cycles
  uint64_t block_count = 0;  // blocks on them, of every cycle with what leads back into it
  uint64_t bytes = 0;        // as asked for
  uint64_t first_id = 0;     // smallest birth id among them
};

// Survivors of one context's heaps.
struct ContextFindings {
  std::string context_name;  // as the header tells it: "<unnamed>", "game", "clone of <unnamed>"
  std::string lane;          // "main"; of a job or a thread, its creator's and an ordinal: "main/1"
  uint64_t block_count = 0;
  uint64_t block_bytes = 0;
  std::vector<BlockGroup> blocks;
  uint64_t string_count = 0;
  uint64_t string_bytes = 0;
  std::vector<BlockGroup> strings;
  // Only in the extended report: cycles among lost blocks, those with most bytes first.
  std::vector<CycleFinding> cycles;
  // What the tracker itself holds, for the extended report.
  uint64_t tracker_bytes = 0;
  uint64_t record_count = 0;
  uint64_t stack_count = 0;

  // Whether nothing was left behind.
  bool empty() const { return block_count == 0 && string_count == 0; }
};

// What keeps an object with a count alive; known only while holders are tracked.
struct HolderFinding {
  std::string what;               // "local access", "RefPtr", "field first of TestObjectSmart"
  std::vector<StackFrame> stack;  // where it took its reference
};

// An object with a count that was alive when the engine was closed.
struct PointerFinding {
  uint64_t address = 0;
  uint32_t count = 0;
  uint64_t id = 0;                // in its lane
  std::string lane = "main";      // "main/1": of a job or a thread
  std::string name;               // "FileAccess"
  std::vector<StackFrame> birth;  // leaf first; empty: outside of scripts
  std::vector<HolderFinding> holders;
};

// A handle that nobody had released when the engine was closed.
struct HandleFinding {
  std::string type;
  uint32_t slot = 0;
  uint32_t generation = 0;
  long use_count = 0;
  std::vector<StackFrame> birth;
};

// A value that was queued in a channel or lay in a box when nobody was left to take it, or an empty place for one.
struct FeatureFinding {
  uint64_t id = 0;
  uint64_t owner = 0;     // id of the primitive; 0: an empty place
  std::string type;       // of the value
  std::string from_lane;  // who sent it, and where; empty: an empty place
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
};

// A job primitive that nobody had removed or released when the engine was closed.
struct JobFinding {
  uint64_t id = 0;
  std::string kind;  // "JobStatus", "Channel", "LockBox", "Stream", "SeqBox", "Atomic32", "Atomic64"
  int32_t count = 0;
  std::string file;  // where it was made; empty: nowhere known
  uint32_t line = 0;
  uint32_t column = 0;
  std::string lane;               // who made it: "main", or a job or thread, "main/3"
  std::vector<StackFrame> birth;  // leaf first; empty: not recorded
  std::vector<FeatureFinding> features;
};

// Job primitives whose values lead back to them, so that nobody who empties one after the other ever ends: all cycles
// of one shape.
struct PrimitiveCycleFinding {
  std::string path;              // fields along the cycle, "Channel.values[].reply_to -> ..."
  uint64_t count = 0;            // cycles
  uint64_t primitive_count = 0;  // primitives on them, of every cycle with what leads back into it
  uint64_t first_id = 0;         // smallest id among them
};

// One who waited for what nobody was left to do.
struct BlockedFinding {
  std::string lane;
  std::string target;  // "Channel #1"
  std::string call;    // "join", "pop"
  std::string file;    // since where
  uint32_t line = 0;
  uint32_t column = 0;
};

// Everything that outlived the contexts of an engine.
struct EngineFindings {
  std::vector<HandleFinding> handles;                   // by type, then by slot
  std::vector<PointerFinding> pointers;                 // by lane, then by id
  std::vector<JobFinding> primitives;                   // newest first
  std::vector<PrimitiveCycleFinding> primitive_cycles;  // only in the extended report
  std::vector<BlockedFinding> blocked;                  // for ever, when a run was ended because of that

  // Whether nothing was left.
  bool empty() const { return handles.empty() && pointers.empty() && primitives.empty() && blocked.empty(); }
};

// A syntax node that nobody freed (mechanism "gc_node").
struct SyntaxNode {
  uint64_t address = 0;
  uint64_t id = 0;     // within its thread
  std::string family;  // "TypeDecl", "Expression", "MakeFieldDecl", "MakeStruct", "Function", ...
  uint32_t magic = 0;
  std::string file;  // where it was made; empty: nowhere known
  uint32_t line = 0;
  uint32_t column = 0;
  StackId stack = 0;  // 0: not recorded
};

// What one thread's root holds.
struct SyntaxNodes {
  uint64_t root = 0;  // address
  std::string thread;
  std::vector<SyntaxNode> nodes;  // by id
};

}  // namespace vestige

#endif  // VESTIGE_FINDINGS_H_
