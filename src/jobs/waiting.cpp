#include "jobs/waiting.h"

#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "ledger/lane.h"

namespace vestige::jobs {

namespace {

// Nanoseconds until who waits without the loop's help looks again whether the run was stopped.
constexpr uint64_t kLookAgain = 50'000'000;

}  // namespace

Waiting::~Waiting() {
  if (!has_loop_.load(std::memory_order_acquire)) return;
  is_ending_.store(true, std::memory_order_release);
  uv_async_send(&stop_);
  uv_thread_join(&loop_thread_);
  uv_loop_close(&loop_);
}

void Waiting::StartLoop() {
  if (has_loop_.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(loop_mutex_);
  if (has_loop_.load(std::memory_order_acquire)) return;
  if (uv_loop_init(&loop_) != 0 || uv_async_init(&loop_, &stop_, &DidRequestStop) != 0) std::abort();
  stop_.data = this;
  uv_timer_init(&loop_, &timer_);
  timer_.data = this;
  StartTimer();
  const auto run = [](void* loop) { uv_run(static_cast<uv_loop_t*>(loop), UV_RUN_DEFAULT); };
  const uv_thread_options_t options = {UV_THREAD_NO_FLAGS, 0};
  if (start_thread_(&loop_thread_, &options, run, &loop_) != 0) {
    uv_close(reinterpret_cast<uv_handle_t*>(&stop_), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&timer_), nullptr);
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
    return;
  }
  has_loop_.store(true, std::memory_order_release);
}

void Waiting::DidRequestStop(uv_async_t* stop) {
  auto& self = *static_cast<Waiting*>(stop->data);
  if (self.stopped()) self.Stop();
  if (!self.is_ending_.load(std::memory_order_acquire)) return;
  uv_close(reinterpret_cast<uv_handle_t*>(stop), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&self.timer_), nullptr);
}

void Waiting::RequestStop() {
  stopped_.store(true, std::memory_order_seq_cst);
  // Without a loop nobody waits yet, and who is about to looks at the flag behind starting it.
  if (has_loop_.load(std::memory_order_seq_cst)) uv_async_send(&stop_);
}

WaitResult Waiting::Wait(Waiter& waiter, absl::FunctionRef<bool()> ready, std::optional<uint64_t> nanoseconds) {
  if (ready()) return WaitResult::kDone;
  std::optional<uint64_t> end;
  if (nanoseconds.has_value()) end = uv_hrtime() + *nanoseconds;
  waiter.has_limit = end.has_value();
  StartLoop();
  do {
    if (!Register(waiter)) return WaitResult::kStopped;
    WillSleep(waiter);
    bool helps = false;
    if (!waiter.has_limit) {
      if (runnable_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        // Nobody runs, so nobody changes anything while the mutex is given up for the report.
        waiter.target->mutex_.unlock();
        TellBlocked();
        waiter.target->mutex_.lock();
      } else if (IsNeeded(waiter)) {
        helps = true;
        Rouse(waiter);
      }
    }
    if (end.has_value() && waiter.party->may_rest) {
      SleepAtGate(waiter, *end);
    } else {
      if (!waiter.has_limit) WorkMeanwhile(waiter);
      Sleep(waiter, end);
    }
    Unregister(waiter);
    DidSleep(waiter);
    if (waiter.result != WaitResult::kDone) return waiter.result;
    if (!waiter.is_woken) return ready() ? WaitResult::kDone : WaitResult::kTimeout;
    if (helps && !ready()) {
      waiter.target->mutex_.unlock();
      Help();
      waiter.target->mutex_.lock();
    }
  } while (!ready());
  return WaitResult::kDone;
}

bool Waiting::Register(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  if (stopped()) return false;
  waiter.is_woken = false;
  waiter.result = WaitResult::kDone;
  waiter.number = ++last_number_;
  waiter.begun_at_look = look_;
  waiter.target->waiters_.push_back(&waiter);
  waiting_.push_back(&waiter);
  return true;
}

