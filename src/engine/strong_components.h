// Strongly connected components of large graphs: which vertices lie on a cycle together. Floor 6.
//
// Pearce's form of Tarjan's algorithm, without recursion, in arrays of 4 bytes: for n vertices and m edges 12n + 4m
// bytes, and none without edges. (D. Pearce, "A space-efficient algorithm for finding strongly connected components",
// 2016.) A vertex's edges lie one behind the other, the last one flagged, so that the search can keep its place among
// them in the very array that says where they begin.

#ifndef VESTIGE_ENGINE_STRONG_COMPONENTS_H_
#define VESTIGE_ENGINE_STRONG_COMPONENTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"

namespace vestige::engine {

// A row of numbers that grows without ever copying what is in it.
class NumberRow {
 public:
  void PushBack(uint32_t number) {
    if (size_ % kPart == 0) parts_.push_back(std::make_unique_for_overwrite<uint32_t[]>(kPart));
    (*this)[size_++] = number;
  }
  uint32_t& operator[](size_t i) { return parts_[i / kPart][i % kPart]; }
  uint32_t operator[](size_t i) const { return parts_[i / kPart][i % kPart]; }
  size_t size() const { return size_; }

 private:
  static constexpr size_t kPart = 1 << 16;
  std::vector<std::unique_ptr<uint32_t[]>> parts_;
  size_t size_ = 0;
};

// A graph that is built vertex by vertex, then searched once. Vertices are numbered from 0, fewer than 2^31; there may
// be fewer than 2^32 - 1 edges.
class Graph {
 public:
  using Vertex = uint32_t;
  static constexpr uint32_t kMaxVertices = uint32_t{1} << 31;

  explicit Graph(uint32_t vertex_count) : vertex_count_(vertex_count) {}

  // Edges of `from`, all of them before those of another vertex.
  void AddEdge(Vertex from, Vertex to);
  uint32_t vertex_count() const { return vertex_count_; }

  // Tells every component that has a cycle: more than one vertex, or an edge from a vertex to itself. `members` is
  // valid during the call only. The order depends on nothing but the graph. Afterwards ForEachEdge works again.
  using ComponentVisitor = absl::FunctionRef<void(const std::vector<Vertex>& members)>;
  void ForEachCycle(ComponentVisitor visit);
  // Whether two vertices are in one component, which ForEachCycle has told or is telling.
  bool AreTogether(Vertex a, Vertex b) const { return ranks_[a] == ranks_[b]; }
  // The targets of a vertex of such a component, until `visit` says false.
  void ForEachEdge(Vertex from, absl::FunctionRef<bool(Vertex to)> visit) const;

 private:
  static constexpr uint32_t kNoEdges = ~uint32_t{0};
  static constexpr uint32_t kLast = uint32_t{1} << 31;
  static constexpr uint32_t kNotRoot = uint32_t{1} << 31;

  bool HasSelfEdge(Vertex vertex) const;

  uint32_t vertex_count_;
  // By vertex, the index of its first edge; once it has been searched, of its last one. Empty while there is no edge.
  std::vector<uint32_t> places_;
  NumberRow edges_;
  // 0: not seen. While a vertex is open, the smallest number that it leads to; then its component, counted down from
  // the largest number.
  std::vector<uint32_t> ranks_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_STRONG_COMPONENTS_H_
