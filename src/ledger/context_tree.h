// Call stacks as one integer each.
//
// Every place a script can be in is a path of call sites. The context tree keeps each path once, as a node with a
// parent, so that a survivor remembers how it was born in four bytes and a report can spell the whole stack out later.
// Nodes are never removed: a program has far fewer call paths than allocations.
//
// Recursion would make a node per path, and a tree walk has as many paths as nodes. So a path keeps at most
// kMaxFramesPerFunction frames of one function: a deeper frame takes the place of the eighth, which is then told as
// recursive. Folding is decided once, when an edge is seen for the first time; after that it is an ordinary child edge.
//
// Floor 1. Knows no interpreter; a call site is an opaque number that whoever renders a report can explain.

#ifndef VESTIGE_LEDGER_CONTEXT_TREE_H_
#define VESTIGE_LEDGER_CONTEXT_TREE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace vestige::ledger {

// One path of call sites. Zero is never a path, so that a zeroed slot can mean "not looked up yet".
using NodeId = uint32_t;
inline constexpr NodeId kNoNode = 0;
// The empty path.
inline constexpr NodeId kRootNode = 1;

// A place in code: the index of the word that calls or allocates.
using CallSite = uint32_t;

// The function whose body a call site stands in; below 2^30. Sites of kNoFunction are never folded.
using FunctionId = uint32_t;
inline constexpr FunctionId kNoFunction = 0;

inline constexpr int kMaxFramesPerFunction = 8;

// One step of a path, as reports need it.
struct PathFrame {
  CallSite site = 0;
  FunctionId function = kNoFunction;
  // Deeper frames of the same function are folded into this one.
  bool recursive = false;
};

// The paths of one lane. Not thread-safe: a lane runs on one thread at a time. Costs at most 24 bytes per distinct
// node, its share of the edge table included.
//
// Always true where nothing is folded: Parent(Child(n, s, f)) == n; folded or not: Site(Child(n, s, f)) == s.
class ContextTree {
 public:
  enum class Recursion : uint8_t { kFold, kKeepAll };

  explicit ContextTree(Recursion recursion = Recursion::kFold);
  ~ContextTree();
  ContextTree(const ContextTree&) = delete;
  ContextTree& operator=(const ContextTree&) = delete;

  // The node for being at `site`, which stands in `function`, below the path `parent`; made when it is new. `parent` is
  // kRootNode or a node this tree gave out; `function` is the same at every call with one `site`. Amortised O(1): one
  // comparison when `parent` was last left through the same site, else one probe of a hash table.
  NodeId Child(NodeId parent, CallSite site, FunctionId function) {
    const NodeId memo = node(parent).last_child;
    if (memo != kNoNode && node(memo).site == site) [[likely]]
      return memo;
    return ChildSlow(parent, site, function);
  }

  // The path without its leaf. The root is its own parent.
  NodeId Parent(NodeId id) const { return node(id).parent; }
  // The leaf of the path. Meaningless for the root.
  CallSite Site(NodeId id) const { return node(id).site; }
  FunctionId Function(NodeId id) const { return node(id).function_and_flags & kFunctionMask; }
  // Whether deeper frames of its function were folded into this one.
  bool IsRecursive(NodeId id) const { return (node(id).function_and_flags & kRecursiveFlag) != 0; }

  // Leaf first, as people read panics; the root is left out. Nothing is cut off.
  std::vector<PathFrame> Path(NodeId id) const;

  // The largest number of a node.
  NodeId last_node() const { return entry_count_ - 1; }
  // Paths known, the root included.
  uint32_t node_count() const { return node_count_; }
  // Bytes of the system this tree holds.
  size_t own_bytes() const { return own_bytes_; }

 private:
  // 16 bytes. An edge that folding bends is kept as an alias: same key, `last_child` is where the edge leads.
  struct Node {
    NodeId parent;
    CallSite site;
    uint32_t function_and_flags;
    // The child that was asked for last; its site says whether it is the one wanted.
    NodeId last_child;
  };
  static constexpr uint32_t kRecursiveFlag = 1u << 31;
  static constexpr uint32_t kAliasFlag = 1u << 30;
  static constexpr uint32_t kFunctionMask = kAliasFlag - 1;
  static constexpr uint32_t kNodesPerBlockLog2 = 9;
  static constexpr uint32_t kNodesPerBlock = 1u << kNodesPerBlockLog2;

  Node& node(NodeId id) { return blocks_[id >> kNodesPerBlockLog2][id & (kNodesPerBlock - 1)]; }
  const Node& node(NodeId id) const { return blocks_[id >> kNodesPerBlockLog2][id & (kNodesPerBlock - 1)]; }

  NodeId ChildSlow(NodeId parent, CallSite site, FunctionId function);
  // The frame that (parent, site) has to replace because its function is on the path often enough; kNoNode if none.
  NodeId FrameToFoldInto(NodeId parent, FunctionId function) const;
  // The node with this key, or kNoNode. `recursive_flag` is part of the key.
  NodeId Find(NodeId parent, CallSite site, uint32_t recursive_flag) const;
  NodeId Append(const Node& fresh);
  void GrowTable();
  void InsertIntoTable(NodeId id);
  uint32_t HomeSlot(NodeId parent, CallSite site, uint32_t recursive_flag) const;

  std::vector<std::unique_ptr<Node[]>> blocks_;
  // Open addressing with linear probing; kNoNode is an empty slot. Grows by half, so its share per node stays small.
  std::vector<NodeId> table_;
  uint32_t entry_count_ = 0;
  uint32_t node_count_ = 0;
  size_t own_bytes_ = 0;
  bool fold_ = true;
};

}  // namespace vestige::ledger

#endif  // VESTIGE_LEDGER_CONTEXT_TREE_H_
