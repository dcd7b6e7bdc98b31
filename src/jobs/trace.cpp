#include "jobs/trace.h"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <new>
#include <utility>

#include "fmt/format.h"
#include "jobs/trace_file.h"

namespace vestige::jobs {

TraceLane::~TraceLane() {
  if (ring_ != nullptr) trace_.GiveBack(std::move(ring_), session_);
}

void TraceLane::Add(TraceEvent event, std::string_view party) {
  if (ring_ == nullptr || session_ != trace_.session_.load(std::memory_order_acquire)) {
    ring_ = trace_.TakeRing(thread_, &session_);
    if (ring_ == nullptr) return;
  }
  const uint32_t at = ring_->count.load(std::memory_order_relaxed);
  if (at == ring_->capacity) {
    ring_->missed.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  event.name[party.copy(event.name, sizeof(event.name) - 1)] = '\0';
  event.tag = trace_.tag_.load(std::memory_order_relaxed);
  ring_->events[at] = event;
  ring_->count.store(at + 1, std::memory_order_release);
}

void Trace::Start(uint32_t events_per_lane) {
  const std::lock_guard lock(mutex_);
  rings_.clear();
  free_.clear();
  capacity_ = std::clamp(events_per_lane, kFewestEvents, kMostEvents);
  session_.fetch_add(1, std::memory_order_acq_rel);
  is_on_.store(true, std::memory_order_seq_cst);
}

void Trace::Reset() {
  const std::lock_guard lock(mutex_);
  is_on_.store(false, std::memory_order_seq_cst);
  session_.fetch_add(1, std::memory_order_acq_rel);
  tag_.store(0, std::memory_order_relaxed);
  rings_.clear();
  free_.clear();
  categories_.clear();
  markers_.clear();
  marker_ids_.clear();
}

void Trace::SetCategory(int32_t id, std::string_view name, uint32_t color) {
  const std::lock_guard lock(mutex_);
  categories_[id] = {std::string(name), color & 0xffffff};
}

int32_t Trace::MarkerId(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = marker_ids_.find(name);
  if (found != marker_ids_.end()) return found->second;
  const auto id = static_cast<int32_t>(markers_.size());
  markers_.emplace_back(name);
  marker_ids_.emplace(name, id);
  return id;
}

std::shared_ptr<TraceRing> Trace::TakeRing(std::string_view thread, uint64_t* session) {
  const std::lock_guard lock(mutex_);
  // Whoever saw it on and comes too late records nothing.
  if (!is_on()) return nullptr;
  *session = session_.load(std::memory_order_acquire);
  const auto same = std::find_if(free_.begin(), free_.end(), [&](const auto& ring) { return ring->thread == thread; });
  if (same != free_.end()) {
    std::shared_ptr<TraceRing> ring = std::move(*same);
    free_.erase(same);
    return ring;
  }
  auto ring = std::make_shared<TraceRing>();
  ring->thread = thread;
  // Memory that the system gives page by page, as events come.
  ring->events.reset(new (std::nothrow) TraceEvent[capacity_]);
  if (ring->events == nullptr) return nullptr;
  ring->capacity = capacity_;
  rings_.push_back(ring);
  return ring;
}

void Trace::GiveBack(std::shared_ptr<TraceRing> ring, uint64_t session) {
  const std::lock_guard lock(mutex_);
  if (session == session_.load(std::memory_order_acquire)) free_.push_back(std::move(ring));
}

bool Trace::Save(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (is_on()) return false;
  uint64_t first = UINT64_MAX;
  for (const auto& ring : rings_) {
    const uint32_t count = ring->count.load(std::memory_order_acquire);
    for (uint32_t i = 0; i < count; ++i) first = std::min(first, ring->events[i].begin);
  }
  if (first == UINT64_MAX) return false;
  std::FILE* stream = std::fopen(path.c_str(), "wbe");
  if (stream == nullptr) return false;
  {
    TraceFile file(stream, first, markers_);
    uint64_t missed = 0;
    for (size_t i = 0; i < rings_.size(); ++i) {
      file.Add(*rings_[i], static_cast<int>(i));
      missed += rings_[i]->missed.load(std::memory_order_relaxed);
    }
    file.BeginProfile(rings_.size(), missed);
    for (const auto& [id, category] : categories_) file.AddCategory(id, category.name, category.color);
    file.EndProfile();
  }
  const bool failed = std::ferror(stream) != 0;
  return std::fclose(stream) == 0 && !failed;
}

}  // namespace vestige::jobs
