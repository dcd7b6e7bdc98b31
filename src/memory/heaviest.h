// The keys that weigh most, found in a fixed amount of memory by walking the same things a few times.
//
// A report at a memory limit cannot make a table with a row for each key. So keys are first weighed in buckets of
// neighbours; then, in the next walk, the keys of the heaviest buckets one by one. Once the lightest row found
// outweighs every bucket that was not looked into, nothing in those can belong to the rows: two walks are enough as a
// rule. Floor 2.

#ifndef VESTIGE_MEMORY_HEAVIEST_H_
#define VESTIGE_MEMORY_HEAVIEST_H_

#include <cstdint>
#include <span>

namespace vestige::memory {

// Use: Begin; then walks, in each Add for every thing, and EndWalk, until that says that it is enough. Allocates
// nothing. Trivial, so that it can lie in memory that nobody touched so far.
class Heaviest {
 public:
  static constexpr uint32_t kRows = 10;
  struct Row {
    uint32_t key;
    uint64_t bytes;
    uint64_t count;
  };

  // Keys are below `key_count`.
  void Begin(uint32_t key_count);
  void Add(uint32_t key, uint64_t bytes) {
    if (key >= key_count_) return;
    if (weighs_buckets_) {
      buckets_[key / width_] += bytes;
      return;
    }
    const uint32_t bucket = key / width_;
    const uint16_t first = first_counter_[bucket];
    if (first == kNotChosen) return;
    Counter& counter = counters_[first + (key - bucket * width_)];
    counter.bytes += bytes;
    counter.count += 1;
  }
  // True when the rows are final; otherwise the same walk has to be done once more.
  bool EndWalk();

  // Most bytes first, then by key.
  std::span<const Row> rows() const { return {rows_, row_count_}; }
  // False when keys that were not looked at one by one may outweigh rows: there were too many.
  bool is_exact() const { return is_exact_; }

 private:
  static constexpr uint32_t kBuckets = 1024;
  static constexpr uint32_t kCounters = 512;
  static constexpr uint16_t kNotChosen = 0xFFFF;
  static constexpr int kMaxWalks = 4;
  struct Counter {
    uint64_t bytes;
    uint64_t count;
  };

  void Harvest();
  void Insert(const Row& row);
  // The next buckets to look into; false when none can matter.
  bool Choose();

  uint32_t key_count_;
  uint32_t width_;
  uint32_t bucket_count_;
  uint32_t row_count_;
  int walks_;
  bool weighs_buckets_;
  bool is_exact_;
  // Of buckets that were not looked into; zero otherwise.
  uint64_t buckets_[kBuckets];
  uint16_t first_counter_[kBuckets];
  Counter counters_[kCounters];
  Row rows_[kRows];
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HEAVIEST_H_
