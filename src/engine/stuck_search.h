// Which waits nobody can end while others run: everything that those who run can reach is looked through for ways to
// what is waited for.
//
// Conservative throughout, so that no wait is called stuck that somebody could end: any word counts as a pointer that
// could be one, any block of a heap as in use, and a pointer into the memory of a context as a way to all of it. What
// is reached is every primitive that stands in memory that was reached, what lies in it, and whoever waits for it, with
// the memory of its context. Those who wait for what was not reached are stuck. Floor 6.

#ifndef VESTIGE_ENGINE_STUCK_SEARCH_H_
#define VESTIGE_ENGINE_STUCK_SEARCH_H_

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/lock.h"
#include "exec/context.h"
#include "jobs/system.h"
#include "vestige/native.h"

namespace vestige::engine {

// The contexts of one engine. Thread-safe.
class StuckSearch final : public jobs::Onlooker {
 public:
  using OnStuck = std::function<void(std::vector<BlockedFinding>)>;

  // `jobs` outlives this object.
  explicit StuckSearch(jobs::System& jobs) : jobs_(jobs) {}

  // Told on a thread of its own, while nobody runs; stops the run. Before the first one.
  void set_on_stuck(OnStuck on_stuck) { on_stuck_ = std::move(on_stuck); }

  // Every context that may run script code is known from Add, which may be said again, to Remove.
  void Add(exec::Context& context);
  void Remove(exec::Context& context);
  // The host's, which outlive this object. Their natives may keep primitives where nobody sees it: in programs that
  // call one which is handed such, or pointers that could be such, nothing is called stuck. Before the first run.
  void set_host_modules(std::span<const NativeModule* const> modules) { host_modules_ = modules; }

  void AskToRest() override;
  std::vector<const jobs::Waiter*> FindStuck(const std::vector<const jobs::Waiter*>& waiting) override;
  void DidFindStuck(std::vector<BlockedFinding> findings) override { on_stuck_(std::move(findings)); }

 private:
  jobs::System& jobs_;
  OnStuck on_stuck_;
  base::Mutex mutex_;
  absl::flat_hash_set<exec::Context*> contexts_ ABSL_GUARDED_BY(mutex_);
  std::span<const NativeModule* const> host_modules_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_STUCK_SEARCH_H_
