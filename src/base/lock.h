// A scope that holds a mutex, which the thread sanitizer sees too.
//
// Abseil as it is installed does not tell the sanitizer of its mutexes, so what they guard would look like a race.
// Everything that threads of scripts share is locked by this. Floor 0.

#ifndef VESTIGE_BASE_LOCK_H_
#define VESTIGE_BASE_LOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace vestige::base {

class ABSL_SCOPED_LOCKABLE Lock {
 public:
  // `mutex` outlives the scope.
  explicit Lock(absl::Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_.Lock();
    Acquired();
  }
  ~Lock() ABSL_UNLOCK_FUNCTION() {
    Releasing();
    mutex_.Unlock();
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // Lets others have the mutex until `signal` is given, or for no reason: whoever waits asks again what for.
  void Wait(absl::CondVar& signal) {
    Releasing();
    signal.Wait(&mutex_);
    Acquired();
  }

 private:
#if defined(__SANITIZE_THREAD__)
  void Acquired() { __tsan_acquire(&mutex_); }
  void Releasing() { __tsan_release(&mutex_); }
#else
  void Acquired() {}
  void Releasing() {}
#endif

  absl::Mutex& mutex_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_LOCK_H_
