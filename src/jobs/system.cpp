#include "jobs/system.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

namespace vestige::jobs {

namespace {

// However many of them wait. Beyond it tasks of the queue stay there until one ends.
constexpr size_t kMaxThreads = 1024;

// A number for a lane that is the same in each run (FNV-1a), in the upper half.
uint64_t LaneBits(std::string_view lane) {
  uint32_t hash = 2166136261u;
  for (const char c : lane) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return uint64_t{hash} << 32;
}

}  // namespace

System::System(uint32_t worker_count)
    : worker_count_(worker_count != 0 ? worker_count : std::max(1u, uv_available_parallelism())),
      limit_(worker_count_) {}

System::~System() { Join(); }

void System::Open() {
  const std::lock_guard lock(queue_.mutex());
  open_ += 1;
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
  open_ += 1;
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
  limit_ = limit < 0 ? worker_count_ : std::clamp(static_cast<uint32_t>(limit), 1u, worker_count_);
  AddWorkerIfNeeded();
}

int32_t System::worker_limit() {
  const std::lock_guard lock(queue_.mutex());
  return asked_limit_;
}

void System::Submit(std::unique_ptr<Task> task, Party& creator) {
  Count();
  const std::lock_guard lock(queue_.mutex());
  unfinished_ += 1;
  if (creator.unfinished == nullptr) creator.unfinished = std::make_shared<uint64_t>(0);
  *creator.unfinished += 1;
  tasks_.push_back({std::move(task), creator.unfinished});
  AddWorkerIfNeeded();
}

void System::AddWorkerIfNeeded() {
  if (!CanTake()) return;
  if (idle_ > 0) {
    has_work_.WakeOne();
  } else {
    Queued worker;
    AddThread(worker);
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
  if (uv_thread_create_ex(&thread.id, &options, &RunThread, &thread) != 0) {
    threads_.pop_back();
    return false;
  }
  thread.queued = std::move(queued);
  // Counted before it runs, so that two tasks queued at once do not take it for missing.
  if (is_worker) active_ += 1;
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
  {
    const std::lock_guard lock(system.queue_.mutex());
    queued = std::move(thread.queued);
  }
  if (queued.task == nullptr) {
    system.RunWorker();
  } else {
    system.Run(*queued.task, false);
    queued.task.reset();
    system.Discount();
  }
  const std::lock_guard lock(system.queue_.mutex());
  system.ended_.splice(system.ended_.end(), system.threads_, thread.self);
  system.has_ended_.WakeAll();
}

void System::RunWorker() {
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
      idle_ += 1;
      has_work_.Wait(mutex);
      idle_ -= 1;
      continue;
    }
    Queued queued = TakeOldest();
    active_ += 1;
    // Two tasks queued at once may have woken this worker twice.
    AddWorkerIfNeeded();
    mutex.unlock();
    if (has_ended) Discount();
    Run(*queued.task, true);
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
  const bool has_outer = current() != nullptr;
  if (has_outer) Discount();
  Run(*queued.task, false);
  queued.task.reset();
  {
    const std::lock_guard lock(queue_.mutex());
    DidRun(queued);
  }
  if (has_outer) Count();
  Discount();
  return true;
}

void System::Run(Task& task, bool is_worker) {
  Party* const outer = current_.get();
  Party party;
  party.name = task.Name();
  party.lane_bits = LaneBits(party.name);
  party.is_worker = is_worker;
  current_.set(&party);
  task.Run();
  current_.set(outer);
}

void System::EnterThread(Party& party) {
  Count();
  current_.set(&party);
}

void System::LeaveThread() {
  current_.set(nullptr);
  Discount();
}

void System::WillSleep(const Waiter& waiter) {
  if (!waiter.party->is_worker) return;
  // Who waits for the queue itself holds its mutex.
  const bool holds = waiter.target == &queue_;
  if (!holds) queue_.mutex().lock();
  active_ -= 1;
  AddWorkerIfNeeded();
  if (!holds) queue_.mutex().unlock();
}

void System::DidSleep(const Waiter& waiter) {
  if (!waiter.party->is_worker) return;
  const bool holds = waiter.target == &queue_;
  if (!holds) queue_.mutex().lock();
  active_ += 1;
  if (!holds) queue_.mutex().unlock();
}

void System::Join() {
  const std::lock_guard lock(queue_.mutex());
  is_joining_ = true;
  has_work_.WakeAll();
  while (!threads_.empty()) has_ended_.Wait(queue_.mutex());
  JoinEnded();
  is_joining_ = false;
  is_open_for_good_ = false;
  open_ = 0;
}

}  // namespace vestige::jobs
