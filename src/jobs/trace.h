// What the threads of jobs did when, for viewers of timelines (Perfetto, chrome://tracing).
//
// While it is on, each thread writes into a ring of its own, of fixed capacity; when that is full, what follows is
// counted only. While it is off, a place that would record costs one load and a branch. Thread-safe. Floor 3.

#ifndef VESTIGE_JOBS_TRACE_H_
#define VESTIGE_JOBS_TRACE_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/threads.h"

namespace vestige::jobs {

// What a span or instant is, by the names that the file has for them.
enum class TraceKind : uint8_t {
  kJob,     // a task of the queue: "fifo_job"
  kThread,  // a task on a thread of its own: "thread"
  kWait,    // a party waited: "wait"
  kWake,    // a worker slept until there was work: "wake"
  kChunk,   // a part of a team's work: "chunk"
  kMarker,  // an instant that the script named
};

// Times are uv_hrtime(). Without initialisers, so that a ring's memory is touched only as events come.
struct TraceEvent {
  uint64_t begin;
  uint64_t end;
  TraceKind kind;
  int32_t stage;     // of a chunk; of a marker: its id
  int32_t argument;  // of a chunk: its number; of a marker: what the script gave
  int32_t tag;       // the script's, when it was recorded
  char name[24];     // lane of the task or party, as far as it fits
};

// What one thread recorded.
struct TraceRing {
  std::string thread;  // "caller", "worker", "thread"
  std::unique_ptr<TraceEvent[]> events;
  uint32_t capacity = 0;
  // Events below it are complete and do not change.
  std::atomic<uint32_t> count{0};
  std::atomic<uint64_t> missed{0};
};

class Trace;

// A thread's way to its ring; used by that thread only. The trace outlives it.
class TraceLane {
 public:
  TraceLane(Trace& trace, std::string_view thread) : trace_(trace), thread_(thread) {}
  ~TraceLane();
  TraceLane(const TraceLane&) = delete;
  TraceLane& operator=(const TraceLane&) = delete;

  // The event gets the tag of now, and the name of `party`.
  void Add(TraceEvent event, std::string_view party);

  // When the thread's party began to wait; zero: it does not, or nobody records.
  uint64_t waits_since = 0;

 private:
  Trace& trace_;
  const std::string_view thread_;
  uint64_t session_ = 0;
  std::shared_ptr<TraceRing> ring_;
};

class Trace {
 public:
  static constexpr uint32_t kFewestEvents = 1024;
  static constexpr uint32_t kMostEvents = 1u << 20;

  bool is_on() const { return is_on_.load(std::memory_order_relaxed); }
  // Now, while it is on; else zero, which says later that there is nothing to record.
  uint64_t Now() const { return is_on() ? uv_hrtime() : 0; }

  // Forgets what was recorded and begins. Rings have as many events as asked for, within the limits above.
  void Start(uint32_t events_per_lane);
  // What was recorded stays until the next Start.
  void Stop() { is_on_.store(false, std::memory_order_seq_cst); }
  // Writes the file. False: it is on, nothing was recorded, or the file cannot be written.
  bool Save(const std::string& path);
  // Nothing was ever recorded, and no name given.
  void Reset();

  void set_tag(int32_t tag) { tag_.store(tag, std::memory_order_relaxed); }
  // Names a tag, for the legend: 0xRRGGBB. The last name counts.
  void SetCategory(int32_t id, std::string_view name, uint32_t color);
  // The number of the kind of marker with that name, which is the same each time.
  int32_t MarkerId(std::string_view name);

 private:
  friend class TraceLane;
  struct Category {
    std::string name;
    uint32_t color;
  };

  // A ring of the session that is on, at best one whose thread has ended. Null when there is no memory.
  std::shared_ptr<TraceRing> TakeRing(std::string_view thread, uint64_t* session);
  void GiveBack(std::shared_ptr<TraceRing> ring, uint64_t session);

  std::atomic<bool> is_on_{false};
  std::atomic<int32_t> tag_{0};
  // Goes up with each Start: rings of older ones are let go.
  std::atomic<uint64_t> session_{0};
  // Guards all that follows.
  Mutex mutex_;
  uint32_t capacity_ = 0;
  std::vector<std::shared_ptr<TraceRing>> rings_;
  std::vector<std::shared_ptr<TraceRing>> free_;
  std::map<int32_t, Category> categories_;
  std::vector<std::string> markers_;
  std::map<std::string, int32_t, std::less<>> marker_ids_;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_TRACE_H_
