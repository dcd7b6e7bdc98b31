// The count of locks in a container's header; lock.h says what locks are for. Floor 3.

#ifndef VESTIGE_RUNTIME_LOCK_COUNT_H_
#define VESTIGE_RUNTIME_LOCK_COUNT_H_

#include <atomic>
#include <cstdint>

namespace vestige::runtime {

// In the count of what lies in a `shared` variable, while jobs or threads run.
inline constexpr uint32_t kSharedLock = 1u << 31;

// The count as it is now. Other threads may change it meanwhile, when it has kSharedLock.
inline uint32_t LoadLock(const uint32_t& lock) {
  return std::atomic_ref<uint32_t>(const_cast<uint32_t&>(lock)).load(std::memory_order_relaxed);
}
inline bool IsLocked(const uint32_t& lock) { return LoadLock(lock) != 0; }

// Adds to the count; several threads may do so while it has kSharedLock, which comes and goes when there is one.
inline void ChangeLock(uint32_t& lock, uint32_t change) {
  const std::atomic_ref<uint32_t> count(lock);
  const uint32_t now = count.load(std::memory_order_relaxed);
  if ((now & kSharedLock) != 0) [[unlikely]] {
    count.fetch_add(change, std::memory_order_relaxed);
  } else {
    count.store(now + change, std::memory_order_relaxed);
  }
}

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_LOCK_COUNT_H_
