// Cycles among objects that keep each other, which nobody frees by freeing what he holds. Floor 6.

#ifndef VESTIGE_ENGINE_CYCLE_SEARCH_H_
#define VESTIGE_ENGINE_CYCLE_SEARCH_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "engine/strong_components.h"
#include "runtime/mark.h"
#include "vestige/findings.h"

namespace vestige::engine {

// Objects with numbers, and what they refer to. It does not change while it is searched.
class ObjectGraph {
 public:
  using Vertex = Graph::Vertex;
  static constexpr Vertex kNone = ~Vertex{0};

  struct Member {
    bool is_told = false;  // counts; a cycle without such members is nobody's business
    uint64_t id = 0;       // of its birth
    uint64_t bytes = 0;
    uint64_t type = 0;  // objects of different types differ
  };

  // One more than the largest number.
  virtual Vertex count() const = 0;
  // The object at an address that something refers to; kNone when it is none of these.
  virtual Vertex Find(const void* object) const = 0;
  // The object with this number.
  virtual Member At(Vertex vertex) const = 0;
  // Walks over the references of one object.
  virtual void VisitReferences(Vertex vertex, runtime::Marker& walk) const = 0;
  // Walks over the references of every object that may have some, after it has told which.
  virtual void VisitAll(runtime::Marker& walk, absl::FunctionRef<void(Vertex)> tell) const = 0;
  // Whether a container's buffer, which is no block of a heap, belongs to the object that is being visited.
  virtual bool OwnsBuffer(const void*) const { return false; }

 protected:
  ~ObjectGraph() = default;
};

// The cycles by shape, most bytes first. For n objects and m references it takes 12n + 4m bytes and linear time.
std::vector<CycleFinding> FindCycles(runtime::ScriptContext& context, const ObjectGraph& objects);

// Leaves the shortest row whose repetition is the whole cycle, neighbours that are equal told once, the last and the
// first of the cycle too: what two cycles have in common that go through the same fields.
void FoldCycle(std::vector<uint64_t>& steps);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_CYCLE_SEARCH_H_
