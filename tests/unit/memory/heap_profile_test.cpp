#include "memory/heap_profile.h"

#include <map>
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "memory/heap.h"

namespace vestige::memory {

namespace {

// The same by keeping everything: each new maximum copies what every point holds.
class BruteForce {
 public:
  struct Held {
    uint64_t bytes = 0;
    uint64_t blocks = 0;
    friend bool operator==(const Held&, const Held&) = default;
  };
  struct Block {
    ledger::NodeId node;
    uint64_t bytes;
    uint64_t time;
  };

  Block Allocate(ledger::NodeId node, uint64_t bytes) {
    time_ += bytes;
    held_[node].bytes += bytes;
    held_[node].blocks += 1;
    bytes_ += bytes;
    if (held_[node].bytes > own_peak_[node].bytes) own_peak_[node] = held_[node];
    if (bytes_ >= peak_bytes_) {
      peak_bytes_ = bytes_;
      at_peak_ = held_;
    }
    return {node, bytes, time_};
  }
  void Free(const Block& block) {
    held_[block.node].bytes -= block.bytes;
    held_[block.node].blocks -= 1;
    bytes_ -= block.bytes;
    lifetimes_[block.node] += time_ - block.time;
  }

  uint64_t time_ = 0;
  uint64_t bytes_ = 0;
  uint64_t peak_bytes_ = 0;
  std::map<ledger::NodeId, Held> held_;
  std::map<ledger::NodeId, Held> own_peak_;
  std::map<ledger::NodeId, Held> at_peak_;
  std::map<ledger::NodeId, uint64_t> lifetimes_;
};

std::vector<ProfileRow> RowsOf(const HeapProfile& profile) {
  std::vector<ProfileRow> rows;
  profile.ForEachRow([&](const ProfileRow& row) { rows.push_back(row); });
  return rows;
}

ledger::NodeId AtSeven(void*) { return 7; }

}  // namespace

TEST_CASE("a profile says what keeping everything would say") {
  std::mt19937 random(20240607);
  for (int trace = 0; trace < 300; ++trace) {
    HeapProfile profile;
    BruteForce brute;
    std::vector<std::pair<ProfileBirth, BruteForce::Block>> live;
    const uint32_t points = 1 + random() % 12;
    const uint32_t steps = 1 + random() % 120;
    for (uint32_t step = 0; step < steps; ++step) {
      // Few sizes, so that maxima are met again exactly.
      if (live.empty() || random() % 5 < 3) {
        const ledger::NodeId node = 2 + random() % points;
        const uint64_t bytes = 8 * (1 + random() % 3);
        live.emplace_back(profile.DidAllocate(node, bytes), brute.Allocate(node, bytes));
      } else {
        const size_t chosen = random() % live.size();
        profile.DidFree(live[chosen].first, live[chosen].second.bytes);
        brute.Free(live[chosen].second);
        live.erase(live.begin() + static_cast<ptrdiff_t>(chosen));
      }
    }
    for (const auto& [birth, block] : live) brute.lifetimes_[block.node] += brute.time_ - block.time;
    CHECK(profile.time() == brute.time_);
    CHECK(profile.bytes() == brute.bytes_);
    CHECK(profile.peak_bytes() == brute.peak_bytes_);
    for (const ProfileRow& row : RowsOf(profile)) {
      using Held = BruteForce::Held;
      CHECK(Held{row.live_bytes, row.live_blocks} == brute.held_[row.node]);
      CHECK(Held{row.peak_bytes, row.peak_blocks} == brute.at_peak_[row.node]);
      CHECK(Held{row.max_bytes, row.max_blocks} == brute.own_peak_[row.node]);
      CHECK(row.lifetimes == brute.lifetimes_[row.node]);
    }
  }
}

TEST_CASE("heaps of either model tell their profile of every birth and death") {
  if (!kTrackingIsCompiledIn) return;
  for (const Model model : {Model::kPersistent, Model::kLinear}) {
    HeapProfile profile;
    Heap heap({.model = model, .track = true, .profile = &profile});
    heap.set_birth_source(&AtSeven, nullptr);
    const BlockInfo info(Comment::kNew);
    void* small = heap.Allocate(10, info);
    void* large = heap.Allocate(100000, info);
    heap.Free(large, 100000);
    small = heap.Reallocate(small, 10, 20, info);
    small = heap.Reallocate(small, 20, 30, info);
    heap.Verify();
    std::vector<ProfileRow> rows = RowsOf(profile);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].node == 7);
    CHECK(rows[0].total_blocks == 4);
    CHECK(rows[0].total_bytes == 10 + 100000 + 20 + 30);
    CHECK(rows[0].live_blocks == 1);
    CHECK(rows[0].live_bytes == 30);
    CHECK(rows[0].peak_bytes == 100010);
    CHECK(rows[0].peak_blocks == 2);
    heap.Free(small, 30);
    CHECK(RowsOf(profile)[0].live_blocks == 0);
    CHECK(profile.bytes() == 0);
  }
}

TEST_CASE("two heaps of a context share a profile") {
  if (!kTrackingIsCompiledIn) return;
  HeapProfile profile;
  Heap objects({.track = true, .profile = &profile});
  Heap strings({.content = Content::kStrings, .track = true, .profile = &profile});
  void* object = objects.Allocate(16, BlockInfo(Comment::kNew));
  void* text = strings.Allocate(5, BlockInfo(Comment::kString));
  CHECK(profile.peak_bytes() == 21);
  CHECK(profile.time() == 21);
  objects.Free(object, 16);
  strings.Free(text, 5);
  CHECK(profile.bytes() == 0);
}

TEST_CASE("what a collection frees is gone from the profile") {
  if (!kTrackingIsCompiledIn) return;
  HeapProfile profile;
  Heap heap({.track = true, .profile = &profile});
  void* kept = heap.Allocate(16, BlockInfo(Comment::kNew));
  for (int i = 0; i < 100; ++i) heap.Allocate(48, BlockInfo(Comment::kNew));
  REQUIRE(heap.BeginMark());
  heap.Mark(kept);
  CHECK(heap.Sweep([](const LiveBlock&) {}) == 100);
  CHECK(profile.bytes() == 16);
}

}  // namespace vestige::memory
