// A mutex, a scope that holds it, and a signal to wait for, with clang's checks of who holds what.
//
// Over std::mutex: Abseil's, as Debian builds it, looks for deadlocks at each lock, with a lock of the whole process
// (doc/decisions/0011-std-mutex.md). Everything that threads of scripts share is locked by this. Floor 0.

#ifndef VESTIGE_BASE_LOCK_H_
#define VESTIGE_BASE_LOCK_H_

#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"

namespace vestige::base {

class ABSL_LOCKABLE Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

 private:
  friend class Lock;
  std::mutex mutex_;
};

class Signal {
 public:
  // Everybody who waits for it looks again.
  void Give() { condition_.notify_all(); }

 private:
  friend class Lock;
  std::condition_variable condition_;
};

class ABSL_SCOPED_LOCKABLE Lock {
 public:
  // `mutex` outlives the scope.
  explicit Lock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : lock_(mutex.mutex_) {}
  ~Lock() ABSL_UNLOCK_FUNCTION() = default;
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // Lets others have the mutex until `signal` is given, or for no reason: whoever waits asks again what for.
  void Wait(Signal& signal) { signal.condition_.wait(lock_); }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_LOCK_H_
