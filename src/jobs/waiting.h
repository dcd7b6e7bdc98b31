// Who waits for what, and when nobody is left to end it.
//
// A party is whoever runs script code by itself: the main context, a job, a thread. The system counts the parties that
// can still do something: those that run, jobs in the queue, and those that wait with a time limit. A wait without one
// takes its party out of the count; whoever changes what is waited for puts the waiters back in before it lets go of
// the mutex. So the count is zero only when nobody is left who could wake anybody: they are blocked for ever, known at
// once and without a clock.
//
// While somebody can still do something, some of those who wait may be out of everybody's reach. That is looked for
// when a wait has lasted for a while: those who run stand still at the gate, and an Onlooker searches their memory for
// ways to what is waited for. This is what a garbage collector of threads does: Saioc et al., Dynamic Partial Deadlock
// Detection and Recovery via Garbage Collection, ASPLOS 2025. Floor 3.

#ifndef VESTIGE_JOBS_WAITING_H_
#define VESTIGE_JOBS_WAITING_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "jobs/rest_gate.h"
#include "jobs/task_queue.h"
#include "jobs/threads.h"
#include "vestige/findings.h"

namespace vestige::runtime {
class ScriptContext;
}

namespace vestige::jobs {

class Waitable;
struct Waiter;

// Where a script is, as people read it.
struct Place {
  std::string file;  // empty: outside of scripts
  uint32_t line = 0;
  uint32_t column = 0;
};

// One who runs script code by itself. Lives as long as that.
struct Party {
  std::string name;        // its lane: "main", "main/3"
  Batch* batch = nullptr;  // of the worker of the queue that it runs on; null: it runs on none
  uint32_t depth = 0;      // parties on whose thread it runs while they wait
  bool in_team = true;     // what get_jobque_thread_team_mode() says
  // Its context holds all that it can reach. Until then it does not stand still while others look at memory.
  bool may_rest = true;
  // Where its script code lives, unless it is called by a context of another program. Null: none yet.
  runtime::ScriptContext* context = nullptr;
  // Null: it queued none yet.
  Unfinished unfinished;
  // Births of primitives and values: how many there were, and the upper bits of their ids, which Account finds with the
  // first one; zero for the main lane. The party's own thread's.
  uint64_t births = 0;
  uint64_t lane_bits = 0;
  // The lowest address of its thread's stack. Null: nobody asked yet.
  const char* stack_end = nullptr;

  bool is_worker() const { return batch != nullptr; }
};

enum class WaitResult : uint8_t {
  kDone,
  kTimeout,
  kBlocked,  // for ever: the run is over
  kStopped,  // the host ended the run
};

// Something that can be waited for. Owns the mutex that guards it.
class Waitable {
 public:
  // See Mutex.
  explicit Waitable(int looks = 0) : mutex_(looks) {}
  virtual ~Waitable() = default;
  Waitable(const Waitable&) = delete;
  Waitable& operator=(const Waitable&) = delete;

  // As reports call it: "Channel #3".
  virtual std::string Describe() const = 0;

  Mutex& mutex() { return mutex_; }

 private:
  friend class Waiting;
  Mutex mutex_;
  Condition changed_;
  std::vector<Waiter*> waiters_;
};

// What a party waits with; on its stack.
struct Waiter {
  Party* party = nullptr;
  Waitable* target = nullptr;
  const char* how = "";  // "join", "pop"
  Place since;
  // Guarded by the mutex of the target.
  bool has_limit = false;
  bool is_woken = false;
  WaitResult result = WaitResult::kDone;
  // Guarded by Waiting's: which wait it is, and which look at the waits was the last one before it.
  uint64_t number = 0;
  uint64_t begun_at_look = 0;
};

// Who knows the memory of scripts.
class Onlooker {
 public:
  virtual ~Onlooker() = default;
  // Makes those who run look at the gate soon. On another thread than theirs.
  virtual void AskToRest() = 0;
  // Those of `waiting`, who wait without a limit, whom nobody can wake. Nobody runs meanwhile.
  virtual std::vector<const Waiter*> FindStuck(const std::vector<const Waiter*>& waiting) = 0;
  // They were found; nobody runs until this returns. Stops the run.
  virtual void DidFindStuck(std::vector<BlockedFinding> findings) = 0;
};

// The count and the parties. Thread-safe.
class Waiting {
 public:
  // Milliseconds between two looks at the waits.
  static constexpr uint64_t kTick = 500;

  Waiting() = default;
  virtual ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  // Told once, on the thread that noticed, by name of the party; nobody runs then.
  using OnBlocked = std::function<void(std::vector<BlockedFinding>)>;

  void set_on_blocked(OnBlocked on_blocked) { on_blocked_ = std::move(on_blocked); }

  // Who looks for waits that nobody can end while others run; null: nobody, from the return on. Not owned.
  void set_onlooker(Onlooker* onlooker);

