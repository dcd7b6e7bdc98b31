// Objects of the host with a count: what smart_ptr<T> of scripts and RefPtr<T> of C++ own together.
//
//   class Entity : public vestige::RefCounted {
//    public:
//     std::string ReportName() const override { return "Entity"; }
//   };
//
//   void MakeEntity(vestige::NativeCall& call) { call.ReturnCounted(call.Make<Entity>()); }
//
// An object belongs to the account of the engine that made it or met it first: there it has an id, and what is alive
// when the engine is closed is reported by it. An object that no engine has met is counted and nothing else.
//
// Always true: use_count() is the number of smart pointers and RefPtrs that hold the object; with the last one it dies.

#ifndef VESTIGE_REF_COUNTED_H_
#define VESTIGE_REF_COUNTED_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "vestige/findings.h"

namespace vestige {

namespace memory {
class ObjectAccount;
struct Observation;
}  // namespace memory

// What keeps an object alive, as reports tell it.
enum class HolderKind : uint8_t { kRefPtr, kHandleSlot, kLocal, kField, kCapture, kElement, kGlobal, kScript };

// Thread-safe counting; everything else about the object is its own business. Objects are made with new and never
// deleted by hand.
class RefCounted {
 public:
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  // What reports call the object: its kind and, if it has one, its name ("FileAccess", "Context main"). Called on any
  // thread while the object is alive.
  virtual std::string ReportName() const = 0;

  // One reference more or less; `slot` is the address of what holds it, and of a holder only that one passes. Release
  // may destroy the object. RefPtr does both.
  void Retain(const void* slot, HolderKind kind = HolderKind::kRefPtr) {
    if (observation_ != nullptr) [[unlikely]]
      return RetainObserved(slot, kind);
    count_.fetch_add(1, std::memory_order_relaxed);
  }
  // See Retain.
  void Release(const void* slot) {
    if (observation_ != nullptr) [[unlikely]]
      return ReleaseObserved(slot);
    if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1) Die();
  }
  // The reference that `from` held is now held by `to`. Costs nothing unless holders are tracked.
  void MoveHold(const void* from, const void* to, HolderKind kind = HolderKind::kRefPtr) {
    if (observation_ != nullptr) [[unlikely]]
      MoveHoldObserved(from, to, kind);
  }

  // How many hold the object now.
  uint32_t use_count() const { return count_.load(std::memory_order_relaxed); }
  // In the order in which objects came to be known, from 1; zero while no engine has met it. Unique among the objects
  // that were born in one job or thread, and among all others of the engine.
  uint64_t ref_count_id() const { return id_; }

 protected:
  RefCounted() = default;
  virtual ~RefCounted();

 private:
  friend class memory::ObjectAccount;

  void RetainObserved(const void* slot, HolderKind kind);
  void ReleaseObserved(const void* slot);
  void MoveHoldObserved(const void* from, const void* to, HolderKind kind);
  void Die();

  std::atomic<uint32_t> count_{0};
  // Null unless holders are tracked or this object is watched. Set once, before others see the object.
  memory::Observation* observation_ = nullptr;
  // The rest belongs to the account, under its lock.
  memory::ObjectAccount* account_ = nullptr;
  RefCounted* previous_ = nullptr;
  RefCounted* next_ = nullptr;
  uint64_t id_ = 0;
  Birthplace born_;
};

// Owns one reference to an object, or nothing. As large as a pointer, so a field of this type is a smart_ptr<T> field
// for scripts. Like any pointer, one of them is used by one thread at a time.
template <typename T>
class RefPtr {
 public:
  RefPtr() = default;
  RefPtr(std::nullptr_t) {}  // NOLINT: null is a value of it
  // Shares the object, which may be null.
  explicit RefPtr(T* object) : object_(object) {
    if (object_ != nullptr) object_->Retain(this);
  }
  // Shares what the other holds.
  RefPtr(const RefPtr& other) : RefPtr(other.object_) {}
  // Takes the other's reference over.
  RefPtr(RefPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {
    if (object_ != nullptr) object_->MoveHold(&other, this);
  }
  // What was held is released last, so that it may be what keeps `other` alive.
  RefPtr& operator=(const RefPtr& other) {
    RefPtr copy(other);
    swap(copy);
    return *this;
  }
  // Likewise.
  RefPtr& operator=(RefPtr&& other) noexcept {
    RefPtr taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~RefPtr() {
    if (object_ != nullptr) object_->Release(this);
  }

  // The object, still owned here; null when there is none.
  T* get() const { return object_; }
  // Not for null.
  T* operator->() const { return object_; }
  // Not for null.
  T& operator*() const { return *object_; }
  // Whether there is an object.
  explicit operator bool() const { return object_ != nullptr; }
  // Lets go of the object.
  void reset() { *this = RefPtr(); }

  // Gives the reference away: whoever gets the pointer owns it, in `slot`.
  T* Detach(const void* slot, HolderKind kind) {
    if (object_ != nullptr) object_->MoveHold(this, slot, kind);
    return std::exchange(object_, nullptr);
  }

 private:
  void swap(RefPtr& other) {
    if (object_ == other.object_) return;
    if (object_ != nullptr) object_->MoveHold(this, &other);
    if (other.object_ != nullptr) other.object_->MoveHold(&other, this);
    std::swap(object_, other.object_);
  }

  T* object_ = nullptr;
};

// A new object, held by the result alone and known to no engine yet.
template <typename T, typename... Args>
RefPtr<T> MakeCounted(Args&&... args) {
  return RefPtr<T>(new T(std::forward<Args>(args)...));
}

}  // namespace vestige

#endif  // VESTIGE_REF_COUNTED_H_
