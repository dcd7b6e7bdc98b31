// Tracking: ids, birth paths, groups, watched ids, and what tracking costs.
#include <doctest/doctest.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "memory/heap.h"

namespace vestige::memory {
namespace {

constexpr BlockInfo kTrackedInfo(Comment::kNew, 1);

// A host whose current node is whatever a test says.
struct FakeHost {
  explicit FakeHost(Heap& heap) {
    heap.set_birth_source([](void* host) { return static_cast<FakeHost*>(host)->node; }, this);
  }
  ledger::NodeId node = ledger::kRootNode;
};

bool Tracks() { return kTrackingIsCompiledIn; }

TEST_CASE("ids are ordinals of birth, whatever the size, and are never used again") {
  if (!Tracks()) return;
  Heap heap({.track = true});
  FakeHost host(heap);
  std::vector<void*> blocks;
  for (uint64_t size : {16ull, 5000ull, 200000ull, 16ull}) {
    host.node = static_cast<ledger::NodeId>(100 + blocks.size());
    blocks.push_back(heap.Allocate(size, kTrackedInfo));
  }
  heap.Free(blocks[0], 16);
  host.node = 104;
  blocks.push_back(heap.Allocate(16, kTrackedInfo));
  CHECK(blocks[4] == blocks[0]);

  const std::vector<LiveBlock> live = heap.LiveBlocks();
  REQUIRE(live.size() == 4);
  for (size_t i = 0; i < live.size(); ++i) {
    CHECK(live[i].id == i + 2);
    CHECK(live[i].node == 101 + i);
    CHECK(live[i].pointer == blocks[i + 1]);
  }
  heap.Verify();
}

TEST_CASE("a heap that does not track has neither ids nor paths, and counts the same") {
  Heap heap({});
  FakeHost host(heap);
  void* block = heap.Allocate(16, kTrackedInfo);
  CHECK(heap.Describe(block).id == 0);
  CHECK(heap.Describe(block).node == ledger::kNoNode);
  CHECK(heap.birth_count() == 1);
  CHECK(heap.tracking_bytes() == 0);
}

TEST_CASE("a grown block is told where it grew last") {
  if (!Tracks()) return;
  for (Model model : {Model::kPersistent, Model::kLinear}) {
    Heap heap({.model = model, .track = true});
    FakeHost host(heap);
    host.node = 7;
    void* block = heap.Allocate(100, kTrackedInfo);
    host.node = 8;
    block = heap.Reallocate(block, 100, 101, kTrackedInfo);
    CHECK(heap.Describe(block).id == 2);
    CHECK(heap.Describe(block).node == 8);
    host.node = 9;
    block = heap.Reallocate(block, 101, 90000, kTrackedInfo);
    CHECK(heap.Describe(block).id == 3);
    CHECK(heap.Describe(block).node == 9);
    heap.Verify();
  }
}

TEST_CASE("groups are one row per path, size, comment and type, largest and oldest first") {
  if (!Tracks()) return;
  Heap heap({.track = true});
  FakeHost host(heap);
  for (int i = 0; i < 300; ++i) {
    host.node = static_cast<ledger::NodeId>(10 + i % 3);
    heap.Allocate(24, kTrackedInfo);
  }
  host.node = 10;
  heap.Allocate(24, BlockInfo(Comment::kArray, 1));
  heap.Allocate(24, BlockInfo(Comment::kNew, 2));
  heap.Allocate(25, kTrackedInfo);
  heap.Allocate(3000, kTrackedInfo);

  const std::vector<BlockGroup> groups = heap.LiveGroups();
  REQUIRE(groups.size() == 7);
  CHECK(groups[0].requested == 3000);
  CHECK(groups[1].requested == 25);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(groups[2 + i].node == 10 + i);
    CHECK(groups[2 + i].count == 100);
    CHECK(groups[2 + i].bytes == 3200);
    CHECK(groups[2 + i].first_id == i + 1);
    CHECK(heap.Describe(groups[2 + i].first_pointer).id == i + 1);
  }
  CHECK(groups[5].comment == Comment::kArray);
  CHECK(groups[6].type == 2);
}

TEST_CASE("many groups are all found") {
  if (!Tracks()) return;
  Heap heap({.track = true});
  FakeHost host(heap);
  for (int i = 0; i < 50000; ++i) {
    host.node = static_cast<ledger::NodeId>(2 + i % 5000);
    heap.Allocate(16, kTrackedInfo);
  }
  const std::vector<BlockGroup> groups = heap.LiveGroups();
  REQUIRE(groups.size() == 5000);
  for (const BlockGroup& group : groups) REQUIRE(group.count == 10);
}

TEST_CASE("births and deaths of a watched id are told, in the heap's own domain and lane") {
  if (!Tracks()) return;
  struct Hits {
    std::vector<ledger::WatchHit> hits;
    static void Note(void* host, const ledger::WatchHit& hit, std::FILE*) {
      static_cast<Hits*>(host)->hits.push_back(hit);
    }
  } hits;
  std::FILE* out = std::tmpfile();
  ledger::Watch watch;
  watch.set_output(out);
  watch.set_on_hit(ledger::OnHit::kStack);
  watch.set_printer(&Hits::Note, &hits);
  watch.Add(ledger::Domain::kHeapBlock, 2);
  watch.Add(ledger::Domain::kString, 1, Only(ledger::Event::kBirth));

  Heap objects({.track = true, .watch = &watch});
  Heap strings({.content = Content::kStrings, .track = true, .watch = &watch});
  Heap elsewhere({.track = true, .watch = &watch, .lane = "main/1"});
  Heap linear({.model = Model::kLinear, .track = true, .watch = &watch});
  for (Heap* heap : {&objects, &strings, &elsewhere, &linear}) {
    void* first = heap->Allocate(16, kTrackedInfo);
    void* second = heap->Allocate(16, kTrackedInfo);
    heap->Free(second, 16);
    heap->Free(first, 16);
    heap->Verify();
  }
  std::fclose(out);
  REQUIRE(hits.hits.size() == 5);
  CHECK(hits.hits[0].event == ledger::Event::kBirth);
  CHECK(hits.hits[0].id == 2);
  CHECK(hits.hits[1].event == ledger::Event::kDeath);
  CHECK(hits.hits[2].domain == ledger::Domain::kString);
  CHECK(hits.hits[3].event == ledger::Event::kBirth);
  CHECK(hits.hits[4].event == ledger::Event::kDeath);
}

TEST_CASE("tracking costs sixteen bytes a block and nothing for blocks that are gone") {
  if (!Tracks()) return;
  Heap heap({.track = true});
  FakeHost host(heap);
  for (int i = 0; i < 4096 * 10; ++i) heap.Allocate(16, kTrackedInfo);
  CHECK(heap.tracking_bytes() == 4096 * 10 * sizeof(BlockRecord));
  const uint64_t reserved = heap.reserved_bytes();
  void* kept = heap.Allocate(16, kTrackedInfo);
  const uint64_t before = heap.tracking_bytes();
  for (int i = 0; i < 1000000; ++i) heap.Free(heap.Allocate(16, kTrackedInfo), 16);
  CHECK(heap.tracking_bytes() == before);
  CHECK(heap.reserved_bytes() == reserved + kChunkBytes);
  CHECK(heap.IsLive(kept));
}

TEST_CASE("a million survivors are grouped in a moment") {
  if (!Tracks()) return;
  Heap heap({.track = true});
  FakeHost host(heap);
  for (int i = 0; i < 1000000; ++i) {
    host.node = static_cast<ledger::NodeId>(2 + i % 4096);
    heap.Allocate(16, kTrackedInfo);
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(heap.LiveGroups().size() == 4096);
  // A thirtieth of this is usual; sanitizers and busy machines get their time.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

}  // namespace
}  // namespace vestige::memory
