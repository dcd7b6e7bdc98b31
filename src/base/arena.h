// Memory that is given back all at once.
//
// A compilation makes many small objects that die together; an Arena carves them from large chunks and never runs a
// destructor, so only trivially destructible things belong here. Floor 0.

#ifndef VESTIGE_BASE_ARENA_H_
#define VESTIGE_BASE_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace vestige::base {

// Not thread-safe. Pointers stay valid until the arena dies or is reset.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `bytes` of uninitialised memory, aligned to `align` (a power of two, at most 16).
  void* Allocate(size_t bytes, size_t align = alignof(std::max_align_t)) {
    uintptr_t start = (next_ + align - 1) & ~(uintptr_t{align} - 1);
    if (start + bytes > end_) [[unlikely]]
      return AllocateSlow(bytes, align);
    next_ = start + bytes;
    return reinterpret_cast<void*>(start);
  }

  // A new T. T must not need its destructor.
  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    return new (Allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  // A copy of `items` that lives as long as the arena.
  template <typename T>
  std::span<T> Copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    T* copy = static_cast<T*>(Allocate(items.size_bytes(), alignof(T)));
    std::memcpy(static_cast<void*>(copy), items.data(), items.size_bytes());
    return {copy, items.size()};
  }
  template <typename T>
  std::span<T> Copy(const std::vector<T>& items) {
    return Copy(std::span<const T>(items));
  }

  // A copy of `text`, followed by a NUL that is not part of the view.
  std::string_view CopyText(std::string_view text);

  // Bytes taken from the system so far.
  size_t reserved_bytes() const { return reserved_bytes_; }

 private:
  void* AllocateSlow(size_t bytes, size_t align);

  uintptr_t next_ = 0;
  uintptr_t end_ = 0;
  size_t reserved_bytes_ = 0;
  std::vector<std::unique_ptr<char[]>> chunks_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_ARENA_H_
