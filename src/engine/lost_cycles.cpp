#include "engine/lost_cycles.h"

#include "engine/block_numbers.h"
#include "engine/cycle_search.h"

namespace vestige::engine {

namespace {

// Blocks of the object heap that the marking under way did not reach.
class LostBlocks final : public ObjectGraph {
 public:
  explicit LostBlocks(exec::Context& context) : context_(context), numbers_(context.heap()) {}

  Vertex count() const override { return numbers_.count(); }
  Vertex Find(const void* object) const override {
    static_assert(kNone == BlockNumbers::kNone);
    return numbers_.OfUnmarked(object);
  }
  Member At(Vertex vertex) const override {
    const memory::LiveBlock block = numbers_.BlockAt(vertex);
    return {.is_told = true, .id = block.id, .bytes = block.requested, .type = block.type};
  }
  void VisitReferences(Vertex vertex, runtime::Marker& walk) const override {
    walk.VisitReferences(numbers_.BlockAt(vertex).pointer);
  }
  void VisitAll(runtime::Marker& walk, absl::FunctionRef<void(Vertex)> tell) const override {
    context_.heap().ForEachLive([&](const memory::LiveBlock& block) {
      if (block.marked || !MayRefer(block)) return;
      tell(numbers_.OfUnmarked(block.pointer));
      walk.VisitReferences(block.pointer);
    });
  }

 private:
  // Whether it is worth looking into; most leaked objects refer to nothing.
  bool MayRefer(const memory::LiveBlock& block) const {
    const types::TypeTable* types = context_.options().types;
    if (types == nullptr || block.type == 0 || block.type >= types->type_count()) return true;
    return types->ById(block.type)->traits().holds_heap;
  }

  exec::Context& context_;
  BlockNumbers numbers_;
};

}  // namespace

std::vector<CycleFinding> CyclesOfLost(exec::Context& context) { return FindCycles(context, LostBlocks(context)); }

}  // namespace vestige::engine
