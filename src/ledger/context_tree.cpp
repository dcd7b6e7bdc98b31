// Making nodes of the context tree: lookup, folding, growth. Floor 1.
#include "ledger/context_tree.h"

namespace vestige::ledger {

namespace {

uint32_t HashEdge(NodeId parent, CallSite site, uint32_t recursive_flag) {
  const uint64_t key = (uint64_t{parent} << 32 | site) ^ recursive_flag;
  return static_cast<uint32_t>((key * 0x9E3779B97F4A7C15ull) >> 32);
}

}  // namespace

ContextTree::ContextTree(Recursion recursion) : fold_(recursion == Recursion::kFold) {
  table_.assign(64, kNoNode);
  // Id 0 stays unused; the root closes the chain of parents by being its own.
  Append(Node{kNoNode, 0, 0, kNoNode});
  Append(Node{kRootNode, 0, 0, kNoNode});
  node_count_ = 1;
}

ContextTree::~ContextTree() = default;

NodeId ContextTree::ChildSlow(NodeId parent, CallSite site, FunctionId function) {
  NodeId found = Find(parent, site, 0);
  if (found != kNoNode) {
    if ((node(found).function_and_flags & kAliasFlag) != 0) found = node(found).last_child;
    node(parent).last_child = found;
    return found;
  }

  const NodeId folded = FrameToFoldInto(parent, function);
  NodeId child;
  if (folded == kNoNode) {
    child = Append(Node{parent, site, function, kNoNode});
    InsertIntoTable(child);
    ++node_count_;
  } else {
    // The deeper frame stands where the eighth stood, below the same seven, but marked.
    const NodeId above = node(folded).parent;
    child = Find(above, site, kRecursiveFlag);
    if (child == kNoNode) {
      child = Append(Node{above, site, function | kRecursiveFlag, kNoNode});
      InsertIntoTable(child);
      ++node_count_;
    }
    // The edge is remembered as an entry of its own, so that no later call has to count frames.
    InsertIntoTable(Append(Node{parent, site, function | kAliasFlag, child}));
  }
  node(parent).last_child = child;
  return child;
}

NodeId ContextTree::FrameToFoldInto(NodeId parent, FunctionId function) const {
  if (!fold_ || function == kNoFunction) return kNoNode;
  // The deepest frame of the function is the one replaced: of those on the path there are never more than the limit.
  NodeId deepest = kNoNode;
  int count = 0;
  for (NodeId id = parent; id != kRootNode; id = node(id).parent) {
    if (Function(id) != function) continue;
    if (deepest == kNoNode) deepest = id;
    if (++count == kMaxFramesPerFunction) return deepest;
  }
  return kNoNode;
}

std::vector<PathFrame> ContextTree::Path(NodeId id) const {
  std::vector<PathFrame> path;
  if (id == kNoNode) return path;
  for (; id != kRootNode; id = Parent(id)) path.push_back(PathFrame{Site(id), Function(id), IsRecursive(id)});
  return path;
}

uint32_t ContextTree::HomeSlot(NodeId parent, CallSite site, uint32_t recursive_flag) const {
  // The high half of a product spreads a hash over any table size, not only powers of two.
  return static_cast<uint32_t>((uint64_t{HashEdge(parent, site, recursive_flag)} * table_.size()) >> 32);
}

NodeId ContextTree::Find(NodeId parent, CallSite site, uint32_t recursive_flag) const {
  for (uint32_t slot = HomeSlot(parent, site, recursive_flag);;) {
    const NodeId id = table_[slot];
    if (id == kNoNode) return kNoNode;
    const Node& candidate = node(id);
    if (candidate.parent == parent && candidate.site == site &&
        (candidate.function_and_flags & kRecursiveFlag) == recursive_flag) {
      return id;
    }
    if (++slot == table_.size()) slot = 0;
  }
}

NodeId ContextTree::Append(const Node& fresh) {
  const NodeId id = entry_count_++;
  if (id % kNodesPerBlock == 0) {
    blocks_.push_back(std::make_unique<Node[]>(kNodesPerBlock));
    own_bytes_ = blocks_.size() * kNodesPerBlock * sizeof(Node) + blocks_.capacity() * sizeof(blocks_[0]) +
                 table_.capacity() * sizeof(NodeId);
  }
  node(id) = fresh;
  return id;
}

void ContextTree::InsertIntoTable(NodeId id) {
  // At most four fifths full.
  if (uint64_t{entry_count_} * 5 > table_.size() * 4) GrowTable();
  const Node& entry = node(id);
  uint32_t slot = HomeSlot(entry.parent, entry.site, entry.function_and_flags & kRecursiveFlag);
  while (table_[slot] != kNoNode) {
    if (++slot == table_.size()) slot = 0;
  }
  table_[slot] = id;
}

void ContextTree::GrowTable() {
  std::vector<NodeId> old = std::move(table_);
  table_.assign(old.size() + old.size() / 2, kNoNode);
  for (const NodeId id : old) {
    if (id != kNoNode) InsertIntoTable(id);
  }
  own_bytes_ += (table_.capacity() - old.capacity()) * sizeof(NodeId);
}

}  // namespace vestige::ledger
