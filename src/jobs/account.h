// Every job primitive of an engine: made, counted and freed here, so that what is left can be told.
//
// Ids are given per lane, so they are the same in every run whatever the scheduling: those of the main lane are small
// numbers, those of another one have a number made of its name in their upper half. Memory of what died is not used
// again for a while, so that a script that holds a pointer too long is told so. Thread-safe. Floor 3.

#ifndef VESTIGE_JOBS_ACCOUNT_H_
#define VESTIGE_JOBS_ACCOUNT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "jobs/primitive.h"

namespace vestige::jobs {

enum class ReferenceEvent : uint8_t { kAdd, kAddByCapture, kRelease, kReleaseByCapture };

// A change of a count that somebody wants to see.
struct ReferenceChange {
  const Primitive& primitive;
  ReferenceEvent event;
  int32_t before = 0;
  const Place& at;
};

class Account {
 public:
  using OnChange = std::function<void(const ReferenceChange&)>;

  // Changes of the count of `id` are told.
  void Watch(uint64_t id, OnChange on_change);
  std::optional<uint64_t> watched() const { return watched_; }

  // A new one with one reference, made by `party`.
  template <typename T>
  T* Make(Party& party, Origin origin, bool is_scoped) {
    auto made = std::make_unique<T>(NextId(party));
    T* primitive = made.get();
    Meet(std::move(made), party, std::move(origin), is_scoped);
    return primitive;
  }
  // The id of the next birth of `party`, which is the caller.
  static uint64_t NextId(Party& party) {
    if (party.births == 0) NameLane(party);
    return party.lane_bits | ++party.births;
  }

  // The one at `address`, if a T lives there. Memory that never was one is not told apart.
  template <typename T>
  static T* Find(void* address) {
    auto* primitive = static_cast<T*>(address);
    return primitive->is_live() && primitive->kind() == T::kKind ? primitive : nullptr;
  }

  void AddReference(Primitive& primitive, ReferenceEvent event, const Place& at);
  // The count afterwards. With the last reference it is freed, unless a scope has it.
  int32_t ReleaseReference(Primitive& primitive, ReferenceEvent event, const Place& at);
  // The same in two steps: between them the caller does what others may see as soon as the count is down.
  int32_t DropReference(Primitive& primitive, ReferenceEvent event, const Place& at);
  void FreeIfUnused(Primitive& primitive);
  // The scope that has it ends, with its reference. The count afterwards; unless it is zero, the script is wrong, and
  // who still holds it frees it.
  int32_t EndScope(Primitive& primitive, const Place& at);

  // How many are alive, places for values included.
  uint64_t Count();
  // Every one that is alive, newest first within a lane, those of the main lane last; nobody uses them meanwhile.
  void ForEachLive(absl::FunctionRef<void(Primitive&)> visit);
  static void ForEachFeature(Primitive& primitive, absl::FunctionRef<void(Feature&)> visit) {
    primitive.VisitFeatures(visit);
  }
  // A program ends: what values that are left refer to in it is spelled out.
  void LeaveProgram(absl::FunctionRef<Place(base::Location)> locate);

 private:
  static constexpr size_t kResting = 1024;

  static void NameLane(Party& party);
  void Meet(std::unique_ptr<Primitive> primitive, Party& party, Origin origin, bool is_scoped);
  void Tell(const Primitive& primitive, ReferenceEvent event, int32_t before, const Place& at) const;
  void Free(Primitive& primitive);

  std::optional<uint64_t> watched_;
  OnChange on_change_;
  Mutex mutex_;
  absl::flat_hash_map<Primitive*, std::unique_ptr<Primitive>> live_;
  std::deque<std::unique_ptr<Primitive>> dead_;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_ACCOUNT_H_