  // What starts threads: uv_thread_create_ex, unless a test replaces it, to be refused one.
  using StartThreadFunction = int (*)(uv_thread_t* thread, const uv_thread_options_t* options, uv_thread_cb entry,
                                      void* argument);
  void set_start_thread(StartThreadFunction start_thread) { start_thread_ = start_thread; }

  // A party more can do something, if only because its task is in the queue; so many less: they have ended.
  void Count() { runnable_.fetch_add(1, std::memory_order_acq_rel); }
  void Discount(int64_t ended = 1) {
    if (DropCount(ended)) TellBlocked();
  }

  // Waits until `ready`, which is asked with the target's mutex held, as it is now and on return.
  WaitResult Wait(Waiter& waiter, absl::FunctionRef<bool()> ready, std::optional<uint64_t> nanoseconds);
  // What is waited for has changed; its mutex is held.
  void Wake(Waitable& target) {
    if (!target.waiters_.empty()) WakeWaiters(target, WaitResult::kDone);
  }

  // Ends every wait, now and later, until Renew. Safe in a signal handler.
  void RequestStop();
  // Nobody waits, and waits are possible again.
  void Renew() { stopped_.store(false, std::memory_order_seq_cst); }
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }
  // Whether parties were blocked for ever since this was asked last.
  bool TakeBlocked() { return was_blocked_.exchange(false, std::memory_order_acq_rel); }

 protected:
  // Around the time in which a party that waits needs no core; the target's mutex is held.
  virtual void WillSleep(const Waiter& waiter) = 0;
  virtual void DidSleep(const Waiter& waiter) = 0;
  // Whether the party has to do something that no other thread can do, instead of sleeping; it counts as asleep, and
  // the target's mutex is held.
  virtual bool IsNeeded(const Waiter& waiter) = 0;
  // Does it. No mutex is held.
  virtual void Help() = 0;
  // What the thread of a party can do that waits without a limit, until it is woken; the target's mutex is held, but
  // not all the time.
  virtual void WorkMeanwhile(const Waiter& waiter) = 0;
  // Whether nothing is queued that nobody has begun.
  virtual bool AllHaveBegun() = 0;
  // The first half of Discount. True: nobody can do anything, which has to be told without a mutex.
  bool DropCount(int64_t ended) { return runnable_.fetch_sub(ended, std::memory_order_acq_rel) == ended; }
  void TellBlocked();
  RestGate& gate() { return gate_; }
  int64_t runnable() const { return runnable_.load(std::memory_order_acquire); }

  StartThreadFunction start_thread_ = &uv_thread_create_ex;

 private:
  void WakeWaiters(Waitable& target, WaitResult result);
  // The loop that RequestStop wakes; it runs from the first wait on. Where the system gives no thread for it, those who
  // wait look for themselves from time to time.
  void StartLoop();
  static void DidRequestStop(uv_async_t* stop);
  void Stop();
  // Puts the waiter into the lists, or takes it out; the target's mutex is held. False: the host ended the run.
  bool Register(Waiter& waiter);
  void Unregister(Waiter& waiter);
  // Takes out one who waits without a limit; the target's mutex is held.
  void Rouse(Waiter& waiter);
  // Until somebody wakes the waiter, or uv_hrtime() is `end`.
  void Sleep(Waiter& waiter, std::optional<uint64_t> end);
  // The same for one who counts as able to do something: it stands still meanwhile.
  void SleepAtGate(Waiter& waiter, uint64_t end);
  // What the loop does from time to time, from StartTimer on.
  static void DidTick(uv_timer_t* timer);
  void StartTimer();
  void LookForStuck();
  // Whether some have waited without a limit for a tick at least, which are others than last time, or it is time to
  // look at the same ones again.
  bool HaveToLook();
  // With those who run standing still, unless they do not get to it in time.
  void LookNow();
  static std::vector<BlockedFinding> Describe(const std::vector<const Waiter*>& waiters);
  // Everybody who waits goes on with `result`.
  void ReleaseAll(WaitResult result);
  // Those whose target nobody else looks at now. True: there are others.
  bool ReleaseSome(WaitResult result);

  std::atomic<int64_t> runnable_{0};
  std::atomic<bool> stopped_{false};
  std::atomic<bool> was_blocked_{false};
  std::atomic<bool> has_loop_{false};
  std::atomic<bool> is_ending_{false};
  Mutex loop_mutex_;
  uv_loop_t loop_;
  uv_async_t stop_;
  uv_timer_t timer_;
  uv_thread_t loop_thread_;
  RestGate gate_;
  // Held while somebody looks.
  Mutex look_mutex_;
  Onlooker* onlooker_ = nullptr;
  // The loop's: which waits it looked at last, how often in a row, and when it looks at them, or at others, again.
  std::vector<uint64_t> looked_at_;
  uint64_t looks_in_a_row_ = 0;
  uint64_t next_look_ = 0;
  uint64_t earliest_look_ = 0;
  // Taken when a target's mutex is held, never the other way round.
  Mutex mutex_;
  std::vector<Waiter*> waiting_;
  uint64_t last_number_ = 0;
  uint64_t look_ = 0;
  OnBlocked on_blocked_;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_WAITING_H_