void Waiting::Unregister(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &waiter));
  if (waiter.is_woken) return;
  std::vector<Waiter*>& waiters = waiter.target->waiters_;
  waiters.erase(std::find(waiters.begin(), waiters.end(), &waiter));
}

void Waiting::Rouse(Waiter& waiter) {
  std::vector<Waiter*>& waiters = waiter.target->waiters_;
  const auto found = std::find(waiters.begin(), waiters.end(), &waiter);
  // Whoever woke it meanwhile has counted it.
  if (found == waiters.end()) return;
  waiters.erase(found);
  waiter.is_woken = true;
  runnable_.fetch_add(1, std::memory_order_acq_rel);
}

void Waiting::Sleep(Waiter& waiter, std::optional<uint64_t> end) {
  Waitable& target = *waiter.target;
  const bool looks = !has_loop_.load(std::memory_order_acquire);
  while (!waiter.is_woken) {
    if (!end.has_value() && !looks) {
      target.changed_.Wait(target.mutex_);
      continue;
    }
    uint64_t limit = kLookAgain;
    if (end.has_value()) {
      const uint64_t now = uv_hrtime();
      if (now >= *end) return;
      limit = looks ? std::min(limit, *end - now) : *end - now;
    }
    target.changed_.WaitFor(target.mutex_, limit);
    if (looks && stopped() && !waiter.is_woken) WakeWaiters(target, WaitResult::kStopped);
  }
}

void Waiting::WakeWaiters(Waitable& target, WaitResult result) {
  int64_t counted = 0;
  for (Waiter* waiter : target.waiters_) {
    counted += waiter->has_limit ? 0 : 1;
    waiter->is_woken = true;
    waiter->result = result;
  }
  runnable_.fetch_add(counted, std::memory_order_acq_rel);
  target.waiters_.clear();
  target.changed_.WakeAll();
}

std::vector<BlockedFinding> Waiting::Describe(const std::vector<const Waiter*>& waiters) {
  std::vector<BlockedFinding> findings;
  for (const Waiter* waiter : waiters) {
    findings.push_back({.lane = waiter->party->name,
                        .target = waiter->target->Describe(),
                        .call = waiter->how,
                        .file = waiter->since.file,
                        .line = waiter->since.line,
                        .column = waiter->since.column});
  }
  std::sort(findings.begin(), findings.end(),
            [](const BlockedFinding& a, const BlockedFinding& b) { return ledger::LaneBefore(a.lane, b.lane); });
  return findings;
}

void Waiting::TellBlocked() {
  if (stopped()) {
    ReleaseAll(WaitResult::kStopped);
    return;
  }
  std::vector<BlockedFinding> findings;
  {
    const std::lock_guard lock(mutex_);
    findings = Describe({waiting_.begin(), waiting_.end()});
  }
  // Nobody runs and nobody waits: all have ended.
  if (findings.empty()) return;
  was_blocked_.store(true, std::memory_order_release);
  if (on_blocked_) on_blocked_(std::move(findings));
  ReleaseAll(WaitResult::kBlocked);
}

void Waiting::ReleaseAll(WaitResult result) {
  while (ReleaseSome(result)) sched_yield();
}

bool Waiting::ReleaseSome(WaitResult result) {
  bool are_others = false;
  const std::lock_guard lock(mutex_);
  for (Waiter* waiter : waiting_) {
    // A target is there as long as its waiter is registered, and mutex_ keeps it registered.
    Waitable& target = *waiter->target;
    if (!target.mutex_.try_lock()) {
      are_others = true;
      continue;
    }
    if (!target.waiters_.empty()) WakeWaiters(target, result);
    target.mutex_.unlock();
  }
  return are_others;
}

void Waiting::Stop() {
  {
    // Whoever registered before is released; whoever registers later sees the flag.
    const std::lock_guard lock(mutex_);
  }
  ReleaseAll(WaitResult::kStopped);
}

}  // namespace vestige::jobs
