#include "jobs/account.h"

#include <algorithm>
#include <mutex>

#include "ledger/lane.h"
#include "types/type.h"

namespace vestige::jobs {

void Account::NameLane(Party& party) {
  if (party.name == ledger::kMainLane) return;
  // The same number in each run (FNV-1a).
  uint32_t hash = 2166136261u;
  for (const char c : party.name) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  party.lane_bits = uint64_t{hash} << 32;
}

void Account::Watch(uint64_t id, OnChange on_change) {
  watched_ = id;
  on_change_ = std::move(on_change);
}

void Account::Meet(std::unique_ptr<Primitive> primitive, Party& party, Origin origin, bool is_scoped) {
  Primitive& made = *primitive;
  made.origin_ = std::move(origin);
  made.is_scoped_ = is_scoped;
  made.VisitFeatures([&](Feature& place) { place.id = NextId(party); });
  Tell(made, ReferenceEvent::kAdd, 0, made.origin_.place);
  made.references_.store(1, std::memory_order_release);
  const std::lock_guard lock(mutex_);
  live_.emplace(&made, std::move(primitive));
}

void Account::Tell(const Primitive& primitive, ReferenceEvent event, int32_t before, const Place& at) const {
  if (watched_.has_value() && *watched_ == primitive.id()) on_change_({primitive, event, before, at});
}

void Account::AddReference(Primitive& primitive, ReferenceEvent event, const Place& at) {
  const int32_t before = primitive.references_.fetch_add(1, std::memory_order_acq_rel);
  Tell(primitive, event, before, at);
}

int32_t Account::DropReference(Primitive& primitive, ReferenceEvent event, const Place& at) {
  // Told first: nobody may look at it behind its last reference.
  Tell(primitive, event, primitive.references(), at);
  return primitive.references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
}

int32_t Account::ReleaseReference(Primitive& primitive, ReferenceEvent event, const Place& at) {
  const int32_t left = DropReference(primitive, event, at);
  if (left == 0) FreeIfUnused(primitive);
  return left;
}

void Account::FreeIfUnused(Primitive& primitive) {
  const std::lock_guard lock(mutex_);
  if (primitive.references() <= 0 && !primitive.is_scoped_) Free(primitive);
}

int32_t Account::EndScope(Primitive& primitive, const Place& at) {
  const int32_t left = DropReference(primitive, ReferenceEvent::kRelease, at);
  const std::lock_guard lock(mutex_);
  primitive.is_scoped_ = false;
  if (primitive.references() <= 0) Free(primitive);
  return left;
}

void Account::Free(Primitive& primitive) {
  const auto found = live_.find(&primitive);
  if (found == live_.end()) return;
  primitive.is_live_.store(false, std::memory_order_release);
  {
    const std::lock_guard lock(primitive.mutex());
    primitive.Empty();
  }
  dead_.push_back(std::move(found->second));
  live_.erase(found);
  if (dead_.size() > kResting) dead_.pop_front();
}

uint64_t Account::Count() {
  uint64_t count = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [address, primitive] : live_) {
    count += 1;
    const std::lock_guard values(primitive->mutex());
    primitive->VisitFeatures([&](Feature&) { count += 1; });
  }
  return count;
}

void Account::ForEachLive(absl::FunctionRef<void(Primitive&)> visit) {
  std::vector<Primitive*> found;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [address, primitive] : live_) found.push_back(address);
  }
  std::sort(found.begin(), found.end(), [](const Primitive* a, const Primitive* b) { return a->id() > b->id(); });
  for (Primitive* primitive : found) visit(*primitive);
}

void Account::LeaveProgram(absl::FunctionRef<Place(base::Location)> locate) {
  ForEachLive([&](Primitive& primitive) {
    primitive.VisitFeatures([&](Feature& feature) {
      if (feature.type == nullptr) return;
      feature.spelled = std::make_unique<Feature::Spelled>();
      *feature.spelled = {types::TypeName(feature.type), locate(feature.sent_at)};
      feature.type = nullptr;
    });
  });
}

}  // namespace vestige::jobs
