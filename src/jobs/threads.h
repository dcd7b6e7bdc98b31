// Threads and what they wait with, over libuv's C types. Floor 3.
//
// libuv's calls that make these abort the process when the operating system refuses; there is no error to handle but
// that of starting a thread.

#ifndef VESTIGE_JOBS_THREADS_H_
#define VESTIGE_JOBS_THREADS_H_

#include <uv.h>

#include <cstdint>
#include <cstdlib>

namespace vestige::jobs {

// Tells the processor that the caller only waits for another thread.
inline void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

class Mutex {
 public:
  // Who finds it taken looks so many times whether it is given back before it sleeps: good where it is held for less
  // time than it takes to wake a thread.
  explicit Mutex(int looks = 0) : looks_(looks) {
    if (uv_mutex_init(&mutex_) != 0) std::abort();
  }
  ~Mutex() { uv_mutex_destroy(&mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() {
    for (int i = 0; i < looks_; ++i) {
      if (try_lock()) return;
      Pause();
    }
    uv_mutex_lock(&mutex_);
  }
  bool try_lock() { return uv_mutex_trylock(&mutex_) == 0; }
  void unlock() { uv_mutex_unlock(&mutex_); }
  uv_mutex_t* raw() { return &mutex_; }

 private:
  const int looks_;
  uv_mutex_t mutex_;
};

class Condition {
 public:
  Condition() {
    if (uv_cond_init(&condition_) != 0) std::abort();
  }
  ~Condition() { uv_cond_destroy(&condition_); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  // The mutex is held; it is given up while waiting. May return without a reason.
  void Wait(Mutex& mutex) { uv_cond_wait(&condition_, mutex.raw()); }
  // The same, for at most so long. False: the time is up.
  bool WaitFor(Mutex& mutex, uint64_t nanoseconds) {
    return uv_cond_timedwait(&condition_, mutex.raw(), nanoseconds) == 0;
  }
  void WakeOne() { uv_cond_signal(&condition_); }
  void WakeAll() { uv_cond_broadcast(&condition_); }

 private:
  uv_cond_t condition_;
};

// A value per thread, of one owner; null on threads that set none.
template <typename T>
class PerThread {
 public:
  PerThread() {
    if (uv_key_create(&key_) != 0) std::abort();
  }
  ~PerThread() { uv_key_delete(&key_); }
  PerThread(const PerThread&) = delete;
  PerThread& operator=(const PerThread&) = delete;

  T* get() { return static_cast<T*>(uv_key_get(&key_)); }
  void set(T* value) { uv_key_set(&key_, value); }

 private:
  uv_key_t key_;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_THREADS_H_
