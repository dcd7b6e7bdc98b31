#include "memory/ordered_walk.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace vestige::memory {

namespace {

struct Row {
  uint64_t size;
  // The id, or without ids the number of the block in the walk.
  uint64_t order;
  void* pointer;
};

struct Precedes {
  bool operator()(const Row& a, const Row& b) const { return std::tie(b.size, a.order) < std::tie(a.size, b.order); }
};

// The first rows of those that come behind `last`, collected in any order.
class NextRows {
 public:
  explicit NextRows(uint64_t limit) : limit_(limit) {}

  void Begin(bool has_last, const Row& last) {
    rows_.clear();
    has_last_ = has_last;
    last_ = last;
    is_cut_ = false;
  }

  void Add(const Row& row) {
    if (has_last_ && !Precedes{}(last_, row)) return;
    if (is_cut_ && !Precedes{}(row, cut_)) return;
    rows_.push_back(row);
    if (rows_.size() == limit_ * 2) Cut();
  }

  const std::vector<Row>& TakeSorted() {
    if (rows_.size() > limit_) Cut();
    std::sort(rows_.begin(), rows_.end(), Precedes{});
    return rows_;
  }

 private:
  // Keeps the first `limit_` rows; what comes behind them is of no interest any more.
  void Cut() {
    const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(limit_);
    std::nth_element(rows_.begin(), end, rows_.end(), Precedes{});
    cut_ = *end;
    is_cut_ = true;
    rows_.erase(end, rows_.end());
  }

  uint64_t limit_;
  std::vector<Row> rows_;
  bool has_last_ = false;
  Row last_ = {};
  bool is_cut_ = false;
  Row cut_ = {};
};

}  // namespace

void ForEachInOrder(const Heap& heap, OrderedBy by, Chosen chosen, uint64_t rows_at_once, Heap::BlockVisitor visit) {
  NextRows next(rows_at_once);
  Row last = {};
  for (bool has_last = false;; has_last = true) {
    next.Begin(has_last, last);
    uint64_t number = 0;
    const auto add = [&](const LiveBlock& block) {
      ++number;
      next.Add({.size = by == OrderedBy::kRequested ? block.requested : block.size,
                .order = heap.is_tracking() ? block.id : number,
                .pointer = block.pointer});
    };
    if (chosen == Chosen::kAll) {
      heap.ForEachLive(add);
    } else {
      heap.ForEachBig(add);
    }
    const std::vector<Row>& rows = next.TakeSorted();
    for (const Row& row : rows) visit(heap.Describe(row.pointer));
    if (rows.size() < rows_at_once) return;
    last = rows.back();
  }
}

void ForEachInOrder(const Heap& heap, OrderedBy by, Chosen chosen, Heap::BlockVisitor visit) {
  constexpr uint64_t kFewest = 256 * 1024;
  constexpr uint64_t kMostWalks = 20;
  ForEachInOrder(heap, by, chosen, std::max(kFewest, heap.live_count() / kMostWalks + 1), visit);
}

}  // namespace vestige::memory
