#include "jobs/rest_gate.h"

#include <mutex>

namespace vestige::jobs {

namespace {

// Nanoseconds between two calls of `ask`: who began meanwhile was not asked before.
constexpr uint64_t kAskAgain = 200'000;

}  // namespace

void RestGate::Enter() {
  const std::lock_guard lock(mutex_);
  inside_ += 1;
  if (is_closed_) changed_.WakeAll();
}

void RestGate::Leave() {
  const std::lock_guard lock(mutex_);
  while (is_closed_) changed_.Wait(mutex_);
  inside_ -= 1;
}

bool RestGate::is_closed() {
  const std::lock_guard lock(mutex_);
  return is_closed_;
}

bool RestGate::Close(absl::FunctionRef<int64_t()> count, absl::FunctionRef<void()> ask, uint64_t nanoseconds) {
  const uint64_t end = uv_hrtime() + nanoseconds;
  mutex_.lock();
  is_closed_ = true;
  while (inside_ != count()) {
    if (uv_hrtime() >= end) {
      mutex_.unlock();
      Open();
      return false;
    }
    mutex_.unlock();
    ask();
    mutex_.lock();
    if (inside_ != count()) changed_.WaitFor(mutex_, kAskAgain);
  }
  mutex_.unlock();
  return true;
}

void RestGate::Open() {
  const std::lock_guard lock(mutex_);
  is_closed_ = false;
  changed_.WakeAll();
}

}  // namespace vestige::jobs
