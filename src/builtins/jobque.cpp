// The job queue: the pool, jobs and threads. Part of module `jobque`. Floor 5.

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>

#include "builtins/jobque.h"
#include "builtins/tables.h"
#include "jobs/task.h"

namespace vestige::builtins {

jobs::Place PlaceNow(runtime::ScriptContext& context) {
  if (!context.options().locate) return {};
  const diag::Position at = context.options().locate(context.CurrentLocation());
  return {std::string(at.file), at.line, at.column};
}

jobs::Origin OriginNow(NativeCall& call, const jobs::Party& party) {
  return {.place = PlaceNow(call.context), .lane = party.name, .stack = call.CurrentBirthplace()};
}

jobs::Place PlaceOfChange(runtime::ScriptContext& context, const jobs::Primitive& primitive) {
  const std::optional<uint64_t> watched = context.options().jobs->account().watched();
  return watched.has_value() && *watched == primitive.id() ? PlaceNow(context) : jobs::Place();
}

jobs::Party* PartyOf(NativeCall& call) {
  jobs::System* system = call.context.options().jobs;
  jobs::Party* party = system == nullptr ? nullptr : system->current();
  if (party == nullptr) call.context.Panic("there are no jobs on this thread");
  return party;
}

bool IsDone(NativeCall& call, jobs::WaitResult result) {
  switch (result) {
    case jobs::WaitResult::kDone:
      return true;
    case jobs::WaitResult::kTimeout:
      return false;
    case jobs::WaitResult::kBlocked:
    case jobs::WaitResult::kStopped:
      break;
  }
  // A panic on its way keeps its message.
  if (!call.context.has_panic()) call.context.RequestExit(1);
  return false;
}

bool WaitFor(NativeCall& call, jobs::Waitable& target, const char* how, absl::FunctionRef<bool()> ready,
             std::optional<int32_t> milliseconds) {
  if (ready()) return true;
  jobs::Party* party = PartyOf(call);
  if (party == nullptr) return false;
  std::optional<uint64_t> limit;
  if (milliseconds.has_value()) limit = static_cast<uint64_t>(std::max(*milliseconds, 0)) * 1'000'000;
  jobs::Waiter waiter = {.party = party, .target = &target, .how = how, .since = PlaceNow(call.context)};
  return IsDone(call, SystemOf(call).Wait(waiter, ready, limit));
}

bool RemovePrimitive(NativeCall& call, jobs::Primitive& primitive, std::string_view noun) {
  const jobs::Place at = PlaceOfChange(call.context, primitive);
  const int32_t left = SystemOf(call).account().ReleaseReference(primitive, jobs::ReferenceEvent::kRelease, at);
  if (left != 0) return call.context.PanicF("{} being deleted while being used", noun);
  return true;
}

bool HasPool(NativeCall& call) {
  const jobs::System* system = call.context.options().jobs;
  return system != nullptr && call.context.options().jobs->is_open();
}

bool NeedsPool(NativeCall& call) {
  if (HasPool(call)) return true;
  return call.context.Panic("need to be in a 'with_job_que' block, or call create_job_que() first");
}

namespace jobque_natives {
namespace {

constexpr std::string_view kNoThread = "the operating system gives no thread";

// What the jobs left is told now.
void DidClose(NativeCall& call, jobs::WaitResult result) {
  if (IsDone(call, result) && call.context.options().spawner != nullptr) {
    call.context.options().spawner->DidClose(call.context);
  }
}

void WithJobQueue(NativeCall& call) {
  jobs::Party* party = PartyOf(call);
  if (party == nullptr) return;
  jobs::System& system = *call.context.options().jobs;
  const jobs::Place since = PlaceNow(call.context);
  system.Open();
  call.context.CallBlock(call.Value<const void*>(0), {}, nullptr);
  DidClose(call, system.Close(*party, since));
}

void CreateJobQueue(NativeCall& call) {
  if (PartyOf(call) == nullptr) return;
  call.context.options().jobs->OpenForGood();
}

void DestroyJobQueue(NativeCall& call) {
  jobs::Party* party = PartyOf(call);
  if (party == nullptr || !call.context.options().jobs->is_open_for_good()) return;
  DidClose(call, call.context.options().jobs->CloseForGood(*party, PlaceNow(call.context)));
}

void IsJobQueueAvailable(NativeCall& call) { call.Return(HasPool(call)); }
void IsShuttingDown(NativeCall& call) { call.Return(!HasPool(call)); }

// Null after a panic. The lambda is gone then.
std::unique_ptr<jobs::Task> MakeTask(NativeCall& call, jobs::TaskKind kind) {
  jobs::Spawner* spawner = call.context.options().spawner;
  if (spawner == nullptr) {
    call.context.Panic("this host runs no jobs");
    return nullptr;
  }
  return spawner->MakeTask(call.context, call.Value<void*>(0), kind);
}

void NewJob(NativeCall& call) {
  jobs::Party* party = PartyOf(call);
  if (party == nullptr || !NeedsPool(call)) return;
  std::unique_ptr<jobs::Task> task = MakeTask(call, jobs::TaskKind::kJob);
  if (task != nullptr && !SystemOf(call).Submit(std::move(task), *party)) call.context.Panic(kNoThread);
}

void NewThread(NativeCall& call) {
  if (PartyOf(call) == nullptr) return;
  std::unique_ptr<jobs::Task> task = MakeTask(call, jobs::TaskKind::kThread);
  if (task == nullptr) return;
  if (!call.context.options().jobs->StartThread(std::move(task))) call.context.Panic(kNoThread);
}

void TryRunOne(NativeCall& call) {
  if (!NeedsPool(call)) return;
  call.Return(call.context.options().jobs->TryRunOne());
}

void JobCount(NativeCall& call) {
  if (!NeedsPool(call)) return;
  call.Return(static_cast<int32_t>(call.context.options().jobs->worker_count()));
}

void CoreCount(NativeCall& call) { call.Return(static_cast<int32_t>(uv_available_parallelism())); }

void SetWorkerLimit(NativeCall& call) {
  if (!NeedsPool(call)) return;
  call.context.options().jobs->set_worker_limit(call.Value<int32_t>(0));
}

void WorkerLimit(NativeCall& call) {
  if (!NeedsPool(call)) return;
  call.Return(call.context.options().jobs->worker_limit());
}

// No more workers, and where they run: from the next time on that the pool is opened.
void SetWorkerCap(NativeCall& call) {
  if (call.context.options().jobs != nullptr) SystemOf(call).set_worker_cap(call.Value<int32_t>(0));
}
void SetAffinity(NativeCall& call) {
  if (call.context.options().jobs == nullptr) return;
  SystemOf(call).set_setting(jobs::Setting::kAffinity, call.Value<int32_t>(0));
}
void Affinity(NativeCall& call) {
  jobs::System* system = call.context.options().jobs;
  call.Return(system == nullptr ? -1 : system->setting(jobs::Setting::kAffinity));
}

// -2 .. 2, in steps of five as the system counts. What it refuses changes nothing. A job on the thread of somebody who
// waits for it leaves that thread as it is.
void SetThreadPriority(NativeCall& call) {
  const jobs::Party* party = call.context.options().jobs == nullptr ? nullptr : SystemOf(call).current();
  if (party != nullptr && party->depth != 0) return;
  const int32_t level = std::clamp(call.Value<int32_t>(0), -2, 2);
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), -5 * level);
}

// Settings of the queue, as scripts last gave them. Workers sleep when there is nothing to do and are woken at once, a
// context of its own is made or reused for each job, and parts of a team run on the caller's thread, whatever they say.
template <jobs::Setting setting>
void Set(NativeCall& call) {
  if (NeedsPool(call)) SystemOf(call).set_setting(setting, call.Value<int32_t>(0));
}
template <jobs::Setting setting>
void SetSwitch(NativeCall& call) {
  if (NeedsPool(call)) SystemOf(call).set_setting(setting, call.Value<bool>(0) ? 1 : 0);
}
template <jobs::Setting setting>
void GetSwitch(NativeCall& call) {
  jobs::System* system = call.context.options().jobs;
  call.Return(system != nullptr && system->setting(setting) != 0);
}
void SetInTeam(NativeCall& call) {
  if (jobs::Party* party = PartyOf(call)) party->in_team = call.Value<bool>(0);
}
void IsInTeam(NativeCall& call) {
  if (const jobs::Party* party = PartyOf(call)) call.Return(party->in_team);
}

void Nothing(NativeCall&) {}

constexpr uint32_t kMakes = sema::kMayAllocate;

constexpr sema::NativeFunction kFunctions[] = {
    {"with_job_que", "(blk : block<() : void>) : void", &WithJobQueue, sema::kInvokesBlocks},
    {"create_job_que", "() : void", &CreateJobQueue},
    {"destroy_job_que", "() : void", &DestroyJobQueue},
    {"is_job_que_available", "() : bool", &IsJobQueueAvailable},
    {"is_job_que_shutting_down", "() : bool", &IsShuttingDown},
    {"set_jobque_threads_cap", "(cap : int) : void", &SetWorkerCap},
    {"set_jobque_affinity", "(mode : int) : void", &SetAffinity},
    {"get_jobque_affinity", "() : int", &Affinity},
    {"set_current_thread_priority", "(level : int) : void", &SetThreadPriority},
    {"new_job", "(var job : lambda<() : void>) : void", &NewJob, kMakes},
    {"new_thread", "(var job : lambda<() : void>) : void", &NewThread, kMakes},
    {"jobque_try_run_one", "() : bool", &TryRunOne, kMakes},
    {"get_total_hw_jobs", "() : int", &JobCount},
    {"get_total_hw_threads", "() : int", &CoreCount},
    {"get_total_hw_cores", "() : int", &CoreCount},
    {"set_jobque_worker_limit", "(limit : int) : void", &SetWorkerLimit},
    {"get_jobque_worker_limit", "() : int", &WorkerLimit},
    {"set_jobque_worker_spin", "(usec : int) : void", &Set<jobs::Setting::kWorkerSpin>},
    {"set_jobque_join_spin", "(level : int) : void", &Set<jobs::Setting::kJoinSpin>},
    {"set_jobque_batch_dispatch", "(batch : bool) : void", &SetSwitch<jobs::Setting::kBatch>},
    {"flush_jobque_batch", "() : void", &Nothing},
    {"set_jobque_fork_pool", "(keep, skip_init : bool) : void", &SetSwitch<jobs::Setting::kForkPool>},
    {"set_jobque_fork_skip_heap_reset", "(skip : bool) : void", &SetSwitch<jobs::Setting::kSkipHeapReset>},
    {"set_jobque_team_mode", "(on : bool) : void", &SetSwitch<jobs::Setting::kTeamMode>},
    {"get_jobque_team_mode", "() : bool", &GetSwitch<jobs::Setting::kTeamMode>},
    {"set_jobque_thread_team_mode", "(on : bool) : void", &SetInTeam},
    {"get_jobque_thread_team_mode", "() : bool", &IsInTeam},
    {"set_jobque_team_rank_gate", "(on : bool) : void", &SetSwitch<jobs::Setting::kTeamRankGate>},
    {"get_jobque_team_rank_gate", "() : bool", &GetSwitch<jobs::Setting::kTeamRankGate>},
};

}  // namespace
}  // namespace jobque_natives

constexpr sema::NativeModule kJobQueueModule = {.name = "jobque", .functions = jobque_natives::kFunctions};

}  // namespace vestige::builtins
