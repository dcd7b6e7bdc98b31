#include "engine/memory_monitor.h"

#include <algorithm>
#include <chrono>

#include "audit/memory_plot.h"
#include "base/process_memory.h"

namespace vestige::engine {

namespace {

constexpr uint64_t kItems = 1000;
constexpr int64_t kInterval = 1'000'000'000;
constexpr size_t kMostKept = 2048;
constexpr uint64_t kLeastDrawn = 1024 * 1024;

int64_t Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

audit::Checkpoint MemoryMonitor::Look(int64_t now) const {
  const base::ProcessMemory process = base::ReadProcessMemory();
  return {.time_ns = now - start_ns_,
          .items = items_,
          .heap_bytes = heap_.live_bytes(),
          .string_bytes = strings_.live_bytes(),
          .resident_bytes = process.resident_bytes,
          .virtual_bytes = process.virtual_bytes};
}

void MemoryMonitor::Begin() {
  is_running_ = true;
  start_ns_ = Now();
  next_items_ = kItems;
  next_ns_ = start_ns_ + kInterval;
  heap_level_ = {.peak_bytes = heap_.peak_bytes(), .live_bytes = heap_.live_bytes()};
  string_level_ = {.peak_bytes = strings_.peak_bytes(), .live_bytes = strings_.live_bytes()};
  start_ = last_ = Look(start_ns_);
  resident_peak_ = base::LifetimePeakBytes();
  Keep(start_);
  if (settings_.out != nullptr) settings_.out->Write(audit::HeaderLine(settings_.run, start_));
}

void MemoryMonitor::NoteSpike(uint64_t items, uint64_t bytes, bool in_script) {
  if (bytes <= spike_.bytes) return;
  // Few at most: each is drawn only when it is half as large again as the one before.
  const bool is_drawn = settings_.plot && bytes >= kLeastDrawn && bytes > spike_.bytes + spike_.bytes / 2;
  spike_ = {.items = items, .bytes = bytes};
  if (!is_drawn) return;
  audit::Checkpoint at = Look(Now());
  kept_.push_back(at);
  at.is_peak = true;
  if (in_script) at.heap_bytes += bytes;
  at.resident_bytes = std::max(at.resident_bytes, base::LifetimePeakBytes());
  kept_.push_back(at);
  at = kept_[kept_.size() - 2];
  kept_.push_back(at);
}

void MemoryMonitor::LookAtPeak(const memory::Heap& heap, Level& level, uint64_t items) {
  const uint64_t peak = heap.peak_bytes();
  const uint64_t live = heap.live_bytes();
  const uint64_t around = std::max(live, level.live_bytes);
  if (peak > level.peak_bytes && peak > around) NoteSpike(items, peak - around, true);
  level = {.peak_bytes = peak, .live_bytes = live};
}

void MemoryMonitor::LookAtPeaks(uint64_t items) {
  LookAtPeak(heap_, heap_level_, items);
  LookAtPeak(strings_, string_level_, items);
}

void MemoryMonitor::Report(uint64_t items) {
  if (!is_running_) return;
  items_ = items;
  LookAtPeaks(items);
  const int64_t now = Now();
  if (items < next_items_ && now < next_ns_) return;
  next_items_ = items + kItems;
  next_ns_ = now + kInterval;
  if (settings_.mark) settings_.mark(items);
  if (settings_.out == nullptr && !settings_.plot) return;
  const audit::Checkpoint at = Look(now);
  const uint64_t peak = base::LifetimePeakBytes();
  const uint64_t around = std::max(at.resident_bytes, last_.resident_bytes);
  // What a heap's own peak explains is known better already.
  if (peak > resident_peak_ && peak > around && peak - around > 2 * spike_.bytes)
    NoteSpike(items, peak - around, false);
  resident_peak_ = std::max(peak, resident_peak_);
  if (settings_.out != nullptr) settings_.out->Write(audit::ProgressLine(at, last_));
  last_ = at;
  Keep(at);
}

void MemoryMonitor::Keep(const audit::Checkpoint& at) {
  if (seen_++ % stride_ != 0) return;
  if (kept_.size() >= kMostKept) {
    const size_t half = kept_.size() / 2;
    for (size_t i = 0; i < half; ++i) kept_[i] = kept_[2 * i];
    kept_.resize(half);
    stride_ *= 2;
  }
  kept_.push_back(at);
}

void MemoryMonitor::End() {
  if (!is_running_) return;
  LookAtPeaks(items_);
  is_running_ = false;
  const audit::Checkpoint at = Look(Now());
  kept_.push_back(at);
  const audit::MemoryVerdict verdict = audit::Judge(kept_, spike_);
  if (settings_.out != nullptr) {
    settings_.out->Write(audit::SummaryLine(at, start_, verdict));
    settings_.out->Flush();
  }
  if (settings_.plot) settings_.plot(audit::MemoryPlot(settings_.run, kept_, verdict));
}

}  // namespace vestige::engine
