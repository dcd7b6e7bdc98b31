// Random lives of many blocks against a simple model, with everything verified on the way.
#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <vector>

#include "memory/heap.h"

namespace vestige::memory {
namespace {

struct ModelBlock {
  char* pointer;
  uint64_t size;
  unsigned char fill;
};

class Stress {
 public:
  Stress(const HeapOptions& options, uint32_t seed) : heap_(options), random_(seed) {
    heap_.set_birth_source([](void* host) { return ++*static_cast<ledger::NodeId*>(host); }, &node_);
  }

  void Run(int steps) {
    for (int step = 0; step < steps; ++step) {
      // The population drifts up and down, so that chunks fill and drain.
      const bool growing = (step / 4000) % 2 == 0;
      const uint32_t dice = random_() % 100;
      if (blocks_.empty() || dice < (growing ? 60u : 35u)) {
        Allocate();
      } else if (dice < 92) {
        Free();
      } else if (dice < 99) {
        Reallocate();
      } else if (random_() % 20 == 0) {
        Collect();
      }
      if (step % 2500 == 0) heap_.Verify();
      if (step % 9000 == 8999) heap_.Trim();
    }
    heap_.Verify();
    CHECK(heap_.live_count() == blocks_.size());
    while (!blocks_.empty()) Free();
    heap_.Verify();
    CHECK(heap_.live_count() == 0);
  }

 private:
  uint64_t RandomSize() {
    switch (random_() % 20) {
      case 0:
        return 1 + random_() % 100000;
      case 1:
        return random_() % 10 == 0 ? 1 + random_() % 3000000 : 1 + random_() % 40000;
      case 2:
      case 3:
        return 1 + random_() % 4000;
      default:
        return 1 + random_() % 256;
    }
  }
  BlockInfo RandomInfo() { return BlockInfo(static_cast<Comment>(random_() % 11), random_() % 40); }

  // Only the ends of a block are filled: enough to see two blocks overlap, and quick.
  void Fill(const ModelBlock& block) {
    const uint64_t edge = block.size < 64 ? block.size : 64;
    std::memset(block.pointer, block.fill, edge);
    std::memset(block.pointer + block.size - edge, block.fill, edge);
  }
  void CheckFill(const ModelBlock& block) {
    const uint64_t edge = block.size < 64 ? block.size : 64;
    for (uint64_t i = 0; i < edge; ++i) {
      REQUIRE(static_cast<unsigned char>(block.pointer[i]) == block.fill);
      REQUIRE(static_cast<unsigned char>(block.pointer[block.size - 1 - i]) == block.fill);
    }
  }

  void Allocate() {
    const uint64_t size = RandomSize();
    char* pointer = static_cast<char*>(heap_.Allocate(size, RandomInfo()));
    REQUIRE(pointer != nullptr);
    blocks_.push_back({pointer, size, static_cast<unsigned char>(random_())});
    Fill(blocks_.back());
  }
  size_t Pick() {
    // Often the newest, so that the linear heap gets something back.
    return random_() % 3 == 0 ? blocks_.size() - 1 : random_() % blocks_.size();
  }
  void Remove(size_t index) {
    blocks_[index] = blocks_.back();
    blocks_.pop_back();
  }
  void Free() {
    const size_t index = Pick();
    const ModelBlock block = blocks_[index];
    CheckFill(block);
    REQUIRE(heap_.Free(block.pointer, block.size));
    REQUIRE_FALSE(heap_.Free(block.pointer, block.size));
    Remove(index);
  }
  void Reallocate() {
    ModelBlock& block = blocks_[Pick()];
    CheckFill(block);
    const uint64_t size = random_() % 2 == 0 ? RandomSize() : block.size + random_() % 64;
    char* moved = static_cast<char*>(heap_.Reallocate(block.pointer, block.size, size, RandomInfo()));
    REQUIRE(moved != nullptr);
    const uint64_t kept = std::min({block.size, size, uint64_t{64}});
    for (uint64_t i = 0; i < kept; ++i) REQUIRE(static_cast<unsigned char>(moved[i]) == block.fill);
    block.pointer = moved;
    block.size = size;
    Fill(block);
  }
  void Collect() {
    REQUIRE(heap_.BeginMark());
    std::vector<ModelBlock> kept;
    for (const ModelBlock& block : blocks_) {
      if (random_() % 4 == 0) continue;
      REQUIRE(heap_.Mark(block.pointer));
      kept.push_back(block);
    }
    const uint64_t lost = blocks_.size() - kept.size();
    if (heap_.model() == Model::kLinear) {
      heap_.EndMark();
      return;
    }
    REQUIRE(heap_.Sweep([](const LiveBlock&) {}) == lost);
    blocks_ = kept;
    for (const ModelBlock& block : blocks_) CheckFill(block);
    heap_.Verify();
  }

  Heap heap_;
  std::mt19937 random_;
  std::vector<ModelBlock> blocks_;
  ledger::NodeId node_ = ledger::kRootNode;
};

TEST_CASE("random lives leave every heap in order") {
  for (const Model model : {Model::kPersistent, Model::kLinear}) {
    for (const Content content : {Content::kObjects, Content::kStrings}) {
      for (const bool track : {false, true}) {
        CAPTURE(static_cast<int>(model));
        CAPTURE(static_cast<int>(content));
        CAPTURE(track);
        Stress({.model = model, .content = content, .track = track}, 42).Run(model == Model::kLinear ? 12000 : 40000);
      }
    }
  }
}

TEST_CASE("other seeds do too") {
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    Stress({.track = seed % 2 == 0}, seed).Run(30000);
  }
}

}  // namespace
}  // namespace vestige::memory
