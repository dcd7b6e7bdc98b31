// The linear heap: chunks, freeing the newest, reports.
#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "memory/heap.h"

namespace vestige::memory {
namespace {

constexpr BlockInfo kLinearInfo(Comment::kArray, 1);

HeapOptions Linear(Content content = Content::kObjects, bool track = false) {
  return {.model = Model::kLinear, .content = content, .track = track};
}

std::vector<ChunkUse> Chunks(const Heap& heap) {
  std::vector<ChunkUse> chunks;
  heap.ForEachChunk([&](const ChunkUse& use) { chunks.push_back(use); });
  return chunks;
}

TEST_CASE("nothing is taken before the first block") { CHECK(Chunks(Heap(Linear())).empty()); }

TEST_CASE("only the newest block is really freed") {
  Heap heap(Linear());
  void* a = heap.Allocate(400, kLinearInfo);
  void* b = heap.Allocate(400, kLinearInfo);
  CHECK(heap.Free(a, 400));
  CHECK(heap.live_bytes() == 800);
  CHECK(heap.live_count() == 1);
  CHECK_FALSE(heap.Free(a, 400));
  CHECK(heap.Free(b, 400));
  CHECK(heap.live_bytes() == 400);
  CHECK(heap.live_count() == 0);
  CHECK(heap.freed_bytes() == 800);
  CHECK(Chunks(heap)[0].bytes_used == 400);
  heap.Verify();
}

TEST_CASE("chunks double, the newest is told first") {
  Heap heap(Linear());
  for (int i = 0; i < 5000; ++i) heap.Allocate(16, kLinearInfo);
  const std::vector<ChunkUse> chunks = Chunks(heap);
  REQUIRE(chunks.size() == 2);
  CHECK(chunks[0].bytes_used == 14464);
  CHECK(chunks[0].bytes == 131072);
  CHECK(chunks[1].bytes_used == 65536);
  CHECK(chunks[1].bytes == 65536);
  CHECK(heap.depth() == 2);
  heap.Verify();
}

TEST_CASE("a block larger than a chunk gets one that fits") {
  Heap heap(Linear());
  char* block = static_cast<char*>(heap.Allocate(1000000, kLinearInfo));
  REQUIRE(block != nullptr);
  std::memset(block, 1, 1000000);
  CHECK(heap.IsLive(block));
  CHECK(heap.Free(block, 1000000));
  heap.Verify();
}

TEST_CASE("strings take four-byte steps") {
  Heap heap(Linear(Content::kStrings));
  for (size_t length : {44u, 44u, 44u, 19u}) heap.Allocate(length + 1, BlockInfo(Comment::kString));
  CHECK(heap.live_bytes() == 164);
  std::vector<uint64_t> sizes;
  heap.ForEachLiveIn(Chunks(heap)[0], [&](const LiveBlock& block) { sizes.push_back(block.requested); });
  CHECK(sizes == std::vector<uint64_t>{45, 45, 45, 20});
}

TEST_CASE("the newest block grows where it is") {
  Heap heap(Linear());
  heap.Allocate(16, kLinearInfo);
  void* block = heap.Allocate(100, kLinearInfo);
  CHECK(heap.Reallocate(block, 100, 1000, kLinearInfo) == block);
  CHECK(heap.live_bytes() == 16 + 1008);
  heap.Allocate(16, kLinearInfo);
  std::memset(block, 7, 1000);
  char* moved = static_cast<char*>(heap.Reallocate(block, 1000, 2000, kLinearInfo));
  CHECK(moved != block);
  CHECK(moved[999] == 7);
  CHECK_FALSE(heap.IsLive(block));
  CHECK(heap.live_count() == 3);
  heap.Verify();
}

TEST_CASE("limits and foreign pointers are treated as in the persistent heap") {
  Heap heap({.model = Model::kLinear, .max_bytes = 1000});
  void* block = heap.Allocate(900, kLinearInfo);
  CHECK(heap.Allocate(200, kLinearInfo) == nullptr);
  CHECK(heap.last_refusal().used == 912);
  CHECK_FALSE(heap.Free(static_cast<char*>(block) + 4, 4));
  CHECK_FALSE(heap.Free(&heap, 4));
  CHECK(heap.Free(nullptr, 4));
  CHECK(heap.Allocate(~uint64_t{0}, kLinearInfo) == nullptr);
  heap.Verify();
}

TEST_CASE("marks work, sweeping frees nothing") {
  Heap heap(Linear(Content::kObjects, true));
  void* a = heap.Allocate(16, kLinearInfo);
  void* b = heap.Allocate(16, kLinearInfo);
  REQUIRE(heap.BeginMark());
  CHECK(heap.Mark(a));
  CHECK_FALSE(heap.Mark(a));
  CHECK(heap.IsMarked(a));
  CHECK_FALSE(heap.IsMarked(b));
  CHECK(heap.Sweep([](const LiveBlock&) {}) == 0);
  CHECK(heap.live_count() == 2);
  CHECK_FALSE(heap.IsMarked(a));
}

TEST_CASE("tracked blocks have ids and paths") {
  if (!kTrackingIsCompiledIn) return;
  Heap heap(Linear(Content::kObjects, true));
  ledger::NodeId node = 5;
  heap.set_birth_source([](void* host) { return (*static_cast<ledger::NodeId*>(host))++; }, &node);
  heap.Allocate(16, kLinearInfo);
  void* dead = heap.Allocate(16, kLinearInfo);
  heap.Allocate(16, kLinearInfo);
  heap.Free(dead, 16);
  const std::vector<LiveBlock> live = heap.LiveBlocks();
  REQUIRE(live.size() == 2);
  CHECK(live[0].id == 1);
  CHECK(live[0].node == 5);
  CHECK(live[1].id == 3);
  CHECK(live[1].node == 7);
}

}  // namespace
}  // namespace vestige::memory
