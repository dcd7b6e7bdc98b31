// What the threads of a System do.
#include <pthread.h>
#include <sched.h>

#include <cstddef>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>

#include "jobs/system.h"

namespace vestige::jobs {

namespace {

// However many of them wait. Beyond it tasks of the queue stay there until one ends.
constexpr size_t kMaxThreads = 1024;
// Nanoseconds for which a worker looks whether there is more to do before it sleeps: about what it takes to wake it.
constexpr uint64_t kLookTime = 20'000;
constexpr int kPauses = 16;
// Bytes of stack that a task may need: what a context counts on, and what is below it.
constexpr ptrdiff_t kTaskStack = ptrdiff_t{5} << 20;

// Whether the thread of the party, which is the caller's, has as much left. The host's may have any stack.
bool HasStackForTask(Party& party) {
  if (party.stack_end == nullptr) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    void* end = nullptr;
    size_t bytes = 0;
    pthread_attr_getstack(&attributes, &end, &bytes);
    pthread_attr_destroy(&attributes);
    party.stack_end = static_cast<const char*>(end);
  }
  return static_cast<const char*>(__builtin_frame_address(0)) - party.stack_end >= kTaskStack;
}

}  // namespace

void System::AddWorkerIfNeeded() {
  if (!CanTake()) return;
  if (woken_ < idle_) {
    woken_ += 1;
    has_work_.WakeOne();
  } else if (idle_ == 0) {
    std::unique_ptr<Task> none;
    lacks_workers_ = !AddThread(none);
  }
}

bool System::AddThread(std::unique_ptr<Task>& task) {
  JoinEnded();
  const bool is_worker = task == nullptr;
  if (is_worker && threads_.size() >= kMaxThreads) return false;
  Thread& thread = threads_.emplace_back();
  thread.system = this;
  thread.self = std::prev(threads_.end());
  // As much as contexts count on, whatever the limit of the process.
  const uv_thread_options_t options = {UV_THREAD_HAS_STACK_SIZE, size_t{8} << 20};
  // It takes its task under the mutex, so not before this returns.
  if (start_thread_(&thread.id, &options, &RunThread, &thread) != 0) {
    threads_.pop_back();
    return false;
  }
  thread.task = std::move(task);
  // Counted before it runs, so that two tasks queued at once do not take it for missing.
  if (is_worker) {
    active_ += 1;
    thread.number = workers_++;
  }
  return true;
}

void System::JoinEnded() {
  for (Thread& thread : ended_) uv_thread_join(&thread.id);
  ended_.clear();
}

void System::RunThread(void* argument) {
  auto& thread = *static_cast<Thread*>(argument);
  System& system = *thread.system;
  std::unique_ptr<Task> task;
  size_t number;
  {
    const std::lock_guard lock(system.queue_.mutex());
    task = std::move(thread.task);
    number = thread.number;
  }
  const bool is_worker = task == nullptr;
  {
    TraceLane lane(system.trace_, is_worker ? "worker" : "thread");
    system.lanes_.set(&lane);
    if (is_worker) {
      system.PinWorker(number);
      system.RunWorker(lane);
    } else {
      system.Run(*task, TraceKind::kThread, nullptr);
      task.reset();
      system.RunLeft(1);
      system.Discount();
    }
    system.lanes_.set(nullptr);
  }
  const std::lock_guard lock(system.queue_.mutex());
  if (is_worker) system.workers_ -= 1;
  system.ended_.splice(system.ended_.end(), system.threads_, thread.self);
  system.has_ended_.WakeAll();
}

void System::PinWorker(size_t number) {
  if (setting(Setting::kAffinity) != 2) return;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return;
  auto left = number % static_cast<size_t>(CPU_COUNT(&allowed));
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || left-- != 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    // A hint about speed: where the system refuses it, the worker goes wherever it is put.
    sched_setaffinity(0, sizeof(one), &one);
    return;
  }
}

void System::LookForTasks() {
  woken_ += 1;
  const uint64_t pushed = pushed_.load(std::memory_order_relaxed);
  queue_.mutex().unlock();
  const uint64_t end = uv_hrtime() + kLookTime;
  while (pushed_.load(std::memory_order_relaxed) == pushed && uv_hrtime() < end) {
    for (int i = 0; i < kPauses; ++i) Pause();
    sched_yield();
  }
  queue_.mutex().lock();
}

bool System::WaitForTasks(TraceLane& lane) {
  // One at a time.
  bool looks = woken_ == 0;
  while (!CanTake()) {
    // What is left when the threads are to end is taken by those at the limit.
    if (is_joining_) return false;
    const uint64_t begin = trace_.Now();
    idle_ += 1;
    if (std::exchange(looks, false)) {
      LookForTasks();
    } else {
      has_work_.Wait(queue_.mutex());
    }
    idle_ -= 1;
    if (woken_ > 0) woken_ -= 1;
    if (begin != 0) lane.Add({.begin = begin, .end = uv_hrtime(), .kind = TraceKind::kWake}, {});
  }
  return true;
}

void System::RunWorker(TraceLane& lane) {
  Batch batch;
  const std::lock_guard lock(queue_.mutex());
  active_ -= 1;
  while (WaitForTasks(lane)) {
    if (tasks_.Fill(batch, ShareOfTasks())) RunTaken(batch);
  }
}

void System::WorkMeanwhile(const Waiter& waiter) {
  Party& party = *waiter.party;
  if (waiter.target != &queue_ || party.is_worker() || party.depth != 0) return;
  if (!HasStackForTask(party)) return;
  Batch batch;
  // Only what it waits for: it goes on when that has ended.
  while (!waiter.is_woken && active_ < limit_ && tasks_.FillWithThoseOf(party.unfinished, batch, ShareOfTasks())) {
    RunTaken(batch);
  }
  AddWorkerIfNeeded();
}

void System::RunTaken(Batch& batch) {
  Mutex& mutex = queue_.mutex();
  active_ += 1;
  // Others may have been woken in vain, and this one has more than it runs at once.
  AddWorkerIfNeeded();
  mutex.unlock();
  RunBatch(batch);
  mutex.lock();
  active_ -= 1;
  tasks_.Forget(batch);
  SettleEnded(batch);
  // Whoever hears that nobody is left needs the mutex.
  if (const uint32_t ended = std::exchange(batch.counted, 0); ended != 0 && DropCount(ended)) {
    mutex.unlock();
    TellBlocked();
    mutex.lock();
  }
}

void System::RunBatch(Batch& batch) {
  while (std::unique_ptr<Task> task = batch.Take()) {
    Run(*task, TraceKind::kJob, &batch);
    task.reset();
    batch.ended += 1;
    batch.counted += 1;
  }
}

void System::Join() {
  RunLeft(0);
  const std::lock_guard lock(queue_.mutex());
  is_joining_ = true;
  has_work_.WakeAll();
  while (!threads_.empty()) has_ended_.Wait(queue_.mutex());
  JoinEnded();
  is_joining_ = false;
  is_open_for_good_ = false;
  open_ = 0;
  ForgetSettings();
  trace_.Reset();
}

}  // namespace vestige::jobs
