// Reading what another thread may take away, without writing to memory that threads share.
//
// A reader brackets its reading with a ReadSection, which costs two stores to memory of its own thread. Who takes
// something away first makes it unreachable, then calls WaitForReaders, which returns when no section is open any more
// that may have seen it. The heavy half of the ordering between the two is the waiter's: it makes every running thread
// of the process pass a memory barrier (Linux membarrier), so that readers need none. This is user-space RCU in its
// "memb" form: Desnoyers et al., User-Level Implementations of Read-Copy Update, IEEE TPDS 23(2), 2012. Floor 0.

#ifndef VESTIGE_BASE_READ_SECTION_H_
#define VESTIGE_BASE_READ_SECTION_H_

#include <atomic>
#include <cstdint>

namespace vestige::base {

// What the threads that read have in common with those that wait: one per reading thread, linked while it lives.
class Reader {
 public:
  // Links itself to the readers of the process, and leaves them when the thread ends.
  Reader();
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void Enter();
  void Leave();
  bool is_reading() const { return depth_ != 0; }

 private:
  friend void WaitForReaders();

  // Even outside sections; grows by one at both ends of the outermost.
  std::atomic<uint64_t> epoch_{0};
  uint32_t depth_ = 0;
  Reader* previous_ = nullptr;
  Reader* next_ = nullptr;
};

// The calling thread's reader.
inline Reader& ThisReader();

// Open from construction to destruction, on one thread. Sections nest. A section must not wait for another thread, nor
// call WaitForReaders.
class ReadSection {
 public:
  ReadSection() : reader_(ThisReader()) { reader_.Enter(); }
  ~ReadSection() { reader_.Leave(); }
  ReadSection(const ReadSection&) = delete;
  ReadSection& operator=(const ReadSection&) = delete;

 private:
  Reader& reader_;
};

// Whether the calling thread is inside a section.
inline bool IsReading();

// Returns when every section that was open at the call has closed. Takes microseconds while other threads run. Never
// call it inside a section.
void WaitForReaders();

// ---- the cheap half, inline ----

namespace read_section_internal {

// Sanitizers do not know membarrier: there, and where the kernel has none, both sides use full barriers.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kAlwaysFull = true;
#else
inline constexpr bool kAlwaysFull = false;
#endif

// Whether readers need full barriers, decided when the first reader appears.
extern std::atomic<bool> readers_need_barriers;

// The calling thread's reader once it has one. A plain pointer, so that reading it is one load.
extern constinit thread_local Reader* this_reader;

Reader& MakeReader();

}  // namespace read_section_internal

inline Reader& ThisReader() {
  Reader* reader = read_section_internal::this_reader;
  if (reader == nullptr) [[unlikely]]
    return read_section_internal::MakeReader();
  return *reader;
}

inline bool IsReading() {
  const Reader* reader = read_section_internal::this_reader;
  return reader != nullptr && reader->is_reading();
}

inline void Reader::Enter() {
  if (depth_++ != 0) return;
  const uint64_t epoch = epoch_.load(std::memory_order_relaxed) + 1;
  if (read_section_internal::kAlwaysFull ||
      read_section_internal::readers_need_barriers.load(std::memory_order_relaxed)) [[unlikely]] {
    epoch_.exchange(epoch, std::memory_order_seq_cst);
    return;
  }
  epoch_.store(epoch, std::memory_order_relaxed);
  // The waiter's membarrier makes this order hold on other processors too.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

inline void Reader::Leave() {
  if (--depth_ != 0) return;
  epoch_.store(epoch_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

}  // namespace vestige::base

#endif  // VESTIGE_BASE_READ_SECTION_H_
