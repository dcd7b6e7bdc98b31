// What each call path allocated over a whole run: sums, peaks, lifetimes. For profiles in the format of DHAT.
//
// A point is a context-tree node at which something was born. Its counters change at births and deaths alone, so what
// it held when all points together held most would cost a walk over all points at every new maximum. Instead a maximum
// is only declared: while the sum is at its maximum nothing is saved; the first death after it begins a new epoch, and
// in an epoch each point saves its counters before its first change. Whoever saved nothing since has not changed since.
//
// Time is counted in bytes allocated, so that profiles are the same in every run. Floor 2.

#ifndef VESTIGE_MEMORY_HEAP_PROFILE_H_
#define VESTIGE_MEMORY_HEAP_PROFILE_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "ledger/context_tree.h"

namespace vestige::memory {

// What a block remembers of its birth for the profile.
struct ProfileBirth {
  // Bytes the context had allocated by then, this block included.
  uint64_t time;
  uint32_t point;
};

// One call path, told when the profile is finished. Bytes are as asked for.
struct ProfileRow {
  ledger::NodeId node = ledger::kNoNode;
  uint64_t total_bytes = 0;
  uint64_t total_blocks = 0;
  // Sum over all blocks, those that are alive counted until now.
  uint64_t lifetimes = 0;
  // When the path held most bytes.
  uint64_t max_bytes = 0;
  uint64_t max_blocks = 0;
  // When all paths together held most bytes, the last time if there were several.
  uint64_t peak_bytes = 0;
  uint64_t peak_blocks = 0;
  // Now.
  uint64_t live_bytes = 0;
  uint64_t live_blocks = 0;
};

// The profile of one context, shared by its heaps. Not thread-safe.
//
// Always true: bytes() is the sum of the points' live bytes, peak_bytes() the largest it ever was. A birth or death
// costs the same however many points there are.
class HeapProfile {
 public:
  HeapProfile() : points_(1) {}

  // A block of `bytes` bytes is born at `node`. What is returned is handed to DidFree.
  ProfileBirth DidAllocate(ledger::NodeId node, uint64_t bytes) {
    const uint32_t number = node < index_.size() && index_[node] != 0 ? index_[node] : MakePoint(node);
    Point& point = points_[number];
    SaveIfFirst(point);
    time_ += bytes;
    bytes_ += bytes;
    point.lifetimes -= time_;
    point.total_bytes += bytes;
    point.total_blocks += 1;
    point.bytes += bytes;
    point.blocks += 1;
    if (point.bytes > point.max_bytes) {
      point.max_bytes = point.bytes;
      point.max_blocks = point.blocks;
    }
    if (bytes_ >= peak_bytes_) {
      peak_bytes_ = bytes_;
      peak_time_ = time_;
      is_at_peak_ = true;
    }
    return {time_, number};
  }

  // The block of `bytes` bytes whose birth that was is gone.
  void DidFree(const ProfileBirth& birth, uint64_t bytes) {
    if (is_at_peak_) {
      is_at_peak_ = false;
      ++epoch_;
    }
    Point& point = points_[birth.point];
    SaveIfFirst(point);
    bytes_ -= bytes;
    point.lifetimes += time_;
    point.bytes -= bytes;
    point.blocks -= 1;
  }

  // Bytes ever allocated, which is the time; bytes alive; the most that ever were, and when.
  uint64_t time() const { return time_; }
  uint64_t bytes() const { return bytes_; }
  uint64_t peak_bytes() const { return peak_bytes_; }
  uint64_t peak_time() const { return peak_time_; }

  // Every point, in order of first births.
  void ForEachRow(absl::FunctionRef<void(const ProfileRow&)> visit) const;

 private:
  struct Point {
    ledger::NodeId node = ledger::kNoNode;
    uint64_t total_bytes = 0;
    uint64_t total_blocks = 0;
    // Times of deaths minus times of births, modulo 2^64; adding the end for each live block makes it a sum.
    uint64_t lifetimes = 0;
    uint64_t bytes = 0;
    uint64_t blocks = 0;
    uint64_t max_bytes = 0;
    uint64_t max_blocks = 0;
    // What was saved, and in which epoch.
    uint64_t saved_bytes = 0;
    uint64_t saved_blocks = 0;
    uint64_t saved_epoch = 0;
  };

  void SaveIfFirst(Point& point) {
    if (is_at_peak_ || point.saved_epoch == epoch_) return;
    point.saved_epoch = epoch_;
    point.saved_bytes = point.bytes;
    point.saved_blocks = point.blocks;
  }
  uint32_t MakePoint(ledger::NodeId node);

  // By node; zero: none yet. The first point stands for that.
  std::vector<uint32_t> index_;
  std::vector<Point> points_;
  uint64_t time_ = 0;
  uint64_t bytes_ = 0;
  uint64_t peak_bytes_ = 0;
  uint64_t peak_time_ = 0;
  uint64_t epoch_ = 1;
  // Whether the sum is at its maximum now.
  bool is_at_peak_ = true;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HEAP_PROFILE_H_
