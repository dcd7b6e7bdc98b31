#include "engine/stuck_search.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/load.h"
#include "base/lock.h"
#include "jobs/account.h"

namespace vestige::engine {

namespace {

using jobs::Waiter;

// More than this is not looked through: those who run stand still meanwhile.
constexpr uint64_t kMostBytes = 256ull << 20;
// Which context an address belongs to is known by units of this size. Those of several contexts in one reach all.
constexpr int kUnitBits = 12;

// Addresses between the lowest and the highest that was added, by which most words are told apart quickly.
class AddressRange {
 public:
  void Add(uintptr_t address) {
    lowest_ = std::min(lowest_, address);
    highest_ = std::max(highest_, address);
  }
  bool Contains(uintptr_t address) const { return address >= lowest_ && address <= highest_; }

 private:
  uintptr_t lowest_ = UINTPTR_MAX;
  uintptr_t highest_ = 0;
};

exec::Context* ContextOf(const Waiter& waiter) { return static_cast<exec::Context*>(waiter.party->context); }

// What was reached so far.
class StuckReach {
 public:
  StuckReach(jobs::System& jobs, const absl::flat_hash_set<exec::Context*>& contexts,
             const std::vector<const Waiter*>& waiting)
      : jobs_(jobs), waiting_(waiting) {
    absl::flat_hash_set<const exec::Context*> of_waiting;
    for (const Waiter* waiter : waiting) of_waiting.insert(ContextOf(*waiter));
    jobs.account().ForEachLive([this](jobs::Primitive& primitive) {
      primitives_.emplace(reinterpret_cast<uintptr_t>(&primitive), &primitive);
      primitive_range_.Add(reinterpret_cast<uintptr_t>(&primitive));
    });
    for (exec::Context* context : contexts) {
      unreached_.insert(context);
      if (of_waiting.contains(context)) {
        Enclose(*context);
      } else {
        ReachContext(context);
      }
    }
  }

  std::vector<const Waiter*> FindStuck() {
    do {
      VisitAll();
      if (bytes_ > kMostBytes) return {};
    } while (ReachQueue());
    std::vector<const Waiter*> stuck;
    for (const Waiter* waiter : waiting_) {
      if (!IsReached(*waiter)) stuck.push_back(waiter);
    }
    return stuck;
  }

 private:
  using Contexts = std::vector<exec::Context*>;

  bool IsReached(const Waiter& waiter) const { return reached_targets_.contains(waiter.target); }

  // Makes known where the memory of a context is, which is not reached yet.
  void Enclose(exec::Context& context) {
    context.VisitMemory([&](const char* begin, uint64_t bytes) {
      if (bytes == 0) return;
      const auto first = reinterpret_cast<uintptr_t>(begin);
      const uintptr_t last = first + bytes - 1;
      for (uintptr_t unit = first >> kUnitBits; unit <= last >> kUnitBits; ++unit) {
        Contexts& owners = owners_[unit];
        if (owners.empty() || owners.back() != &context) owners.push_back(&context);
      }
      unit_range_.Add(first);
      unit_range_.Add(last);
    });
  }

  void VisitAll() {
    while (!to_visit_.empty() && bytes_ <= kMostBytes) {
      exec::Context* context = to_visit_.back();
      to_visit_.pop_back();
      context->VisitMemory([this](const char* begin, uint64_t bytes) { VisitWords(begin, bytes); });
    }
  }

  void VisitWords(const char* begin, uint64_t bytes) {
    for (uint64_t at = 0; at + sizeof(uintptr_t) <= bytes; at += sizeof(uintptr_t)) {
      const auto word = base::Load<uintptr_t>(begin + at);
      if (primitive_range_.Contains(word)) ReachPrimitive(word);
      if (!unreached_.empty() && unit_range_.Contains(word)) ReachOwners(word);
    }
  }

  void ReachPrimitive(uintptr_t address) {
    const auto found = primitives_.find(address);
    if (found == primitives_.end() || !reached_targets_.insert(found->second).second) return;
    jobs::Primitive& primitive = *found->second;
    ReachWaiters(primitive);
    jobs::Account::ForEachFeature(primitive, [this](const jobs::Feature& feature) {
      if (feature.block != nullptr) VisitWords(reinterpret_cast<const char*>(feature.block.get()), feature.bytes);
    });
    // What has bits of values, not values.
    if (primitive.kind() == jobs::PrimitiveKind::kStream) {
      for (const std::vector<uint8_t>& message : static_cast<jobs::Stream&>(primitive).messages) {
        VisitWords(reinterpret_cast<const char*>(message.data()), message.size());
      }
    } else if (primitive.kind() == jobs::PrimitiveKind::kSeqBox) {
      VisitWords(reinterpret_cast<const char*>(&primitive), sizeof(jobs::SeqBox));
    } else if (primitive.kind() == jobs::PrimitiveKind::kAtomic64) {
      VisitWords(reinterpret_cast<const char*>(&primitive), sizeof(jobs::Atomic64));
    }
  }

