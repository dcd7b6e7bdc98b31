#include "engine/strong_components.h"

namespace vestige::engine {

void Graph::AddEdge(Vertex from, Vertex to) {
  if (places_.empty()) places_.assign(vertex_count_, kNoEdges);
  if (places_[from] == kNoEdges) {
    places_[from] = static_cast<uint32_t>(edges_.size());
  } else {
    edges_[edges_.size() - 1] &= ~kLast;
  }
  edges_.PushBack(to | kLast);
}

void Graph::ForEachEdge(Vertex from, absl::FunctionRef<bool(Vertex to)> visit) const {
  uint32_t first = places_[from];
  if (first == kNoEdges) return;
  while (first > 0 && (edges_[first - 1] & kLast) == 0) --first;
  for (uint32_t at = first;; ++at) {
    if (!visit(edges_[at] & ~kLast) || (edges_[at] & kLast) != 0) return;
  }
}

bool Graph::HasSelfEdge(Vertex vertex) const {
  bool found = false;
  ForEachEdge(vertex, [&](Vertex to) {
    found = to == vertex;
    return !found;
  });
  return found;
}

void Graph::ForEachCycle(ComponentVisitor visit) {
  if (places_.empty()) return;
  const uint32_t count = vertex_count();
  ranks_.assign(count, 0);
  // Vertices whose edges are being followed, from the front; vertices that wait for their component's root, from the
  // back. No vertex is on both.
  std::vector<uint32_t> stack(count);
  uint32_t open = 0;
  uint32_t waiting = count;
  uint32_t next_rank = 1;
  uint32_t next_component = ~uint32_t{0};
  std::vector<Vertex> members;

  const auto enter = [&](Vertex vertex) {
    stack[open++] = vertex;
    ranks_[vertex] = next_rank++;
  };
  const auto leave = [&](Vertex vertex, bool is_root) {
    --open;
    if (!is_root) {
      stack[--waiting] = vertex;
      return;
    }
    members.clear();
    --next_rank;
    while (waiting < count && ranks_[stack[waiting]] >= ranks_[vertex]) {
      members.push_back(stack[waiting++]);
      ranks_[members.back()] = next_component;
      --next_rank;
    }
    ranks_[vertex] = next_component--;
    if (members.empty() && !HasSelfEdge(vertex)) return;
    members.push_back(vertex);
    visit(members);
  };

  for (Vertex start = 0; start < count; ++start) {
    if (ranks_[start] != 0) continue;
    enter(start);
    while (open > 0) {
      const uint32_t top = stack[open - 1];
      const Vertex vertex = top & ~kNotRoot;
      uint32_t& place = places_[vertex];
      if (place == kNoEdges) {
        leave(vertex, (top & kNotRoot) == 0);
        continue;
      }
      const uint32_t edge = edges_[place];
      const Vertex to = edge & ~kLast;
      if (ranks_[to] == 0) {
        // Looked at again when `to` is done.
        enter(to);
        continue;
      }
      if (ranks_[to] < ranks_[vertex]) {
        ranks_[vertex] = ranks_[to];
        stack[open - 1] |= kNotRoot;
      }
      if ((edge & kLast) == 0) {
        ++place;
      } else {
        leave(vertex, (stack[open - 1] & kNotRoot) == 0);
      }
    }
  }
}

}  // namespace vestige::engine
