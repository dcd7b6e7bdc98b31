// The engine's own use of memory, held to exact numbers: what it allocates it frees, a run leaves nothing in its
// engine, and what scripts are told of their heaps does not depend on who runs beside them.
//
// Every allocation of the process is counted, in the same HeapStats that scripts have of their heaps.
#include <doctest/doctest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "vestige/engine.h"
#include "vestige/heap_stats.h"

namespace {

std::atomic<uint64_t> births{0};
std::atomic<uint64_t> born_bytes{0};
std::atomic<uint64_t> live_blocks{0};
std::atomic<uint64_t> live_bytes{0};
std::atomic<uint64_t> peak_bytes{0};

void* Born(void* block) {
  if (block == nullptr) return block;
  const uint64_t bytes = malloc_usable_size(block);
  births += 1;
  born_bytes += bytes;
  live_blocks += 1;
  const uint64_t now = live_bytes += bytes;
  uint64_t peak = peak_bytes.load();
  while (now > peak && !peak_bytes.compare_exchange_weak(peak, now)) {
  }
  return block;
}

void Died(void* block) {
  if (block == nullptr) return;
  live_blocks -= 1;
  live_bytes -= malloc_usable_size(block);
}

}  // namespace

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* block);
void* malloc(size_t size) { return Born(__libc_malloc(size)); }
void* calloc(size_t count, size_t size) { return Born(__libc_calloc(count, size)); }
void* realloc(void* block, size_t size) {
  Died(block);
  return Born(__libc_realloc(block, size));
}
void* aligned_alloc(size_t alignment, size_t size) { return Born(__libc_memalign(alignment, size)); }
int posix_memalign(void** block, size_t alignment, size_t size) {
  *block = Born(__libc_memalign(alignment, size));
  return *block == nullptr ? 12 : 0;
}
void free(void* block) {
  Died(block);
  __libc_free(block);
}
}

namespace vestige {
namespace {

HeapStats Process() {
  HeapStats stats;
  stats.total_blocks = births;
  stats.total_bytes = born_bytes;
  stats.current_blocks = live_blocks;
  stats.current_bytes = live_bytes;
  stats.max_bytes = peak_bytes;
  return stats;
}

void ForgetPeak() { peak_bytes = live_bytes.load(); }

constexpr const char* kScript = R"(options gen2
options persistent_heap
require strings
var kept : array<string>
[export]
def main() {
    var numbers : array<int>
    for (i in range(100)) {
        numbers |> push(i)
    }
    for (i in range(10)) {
        kept |> push("kept {i}")
    }
    try {
        panic("on purpose")
    } recover {
        numbers |> clear()
    }
    delete numbers
}
)";

EngineOptions Quiet(bool tracks) {
  EngineOptions options;
  options.tracking.leak_profiler = tracks;
  options.out = options.err = [](std::string_view) {};
  return options;
}

// What one run in an engine of its own tells.
RunResult RunAlone(bool tracks) {
  Engine engine(Quiet(tracks));
  RunResult result = engine.RunText("script.das", kScript);
  engine.Close();
  return result;
}

TEST_CASE("an engine gives back all that it took, from the first one on") {
  for (const bool tracks : {false, true}) {
    // The text of a result is the host's.
    const HeapStats before = Process();
    { Engine engine(Quiet(tracks)); }
    CHECK(HeapEqual(before, Process()) == "");
    RunAlone(tracks);
    CHECK(HeapEqual(before, Process()) == "");
    for (int i = 0; i < 10; ++i) RunAlone(tracks);
    CHECK(HeapEqual(before, Process()) == "");
  }
}

TEST_CASE("a run leaves nothing in its engine, whatever end it comes to") {
  for (const char* text :
       {kScript, "options gen2\n[export]\ndef main() {\n    panic(\"no\")\n}\n", "no script at all\n",
        "options gen2\n[export]\ndef main() {\n    var a : array<int>\n    a |> reserve(1000000)\n}\n"}) {
    CAPTURE(text);
    EngineOptions options = Quiet(true);
    options.max_heap_bytes = 1 << 20;
    Engine engine(std::move(options));
    engine.RunText("script.das", text);
    const HeapStats before = Process();
    for (int i = 0; i < 5; ++i) engine.RunText("script.das", text);
    CHECK(HeapEqual(before, Process()) == "");
  }
}

TEST_CASE("an engine that does nothing takes little, and a small script not much") {
  const HeapStats before = Process();
  ForgetPeak();
  Engine engine(Quiet(false));
  CHECK(AtMostBytes(Process(), before.current_bytes + 8 * 1024) == "");
  engine.RunText("script.das", kScript);
  CHECK(PeakAtMost(Process(), before.current_bytes + 2 * 1024 * 1024) == "");
}

TEST_CASE("scripts are told the same of their heaps, whoever runs beside them") {
  const RunResult alone = RunAlone(true);
  CHECK(alone.heap.total_blocks > alone.heap.current_blocks);
  CHECK(alone.heap.max_bytes >= alone.heap.current_bytes);
  CHECK(alone.strings.current_blocks == 10);
  std::vector<RunResult> results(4);
  std::vector<std::thread> threads;
  for (RunResult& result : results) {
    threads.emplace_back([&result] {
      for (int i = 0; i < 5; ++i) result = RunAlone(true);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const RunResult& result : results) {
    CHECK(result.heap == alone.heap);
    CHECK(result.strings == alone.strings);
  }
}

TEST_CASE("checks of stats say what differs") {
  const HeapStats before = {.total_blocks = 5, .total_bytes = 80, .current_blocks = 2, .current_bytes = 32};
  HeapStats now = before;
  CHECK(HeapEqual(before, now) == "");
  CHECK(NoneAllocated(before, now) == "");
  now = {.total_blocks = 6, .total_bytes = 96, .current_blocks = 3, .current_bytes = 48, .max_bytes = 64};
  CHECK(HeapEqual(before, now) == "alive are 3 blocks of 48 bytes, not 2 of 32 as before: +1 blocks, +16 bytes");
  CHECK(NoneAllocated(before, now) == "allocated since: +1 blocks, +16 bytes");
  CHECK(AtMostBytes(now, 48) == "");
  CHECK(AtMostBytes(now, 47) == "alive are 48 bytes, more than 47");
  CHECK(AtMostBlocks(now, 2) == "alive are 3 blocks, more than 2");
  CHECK(PeakAtMost(now, 63) == "alive at once are 64 bytes, more than 63");
}

}  // namespace
}  // namespace vestige
