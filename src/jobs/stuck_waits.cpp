// The part of Waiting that finds waits which nobody can end while others run.
#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "jobs/waiting.h"

namespace vestige::jobs {

namespace {

// Nanoseconds for all to come to the gate. Who calls something long does not; then it is tried again.
constexpr uint64_t kTimeToRest = 10'000'000;
// Looks are at most this part of the time.
constexpr uint64_t kShare = 100;
// The same waits are looked at again after 1, 2, 4, ... and at last so many ticks.
constexpr uint64_t kMostDoublings = 7;

// Milliseconds between two looks. Builds for tests take another number from the environment, so that what happens once
// in a long run happens all the time.
uint64_t Tick() {
#if VESTIGE_TRAMPOLINE
  if (const char* text = std::getenv("VESTIGE_LOOK_EVERY_MS")) return std::max(std::atoi(text), 1);
#endif
  return Waiting::kTick;
}

}  // namespace

void Waiting::StartTimer() { uv_timer_start(&timer_, &DidTick, Tick(), Tick()); }

void Waiting::SleepAtGate(Waiter& waiter, uint64_t end) {
  gate_.Enter();
  Sleep(waiter, end);
  // Whoever looks at the memory of others takes no target's mutex, but those who come to the gate may need this one.
  Mutex& mutex = waiter.target->mutex_;
  const bool is_closed = gate_.is_closed();
  if (is_closed) mutex.unlock();
  gate_.Leave();
  if (is_closed) mutex.lock();
}

void Waiting::DidTick(uv_timer_t* timer) { static_cast<Waiting*>(timer->data)->LookForStuck(); }

bool Waiting::HaveToLook() {
  std::vector<uint64_t> numbers;
  {
    const std::lock_guard lock(mutex_);
    for (const Waiter* waiter : waiting_) {
      if (!waiter->has_limit && waiter->begun_at_look < look_) numbers.push_back(waiter->number);
    }
    look_ += 1;
  }
  if (look_ < earliest_look_ || numbers.empty()) return false;
  if (numbers == looked_at_) return look_ >= next_look_;
  looked_at_ = std::move(numbers);
  looks_in_a_row_ = 0;
  return true;
}

void Waiting::set_onlooker(Onlooker* onlooker) {
  const std::lock_guard lock(look_mutex_);
  onlooker_ = onlooker;
}

void Waiting::LookForStuck() {
  const std::lock_guard lock(look_mutex_);
  if (onlooker_ == nullptr || stopped() || !HaveToLook()) return;
  const uint64_t begin = uv_hrtime();
  LookNow();
  const uint64_t took = (uv_hrtime() - begin) / 1'000'000;
  earliest_look_ = look_ + took * kShare / Tick();
  next_look_ = look_ + (uint64_t{1} << std::min(looks_in_a_row_++, kMostDoublings));
}

void Waiting::LookNow() {
  // When nobody can do anything, those who noticed that tell it.
  const auto count = [this] {
    const int64_t runnable = runnable_.load(std::memory_order_acquire);
    return runnable == 0 ? -1 : runnable;
  };
  if (!gate_.Close(
          count, [this] { onlooker_->AskToRest(); }, kTimeToRest))
    return;
  std::vector<const Waiter*> waiting;
  if (AllHaveBegun()) {
    const std::lock_guard lock(mutex_);
    for (const Waiter* waiter : waiting_) {
      if (!waiter->has_limit) waiting.push_back(waiter);
    }
  }
  const std::vector<const Waiter*> stuck = onlooker_->FindStuck(waiting);
  if (!stuck.empty()) {
    was_blocked_.store(true, std::memory_order_release);
    onlooker_->DidFindStuck(Describe(stuck));
  }
  gate_.Open();
}

}  // namespace vestige::jobs
