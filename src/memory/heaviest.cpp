#include "memory/heaviest.h"

#include <algorithm>

namespace vestige::memory {

void Heaviest::Begin(uint32_t key_count) {
  constexpr uint32_t kMostKeys = kBuckets * kCounters;
  key_count_ = std::clamp(key_count, 1u, kMostKeys);
  is_exact_ = key_count <= kMostKeys;
  // Few keys are counted one by one at once, in a single bucket.
  width_ = key_count_ <= kCounters ? key_count_ : (key_count_ + kBuckets - 1) / kBuckets;
  bucket_count_ = (key_count_ + width_ - 1) / width_;
  row_count_ = 0;
  walks_ = 0;
  weighs_buckets_ = bucket_count_ > 1;
  std::fill_n(buckets_, bucket_count_, 0);
  std::fill_n(first_counter_, bucket_count_, weighs_buckets_ ? kNotChosen : uint16_t{0});
  std::fill_n(counters_, kCounters, Counter{0, 0});
}

bool Heaviest::EndWalk() {
  ++walks_;
  if (weighs_buckets_) {
    weighs_buckets_ = false;
  } else {
    Harvest();
  }
  if (!Choose()) return true;
  if (walks_ < kMaxWalks) return false;
  is_exact_ = false;
  return true;
}

void Heaviest::Harvest() {
  for (uint32_t bucket = 0; bucket < bucket_count_; ++bucket) {
    const uint16_t first = first_counter_[bucket];
    if (first == kNotChosen) continue;
    first_counter_[bucket] = kNotChosen;
    const uint32_t keys = std::min(width_, key_count_ - bucket * width_);
    for (uint32_t i = 0; i < keys; ++i) {
      Counter& counter = counters_[first + i];
      if (counter.count != 0) Insert({bucket * width_ + i, counter.bytes, counter.count});
      counter = {0, 0};
    }
  }
}

void Heaviest::Insert(const Row& row) {
  const auto is_before = [](const Row& a, const Row& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.key < b.key;
  };
  if (row_count_ == kRows && !is_before(row, rows_[kRows - 1])) return;
  uint32_t at = row_count_ < kRows ? row_count_++ : kRows - 1;
  for (; at > 0 && is_before(row, rows_[at - 1]); --at) rows_[at] = rows_[at - 1];
  rows_[at] = row;
}

bool Heaviest::Choose() {
  const uint32_t most = kCounters / width_;
  const uint64_t lightest = row_count_ == kRows ? rows_[kRows - 1].bytes : 0;
  uint32_t chosen = 0;
  for (; chosen < most; ++chosen) {
    const uint64_t* heaviest = std::max_element(buckets_, buckets_ + bucket_count_);
    // A bucket as heavy as the last row may hold an equal one with a smaller key.
    if (*heaviest == 0 || *heaviest < lightest) break;
    const auto bucket = static_cast<uint32_t>(heaviest - buckets_);
    buckets_[bucket] = 0;
    first_counter_[bucket] = static_cast<uint16_t>(chosen * width_);
  }
  return chosen != 0;
}

}  // namespace vestige::memory
