// Variables that are `shared`, while jobs and threads run beside the context that owns them.
//
// Their containers keep size and place from before the first fork is made until all have ended (runtime/lock.h), as far
// as they lie in the variables and in containers of these. A fork leaves nothing in them that goes with it. What lies
// behind pointers is the script's affair. Floor 6.

#ifndef VESTIGE_ENGINE_SHARED_VARIABLES_H_
#define VESTIGE_ENGINE_SHARED_VARIABLES_H_

#include "exec/context.h"
#include "runtime/shared_values.h"

namespace vestige::engine {

// Of one main context, which is `owner`, on its thread, but for TakeBack.
class SharedVariables {
 public:
  // Before a fork is made.
  void Lock(exec::Context& owner) { SetLocks(owner, true); }
  // No fork is left.
  void Unlock(exec::Context& owner) { SetLocks(owner, false); }

  // `fork` is about to end, on its thread: what of its heaps stands in the variables themselves becomes null. The name
  // of a variable that held such a thing, null when none did.
  static const char* TakeBack(exec::Context& fork) {
    const char* name = nullptr;
    ForEach(fork, [&](const exec::GlobalEntry& global, char* at) {
      if (runtime::TakeBack(fork, global.type, at) && name == nullptr) name = global.name;
    });
    return name;
  }

 private:
  template <typename Visit>
  static void ForEach(exec::Context& context, const Visit& visit) {
    if (context.code().shared_bytes() == 0) return;
    for (const exec::GlobalEntry& global : context.code().globals()) {
      if (global.is_shared) visit(global, context.AddressOf(global));
    }
  }
  void SetLocks(exec::Context& owner, bool is_shared) {
    if (is_locked_ == is_shared) return;
    is_locked_ = is_shared;
    ForEach(owner, [is_shared](const exec::GlobalEntry& global, char* at) {
      runtime::SetSharedLocks(global.type, at, is_shared);
    });
  }

  bool is_locked_ = false;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_SHARED_VARIABLES_H_
