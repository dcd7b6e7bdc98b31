// Handles: objects of the host that scripts name by a number instead of holding them.
//
// A handle names an object that an engine's registry owns through a shared_ptr, without keeping it alive: once
// released, every copy of the handle looks up to null, for ever. What is not released is told when the engine is
// closed. One row binds a type:
//
//   template <> inline constexpr std::string_view vestige::kHandleName<Session> = "Session";
//   constexpr vestige::NativeModule kSessions = vestige::HandleModule<Session>("net");
//
//   void Connect(vestige::NativeCall& call) {
//     call.Return(call.HandlesOf<Session>().Acquire(std::make_shared<Session>()));
//   }
//
// Scripts then have a type `Session` of 8 bytes with ==, !=, `is_alive(session)` and `release(session)`.

#ifndef VESTIGE_HANDLES_H_
#define VESTIGE_HANDLES_H_

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "vestige/handle_slots.h"
#include "vestige/native.h"

namespace vestige {

// The name by which scripts and reports call handles of T. Specialise it for every type that gets handles.
template <typename T>
inline constexpr std::string_view kHandleName{};

// Whether T has a name for reports.
template <typename T>
concept NamedHandleType = !kHandleName<T>.empty();

// A handle with the type of what it names, so that handles of different registries do not mix.
template <typename T>
struct Handle {
  HandleValue value;

  // Whether it never named anything.
  constexpr bool is_null() const { return value.is_null(); }
  friend constexpr bool operator==(Handle, Handle) = default;
};

// One per type of handles; its address is what tells types apart.
struct HandleKind {
  std::string_view name;
};
// T's.
template <typename T>
inline constexpr HandleKind kHandleKind = {kHandleName<T>};

// What Handles<T> does, without the type. See there.
HandleValue AcquireHandle(HandleSlots& slots, std::shared_ptr<void> object, Birthplace birth);
// See Handles::Release.
bool ReleaseHandle(HandleSlots& slots, HandleValue handle);
// See Handles::live_count.
uint32_t LiveHandleCount(const HandleSlots& slots);
// See Handles::ForEachLive.
void ForEachLiveHandle(const HandleSlots& slots, const std::function<bool(HandleValue)>& visit);

// The reference that a registry holds to an object with a count, told as a handle slot.
class CountedHandleSlot {
 public:
  // Takes it.
  explicit CountedHandleSlot(RefCounted& object) : object_(object) { object_.Retain(this, HolderKind::kHandleSlot); }
  ~CountedHandleSlot() { object_.Release(this); }
  CountedHandleSlot(const CountedHandleSlot&) = delete;
  CountedHandleSlot& operator=(const CountedHandleSlot&) = delete;

 private:
  RefCounted& object_;
};

// An object that stays while this lives, without sharing it: nothing is counted, so threads that look at one object do
// not meet. For a few instructions on one thread: another thread that releases any handle waits for all pins, so a
// pinned thread must not wait for others. When it releases handles itself, their objects stay until its pins are gone
// and the registry is used again.
template <typename T>
class HandlePin {
 public:
  // Of Handles::Pin.
  HandlePin(const HandleSlots& slots, Handle<T> handle) : reader_(base::ThisReader()) {
    reader_.Enter();
    object_ = static_cast<T*>(slots.Peek(handle.value));
    if (object_ == nullptr) reader_.Leave();
  }
  ~HandlePin() {
    if (object_ != nullptr) reader_.Leave();
  }
  HandlePin(const HandlePin&) = delete;
  HandlePin& operator=(const HandlePin&) = delete;

  // Null for a handle that has ended.
  T* get() const { return object_; }
  // Not for null.
  T* operator->() const { return object_; }
  // Not for null.
  T& operator*() const { return *object_; }
  // Whether there is an object.
  explicit operator bool() const { return object_ != nullptr; }

 private:
  base::Reader& reader_;
  T* object_;
};

// One engine's registry of T, as a native or the host sees it. Thread-safe, but for its making; look-ups do not block
// each other. Valid as long as the engine, Acquire's birthplace as long as the native call.
template <typename T>
class Handles {
  static_assert(NamedHandleType<T>,
                "A type with handles needs a name for scripts and reports: specialise vestige::kHandleName<T>, for "
                "example template <> inline constexpr std::string_view vestige::kHandleName<Session> = \"Session\";");

 public:
  // Of NativeCall::HandlesOf and Engine::HandlesOf.
  Handles(HandleSlots& slots, Birthplace birth) : slots_(&slots), birth_(birth) {}

