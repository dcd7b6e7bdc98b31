// The slow half of vestige/read_section.h: the list of readers, and waiting for them. Floor 0.
#include "vestige/read_section.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>
#include <thread>

namespace vestige::base {

namespace read_section_internal {

constinit std::atomic<bool> readers_need_barriers{false};
constinit thread_local Reader* this_reader = nullptr;

}  // namespace read_section_internal

namespace {

using read_section_internal::readers_need_barriers;

// The readers of the process. Constant-initialised; nothing of it is on the heap.
struct Readers {
  std::mutex mutex;
  Reader* first = nullptr;
  bool is_registered = false;
};
constinit Readers readers;

long Membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0); }

// Makes every running thread pass a barrier, or passes one itself when readers do so too.
void HeavyBarrier() {
  if constexpr (read_section_internal::kAlwaysFull) return;
  if (readers_need_barriers.load(std::memory_order_relaxed)) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return;
  }
  Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

// How many sections a reader began, ordered behind what the caller did before. The thread sanitizer knows no fences:
// there a change that changes nothing meets the reader's own.
uint64_t EnteredNow(std::atomic<uint64_t>& entered) {
  if constexpr (read_section_internal::kAlwaysFull) return entered.fetch_add(0, std::memory_order_seq_cst);
  return entered.load(std::memory_order_acquire);
}

}  // namespace

Reader::Reader() {
  const std::lock_guard lock(readers.mutex);
  if (!readers.is_registered) {
    readers.is_registered = true;
    if (Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0) readers_need_barriers = true;
  }
  next_ = readers.first;
  if (next_ != nullptr) next_->previous_ = this;
  readers.first = this;
  read_section_internal::this_reader = this;
}

Reader::~Reader() {
  read_section_internal::this_reader = nullptr;
  const std::lock_guard lock(readers.mutex);
  if (previous_ != nullptr) {
    previous_->next_ = next_;
  } else {
    readers.first = next_;
  }
  if (next_ != nullptr) next_->previous_ = previous_;
}

Reader& read_section_internal::MakeReader() {
  static thread_local Reader reader;
  return reader;
}

void WaitForReaders() {
  const std::lock_guard lock(readers.mutex);
  if (readers.first == nullptr) return;
  HeavyBarrier();
  for (Reader* reader = readers.first; reader != nullptr; reader = reader->next_) {
    const uint64_t entered = EnteredNow(reader->entered_);
    // Sections are a few instructions long; one whose thread is preempted is worth a rest.
    while (reader->quiet_.load(std::memory_order_acquire) < entered) std::this_thread::yield();
  }
}

}  // namespace vestige::base
