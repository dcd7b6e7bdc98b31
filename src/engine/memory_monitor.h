// Watches what memory a run and its process have, at checkpoints that the script or the host reports. Floor 6.

#ifndef VESTIGE_ENGINE_MEMORY_MONITOR_H_
#define VESTIGE_ENGINE_MEMORY_MONITOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "audit/checkpoint_report.h"
#include "base/text_sink.h"
#include "memory/heap.h"
#include "vestige/options.h"

namespace vestige::engine {

// Use: Begin, Report for every piece of work, End.
class MemoryMonitor {
 public:
  struct Settings {
    std::string run;                           // what lines call it
    base::TextSink* out = nullptr;             // null: nothing is told
    TextFunction plot;                         // unset: nothing is drawn
    std::function<void(uint64_t items)> mark;  // told of each checkpoint
  };

  // Heaps are not owned.
  MemoryMonitor(Settings settings, const memory::Heap& heap, const memory::Heap& strings)
      : settings_(std::move(settings)), heap_(heap), strings_(strings) {}

  void Begin();
  // `items` pieces are done so far. Most calls compare some numbers: a checkpoint is every 1000 items or every second.
  void Report(uint64_t items);
  void End();

 private:
  // Of one heap at the last report. Peaks of two heaps do not add up: they are looked at one by one.
  struct Level {
    uint64_t peak_bytes = 0;
    uint64_t live_bytes = 0;
  };

  audit::Checkpoint Look(int64_t now) const;
  // The script's heaps rose and fell since the last report: exactly known. What the process has beside them is seen at
  // checkpoints only.
  void NoteSpike(uint64_t items, uint64_t bytes, bool in_script);
  void LookAtPeak(const memory::Heap& heap, Level& level, uint64_t items);
  void LookAtPeaks(uint64_t items);
  void Keep(const audit::Checkpoint& at);

  Settings settings_;
  const memory::Heap& heap_;
  const memory::Heap& strings_;
  bool is_running_ = false;
  int64_t start_ns_ = 0;
  uint64_t items_ = 0;
  // When the next checkpoint is due.
  uint64_t next_items_ = 0;
  int64_t next_ns_ = 0;
  Level heap_level_;
  Level string_level_;
  uint64_t resident_peak_ = 0;
  audit::Spike spike_;
  audit::Checkpoint start_;
  audit::Checkpoint last_;
  // Evenly thinned out when there are many: every `stride_`-th checkpoint is kept.
  std::vector<audit::Checkpoint> kept_;
  uint64_t stride_ = 1;
  uint64_t seen_ = 0;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_MEMORY_MONITOR_H_
