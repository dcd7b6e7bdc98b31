#include "engine/primitive_cycles.h"

#include <algorithm>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "engine/cycle_search.h"
#include "runtime/mark.h"

namespace vestige::engine {

namespace {

// Where the values of a primitive are, as the path of a cycle says it.
std::string_view PlaceOfValues(jobs::PrimitiveKind kind) {
  return kind == jobs::PrimitiveKind::kChannel ? "Channel.values[]" : "LockBox.value";
}

// Primitives by id, then the heap's objects that their values lead to.
class PrimitiveGraph final : public ObjectGraph {
 public:
  PrimitiveGraph(exec::Context& context, jobs::Account& account) : heap_(context.heap()) {
    account.ForEachLive([this](jobs::Primitive& primitive) { objects_.push_back({&primitive, &primitive}); });
    std::reverse(objects_.begin(), objects_.end());
    for (size_t i = 0; i < objects_.size(); ++i) numbers_.emplace(objects_[i].address, static_cast<Vertex>(i));
    Discovery discovery(*this);
    runtime::Marker walk(context, discovery, nullptr);
    for (size_t i = 0; i < objects_.size() && i < Graph::kMaxVertices; ++i)
      VisitReferences(static_cast<Vertex>(i), walk);
  }

  Vertex count() const override { return static_cast<Vertex>(std::min<size_t>(objects_.size(), Graph::kMaxVertices)); }
  Vertex Find(const void* object) const override {
    const auto found = numbers_.find(object);
    return found == numbers_.end() ? kNone : found->second;
  }
  Member At(Vertex vertex) const override {
    const Object& object = objects_[vertex];
    if (object.primitive == nullptr) return {.type = heap_.Describe(object.address).type};
    // No heap's type has such a number.
    const uint64_t kind = static_cast<uint64_t>(object.primitive->kind());
    return {.is_told = true, .id = object.primitive->id(), .type = ~kind};
  }
  void VisitReferences(Vertex vertex, runtime::Marker& walk) const override {
    const Object& object = objects_[vertex];
    if (object.primitive == nullptr) {
      walk.VisitReferences(object.address);
      return;
    }
    jobs::Account::ForEachFeature(*object.primitive, [&](const jobs::Feature& feature) {
      if (feature.type == nullptr || feature.block == nullptr) return;
      visited_ = &feature;
      walk.VisitReferencesOfRoot(PlaceOfValues(object.primitive->kind()), feature.type, feature.block.get());
    });
    visited_ = nullptr;
  }
  void VisitAll(runtime::Marker& walk, absl::FunctionRef<void(Vertex)> tell) const override {
    for (Vertex vertex = 0; vertex < count(); ++vertex) {
      tell(vertex);
      VisitReferences(vertex, walk);
    }
  }
  bool OwnsBuffer(const void* buffer) const override {
    if (visited_ == nullptr) return false;
    const auto offset = reinterpret_cast<uintptr_t>(buffer) - reinterpret_cast<uintptr_t>(visited_->block.get());
    return offset < visited_->bytes;
  }

 private:
  struct Object {
    const void* address;
    jobs::Primitive* primitive;  // null: a block of the heap
  };
  // Takes in what is met first.
  struct Discovery final : runtime::ReferenceObserver {
    explicit Discovery(PrimitiveGraph& primitive_graph) : graph(primitive_graph) {}
    void DidMeet(const void* object, runtime::Way) override {
      if (graph.Find(object) != kNone || !graph.heap_.IsLive(object)) return;
      graph.numbers_.emplace(object, static_cast<Vertex>(graph.objects_.size()));
      graph.objects_.push_back({object, nullptr});
    }
    bool OwnsBuffer(const void* buffer) const override { return graph.OwnsBuffer(buffer); }
    PrimitiveGraph& graph;
  };

  const memory::Heap& heap_;
  std::vector<Object> objects_;
  absl::flat_hash_map<const void*, Vertex> numbers_;
  // The value whose references are being told.
  mutable const jobs::Feature* visited_ = nullptr;
};

}  // namespace

std::vector<PrimitiveCycleFinding> CyclesThroughPrimitives(exec::Context& context, jobs::Account& account) {
  const PrimitiveGraph primitives(context, account);
  std::vector<PrimitiveCycleFinding> findings;
  for (CycleFinding& cycle : FindCycles(context, primitives)) {
    findings.push_back({.path = std::move(cycle.path),
                        .count = cycle.count,
                        .primitive_count = cycle.block_count,
                        .first_id = cycle.first_id});
  }
  return findings;
}

}  // namespace vestige::engine
