// What checkpoints add up to.
#include "audit/checkpoint_report.h"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

namespace vestige::audit {
namespace {

constexpr uint64_t kMegabyte = 1024 * 1024;

// A start, twenty checkpoints of 1000 items, and an end.
std::vector<Checkpoint> Run(const std::function<uint64_t(uint64_t items)>& script_bytes) {
  std::vector<Checkpoint> run = {{.resident_bytes = 10 * kMegabyte}};
  for (uint64_t items = 1000; items <= 20000; items += 1000) {
    const uint64_t bytes = script_bytes(items);
    run.push_back({.items = items, .heap_bytes = bytes, .resident_bytes = 12 * kMegabyte + bytes});
  }
  run.push_back({.items = 20000, .resident_bytes = 12 * kMegabyte});
  return run;
}

TEST_CASE("what is needed to begin is no growth, and neither is a sawtooth") {
  CHECK(Judge(Run([](uint64_t) { return 5 * kMegabyte; }), {}).kind == MemoryVerdict::Kind::kConstant);
  const auto sawtooth = Run([](uint64_t items) { return items % 4000 * 1024; });
  CHECK(Judge(sawtooth, {}).kind == MemoryVerdict::Kind::kConstant);
  // A cache that fills up and stays.
  const auto cache = Run([](uint64_t items) { return std::min<uint64_t>(items, 6000) * 1024; });
  CHECK(Judge(cache, {}).kind == MemoryVerdict::Kind::kConstant);
}

TEST_CASE("growth is told with its rate, and whether the script's heaps hold it") {
  const MemoryVerdict steady = Judge(Run([](uint64_t items) { return items * 1024; }), {});
  CHECK(steady.kind == MemoryVerdict::Kind::kGrowing);
  CHECK(steady.in_script);
  CHECK(steady.bytes_per_1000 == doctest::Approx(1000 * 1024));
  // 16 bytes every 1000 items are too few to be sure; 16 bytes an item are not.
  CHECK(Judge(Run([](uint64_t items) { return items / 1000 * 16; }), {}).kind == MemoryVerdict::Kind::kConstant);
  CHECK(Judge(Run([](uint64_t items) { return items * 16; }), {}).kind == MemoryVerdict::Kind::kGrowing);

  auto beside = Run([](uint64_t) { return uint64_t{0}; });
  for (Checkpoint& at : beside) at.resident_bytes += at.items * 2048;
  const MemoryVerdict process = Judge(beside, {});
  CHECK(process.kind == MemoryVerdict::Kind::kGrowing);
  CHECK_FALSE(process.in_script);
  CHECK(process.bytes_per_1000 == doctest::Approx(2048 * 1000));
}

TEST_CASE("a spike counts when it is large and nothing grows") {
  const auto flat = Run([](uint64_t) { return kMegabyte; });
  const MemoryVerdict verdict = Judge(flat, {.items = 7, .bytes = 60 * kMegabyte});
  CHECK(verdict.kind == MemoryVerdict::Kind::kSpike);
  CHECK(verdict.spike.items == 7);
  CHECK(Judge(flat, {.items = 7, .bytes = kMegabyte}).kind == MemoryVerdict::Kind::kConstant);
  const auto growing = Run([](uint64_t items) { return items * 1024; });
  CHECK(Judge(growing, {.items = 7, .bytes = 60 * kMegabyte}).kind == MemoryVerdict::Kind::kGrowing);
}

TEST_CASE("without items there is nothing to judge") {
  const std::vector<Checkpoint> run = {{}, {.resident_bytes = 100 * kMegabyte}};
  CHECK(Judge(run, {}).kind == MemoryVerdict::Kind::kUnknown);
}

TEST_CASE("lines have the documented form, and small changes are not nothing") {
  const Checkpoint start = {.resident_bytes = 2621440, .virtual_bytes = 420059545};
  CHECK(HeaderLine("a.das", start) ==
        "DEBUG: header run=a.das heap=0 strings=0 | mem=2.5MB (VMS: 400.6MB) delta=+0.0MB\n");
  const Checkpoint next = {.items = 1000, .heap_bytes = 4096, .string_bytes = 32, .resident_bytes = 2621440 + 8192};
  CHECK(ProgressLine(next, start) ==
        "DEBUG: progress items=1000 heap=4096 strings=32 | mem=2.5MB (VMS: 0.0MB) delta=+0.008MB\n");
  CHECK(SummaryLine(next, start, {.kind = MemoryVerdict::Kind::kConstant}) ==
        "DEBUG: summary items=1000 heap=4096 strings=32 | mem=2.5MB (VMS: 0.0MB) total_delta=+0.008MB | constant\n");
}

}  // namespace
}  // namespace vestige::audit
