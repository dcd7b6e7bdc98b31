#include "jobs/system.h"

#include <sched.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

namespace vestige::jobs {

namespace {

// However many of them wait. Beyond it tasks of the queue stay there until one ends.
constexpr size_t kMaxThreads = 1024;
// Tasks that run on top of one another on a thread whose parties wait.
constexpr uint32_t kMaxDepth = 64;

// A number for a lane that is the same in each run (FNV-1a), in the upper half.
uint64_t LaneBits(std::string_view lane) {
  uint32_t hash = 2166136261u;
  for (const char c : lane) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return uint64_t{hash} << 32;
}

}  // namespace

System::System(uint32_t worker_count)
    : worker_count_(worker_count != 0 ? worker_count : std::max(1u, uv_available_parallelism())),
      open_count_(worker_count_),
      limit_(worker_count_) {
  ForgetSettings();
}

void System::ForgetSettings() {
  for (std::atomic<int32_t>& setting : settings_) setting = 0;
  set_setting(Setting::kAffinity, -1);
  worker_cap_ = 0;
  asked_limit_ = -1;
}

System::~System() { Join(); }

void System::Open() {
  const std::lock_guard lock(queue_.mutex());
  if (open_++ == 0) SetLimit();
}

bool System::is_open() {
  const std::lock_guard lock(queue_.mutex());
  return open_ != 0;
}

WaitResult System::Close(Party& party, const Place& since) {
  const std::lock_guard lock(queue_.mutex());
  Waiter waiter = {.party = &party, .target = &queue_, .how = "with_job_que", .since = since};
  // A task that closes the pool is itself one that has not ended.
  const bool is_last = open_ == 1 && !party.is_worker;
  const WaitResult result = Wait(
      waiter, [&] { return is_last ? unfinished_ == 0 : party.unfinished == nullptr || *party.unfinished == 0; },
      std::nullopt);
  open_ -= 1;
  return result;
}

void System::OpenForGood() {
  const std::lock_guard lock(queue_.mutex());
  if (is_open_for_good_) return;
  is_open_for_good_ = true;
  if (open_++ == 0) SetLimit();
}

bool System::is_open_for_good() {
  const std::lock_guard lock(queue_.mutex());
  return is_open_for_good_;
}

WaitResult System::CloseForGood(Party& party, const Place& since) {
  {
    const std::lock_guard lock(queue_.mutex());
    is_open_for_good_ = false;
  }
  return Close(party, since);
}

void System::set_worker_limit(int32_t limit) {
  const std::lock_guard lock(queue_.mutex());
  asked_limit_ = limit;
  limit_ = limit < 0 ? worker_count() : std::clamp(static_cast<uint32_t>(limit), 1u, worker_count());
  AddWorkerIfNeeded();
}

void System::SetLimit() {
  const int32_t cap = worker_cap_.load();
  open_count_ = cap > 0 ? std::min(static_cast<uint32_t>(cap), worker_count_) : worker_count_;
  limit_ = asked_limit_ < 0 ? worker_count() : std::clamp(static_cast<uint32_t>(asked_limit_), 1u, worker_count());
}

int32_t System::worker_limit() {
  const std::lock_guard lock(queue_.mutex());
  return asked_limit_;
}

bool System::Submit(std::unique_ptr<Task> task, Party& creator) {
  Count();
  {
    const std::lock_guard lock(queue_.mutex());
    if (creator.unfinished == nullptr) creator.unfinished = std::make_shared<uint64_t>(0);
    tasks_.push_back({std::move(task), creator.unfinished});
    AddWorkerIfNeeded();
    if (workers_ > 0) {
      unfinished_ += 1;
      *creator.unfinished += 1;
      return true;
    }
    task = std::move(tasks_.back().task);
    tasks_.pop_back();
  }
  // Its end may run script code.
  task.reset();
  Discount();
  return false;
}

void System::AddWorkerIfNeeded() {
  if (!CanTake()) return;
  if (idle_ > 0) {
    has_work_.WakeOne();
  } else {
    Queued worker;
    lacks_workers_ = !AddThread(worker);
  }
}

bool System::AddThread(Queued& queued) {
  JoinEnded();
  const bool is_worker = queued.task == nullptr;
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
  thread.queued = std::move(queued);
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

bool System::StartThread(std::unique_ptr<Task> task) {
  Count();
  Queued queued = {std::move(task), nullptr};
  {
    const std::lock_guard lock(queue_.mutex());
    if (AddThread(queued)) return true;
  }
  queued.task.reset();
  Discount();
  return false;
}

void System::RunThread(void* argument) {
  auto& thread = *static_cast<Thread*>(argument);
  System& system = *thread.system;
  Queued queued;
  size_t number;
  {
    const std::lock_guard lock(system.queue_.mutex());
    queued = std::move(thread.queued);
    number = thread.number;
  }
  const bool is_worker = queued.task == nullptr;
  {
    TraceLane lane(system.trace_, is_worker ? "worker" : "thread");
    system.lanes_.set(&lane);
    if (is_worker) {
      system.PinWorker(number);
      system.RunWorker(lane);
    } else {
      system.Run(*queued.task, TraceKind::kThread, false);
      queued.task.reset();
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

void System::RunWorker(TraceLane& lane) {
  Mutex& mutex = queue_.mutex();
  mutex.lock();
  active_ -= 1;
  // The end of a task is made known without the mutex, which whoever hears of it needs.
  bool has_ended = false;
  while (true) {
    if (!CanTake()) {
      if (has_ended) {
        has_ended = false;
        mutex.unlock();
        Discount();
        mutex.lock();
        continue;
      }
      // What is left when the threads are to end is taken by those at the limit.
      if (is_joining_) break;
      const uint64_t begin = trace_.Now();
      idle_ += 1;
      has_work_.Wait(mutex);
      idle_ -= 1;
      if (begin != 0) lane.Add({.begin = begin, .end = uv_hrtime(), .kind = TraceKind::kWake}, {});
      continue;
    }
    Queued queued = TakeOldest();
    active_ += 1;
    // Two tasks queued at once may have woken this worker twice.
    AddWorkerIfNeeded();
    mutex.unlock();
    if (has_ended) Discount();
    Run(*queued.task, TraceKind::kJob, true);
    queued.task.reset();
    mutex.lock();
    DidRun(queued);
    active_ -= 1;
    has_ended = true;
  }
  mutex.unlock();
}

void System::DidRun(const Queued& queued) {
  unfinished_ -= 1;
  *queued.unfinished -= 1;
  Wake(queue_);
}

System::Queued System::TakeOldest() {
  Queued queued = std::move(tasks_.front());
  tasks_.pop_front();
  return queued;
}

bool System::TryRunOne() {
  Queued queued;
  {
    const std::lock_guard lock(queue_.mutex());
    if (tasks_.empty()) return false;
    queued = TakeOldest();
  }
  // Who runs it does nothing else meanwhile.
  const Party* const outer = current();
  const bool has_outer = outer != nullptr;
  if (has_outer) Discount();
  Run(*queued.task, TraceKind::kJob, has_outer && outer->is_worker);
  queued.task.reset();
  {
    const std::lock_guard lock(queue_.mutex());
    DidRun(queued);
  }
  if (has_outer) Count();
  Discount();
  return true;
}

void System::Run(Task& task, TraceKind kind, bool is_worker) {
  Party* const outer = current_.get();
  Party party;
  party.name = task.Name();
  party.lane_bits = LaneBits(party.name);
  party.is_worker = is_worker;
  party.depth = outer == nullptr ? 0 : outer->depth + 1;
  current_.set(&party);
  const uint64_t begin = trace_.Now();
  task.Run();
  if (begin != 0) Record({.begin = begin, .end = uv_hrtime(), .kind = kind});
  current_.set(outer);
}

void System::Record(TraceEvent event) {
  TraceLane* const lane = lanes_.get();
  const Party* const party = current_.get();
  if (lane != nullptr && party != nullptr) lane->Add(event, party->name);
}

void System::EnterThread(Party& party) {
  Count();
  current_.set(&party);
  lanes_.set(new TraceLane(trace_, "caller"));
}

void System::LeaveThread() {
  delete lanes_.get();
  lanes_.set(nullptr);
  current_.set(nullptr);
  Discount();
}

bool System::AllHaveBegun() {
  // One that stands still may hold it.
  if (!queue_.mutex().try_lock()) return false;
  const bool all = tasks_.empty();
  queue_.mutex().unlock();
  return all;
}

bool System::IsLeftAlone(int64_t callers) const {
  return !tasks_.empty() && active_ == 0 && idle_ == 0 && runnable() == static_cast<int64_t>(tasks_.size()) + callers;
}

bool System::IsNeeded(const Waiter& waiter) {
  if (!lacks_workers_.load(std::memory_order_relaxed) || waiter.party->depth >= kMaxDepth) return false;
  // Who waits for the queue itself holds its mutex.
  const bool holds = waiter.target == &queue_;
  if (!holds) queue_.mutex().lock();
  const bool needed = IsLeftAlone(0);
  if (!holds) queue_.mutex().unlock();
  return needed;
}

void System::WillSleep(const Waiter& waiter) {
  if (TraceLane* lane = lanes_.get()) lane->waits_since = trace_.Now();
  if (!waiter.party->is_worker) return;
  const bool holds = waiter.target == &queue_;
  if (!holds) queue_.mutex().lock();
  active_ -= 1;
  AddWorkerIfNeeded();
  if (!holds) queue_.mutex().unlock();
}

void System::DidSleep(const Waiter& waiter) {
  if (TraceLane* lane = lanes_.get(); lane != nullptr && lane->waits_since != 0) {
    Record({.begin = lane->waits_since, .end = uv_hrtime(), .kind = TraceKind::kWait});
    lane->waits_since = 0;
  }
  if (!waiter.party->is_worker) return;
  const bool holds = waiter.target == &queue_;
  if (!holds) queue_.mutex().lock();
  active_ += 1;
  if (!holds) queue_.mutex().unlock();
}

void System::RunLeft(int64_t callers) {
  while (lacks_workers_.load(std::memory_order_relaxed)) {
    {
      const std::lock_guard lock(queue_.mutex());
      if (!IsLeftAlone(callers)) return;
    }
    TryRunOne();
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
