// Reading what another thread may take away, without writing to memory that threads share.
//
// A reader brackets its reading with a ReadSection, which costs three stores to memory of its own thread. Who takes
// something away first makes it unreachable, then calls WaitForReaders, which returns when no section is open any more
// that may have seen it. The heavy half of the ordering between the two is the waiter's: it makes every running thread
// of the process pass a memory barrier (Linux membarrier), so that readers need none. This is user-space RCU in its
// "memb" form: Desnoyers et al., User-Level Implementations of Read-Copy Update, IEEE TPDS 23(2), 2012. Public, as
// handles are looked up inline (vestige/handles.h).

#ifndef VESTIGE_READ_SECTION_H_
#define VESTIGE_READ_SECTION_H_

#include <atomic>
#include <cstdint>

namespace vestige::base {

// What the threads that read have in common with those that wait: one per reading thread, linked while it lives.
//
// Entering and leaving count upwards in words of their own, each read and written once per section: a single word that
// both change would make every section wait twice for the store before it. open sections = entered_ - left_.
class Reader {
 public:
  // Links itself to the readers of the process, and leaves them when the thread ends.
  Reader();
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Opens a section; they may end in any order.
  void Enter();
  // Ends one. The last one tells how many had begun.
  void Leave() {
    if (++left_ == entered_.load(std::memory_order_relaxed)) quiet_.store(left_, std::memory_order_release);
  }
  // Whether a section is open. Its own thread's.
  bool is_reading() const { return entered_.load(std::memory_order_relaxed) != left_; }

 private:
  friend void WaitForReaders();

  // Sections begun; those that have ended; how many had begun when last there was none open.
  std::atomic<uint64_t> entered_{0};
  uint64_t left_ = 0;
  std::atomic<uint64_t> quiet_{0};
  Reader* previous_ = nullptr;
  Reader* next_ = nullptr;
};

namespace read_section_internal {

// Sanitizers do not know membarrier: there, and where the kernel has none, both sides use full barriers.
#if defined(__SANITIZE_THREAD__)
#define VESTIGE_READERS_ARE_FULL true
#else
#define VESTIGE_READERS_ARE_FULL false
#endif
// Whether this build's readers always use them.
inline constexpr bool kAlwaysFull = VESTIGE_READERS_ARE_FULL;
#undef VESTIGE_READERS_ARE_FULL

// Whether readers need full barriers, decided when the first reader appears.
extern std::atomic<bool> readers_need_barriers;

// The calling thread's reader once it has one. A plain pointer, so that reading it is one load.
extern constinit thread_local Reader* this_reader;

// Makes it.
Reader& MakeReader();

}  // namespace read_section_internal

// Declared in the class.
inline void Reader::Enter() {
  const uint64_t entered = entered_.load(std::memory_order_relaxed) + 1;
  if (read_section_internal::kAlwaysFull ||
      read_section_internal::readers_need_barriers.load(std::memory_order_relaxed)) [[unlikely]] {
    entered_.exchange(entered, std::memory_order_seq_cst);
    return;
  }
  entered_.store(entered, std::memory_order_relaxed);
  // The waiter's membarrier makes this order hold on other processors too.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

// The calling thread's reader.
inline Reader& ThisReader() {
  Reader* reader = read_section_internal::this_reader;
  if (reader == nullptr) [[unlikely]]
    return read_section_internal::MakeReader();
  return *reader;
}

// Open from construction to destruction, on one thread. Sections nest. A section must not wait for another thread, nor
// call WaitForReaders.
class ReadSection {
 public:
  // The calling thread's.
  ReadSection() : reader_(ThisReader()) { reader_.Enter(); }
  ~ReadSection() { reader_.Leave(); }
  ReadSection(const ReadSection&) = delete;
  ReadSection& operator=(const ReadSection&) = delete;

 private:
  Reader& reader_;
};

// Whether the calling thread is inside a section.
inline bool IsReading() {
  const Reader* reader = read_section_internal::this_reader;
  return reader != nullptr && reader->is_reading();
}

// Returns when every section that was open at the call has closed. Takes microseconds while other threads run. Never
// call it inside a section.
void WaitForReaders();

}  // namespace vestige::base

#endif  // VESTIGE_READ_SECTION_H_
