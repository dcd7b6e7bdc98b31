#include "jobs/system.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace vestige::jobs {

namespace {

// Tasks that run on top of one another on a thread whose parties wait.
constexpr uint32_t kMaxDepth = 64;

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
  const bool is_last = open_ == 1 && !party.is_worker();
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
    tasks_.Push(std::move(task), creator.unfinished);
    pushed_.store(pushed_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    AddWorkerIfNeeded();
    if (workers_ > 0) {
      unfinished_ += 1;
      *creator.unfinished += 1;
      return true;
    }
    task = tasks_.Pop();
  }
  // Its end may run script code.
  task.reset();
  Discount();
  return false;
}

bool System::StartThread(std::unique_ptr<Task> task) {
  Count();
  {
    const std::lock_guard lock(queue_.mutex());
    if (AddThread(task)) return true;
  }
  task.reset();
  Discount();
  return false;
}

void System::SettleEnded(Batch& batch) {
  if (batch.ended == 0) return;
  const uint32_t ended = std::exchange(batch.ended, 0);
  unfinished_ -= ended;
  *batch.unfinished -= ended;
  // Who could help looks for it, too.
  if (unfinished_ == 0 || *batch.unfinished == 0 || lacks_workers_) Wake(queue_);
}

void System::DropEnded(const Party& caller) {
  if (caller.batch != nullptr) DropCount(std::exchange(caller.batch->counted, 0));
}

bool System::TryRunOne() {
  Batch batch;
  {
    const std::lock_guard lock(queue_.mutex());
    if (!tasks_.Fill(batch, 1)) return false;
  }
  std::unique_ptr<Task> task = batch.Take();
  // Who runs it does nothing else meanwhile.
  const Party* const outer = current();
  const bool has_outer = outer != nullptr;
  if (has_outer) Discount();
  Run(*task, TraceKind::kJob, has_outer ? outer->batch : nullptr);
  task.reset();
  batch.ended = 1;
  {
    const std::lock_guard lock(queue_.mutex());
    SettleEnded(batch);
  }
  if (has_outer) Count();
  Discount();
  return true;
}

void System::Run(Task& task, TraceKind kind, Batch* batch) {
  Party* const outer = current_.get();
  Party party;
  party.name = task.Name();
  party.batch = batch;
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
  party.stack_end = nullptr;
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
  const bool all = !tasks_.HasTasks();
  queue_.mutex().unlock();
  return all;
}

bool System::IsLeftAlone(int64_t callers) const {
  return tasks_.HasTasks() && active_ == 0 && idle_ == 0 && runnable() == static_cast<int64_t>(tasks_.size()) + callers;
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
  Batch* const batch = waiter.party->batch;
  if (batch == nullptr) return;
  DropEnded(*waiter.party);
  const bool holds = waiter.target == &queue_;
  if (!holds) queue_.mutex().lock();
  tasks_.GiveBack(*batch);
  SettleEnded(*batch);
  active_ -= 1;
  AddWorkerIfNeeded();
  if (!holds) queue_.mutex().unlock();
}

void System::DidSleep(const Waiter& waiter) {
  if (TraceLane* lane = lanes_.get(); lane != nullptr && lane->waits_since != 0) {
    Record({.begin = lane->waits_since, .end = uv_hrtime(), .kind = TraceKind::kWait});
    lane->waits_since = 0;
  }
  if (!waiter.party->is_worker()) return;
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

}  // namespace vestige::jobs
