#include "audit/checkpoint_report.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "fmt/format.h"

namespace vestige::audit {

namespace {

constexpr double kMegabyte = 1024 * 1024;
// Less is noise: pages the system gives and takes; of a script's heaps, a name or two.
constexpr uint64_t kResidentNoise = 1024 * 1024;
constexpr uint64_t kScriptNoise = 4 * 1024;
constexpr uint64_t kLeastSpike = 4 * 1024 * 1024;

std::string Megabytes(uint64_t bytes) { return fmt::format("{:.1f}MB", static_cast<double>(bytes) / kMegabyte); }

// One digit, unless that would call a change nothing.
std::string SignedMegabytes(uint64_t now, uint64_t before) {
  const double change = (static_cast<double>(now) - static_cast<double>(before)) / kMegabyte;
  const bool is_small = change != 0 && std::abs(change) < 0.05;
  return is_small ? fmt::format("{:+.3f}MB", change) : fmt::format("{:+.1f}MB", change);
}

std::string State(const Checkpoint& at) {
  return fmt::format("heap={} strings={} | mem={} (VMS: {})", at.heap_bytes, at.string_bytes,
                     Megabytes(at.resident_bytes), Megabytes(at.virtual_bytes));
}

// The least of each part: what a sawtooth comes back to.
struct Low {
  uint64_t bytes = 0;
  uint64_t items = 0;
};

template <typename Value>
Low LowOf(std::span<const Checkpoint> part, Value value) {
  const auto low = std::min_element(part.begin(), part.end(),
                                    [&](const Checkpoint& a, const Checkpoint& b) { return value(a) < value(b); });
  return {value(*low), low->items};
}

// Bytes per 1000 items, or nothing.
template <typename Value>
double Growth(std::span<const Checkpoint> all, uint64_t noise, Value value) {
  if (all.size() < 3) return 0;
  const size_t part = std::max<size_t>(all.size() / 4, 1);
  const size_t middle = all.size() / 2;
  const Low early = LowOf(all.first(part), value);
  const Low mid = LowOf(all.subspan(middle, std::min(part, all.size() - middle)), value);
  const Low late = LowOf(all.last(part), value);
  const bool rises = early.bytes < mid.bytes && mid.bytes < late.bytes;
  if (!rises || late.bytes - early.bytes < noise || late.items <= early.items) return 0;
  return static_cast<double>(late.bytes - early.bytes) * 1000 / static_cast<double>(late.items - early.items);
}

}  // namespace

MemoryVerdict Judge(std::span<const Checkpoint> checkpoints, const Spike& spike) {
  MemoryVerdict verdict;
  const auto first = std::find_if(checkpoints.begin(), checkpoints.end(), [](const auto& at) { return at.items != 0; });
  if (first == checkpoints.end()) return verdict;
  // The end is left out: by then a script may have let go of what it gathered.
  std::vector<Checkpoint> levels;
  std::copy_if(first, checkpoints.end(), std::back_inserter(levels), [](const Checkpoint& at) { return !at.is_peak; });
  std::span<const Checkpoint> work(levels);
  if (work.size() > 3) work = work.first(work.size() - 1);
  const double script = Growth(work, kScriptNoise, [](const Checkpoint& at) { return at.script_bytes(); });
  const double process = Growth(work, kResidentNoise, [](const Checkpoint& at) { return at.resident_bytes; });
  verdict.spike = spike;
  if (script > 0 || process > 0) {
    verdict.kind = MemoryVerdict::Kind::kGrowing;
    verdict.in_script = script > 0;
    verdict.bytes_per_1000 = script > 0 ? script : process;
  } else if (spike.bytes >= std::max(kLeastSpike, checkpoints.front().resident_bytes / 4)) {
    verdict.kind = MemoryVerdict::Kind::kSpike;
  } else {
    verdict.kind = MemoryVerdict::Kind::kConstant;
  }
  return verdict;
}

std::string HeaderLine(std::string_view run, const Checkpoint& at) {
  return fmt::format("DEBUG: header run={} {} delta=+0.0MB\n", run, State(at));
}

std::string ProgressLine(const Checkpoint& at, const Checkpoint& before) {
  return fmt::format("DEBUG: progress items={} {} delta={}\n", at.items, State(at),
                     SignedMegabytes(at.resident_bytes, before.resident_bytes));
}

std::string SummaryLine(const Checkpoint& at, const Checkpoint& start, const MemoryVerdict& verdict) {
  std::string text = fmt::format("DEBUG: summary items={} {} total_delta={} | ", at.items, State(at),
                                 SignedMegabytes(at.resident_bytes, start.resident_bytes));
  switch (verdict.kind) {
    case MemoryVerdict::Kind::kConstant:
      text += "constant";
      break;
    case MemoryVerdict::Kind::kGrowing:
      text += fmt::format("growing {:.3g}MB per 1000 items ({} the script's heaps)", verdict.bytes_per_1000 / kMegabyte,
                          verdict.in_script ? "in" : "beside");
      break;
    case MemoryVerdict::Kind::kSpike:
      text += fmt::format("spike at items={} (+{})", verdict.spike.items, Megabytes(verdict.spike.bytes));
      break;
    case MemoryVerdict::Kind::kUnknown:
      text += "no items were reported";
      break;
  }
  return text + "\n";
}

}  // namespace vestige::audit
