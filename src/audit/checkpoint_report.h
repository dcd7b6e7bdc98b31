// What memory a process has while it works: the lines of checkpoints, and what they add up to.
//
//   DEBUG: header run=stream.das heap=0 strings=0 | mem=2.5MB (VMS: 400.6MB) delta=+0.0MB
//   DEBUG: progress items=1000 heap=4096 strings=32 | mem=2.6MB (VMS: 400.6MB) delta=+0.1MB
//   DEBUG: summary items=1500 heap=4096 strings=32 | mem=2.6MB (VMS: 400.6MB) total_delta=+0.1MB | constant
//
// Left of the bar stand bytes that scripts hold, exact; right of it what the system says. Floor 2.

#ifndef VESTIGE_AUDIT_CHECKPOINT_REPORT_H_
#define VESTIGE_AUDIT_CHECKPOINT_REPORT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vestige::audit {

// The state at one moment of a run.
struct Checkpoint {
  int64_t time_ns = 0;  // since the start of the run
  uint64_t items = 0;
  // Bytes alive in the script's heaps.
  uint64_t heap_bytes = 0;
  uint64_t string_bytes = 0;
  // Of the process.
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  // The top of a spike, which was over when it was noticed: for drawings only.
  bool is_peak = false;

  uint64_t script_bytes() const { return heap_bytes + string_bytes; }
};

// The largest rise of memory that was gone again at the next look.
struct Spike {
  uint64_t items = 0;
  uint64_t bytes = 0;
};

// What a run's memory did.
struct MemoryVerdict {
  enum class Kind : uint8_t {
    kConstant,
    kGrowing,
    kSpike,
    kUnknown,  // nobody reported items
  };
  Kind kind = Kind::kUnknown;
  // kGrowing: bytes per 1000 items, and whether the script's heaps hold them.
  double bytes_per_1000 = 0;
  bool in_script = false;
  Spike spike;
};

// Judges checkpoints in order of time; the first is the start, the last the end. What is needed to begin does not
// count: growth is looked for between the first and the last quarter of what lies behind the first reported item.
MemoryVerdict Judge(std::span<const Checkpoint> checkpoints, const Spike& spike);

std::string HeaderLine(std::string_view run, const Checkpoint& at);
std::string ProgressLine(const Checkpoint& at, const Checkpoint& before);
std::string SummaryLine(const Checkpoint& at, const Checkpoint& start, const MemoryVerdict& verdict);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_CHECKPOINT_REPORT_H_
