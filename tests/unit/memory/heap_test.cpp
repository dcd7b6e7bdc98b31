// The persistent heap as its users see it: blocks, counters, limits, chunks, collecting.
#include "memory/heap.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <set>
#include <vector>

#include "memory/census.h"

namespace vestige::memory {
namespace {

constexpr BlockInfo kNewInfo(Comment::kNew, 3);

bool IsAligned(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer) % 16 == 0; }

TEST_CASE("blocks of every size are aligned, distinct, writable and counted") {
  Heap heap({});
  std::vector<std::pair<void*, uint64_t>> blocks;
  uint64_t bytes = 0;
  for (uint64_t size :
       {1, 8, 16, 17, 255, 256, 257, 288, 289, 512, 513, 4000, 32768, 32769, 65536, 65537, 983040, 983041, 5000000}) {
    char* block = static_cast<char*>(heap.Allocate(size, kNewInfo));
    REQUIRE(block != nullptr);
    REQUIRE(IsAligned(block));
    std::memset(block, static_cast<int>(size), size);
    blocks.emplace_back(block, size);
    bytes += (size + 15) / 16 * 16;
    CHECK(heap.Describe(block).requested == size);
    CHECK(heap.Describe(block).size == (size + 15) / 16 * 16);
  }
  CHECK(heap.live_bytes() == bytes);
  CHECK(heap.live_count() == blocks.size());
  REQUIRE(TakeCensus(heap).size() == 1);
  CHECK(TakeCensus(heap)[0].type == kNewInfo.type());
  CHECK(TakeCensus(heap)[0].count == blocks.size());
  heap.Verify();
  for (const auto& [block, size] : blocks) {
    for (uint64_t i = 0; i < size; ++i) REQUIRE(static_cast<char*>(block)[i] == static_cast<char>(size));
    REQUIRE(heap.Free(block, size));
  }
  CHECK(heap.live_bytes() == 0);
  CHECK(heap.live_count() == 0);
  CHECK(heap.birth_count() == blocks.size());
  CHECK(heap.born_bytes() == bytes);
  CHECK(heap.freed_bytes() == bytes);
  heap.Verify();
}

TEST_CASE("every size up to a few chunks round-trips") {
  Heap heap({});
  for (uint64_t size = 0; size < 200000; size += size < 2100 ? 1 : 997) {
    void* block = heap.Allocate(size, kNewInfo);
    REQUIRE(heap.IsLive(block));
    REQUIRE(heap.Describe(block).requested == (size == 0 ? 1 : size));
    REQUIRE(heap.Free(block, size));
    REQUIRE_FALSE(heap.IsLive(block));
  }
  heap.Verify();
}

TEST_CASE("a freed block is used again at once") {
  Heap heap({});
  void* first = heap.Allocate(16, kNewInfo);
  heap.Free(first, 16);
  CHECK(heap.Allocate(16, kNewInfo) == first);
}

TEST_CASE("what is not a live block cannot be freed") {
  Heap heap({});
  Heap other({});
  for (uint64_t size : {16ull, 100ull, 4000ull, 100000ull, 3000000ull}) {
    CAPTURE(size);
    char* block = static_cast<char*>(heap.Allocate(size, kNewInfo));
    CHECK_FALSE(heap.Free(block + 1, size));
    CHECK_FALSE(heap.Free(block + 16, size));
    CHECK_FALSE(heap.Free(block + size / 2, size));
    CHECK_FALSE(other.Free(block, size));
    CHECK(heap.Free(block, size));
    CHECK_FALSE(heap.Free(block, size));
  }
  int local = 0;
  CHECK_FALSE(heap.Free(&local, 4));
  CHECK_FALSE(heap.Free(reinterpret_cast<void*>(8), 4));
  CHECK_FALSE(heap.Free(reinterpret_cast<void*>(~uintptr_t{15}), 4));
  // The head of a segment belongs to the heap but is no block.
  void* block = heap.Allocate(16, kNewInfo);
  const uintptr_t segment = reinterpret_cast<uintptr_t>(block) & ~(kSegmentBytes - 1);
  CHECK_FALSE(heap.Free(reinterpret_cast<void*>(segment), 16));
  CHECK_FALSE(heap.Free(reinterpret_cast<void*>(segment + 15 * kChunkBytes), 16));
  CHECK(heap.Free(nullptr, 16));
  CHECK(heap.live_count() == 1);
  heap.Verify();
}

TEST_CASE("slots behind the last block of a chunk are never given out") {
  Heap heap({});
  std::set<uintptr_t> seen;
  const uint64_t size = 48;
  const uint64_t per_chunk = kChunkBytes / size;
  for (uint64_t i = 0; i < per_chunk * 3; ++i) {
    const uintptr_t block = reinterpret_cast<uintptr_t>(heap.Allocate(size, kNewInfo));
    REQUIRE(seen.insert(block).second);
    REQUIRE(block % kChunkBytes + size <= kChunkBytes);
  }
  CHECK(heap.depth() == 3);
  heap.Verify();
}

TEST_CASE("decks are told by size and chunk; larger blocks are big stuff") {
  Heap heap({});
  heap.Allocate(12, kNewInfo);
  void* freed = heap.Allocate(64, kNewInfo);
  heap.Free(freed, 64);
  heap.Allocate(272, BlockInfo(Comment::kArray));
  heap.Allocate(4000, BlockInfo(Comment::kArray));
  heap.Allocate(100000, BlockInfo(Comment::kTable));

  std::vector<ChunkUse> chunks;
  heap.ForEachChunk([&](const ChunkUse& use) { chunks.push_back(use); });
  REQUIRE(chunks.size() == 2);
  CHECK(chunks[0].block_bytes == 16);
  CHECK(chunks[0].blocks_used == 1);
  CHECK(chunks[0].blocks == 4096);
  CHECK(chunks[0].bytes_used == 16);
  CHECK(chunks[0].bytes == 65536);
  CHECK(chunks[0].end - chunks[0].begin == 65536);
  CHECK(chunks[1].block_bytes == 64);
  CHECK(chunks[1].blocks_used == 0);
  CHECK(chunks[1].blocks == 1024);

  int in_chunk = 0;
  heap.ForEachLiveIn(chunks[0], [&](const LiveBlock& block) { in_chunk += block.requested == 12; });
  CHECK(in_chunk == 1);
  std::vector<uint64_t> big;
  heap.ForEachBig([&](const LiveBlock& block) { big.push_back(block.size); });
  CHECK(big == std::vector<uint64_t>{272, 4000, 100000});
}

TEST_CASE("strings count in steps of four bytes and live in the same decks") {
  Heap heap({.content = Content::kStrings});
  heap.Allocate(15, BlockInfo(Comment::kString));
  void* longer = heap.Allocate(17, BlockInfo(Comment::kString));
  CHECK(heap.live_bytes() == 16 + 20);
  CHECK(heap.Describe(longer).requested == 17);
  CHECK(heap.Describe(longer).size == 20);
  heap.Verify();
  heap.Free(longer, 17);
  CHECK(heap.live_bytes() == 16);
}

TEST_CASE("reallocation keeps the bytes and counts a death and a birth") {
  Heap heap({});
  char* block = static_cast<char*>(heap.Reallocate(nullptr, 0, 10, kNewInfo));
  for (int i = 0; i < 10; ++i) block[i] = static_cast<char>(i);
  uint64_t size = 10;
  uint64_t births = 1;
  for (uint64_t next : {16ull, 17ull, 300ull, 310ull, 5000ull, 40000ull, 70000ull, 400000ull, 900000ull, 2000000ull,
                        3000000ull, 4000000ull, 70000ull, 40000ull, 5000ull, 12ull, 10ull}) {
    CAPTURE(next);
    block = static_cast<char*>(heap.Reallocate(block, size, next, BlockInfo(Comment::kArray, 5)));
    REQUIRE(block != nullptr);
    size = next;
    CHECK(heap.birth_count() == ++births);
    CHECK(heap.live_count() == 1);
    CHECK(heap.live_bytes() == (next + 15) / 16 * 16);
    CHECK(heap.Describe(block).type == 5);
    std::memset(block + 10, 0x55, size - 10);
    for (int i = 0; i < 10; ++i) REQUIRE(block[i] == i);
    heap.Verify();
  }
}

TEST_CASE("a limit refuses, says why, and leaves the heap usable") {
  Heap heap({.max_bytes = 1000});
  void* first = heap.Allocate(600, kNewInfo);
  REQUIRE(first != nullptr);
  CHECK(heap.Allocate(500, kNewInfo) == nullptr);
  CHECK(heap.last_refusal().requested == 500);
  CHECK(heap.last_refusal().used == 608);
  CHECK_FALSE(heap.last_refusal().by_system);
  CHECK(heap.Allocate(~uint64_t{0}, kNewInfo) == nullptr);
  CHECK(heap.Allocate(uint64_t{1} << 62, kNewInfo) == nullptr);
  CHECK(heap.Reallocate(first, 600, 1001, kNewInfo) == nullptr);
  CHECK(heap.IsLive(first));
  // Growing is judged by the difference, not by both blocks together.
  void* grown = heap.Reallocate(first, 600, 1000 - 8, kNewInfo);
  REQUIRE(grown != nullptr);
  CHECK(heap.live_bytes() == 992);
  CHECK(heap.Allocate(1, kNewInfo) == nullptr);
  CHECK(heap.Free(grown, 992));
  CHECK(heap.Allocate(16, kNewInfo) != nullptr);
  heap.set_max_bytes(0);
  CHECK(heap.Allocate(100000, kNewInfo) != nullptr);
  heap.Verify();
}

TEST_CASE("the system's refusal takes the same way") {
  Heap heap({});
  void* block = heap.Allocate(kVeryLargeBlock, kNewInfo);
  CHECK(heap.Allocate(uint64_t{1} << 46, kNewInfo) == nullptr);
  CHECK(heap.last_refusal().requested == uint64_t{1} << 46);
  CHECK(heap.last_refusal().used == kVeryLargeBlock);
  CHECK(heap.last_refusal().very_large_count == 1);
  heap.Free(block, kVeryLargeBlock);
  CHECK(heap.Allocate(uint64_t{1} << 60, kNewInfo) == nullptr);
  CHECK(heap.last_refusal().very_large_count == 0);
  heap.Verify();
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
uint64_t AddressSpaceInUse() {
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

TEST_CASE("a heap survives a machine without memory") {
  for (const Model model : {Model::kPersistent, Model::kLinear}) {
    for (const uint64_t size : {uint64_t{40}, uint64_t{5000}, uint64_t{700000}}) {
      const pid_t child = fork();
      if (child == 0) {
        // Threads of earlier tests have left address space behind.
        const uint64_t bytes = AddressSpaceInUse() + (uint64_t{96} << 20);
        const rlimit limit{bytes, bytes};
        setrlimit(RLIMIT_AS, &limit);
        Heap heap({.model = model, .track = true});
        std::pair<void*, uint64_t> last{nullptr, 0};
        while (void* block = heap.Allocate(size, kNewInfo)) last = {block, size};
        const bool told = heap.last_refusal().by_system && heap.last_refusal().used == heap.live_bytes();
        heap.Verify();
        // What is given back can be used again.
        const bool usable = heap.Free(last.first, last.second) && heap.Allocate(size, kNewInfo) != nullptr;
        _exit(told && usable && heap.live_count() > 20 ? 0 : 1);
      }
      int status = 0;
      waitpid(child, &status, 0);
      CAPTURE(static_cast<int>(model));
      CAPTURE(size);
      CHECK(WIFEXITED(status));
      CHECK(WEXITSTATUS(status) == 0);
    }
  }
}
#endif

TEST_CASE("the census knows every type, also ones that do not fit") {
  Heap heap({});
  heap.Allocate(16, BlockInfo(Comment::kNew, 0));
  heap.Allocate(16, BlockInfo(Comment::kNew, 70000));
  heap.Allocate(32, BlockInfo(Comment::kNew, ~0u));
  heap.Free(heap.Allocate(64, BlockInfo(Comment::kNew, 5)), 64);
  heap.Allocate(100, BlockInfo(Comment::kIterator));
  heap.Allocate(10, BlockInfo(Comment::kNew, 70000));
  const std::vector<CensusRow> rows = TakeCensus(heap);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].comment == Comment::kIterator);
  CHECK(rows[0].bytes == 112);
  CHECK(rows[1].type == 70000);
  CHECK(rows[1].comment == Comment::kNone);
  CHECK(rows[1].count == 2);
  CHECK(rows[1].bytes == 32);
  CHECK(rows[2].type == kMaxTypeId);
  CHECK(rows[3].comment == Comment::kNew);
  CHECK(rows[3].count == 1);
}

TEST_CASE("comments are spelled as reports need them and can be changed") {
  Heap heap({});
  CHECK(std::string_view(heap.CommentText(Comment::kNewMakeLocal)) == "new [[ ]]");
  CHECK(heap.InternComment("array") == Comment::kArray);
  const Comment mine = heap.InternComment("enemies");
  CHECK(heap.InternComment("enemies") == mine);
  CHECK(std::string_view(heap.CommentText(mine)) == "enemies");

  void* block = heap.Allocate(100, BlockInfo(Comment::kArray, 7));
  CHECK(heap.SetComment(block, mine));
  CHECK(heap.Describe(block).comment == mine);
  CHECK(heap.Describe(block).type == 7);
  CHECK(heap.Describe(block).requested == 100);
  CHECK_FALSE(heap.SetComment(&heap, mine));

  for (int i = 0; i < 500; ++i) heap.InternComment("c" + std::to_string(i));
  CHECK(heap.InternComment("one too many") == Comment::kNone);
  CHECK(heap.InternComment("enemies") == mine);
}

TEST_CASE("a collection frees exactly what is not marked") {
  Heap heap({});
  std::vector<void*> kept;
  std::vector<void*> lost;
  for (int i = 0; i < 3000; ++i) {
    const uint64_t size = i % 100 == 0 ? 50000 * (i / 100 + 1) : static_cast<uint64_t>(i);
    (i % 3 == 0 ? kept : lost).push_back(heap.Allocate(size, BlockInfo(Comment::kNew, i % 5)));
  }
  REQUIRE(heap.BeginMark());
  for (void* block : kept) CHECK(heap.Mark(block));
  for (void* block : kept) CHECK_FALSE(heap.Mark(block));
  CHECK_FALSE(heap.Mark(static_cast<char*>(kept[1]) + 1));
  CHECK_FALSE(heap.Mark(&heap));
  uint64_t told = 0;
  CHECK(heap.Sweep([&](const LiveBlock& block) { told += block.marked ? 0 : 1; }) == lost.size());
  CHECK(told == lost.size());
  CHECK(heap.live_count() == kept.size());
  for (void* block : kept) CHECK(heap.IsLive(block));
  for (void* block : lost) CHECK_FALSE(heap.IsLive(block));
  heap.Verify();
  heap.BeginMark();
  heap.EndMark();
  CHECK(heap.live_count() == kept.size());
}

TEST_CASE("marks without a sweep tell what is reachable") {
  Heap heap({});
  void* reachable = heap.Allocate(16, kNewInfo);
  void* lost = heap.Allocate(16, kNewInfo);
  heap.BeginMark();
  heap.Mark(reachable);
  CHECK(heap.IsMarked(reachable));
  CHECK_FALSE(heap.IsMarked(lost));
  const std::vector<BlockGroup> groups = heap.LiveGroups();
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].count == 2);
  CHECK(groups[0].marked_count == 1);
  heap.EndMark();
  CHECK_FALSE(heap.IsMarked(reachable));
}

TEST_CASE("empty chunks can be given back") {
  Heap heap({});
  std::vector<void*> blocks;
  for (int i = 0; i < 100000; ++i) blocks.push_back(heap.Allocate(16, kNewInfo));
  const uint64_t full = heap.reserved_bytes();
  for (void* block : blocks) heap.Free(block, 16);
  CHECK(heap.reserved_bytes() == full);
  heap.Trim();
  CHECK(heap.reserved_bytes() == kChunkBytes);
  heap.Verify();
  CHECK(heap.Allocate(16, kNewInfo) != nullptr);
  CHECK(heap.Allocate(100, kNewInfo) != nullptr);
  heap.Verify();
}

TEST_CASE("writing into freed memory does not break the heap") {
  Heap heap({});
  char* stale = static_cast<char*>(heap.Allocate(64, kNewInfo));
  heap.Free(stale, 64);
  std::memset(stale, 0xFF, 64);
  CHECK(heap.Allocate(64, kNewInfo) == stale);
  for (int i = 0; i < 5000; ++i) REQUIRE(heap.Allocate(64, kNewInfo) != nullptr);
  heap.Verify();
}

}  // namespace
}  // namespace vestige::memory
