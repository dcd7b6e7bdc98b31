// Where those who run script code stand still for a moment, so that somebody can look at their memory.
//
// Who is about to sleep, or was asked to look at the gate, enters; who leaves waits while it is closed. When as many
// are inside as there are parties that can do something, nobody changes anything until it opens. Thread-safe. Floor 3.

#ifndef VESTIGE_JOBS_REST_GATE_H_
#define VESTIGE_JOBS_REST_GATE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "jobs/threads.h"

namespace vestige::jobs {

class RestGate {
 public:
  // From Enter to Leave the caller's thread changes nothing of its script's.
  void Enter();
  void Leave();
  // Whether Leave would wait; it may have changed by the time of the answer.
  bool is_closed();

  // Closes it, until Open. True when as many have entered as `count` says, which is asked with a lock held; `ask` is
  // called from time to time until then. When it takes longer than this, false, and the gate is open again.
  bool Close(absl::FunctionRef<int64_t()> count, absl::FunctionRef<void()> ask, uint64_t nanoseconds);
  void Open();

 private:
  Mutex mutex_;
  Condition changed_;
  bool is_closed_ = false;
  int64_t inside_ = 0;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_REST_GATE_H_
