// Objects of the host that a script holds by pointer: open files, values of native modules.
//
// They live outside the script's heaps, so a pointer to one that is gone must be told from one that is alive: natives
// ask Find, which knows what is alive and of which C++ type it is. What is still alive when the context ends is
// destroyed with it, in no particular order. Floor 3.

#ifndef VESTIGE_RUNTIME_HOST_OBJECTS_H_
#define VESTIGE_RUNTIME_HOST_OBJECTS_H_

#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace vestige::runtime {

class HostObjects {
 public:
  HostObjects() = default;
  ~HostObjects() {
    for (const auto& [address, object] : objects_) object.destroy(address);
  }
  HostObjects(const HostObjects&) = delete;
  HostObjects& operator=(const HostObjects&) = delete;

  // A new object, owned until Release.
  template <typename T, typename... Args>
  T* Make(Args&&... args) {
    T* object = new T(std::forward<Args>(args)...);
    objects_[object] = {&kTag<T>, [](void* address) { delete static_cast<T*>(address); }};
    return object;
  }
  // The object at `address`, when one of type T lives there; otherwise null.
  template <typename T>
  T* Find(const void* address) const {
    const auto found = objects_.find(const_cast<void*>(address));
    return found != objects_.end() && found->second.tag == &kTag<T> ? static_cast<T*>(found->first) : nullptr;
  }
  // Destroys the object at `address`; nothing when none is there.
  void Release(const void* address) {
    const auto found = objects_.find(const_cast<void*>(address));
    if (found == objects_.end()) return;
    const Object object = found->second;
    void* at = found->first;
    objects_.erase(found);
    object.destroy(at);
  }
  size_t count() const { return objects_.size(); }

 private:
  // One address per type.
  template <typename T>
  static constexpr char kTag = 0;

  struct Object {
    const char* tag;
    void (*destroy)(void* address);
  };
  absl::flat_hash_map<void*, Object> objects_;
};

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_HOST_OBJECTS_H_
