// The account of objects with a count: who is alive, since when, because of whom.
//
// Every RefCounted that an engine has met is a node of one list, in the order in which they were met; a report is a
// walk over it. Retaining and releasing an object touches the account only when holders are tracked or the object is
// watched. An object leaves the list before any destructor runs, so whoever walks the list under the lock meets whole
// objects only.
//
// Objects may own each other in chains of any length. So a thread destroys objects one after the other: what dies while
// it destroys one waits its turn in a list of that thread. Floor 2.

#ifndef VESTIGE_MEMORY_OBJECT_ACCOUNT_H_
#define VESTIGE_MEMORY_OBJECT_ACCOUNT_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "absl/functional/function_ref.h"
#include "base/lock.h"
#include "ledger/watch.h"
#include "memory/hold_list.h"
#include "memory/live_set.h"
#include "vestige/ref_counted.h"

namespace vestige::memory {

// Lanes from this number on are those of jobs and threads. Each counts its objects for itself, from 1; all others count
// on together.
inline constexpr uint32_t kFirstForkLane = 1u << 31;

// What is noted about one object while holders are tracked or it is watched. Guarded by its own lock, which is held for
// a few instructions only.
struct Observation {
  std::atomic_flag lock = ATOMIC_FLAG_INIT;
  bool is_watched = false;
  bool tracks_holders = false;
  HoldList holds;
};

// A reference was given back that nobody holds, or an object was used after its end.
struct Misuse {
  uint64_t id = 0;
  std::string name;
  bool gives_back = true;
  // When the object had died already: what its last holder did. Otherwise what the slot did the last time.
  bool had_died = false;
  Birthplace first;
  Birthplace now;
};

// Thread-safe, but for its making and its end.
class ObjectAccount {
 public:
  // What the account asks its owner; all optional. `host` is handed to each.
  struct Host {
    void* host = nullptr;
    // Where the calling thread is in a script.
    Birthplace (*place)(void* host) = nullptr;
    // Tells people.
    void (*did_misuse)(void* host, const Misuse& misuse) = nullptr;
  };

  ObjectAccount() = default;
  // Objects that are alive go on without an account.
  ~ObjectAccount();
  ObjectAccount(const ObjectAccount&) = delete;
  ObjectAccount& operator=(const ObjectAccount&) = delete;

  // Before the first object. `watch` is not owned and may be null.
  void Configure(const Host& host, ledger::Watch* watch, bool tracks_holders);

  // Takes an object in, unless some account has it. Call it before other threads know the object.
  void Meet(RefCounted& object);
  // Whether an object of this account lives at `address`, which is not read.
  bool IsLive(const RefCounted* address) const { return live_.Contains(address); }
  // A script gives back, or uses, what is not a live object: tells so when holders are tracked and the object is
  // remembered.
  void NoteDeadUse(const RefCounted* address, bool gives_back) const;
  uint32_t live_count() const { return live_count_.load(std::memory_order_relaxed); }

  // A live object as reports need it, copied out of it.
  struct Survivor {
    uint64_t address = 0;
    uint32_t count = 0;
    uint64_t id = 0;
    std::string name;
    Birthplace born;
    std::vector<Hold> holds;
  };
  // In the order in which they were met.
  std::vector<Survivor> Survivors() const;
  // The one with this id that was not born in a fork; false when it is not alive.
  bool Find(uint64_t id, Survivor* survivor) const;
  // No object will be born in this lane any more.
  void EndLane(uint32_t lane);

  bool tracks_holders() const { return tracks_holders_; }
  // The three are for scripts, which move references as bytes; nothing unless holders are tracked. A script stored a
  // reference in `to` and calls that `name` (see Hold): the one `from` held, which is `to` itself when it was taken
  // there, or, when that is null, one in flight. When `to` is null, it is in flight from now on.
  void NoteHolder(RefCounted& object, const void* from, const void* to, HolderKind kind, const char* name);
  // What `from` held lies in `to` now and is called what it was.
  void NoteMove(RefCounted& object, const void* from, const void* to);
  // `slot` was given up without giving its reference back.
  void NoteLost(RefCounted& object, const void* slot);
  // A copy of `name` that lives as long as the account.
  const char* Intern(std::string_view name);
  // The texts of holders' names are about to go: `keep` returns one that stays.
  void KeepNames(absl::FunctionRef<const char*(const char*)> keep);

  // For RefCounted only. Both count; the object keeps its count when `slot` holds nothing. True when the last reference
  // went.
  void DidRetain(RefCounted& object, const void* slot, HolderKind kind);
  bool DidRelease(RefCounted& object, const void* slot);
  void DidMoveHold(RefCounted& object, const void* from, const void* to, HolderKind kind);
  void Bury(RefCounted* object);

 private:
  // A thread that is destroying objects, and what died meanwhile.
  struct Reaper {
    std::vector<RefCounted*> waiting;
    const void* thread = nullptr;
  };

  Birthplace PlaceNow() const { return host_.place != nullptr ? host_.place(host_.host) : Birthplace(); }
  void Tell(const RefCounted& object, ledger::Event event);
  // `slot` gave back what nobody holds.
  void TellMisuse(const RefCounted& object, const void* slot, Birthplace now) const;
  Survivor Describe(const RefCounted& object) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes a dying object out of list and set.
  void Unlink(RefCounted& object) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void Destroy(RefCounted* object);

  Host host_;
  ledger::Watch* watch_ = nullptr;
  bool tracks_holders_ = false;
  mutable base::Mutex mutex_;
  RefCounted* first_ ABSL_GUARDED_BY(mutex_) = nullptr;
  RefCounted* last_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of forks, by lane.
  absl::flat_hash_map<uint32_t, uint64_t> last_fork_ids_ ABSL_GUARDED_BY(mutex_);
  std::atomic<uint32_t> live_count_{0};
  // What smart pointers of scripts are checked against, which unsafe code can make out of anything.
  // Written under the lock.
  LiveSet live_;
  // While holders are tracked: what died, and by whom, until its address is used again.
  absl::flat_hash_map<const RefCounted*, Misuse> dead_ ABSL_GUARDED_BY(mutex_);
  absl::node_hash_set<std::string> names_ ABSL_GUARDED_BY(mutex_);
  std::vector<Reaper*> reapers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_OBJECT_ACCOUNT_H_
