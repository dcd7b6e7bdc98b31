#include "jobs/task_queue.h"

#include <algorithm>
#include <utility>

namespace vestige::jobs {

uint32_t Batch::left() const {
  const uint32_t next = next_.load(std::memory_order_relaxed);
  return next < end_ ? end_ - next : 0;
}

uint32_t Batch::Claim(uint32_t most, uint32_t* end) {
  const uint32_t begin = std::min(next_.fetch_add(most, std::memory_order_relaxed), end_);
  *end = std::min(begin + most, end_);
  return begin;
}

uint64_t TaskQueue::size() const {
  uint64_t size = tasks_.size();
  for (const Batch* batch : batches_) size += batch->left();
  return size;
}

bool TaskQueue::HasTasks() const {
  return !tasks_.empty() ||
         std::any_of(batches_.begin(), batches_.end(), [](const Batch* batch) { return batch->left() != 0; });
}

void TaskQueue::Push(std::unique_ptr<Task> task, const Unfinished& unfinished) {
  if (runs_.empty() || runs_.back().unfinished != unfinished) runs_.push_back({unfinished});
  runs_.back().count += 1;
  tasks_.push_back(std::move(task));
}

std::unique_ptr<Task> TaskQueue::Pop() {
  std::unique_ptr<Task> task = std::move(tasks_.back());
  tasks_.pop_back();
  if (--runs_.back().count == 0) runs_.pop_back();
  return task;
}

bool TaskQueue::Fill(Batch& batch, uint32_t most) {
  if (tasks_.empty()) return FillFromOther(nullptr, batch, most);
  FillFromQueue(batch, most);
  return true;
}

bool TaskQueue::FillWithThoseOf(const Unfinished& creator, Batch& batch, uint32_t most) {
  if (runs_.empty() || runs_.front().unfinished != creator) return FillFromOther(&creator, batch, most);
  FillFromQueue(batch, most);
  return true;
}

void TaskQueue::FillFromQueue(Batch& batch, uint32_t most) {
  Run& run = runs_.front();
  const auto count = static_cast<uint32_t>(std::min<uint64_t>({most, run.count, Batch::kCapacity}));
  for (uint32_t i = 0; i < count; ++i) {
    batch.tasks_[i] = std::move(tasks_.front());
    tasks_.pop_front();
  }
  batch.unfinished = run.unfinished;
  run.count -= count;
  if (run.count == 0) runs_.pop_front();
  batch.end_ = count;
  batch.next_.store(0, std::memory_order_relaxed);
  if (count > 1) batches_.push_back(&batch);
}

bool TaskQueue::FillFromOther(const Unfinished* creator, Batch& batch, uint32_t most) {
  for (Batch* other : batches_) {
    if (creator != nullptr && other->unfinished != *creator) continue;
    const uint32_t left = other->left();
    if (left == 0) continue;
    uint32_t end;
    const uint32_t begin = other->Claim(std::min(most, (left + 1) / 2), &end);
    // Its thread was quicker.
    if (begin == end) continue;
    std::move(other->tasks_.begin() + begin, other->tasks_.begin() + end, batch.tasks_.begin());
    batch.unfinished = other->unfinished;
    batch.end_ = end - begin;
    batch.next_.store(0, std::memory_order_relaxed);
    if (batch.end_ > 1) batches_.push_back(&batch);
    return true;
  }
  return false;
}

void TaskQueue::GiveBack(Batch& batch) {
  uint32_t end;
  const uint32_t begin = batch.Claim(Batch::kCapacity, &end);
  if (begin != end) {
    if (runs_.empty() || runs_.front().unfinished != batch.unfinished) runs_.push_front({batch.unfinished});
    runs_.front().count += end - begin;
    for (uint32_t i = end; i-- > begin;) tasks_.push_front(std::move(batch.tasks_[i]));
  }
  Forget(batch);
}

void TaskQueue::Forget(Batch& batch) { std::erase(batches_, &batch); }

}  // namespace vestige::jobs
