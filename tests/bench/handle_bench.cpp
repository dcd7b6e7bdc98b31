// A look-up of a handle, the drop of what it found included, beside the simplest thing that works: a vector of
// shared_ptr under a mutex. Alone, while another thread exists, and with two threads on different handles.
#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "memory/handle_registry.h"

namespace vestige::memory {

struct BenchSession {
  uint64_t number = 0;
};
}  // namespace vestige::memory

template <>
inline constexpr std::string_view vestige::kHandleName<vestige::memory::BenchSession> = "BenchSession";

namespace vestige::memory {

namespace {

constexpr int kObjects = 1024;

class Registered {
 public:
  Registered() {
    for (int i = 0; i < kObjects; ++i) handles_.push_back(registry_.Acquire(std::make_shared<BenchSession>()));
  }
  std::shared_ptr<BenchSession> Lookup(int i) const { return registry_.Lookup(handles_[i]); }
  HandlePin<BenchSession> Pin(int i) const { return registry_.Pin(handles_[i]); }

 private:
  HandleRegistry<BenchSession> registry_;
  std::vector<Handle<BenchSession>> handles_;
};

// Looks without sharing.
class Pinned : public Registered {
 public:
  HandlePin<BenchSession> Lookup(int i) const { return Pin(i); }
};

class Locked {
 public:
  Locked() {
    for (int i = 0; i < kObjects; ++i) objects_.push_back(std::make_shared<BenchSession>());
  }
  std::shared_ptr<BenchSession> Lookup(int i) const {
    const std::lock_guard lock(mutex_);
    return objects_[i];
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<BenchSession>> objects_;
};

// Half the objects for each of two threads, far apart.
template <typename Table>
void LookUp(benchmark::State& state, const Table& table) {
  const int begin = state.thread_index() * (kObjects / 2);
  int i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.Lookup(begin + i)->number);
    i = (i + 8) % (kObjects / 2);
  }
}

// Kept for the whole process: threads of a benchmark start and end around it.
template <typename Table>
const Table& Shared() {
  static const Table table;
  return table;
}

template <typename Table>
void BM_LookUpAlone(benchmark::State& state) {
  LookUp(state, Shared<Table>());
}

template <typename Table>
void BM_LookUpWhileAnotherThreadExists(benchmark::State& state) {
  std::atomic<bool> stop = false;
  std::thread other([&] { stop.wait(false); });
  LookUp(state, Shared<Table>());
  stop = true;
  stop.notify_one();
  other.join();
}

// libstdc++ counts without atomics until the process starts its first thread, so these come first.
BENCHMARK(BM_LookUpAlone<Registered>);
BENCHMARK(BM_LookUpAlone<Pinned>);
BENCHMARK(BM_LookUpAlone<Locked>);
BENCHMARK(BM_LookUpWhileAnotherThreadExists<Registered>);
BENCHMARK(BM_LookUpWhileAnotherThreadExists<Pinned>);
BENCHMARK(BM_LookUpWhileAnotherThreadExists<Locked>);
BENCHMARK(BM_LookUpAlone<Registered>)->Name("BM_LookUpTwoThreads<Registered>")->Threads(2)->UseRealTime();
BENCHMARK(BM_LookUpAlone<Pinned>)->Name("BM_LookUpTwoThreads<Pinned>")->Threads(2)->UseRealTime();
BENCHMARK(BM_LookUpAlone<Locked>)->Name("BM_LookUpTwoThreads<Locked>")->Threads(2)->UseRealTime();

}  // namespace
}  // namespace vestige::memory
