// What a block costs: allocated and freed, tracked and not, and told in groups.
//
// The birth sources imitate an interpreter whose frames remember their nodes: a walk goes from the leaf to the first
// frame that has one and fills in the rest.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <vector>

#include "ledger/context_tree.h"
#include "memory/heap.h"

namespace vestige::memory {
namespace {

constexpr BlockInfo kInfo(Comment::kNew, 1);

// A stack of frames, each with the call site it was entered by and a node that is found when asked for.
class FakeStack {
 public:
  explicit FakeStack(int depth) : frames_(depth + 1) {
    for (int i = 0; i <= depth; ++i) frames_[i].site = i;
    frames_[0].node = ledger::kRootNode;
  }

  static ledger::NodeId CurrentNode(void* host) {
    FakeStack& stack = *static_cast<FakeStack*>(host);
    size_t known = stack.frames_.size() - 1;
    while (stack.frames_[known].node == ledger::kNoNode) --known;
    for (; known + 1 < stack.frames_.size(); ++known) {
      const Frame& frame = stack.frames_[known];
      stack.frames_[known + 1].node = stack.tree_.Child(frame.node, stack.frames_[known + 1].site, known + 1);
    }
    return stack.tree_.Child(stack.frames_.back().node, stack.allocation_site_, static_cast<uint32_t>(known + 1));
  }

  // Returns from the upper `count` frames and calls again, through other sites.
  void Replace(int count, uint32_t site) {
    for (int i = 0; i < count; ++i) {
      Frame& frame = frames_[frames_.size() - 1 - i];
      frame.node = ledger::kNoNode;
      frame.site = site + i;
    }
  }
  void set_allocation_site(uint32_t site) { allocation_site_ = site; }

 private:
  struct Frame {
    uint32_t site = 0;
    ledger::NodeId node = ledger::kNoNode;
  };
  ledger::ContextTree tree_;
  std::vector<Frame> frames_;
  uint32_t allocation_site_ = 1000;
};

void Attach(Heap& heap, FakeStack& stack) { heap.set_birth_source(&FakeStack::CurrentNode, &stack); }

// One block that comes and goes. Arguments: size, tracked.
void BM_Pair(benchmark::State& state) {
  Heap heap({.track = state.range(1) != 0});
  FakeStack stack(10);
  Attach(heap, stack);
  const uint64_t size = static_cast<uint64_t>(state.range(0));
  for (auto _ : state) {
    void* block = heap.Allocate(size, kInfo);
    benchmark::DoNotOptimize(block);
    heap.Free(block, size);
  }
}
BENCHMARK(BM_Pair)->ArgsProduct({{16, 64, 256, 400, 4000, 100000}, {0, 1}});

// The same through the system's allocator, for comparison.
void BM_PairMalloc(benchmark::State& state) {
  const size_t size = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    void* block = std::malloc(size);
    benchmark::DoNotOptimize(block);
    std::free(block);
  }
}
BENCHMARK(BM_PairMalloc)->Arg(16)->Arg(256)->Arg(4000);

// A thousand blocks that come, then go in the same order; time is per pair. Argument: tracked.
void BM_Batch(benchmark::State& state) {
  Heap heap({.track = state.range(0) != 0});
  FakeStack stack(10);
  Attach(heap, stack);
  std::vector<void*> blocks(1000);
  for (auto _ : state) {
    for (void*& block : blocks) block = heap.Allocate(32, kInfo);
    for (void* block : blocks) heap.Free(block, 32);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(blocks.size()));
}
BENCHMARK(BM_Batch)->Arg(0)->Arg(1);

// Pairs at depth 64 where each pair is made by another call chain of the upper frames. Arguments: tracked, frames that
// change.
void BM_PairDeepManySites(benchmark::State& state) {
  Heap heap({.track = state.range(0) != 0});
  FakeStack stack(64);
  Attach(heap, stack);
  const int changing = static_cast<int>(state.range(1));
  uint32_t turn = 0;
  for (auto _ : state) {
    stack.Replace(changing, (turn++ % 256) * 16 + 2000);
    stack.set_allocation_site(turn % 256);
    void* block = heap.Allocate(32, kInfo);
    benchmark::DoNotOptimize(block);
    heap.Free(block, 32);
  }
}
BENCHMARK(BM_PairDeepManySites)->ArgsProduct({{0, 1}, {0, 1, 4}});

// Growing one array by doubling, as push does.
void BM_GrowByDoubling(benchmark::State& state) {
  Heap heap({.track = state.range(0) != 0});
  FakeStack stack(10);
  Attach(heap, stack);
  for (auto _ : state) {
    void* block = heap.Allocate(64, kInfo);
    uint64_t size = 64;
    for (; size < 64 * 1024; size *= 2) block = heap.Reallocate(block, size, size * 2, kInfo);
    heap.Free(block, size);
  }
}
BENCHMARK(BM_GrowByDoubling)->Arg(0)->Arg(1);

void BM_LinearAllocate(benchmark::State& state) {
  HeapOptions options{.model = Model::kLinear, .track = state.range(0) != 0};
  FakeStack stack(10);
  for (auto _ : state) {
    Heap heap(options);
    Attach(heap, stack);
    for (int i = 0; i < 100000; ++i) benchmark::DoNotOptimize(heap.Allocate(32, kInfo));
  }
  state.SetItemsProcessed(state.iterations() * 100000);
}
BENCHMARK(BM_LinearAllocate)->Arg(0)->Arg(1);

// Ten million survivors over 4,096 birth paths, told in groups.
void BM_GroupTenMillion(benchmark::State& state) {
  Heap heap({.track = true});
  struct Random {
    uint64_t value = 1;
    static ledger::NodeId Node(void* host) {
      uint64_t& value = static_cast<Random*>(host)->value;
      value = value * 6364136223846793005ull + 1442695040888963407ull;
      return static_cast<ledger::NodeId>(2 + (value >> 52));
    }
  } random;
  heap.set_birth_source(&Random::Node, &random);
  for (int i = 0; i < 10'000'000; ++i) heap.Allocate(16, kInfo);
  for (auto _ : state) benchmark::DoNotOptimize(heap.LiveGroups());
}
BENCHMARK(BM_GroupTenMillion)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace vestige::memory
