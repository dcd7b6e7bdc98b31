// Profiles in the format of DHAT, version 2, which valgrind's dh_view.html shows.
//
// The viewer rejects two points with the same frames, so points are merged once their frames are text. It also looks
// for a point among its siblings one by one, so a profile with very many points is folded: those that matter least by
// every one of the viewer's columns become one. Floor 2.

#ifndef VESTIGE_AUDIT_DHAT_PROFILE_H_
#define VESTIGE_AUDIT_DHAT_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/lock.h"
#include "base/text_sink.h"
#include "vestige/findings.h"

namespace vestige::audit {

// What a file counts.
enum class DhatKind : uint8_t {
  kHeap,   // blocks and their bytes, peaks, lifetimes; time is bytes allocated
  kEvents  // events and their weights
};

// The figures of one point; of events, the totals alone.
struct DhatCounts {
  uint64_t total_bytes = 0;
  uint64_t total_blocks = 0;
  uint64_t lifetimes = 0;
  uint64_t max_bytes = 0;
  uint64_t max_blocks = 0;
  uint64_t peak_bytes = 0;
  uint64_t peak_blocks = 0;
  uint64_t end_bytes = 0;
  uint64_t end_blocks = 0;
};

// One point: what happened on one call path.
struct DhatPoint {
  // Innermost first.
  std::vector<std::string> frames;
  DhatCounts counts;
};

// What one context did, whole.
struct DhatContext {
  uint64_t end_time = 0;
  uint64_t peak_time = 0;
  uint64_t peak_bytes = 0;
  std::vector<DhatPoint> points;
};

// A frame as profiles spell it: "fill (demo.das:6:4)", "builtin`push (native)".
std::string DhatFrame(const StackFrame& frame);

// The profile of a process. Contexts count one after the other: the time of each begins where the one before ended, and
// the peak is that of the context that held most. Thread-safe.
class DhatProfile {
 public:
  // Points of a file, the one of what is folded included.
  static constexpr size_t kMaxPoints = 20000;

  explicit DhatProfile(DhatKind kind) : kind_(kind) {}

  void Add(const DhatContext& context);
  // Writes the file. `command` is the command line, `process` the process's number.
  void Write(std::span<const std::string> command, int process, base::TextSink& out) const;

 private:
  struct Point {
    std::vector<uint32_t> frames;
    DhatCounts counts;
  };

  uint32_t FrameNumber(const std::string& frame) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The points to be told, in order of their first Add.
  std::vector<const Point*> Chosen(DhatCounts& rest, size_t& rest_count) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  DhatKind kind_;
  mutable base::Mutex mutex_;
  uint64_t end_time_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t peak_time_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t peak_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Index 0 is the viewer's root.
  std::vector<std::string> frames_ ABSL_GUARDED_BY(mutex_) = {"[root]"};
  absl::flat_hash_map<std::string, uint32_t> frame_numbers_ ABSL_GUARDED_BY(mutex_);
  std::vector<Point> points_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::vector<uint32_t>, size_t> point_numbers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_DHAT_PROFILE_H_