  // A handle for `object`; the null handle for a null object.
  Handle<T> Acquire(std::shared_ptr<T> object) { return {AcquireHandle(*slots_, std::move(object), birth_)}; }
  // The same for an object with a count, which the registry holds one reference to.
  Handle<T> Acquire(const RefPtr<T>& object) requires std::derived_from<T, RefCounted> {
    if (!object) return {};
    const auto slot = std::make_shared<CountedHandleSlot>(*object);
    return Acquire(std::shared_ptr<T>(slot, object.get()));
  }
  // Ends the handle and all its copies, and drops the registry's share of the object. False when it had ended already.
  bool Release(Handle<T> handle) { return ReleaseHandle(*slots_, handle.value); }
  // The object, shared with the caller; null for a handle that has ended.
  std::shared_ptr<T> Lookup(Handle<T> handle) const {
    return std::static_pointer_cast<T>(slots_->Lookup(handle.value));
  }
  // The object for a moment, which is quicker; see HandlePin.
  HandlePin<T> Pin(Handle<T> handle) const { return HandlePin<T>(*slots_, handle); }
  // Whether the handle has not ended.
  bool IsAlive(Handle<T> handle) const { return slots_->IsAlive(handle.value); }
  // Handles that have not ended.
  uint32_t live_count() const { return LiveHandleCount(*slots_); }
  // Every live handle with its object, in the order of slots, until `visit` returns false. It may release handles, and
  // even end the registry, which ends the walk.
  void ForEachLive(const std::function<bool(Handle<T>, const std::shared_ptr<T>&)>& visit) const {
    ForEachLiveHandle(*slots_, [&](HandleValue value) {
      const std::shared_ptr<T> object = Lookup({value});
      return object == nullptr || visit(Handle<T>{value}, object);
    });
  }

 private:
  HandleSlots* slots_;
  Birthplace birth_;
};

// Declared in vestige/native.h.
template <typename T>
Handles<T> NativeCall::HandlesOf() const {
  return {HandleSlotsOf(kHandleKind<T>), CurrentBirthplace()};
}

// Whether scripts get `release`, or end handles by functions of the host alone.
enum class HandleRelease : bool { kByHost, kByScript };

namespace handles {

// Texts put together at compile time.
template <size_t n>
struct Text {
  // Not terminated.
  std::array<char, n> chars{};
  // All of it.
  constexpr std::string_view view() const { return {chars.data(), n}; }
};
// The three behind each other; n is the sum of their sizes.
template <size_t n>
constexpr Text<n> Join(std::string_view a, std::string_view b, std::string_view c) {
  Text<n> text;
  size_t at = 0;
  for (const std::string_view part : {a, b, c}) {
    for (const char letter : part) text.chars[at++] = letter;
  }
  return text;
}

// What HandleModule<T> points at.
template <typename T, HandleRelease release>
struct Rows {
  static_assert(NamedHandleType<T>,
                "A type with handles needs a name for scripts and reports: specialise vestige::kHandleName<T>, for "
                "example template <> inline constexpr std::string_view vestige::kHandleName<Session> = \"Session\";");
  static constexpr std::string_view kName = kHandleName<T>;
  static constexpr std::string_view kBefore = "typedef distinct ";
  static constexpr std::string_view kAfter = " = uint64\n";
  static constexpr std::string_view kOpen = "(handle : ";
  static constexpr std::string_view kClose = ") : bool";
  // The type of scripts.
  static constexpr auto kPrelude = Join<kBefore.size() + kName.size() + kAfter.size()>(kBefore, kName, kAfter);
  // Of both functions.
  static constexpr auto kSignature = Join<kOpen.size() + kName.size() + kClose.size()>(kOpen, kName, kClose);

  // is_alive(handle).
  static void IsAlive(NativeCall& call) { call.Return(call.HandlesOf<T>().IsAlive(call.Value<Handle<T>>(0))); }
  // release(handle).
  static void Release(NativeCall& call) { call.Return(call.HandlesOf<T>().Release(call.Value<Handle<T>>(0))); }

  // The one that a module may leave out comes last.
  static constexpr NativeFunction kFunctions[] = {{"is_alive", kSignature.view(), &IsAlive},
                                                  {"release", kSignature.view(), &Release}};
};

}  // namespace handles

// A part of module `module_name` that gives scripts the type of T's handles.
template <typename T, HandleRelease release = HandleRelease::kByScript>
constexpr NativeModule HandleModule(std::string_view module_name) {
  using Rows = handles::Rows<T, release>;
  constexpr size_t kCount = release == HandleRelease::kByScript ? 2 : 1;
  return {
      .name = module_name, .functions = std::span(Rows::kFunctions).first(kCount), .prelude = Rows::kPrelude.view()};
}

}  // namespace vestige

#endif  // VESTIGE_HANDLES_H_
