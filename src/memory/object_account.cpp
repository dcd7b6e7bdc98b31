#include "memory/object_account.h"

#include <pthread.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/lock.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace vestige::memory {

namespace {

class ObservationLock {
 public:
  explicit ObservationLock(Observation& observation) : observation_(observation) {
    while (observation_.lock.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~ObservationLock() { observation_.lock.clear(std::memory_order_release); }
  ObservationLock(const ObservationLock&) = delete;
  ObservationLock& operator=(const ObservationLock&) = delete;

 private:
  Observation& observation_;
};

// Scripts move values as bytes, and unsafe code can do so behind our back. So the hold of a slot nobody knows is one of
// theirs, the latest of those likely to have moved: first what is in flight, then elements, then what lies in structs.
Hold* FindScriptHold(HoldList& holds) {
  if (Hold* hold = holds.FindInFlight()) return hold;
  const auto latest = [&](auto fits) -> Hold* {
    const std::span<Hold> all = holds.all();
    for (size_t i = all.size(); i-- > 0;) {
      if (fits(all[i].kind)) return &all[i];
    }
    return nullptr;
  };
  if (Hold* hold = latest([](HolderKind kind) { return kind == HolderKind::kElement; })) return hold;
  if (Hold* hold = latest([](HolderKind kind) { return kind == HolderKind::kField; })) return hold;
  return latest([](HolderKind kind) { return kind != HolderKind::kRefPtr && kind != HolderKind::kHandleSlot; });
}

// The hold that a slot nobody knows gives back; null when there is none to give back. What C++ says of its slots is
// exact; only scripts move what they hold without telling.
[[gnu::noinline]] Hold* FindUnknown(HoldList& holds, const void* slot) {
  const Drop* before = holds.FindDrop(slot);
  const bool is_known = before != nullptr && before->kind == HolderKind::kRefPtr;
  return is_known ? nullptr : FindScriptHold(holds);
}

const void* ThisThread() { return reinterpret_cast<const void*>(pthread_self()); }

}  // namespace

ObjectAccount::~ObjectAccount() {
  const base::Lock lock(mutex_);
  for (RefCounted* object = first_; object != nullptr;) {
    RefCounted* next = object->next_;
    object->account_ = nullptr;
    object->previous_ = object->next_ = nullptr;
    delete std::exchange(object->observation_, nullptr);
#if defined(__SANITIZE_ADDRESS__)
    // It has been reported; nothing holds what a script lost.
    __lsan_ignore_object(object);
#endif
    object = next;
  }
}

void ObjectAccount::Configure(const Host& host, ledger::Watch* watch, bool tracks_holders) {
  host_ = host;
  watch_ = watch;
  tracks_holders_ = tracks_holders;
}

void ObjectAccount::Meet(RefCounted& object) {
  if (object.account_ != nullptr) return;
  const Birthplace born = PlaceNow();
  {
    const base::Lock lock(mutex_);
    object.account_ = this;
    const bool is_in_fork = born.lane >= kFirstForkLane;
    object.id_ = is_in_fork ? ++last_fork_ids_[born.lane] : ++last_id_;
    object.born_ = born;
    const bool is_watched =
        !is_in_fork && watch_ != nullptr && watch_->IsWatched(ledger::Domain::kSmartPointer, object.id_);
    if (tracks_holders_ || is_watched) {
      auto* observation = new Observation;
      observation->is_watched = is_watched;
      observation->tracks_holders = tracks_holders_;
      // Who held it before it was met is not known by its slot.
      for (uint32_t i = object.use_count(); i > 0; --i) {
        observation->holds.Add(nullptr, HolderKind::kScript, born);
      }
      object.observation_ = observation;
    }
    // From here on a dump may look at it.
    object.previous_ = last_;
    (last_ != nullptr ? last_->next_ : first_) = &object;
    last_ = &object;
    live_.Insert(&object);
    if (tracks_holders_) dead_.erase(&object);
  }
  live_count_.fetch_add(1, std::memory_order_relaxed);
  if (object.observation_ != nullptr) Tell(object, ledger::Event::kBirth);
}

void ObjectAccount::NoteDeadUse(const RefCounted* address, bool gives_back) const {
  if (!tracks_holders_ || host_.did_misuse == nullptr) return;
  Misuse misuse;
  {
    const base::Lock lock(mutex_);
    const auto found = dead_.find(address);
    if (found == dead_.end()) return;
    misuse = found->second;
  }
  misuse.gives_back = gives_back;
  misuse.now = PlaceNow();
  host_.did_misuse(host_.host, misuse);
}

ObjectAccount::Survivor ObjectAccount::Describe(const RefCounted& object) const {
  Survivor survivor = {.address = reinterpret_cast<uint64_t>(&object),
                       .count = object.use_count(),
                       .id = object.id_,
                       .name = object.ReportName(),
                       .born = object.born_};
  if (object.observation_ != nullptr && object.observation_->tracks_holders) {
    const ObservationLock lock(*object.observation_);
    const std::span<const Hold> holds = object.observation_->holds.all();
    survivor.holds.assign(holds.begin(), holds.end());
  }
  return survivor;
}

std::vector<ObjectAccount::Survivor> ObjectAccount::Survivors() const {
  const base::Lock lock(mutex_);
  std::vector<Survivor> survivors;
  for (const RefCounted* object = first_; object != nullptr; object = object->next_) {
    survivors.push_back(Describe(*object));
  }
  return survivors;
}

bool ObjectAccount::Find(uint64_t id, Survivor* survivor) const {
  const base::Lock lock(mutex_);
  for (const RefCounted* object = first_; object != nullptr; object = object->next_) {
    if (object->id_ != id || object->born_.lane >= kFirstForkLane) continue;
    *survivor = Describe(*object);
    return true;
  }
  return false;
}

void ObjectAccount::EndLane(uint32_t lane) {
  const base::Lock lock(mutex_);
  last_fork_ids_.erase(lane);
}

void ObjectAccount::Tell(const RefCounted& object, ledger::Event event) {
  if (object.observation_->is_watched) {
    watch_->DidHappen(ledger::Domain::kSmartPointer, object.id_, event, ledger::kMainLane);
  }
}

void ObjectAccount::DidRetain(RefCounted& object, const void* slot, HolderKind kind) {
  Tell(object, ledger::Event::kHold);
  Observation& observation = *object.observation_;
  if (!observation.tracks_holders) {
    object.count_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const Birthplace now = PlaceNow();
  const ObservationLock lock(observation);
  observation.holds.Add(slot, kind, now);
  // The lock orders the counting.
  object.count_.store(object.use_count() + 1, std::memory_order_relaxed);
}

bool ObjectAccount::DidRelease(RefCounted& object, const void* slot) {
  Tell(object, ledger::Event::kDrop);
  Observation& observation = *object.observation_;
  if (!observation.tracks_holders) return object.count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  const Birthplace now = PlaceNow();
  {
    const ObservationLock lock(observation);
    Hold* hold = slot == nullptr ? nullptr : observation.holds.Find(slot);
    if (hold == nullptr) [[unlikely]]
      hold = FindUnknown(observation.holds, slot);
    if (hold != nullptr) [[likely]] {
      observation.holds.Remove(hold, now);
      const uint32_t left = object.use_count() - 1;
      object.count_.store(left, std::memory_order_relaxed);
      return left == 0;
    }
  }
  TellMisuse(object, slot, now);
  return false;
}

void ObjectAccount::TellMisuse(const RefCounted& object, const void* slot, Birthplace now) const {
  if (host_.did_misuse == nullptr) return;
  Misuse misuse = {.id = object.id_, .name = object.ReportName(), .now = now};
  {
    const ObservationLock lock(*object.observation_);
    if (const Drop* before = object.observation_->holds.FindDrop(slot)) misuse.first = before->dropped;
  }
  host_.did_misuse(host_.host, misuse);
}

void ObjectAccount::DidMoveHold(RefCounted& object, const void* from, const void* to, HolderKind kind) {
  Observation& observation = *object.observation_;
  if (!observation.tracks_holders) return;
  const ObservationLock lock(observation);
  Hold* hold = observation.holds.Find(from);
  if (hold == nullptr) hold = FindScriptHold(observation.holds);
  if (hold == nullptr) return;
  observation.holds.MoveTo(hold, to);
  hold->kind = kind;
}

void ObjectAccount::NoteHolder(RefCounted& object, const void* from, const void* to, HolderKind kind,
                               const char* name) {
  if (!tracks_holders_ || object.observation_ == nullptr) return;
  const Birthplace now = PlaceNow();
  const ObservationLock lock(*object.observation_);
  HoldList& holds = object.observation_->holds;
  Hold* hold = from != nullptr ? holds.Find(from) : holds.FindInFlight();
  if (hold == nullptr && to != nullptr) hold = holds.Find(to);
  if (hold == nullptr) hold = FindScriptHold(holds);
  if (hold == nullptr) return;
  holds.MoveTo(hold, to);
  hold->kind = kind;
  hold->name = name;
  // Otherwise it was taken there already.
  if (from == nullptr || from != to) hold->taken = now;
}

void ObjectAccount::NoteMove(RefCounted& object, const void* from, const void* to) {
  if (!tracks_holders_ || object.observation_ == nullptr) return;
  const ObservationLock lock(*object.observation_);
  HoldList& holds = object.observation_->holds;
  if (Hold* hold = holds.Find(from)) holds.MoveTo(hold, to);
}

void ObjectAccount::NoteLost(RefCounted& object, const void* slot) {
  if (!tracks_holders_ || object.observation_ == nullptr) return;
  const ObservationLock lock(*object.observation_);
  HoldList& holds = object.observation_->holds;
  if (Hold* hold = holds.Find(slot)) holds.Lose(hold);
}

const char* ObjectAccount::Intern(std::string_view name) {
  const base::Lock lock(mutex_);
  return names_.emplace(name).first->c_str();
}

void ObjectAccount::KeepNames(absl::FunctionRef<const char*(const char*)> keep) {
  const base::Lock lock(mutex_);
  for (const RefCounted* object = first_; object != nullptr; object = object->next_) {
    if (object->observation_ == nullptr) continue;
    const ObservationLock observed(*object->observation_);
    for (Hold& hold : object->observation_->holds.all()) {
      if (hold.name != nullptr) hold.name = keep(hold.name);
    }
  }
}

void ObjectAccount::Unlink(RefCounted& object) {
  (object.previous_ != nullptr ? object.previous_->next_ : first_) = object.next_;
  (object.next_ != nullptr ? object.next_->previous_ : last_) = object.previous_;
  live_.Erase(&object);
}

void ObjectAccount::Destroy(RefCounted* object) {
  Observation* observation = std::exchange(object->observation_, nullptr);
  delete object;
  delete observation;
}

void ObjectAccount::Bury(RefCounted* object) {
  Misuse memory;
  if (object->observation_ != nullptr) {
    Tell(*object, ledger::Event::kDeath);
    if (tracks_holders_) {
      memory = {.id = object->id_, .name = object->ReportName(), .had_died = true, .first = PlaceNow()};
    }
  }
  Reaper reaper;
  reaper.thread = ThisThread();
  {
    const base::Lock lock(mutex_);
    Unlink(*object);
    if (tracks_holders_) dead_[object] = std::move(memory);
    const auto own = std::find_if(reapers_.begin(), reapers_.end(),
                                  [&](const Reaper* other) { return other->thread == reaper.thread; });
    if (own != reapers_.end()) {
      (*own)->waiting.push_back(object);
      object = nullptr;
    } else {
      reapers_.push_back(&reaper);
    }
  }
  live_count_.fetch_sub(1, std::memory_order_relaxed);
  if (object == nullptr) return;
  while (object != nullptr) {
    Destroy(object);
    object = nullptr;
    const base::Lock lock(mutex_);
    if (reaper.waiting.empty()) {
      reapers_.erase(std::find(reapers_.begin(), reapers_.end(), &reaper));
    } else {
      object = reaper.waiting.back();
      reaper.waiting.pop_back();
    }
  }
}

}  // namespace vestige::memory

namespace vestige {

RefCounted::~RefCounted() = default;

void RefCounted::RetainObserved(const void* slot, HolderKind kind) { account_->DidRetain(*this, slot, kind); }

void RefCounted::ReleaseObserved(const void* slot) {
  if (account_->DidRelease(*this, slot)) Die();
}

void RefCounted::MoveHoldObserved(const void* from, const void* to, HolderKind kind) {
  account_->DidMoveHold(*this, from, to, kind);
}

void RefCounted::Die() {
  if (account_ != nullptr) {
    account_->Bury(this);
  } else {
    delete this;
  }
}

}  // namespace vestige
