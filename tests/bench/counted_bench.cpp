// One reference more and one less, beside a std::shared_ptr: an object that no account observes, and one whose holders
// are tracked.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "memory/object_account.h"

namespace vestige::memory {

namespace {

class Plain : public RefCounted {
 public:
  std::string ReportName() const override { return "Plain"; }
};

void Pair(benchmark::State& state, bool tracks_holders) {
  ObjectAccount account;
  account.Configure({}, nullptr, tracks_holders);
  const RefPtr<Plain> object = MakeCounted<Plain>();
  account.Meet(*object);
  // A few holders that stay, as objects have.
  const RefPtr<Plain> others[3] = {object, object, object};
  for (auto _ : state) {
    const RefPtr<Plain> copy = object;
    benchmark::DoNotOptimize(copy.get());
  }
}

void CountedOff(benchmark::State& state) { Pair(state, false); }
void CountedWithHolders(benchmark::State& state) { Pair(state, true); }

// What the counting alone costs.
void AtomicPair(benchmark::State& state) {
  std::atomic<uint32_t> count = 1;
  for (auto _ : state) {
    count.fetch_add(1, std::memory_order_relaxed);
    benchmark::DoNotOptimize(count);
    benchmark::DoNotOptimize(count.fetch_sub(1, std::memory_order_acq_rel));
  }
}

BENCHMARK(AtomicPair);
BENCHMARK(CountedOff);
BENCHMARK(CountedWithHolders);

}  // namespace

}  // namespace vestige::memory