  void ReachWaiters(const jobs::Waitable& target) {
    for (const Waiter* waiter : waiting_) {
      if (waiter->target == &target) ReachContext(ContextOf(*waiter));
    }
  }

  void ReachOwners(uintptr_t address) {
    const auto found = owners_.find(address >> kUnitBits);
    if (found == owners_.end()) return;
    const Contexts owners = std::move(found->second);
    owners_.erase(found);
    for (exec::Context* owner : owners) ReachContext(owner);
  }

  void ReachContext(exec::Context* context) {
    if (unreached_.erase(context) == 0) return;
    bytes_ += context->heap().live_bytes();
    to_visit_.push_back(context);
  }

  // The end of a task may wake those who wait for tasks. True: it was reached only now.
  bool ReachQueue() {
    uint64_t stuck = 0;
    const jobs::Waitable* queue = nullptr;
    for (const Waiter* waiter : waiting_) {
      if (jobs_.is_queue(*waiter->target)) queue = waiter->target;
      if (waiter->party->is_worker() && !IsReached(*waiter)) stuck += 1;
    }
    if (queue == nullptr || jobs_.unfinished_tasks() <= stuck || !reached_targets_.insert(queue).second) return false;
    ReachWaiters(*queue);
    return true;
  }

  jobs::System& jobs_;
  const std::vector<const Waiter*>& waiting_;
  absl::flat_hash_map<uintptr_t, jobs::Primitive*> primitives_;
  AddressRange primitive_range_;
  absl::flat_hash_map<uintptr_t, Contexts> owners_;
  AddressRange unit_range_;
  absl::flat_hash_set<exec::Context*> unreached_;
  absl::flat_hash_set<const jobs::Waitable*> reached_targets_;
  std::vector<exec::Context*> to_visit_;
  uint64_t bytes_ = 0;
};

// Natives that take primitives, by name or as anything.
absl::flat_hash_set<NativeFn> KeepersOf(std::span<const NativeModule* const> modules) {
  constexpr std::string_view kTypes[] = {"JobStatus", "Channel", "LockBox", "Stream", "void?", "auto"};
  absl::flat_hash_set<NativeFn> keepers;
  for (const NativeModule* module : modules) {
    for (const NativeFunction& function : module->functions) {
      for (const std::string_view type : kTypes) {
        if (function.signature.find(type) != std::string_view::npos) keepers.insert(function.function);
      }
    }
  }
  return keepers;
}

bool CallsAny(const exec::Code& code, const absl::flat_hash_set<NativeFn>& natives) {
  for (uint32_t word = 0; word < code.words().size() && !natives.empty(); ++word) {
    const exec::NativeSite* site = code.NativeSiteAt(word);
    if (site != nullptr && natives.contains(site->function)) return true;
  }
  return false;
}

}  // namespace

void StuckSearch::Add(exec::Context& context) {
  const base::Lock lock(mutex_);
  contexts_.insert(&context);
}

void StuckSearch::Remove(exec::Context& context) {
  const base::Lock lock(mutex_);
  contexts_.erase(&context);
}

void StuckSearch::AskToRest() {
  const base::Lock lock(mutex_);
  for (exec::Context* context : contexts_) context->AskToRest();
}

std::vector<const Waiter*> StuckSearch::FindStuck(const std::vector<const Waiter*>& waiting) {
  const base::Lock lock(mutex_);
  if (waiting.empty()) return {};
  const absl::flat_hash_set<NativeFn> keepers = KeepersOf(host_modules_);
  absl::flat_hash_set<const exec::Code*> codes;
  for (const exec::Context* context : contexts_) {
    if (codes.insert(&context->code()).second && CallsAny(context->code(), keepers)) return {};
  }
  // Whose context has gone, or is none of the engine's, has memory that is not known here.
  for (const Waiter* waiter : waiting) {
    if (!contexts_.contains(ContextOf(*waiter))) return {};
  }
  return StuckReach(jobs_, contexts_, waiting).FindStuck();
}

}  // namespace vestige::engine
