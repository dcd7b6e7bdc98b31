#include "engine/forks.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/load.h"
#include "base/lock.h"
#include "engine/fork_outputs.h"
#include "engine/objects.h"
#include "engine/script_run.h"
#include "fmt/format.h"
#include "jobs/system.h"
#include "ledger/lane.h"
#include "runtime/callable.h"
#include "runtime/clone.h"
#include "runtime/finalize.h"

namespace vestige::engine {

// A context and what belongs to it. Used by one thread at a time.
struct Fork {
  Fork(ScriptRun& main, ledger::Lane lane, const std::string& name)
      : outputs(main.outputs()),
        run(main.shared_program(), main.options(), outputs.Sinks(),
            RunOrigin{.nodes = &main.nodes(), .lane = std::move(lane), .forks = &main.forks(), .name = name}) {}

  ForkOutputs outputs;
  ScriptRun run;
  Forks::Slot* slot = nullptr;
};

Forks::Forks(ScriptRun& main) : main_(main) {}

Forks::~Forks() {
  for (Slot* slot = slots_.load(); slot != nullptr;) delete std::exchange(slot, slot->next);
}

Forks::Slot* Forks::Enter(exec::Context* context, Forks* forks) {
  Slot* slot = nullptr;
  {
    const base::Lock lock(mutex_);
    slot = free_slots_;
    if (slot != nullptr) {
      free_slots_ = slot->next_free;
    } else {
      slot = new Slot;
      slot->next = slots_.load();
      slots_ = slot;
    }
  }
  slot->context = context;
  slot->forks = forks;
  return slot;
}

void Forks::Leave(Slot* slot) {
  slot->context = nullptr;
  slot->forks = nullptr;
  while (stoppers_ != 0) {
  }
  const base::Lock lock(mutex_);
  slot->next_free = free_slots_;
  free_slots_ = slot;
}

void Forks::DidMake() {
  const base::Lock lock(mutex_);
  count_ += 1;
}

void Forks::DidRelease() {
  const base::Lock lock(mutex_);
  if (--count_ == 0) has_ended_.Give();
}

std::unique_ptr<Fork> Forks::Take(ledger::Lane lane, const std::string& name) {
  std::unique_ptr<Fork> fork;
  {
    const base::Lock lock(mutex_);
    if (!idle_.empty()) {
      fork = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (fork == nullptr || !fork->run.Restart(lane, name)) fork = std::make_unique<Fork>(main_, std::move(lane), name);
  fork->slot = Enter(&fork->run.context(), nullptr);
  // Whoever set the code before has not met the context; whoever sets it later will.
  if (const int code = stop_code_; code != kGoOn) fork->run.context().Stop(code);
  if (Objects* objects = fork->run.objects()) objects->BeginFork(fork->run);
  return fork;
}

void Forks::GiveBack(std::unique_ptr<Fork> fork, ForkEnd end) {
  if (Objects* objects = fork->run.objects()) objects->EndFork(fork->run);
  Leave(std::exchange(fork->slot, nullptr));
  const bool is_clean = end.is_empty();
  {
    const base::Lock lock(mutex_);
    if (!is_clean) ends_.push_back(std::move(end));
    if (is_clean && idle_.size() < kMostIdle) idle_.push_back(std::move(fork));
  }
}

std::vector<ScriptRun*> Forks::Programs() const {
  std::vector<ScriptRun*> runs;
  for (Slot* slot = slots_; slot != nullptr; slot = slot->next) {
    if (Forks* forks = slot->forks) runs.push_back(&forks->main());
  }
  return runs;
}

void Forks::Add(ForkEnd end) {
  const base::Lock lock(mutex_);
  ends_.push_back(std::move(end));
}

void Forks::LockShared() { shared_.Lock(main_.context()); }

void Forks::UnlockShared() {
  {
    const base::Lock lock(mutex_);
    if (count_ != 0) return;
  }
  shared_.Unlock(main_.context());
}

void Forks::Stop(int exit_code) {
  stoppers_ += 1;
  stop_code_ = exit_code;
  for (Slot* slot = slots_; slot != nullptr; slot = slot->next) {
    exec::Context* context = slot->context;
    if (context != nullptr) context->Stop(exit_code);
    Forks* forks = slot->forks;
    if (forks != nullptr) forks->Stop(exit_code);
  }
  stoppers_ -= 1;
  // Who waits goes on. The forks of a program that a script runs wait in vain for nobody but each other.
  jobs::System* system = main_.context().options().jobs;
  if (system != nullptr && main_.lane().name() == ledger::kMainLane) system->RequestStop();
}

void Forks::Exit(int exit_code) {
  {
    const base::Lock lock(mutex_);
    if (!exit_code_.has_value()) exit_code_ = exit_code;
  }
  if (!main_has_ended_) main_.context().Stop(exit_code);
  Stop(exit_code);
}

void Forks::Wait() {
  std::vector<std::unique_ptr<Fork>> idle;
  base::Lock lock(mutex_);
  while (count_ != 0) lock.Wait(has_ended_);
  idle.swap(idle_);
  shared_.Unlock(main_.context());
}

std::vector<ForkEnd> Forks::TakeEnds(Which which) {
  const base::Lock lock(mutex_);
  const auto taken = std::partition(ends_.begin(), ends_.end(),
                                    [which](const ForkEnd& end) { return which == Which::kJobs && !end.is_of_job; });
  std::vector<ForkEnd> ends(std::make_move_iterator(taken), std::make_move_iterator(ends_.end()));
  ends_.erase(taken, ends_.end());
  std::sort(ends.begin(), ends.end(),
            [](const ForkEnd& a, const ForkEnd& b) { return ledger::LaneBefore(a.lane, b.lane); });
  return ends;
}

std::optional<int> Forks::exit_code() {
  const base::Lock lock(mutex_);
  return exit_code_;
}

namespace {

// Who the calling thread is among the jobs of the context's engine; null: a thread of the host's is nobody's party.
jobs::Party* PartyHere(exec::Context& context) {
  jobs::System* jobs = context.options().jobs;
  return jobs == nullptr ? nullptr : jobs->current();
}

// The fork's script code runs on this thread.
class ThreadScope {
 public:
  explicit ThreadScope(ScriptRun& run) : births_(run), party_(PartyHere(run.context())) {
    if (party_ != nullptr) outer_ = std::exchange(party_->context, &run.context());
  }
  ~ThreadScope() {
    if (party_ != nullptr) party_->context = outer_;
  }
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  BirthScope births_;
  jobs::Party* party_;
  runtime::ScriptContext* outer_ = nullptr;
};

// Until it ends, the calling thread's party does not stand still for those who look at memory.
class RestlessScope {
 public:
  explicit RestlessScope(exec::Context& context) : party_(PartyHere(context)) {
    if (party_ != nullptr) rested_ = std::exchange(party_->may_rest, false);
  }
  ~RestlessScope() {
    if (party_ != nullptr) party_->may_rest = rested_;
  }
  RestlessScope(const RestlessScope&) = delete;
  RestlessScope& operator=(const RestlessScope&) = delete;

 private:
  jobs::Party* party_;
  bool rested_ = true;
};

// Whether the captures mean the same in every context, as they are. A string that is no block of the creator's heap is
// a constant of the program.
bool AreBits(runtime::ScriptContext& creator, const char* lambda) {
  const types::Type* type = runtime::HeaderOf(lambda).capture_type;
  for (const types::Field& field : type->struct_info->fields) {
    if (field.offset < sizeof(runtime::LambdaHead)) continue;
    const types::Traits& traits = field.type->traits();
    if (field.type->kind == types::Kind::kString) {
      if (creator.string_heap().IsLive(base::Load<const char*>(lambda + field.offset))) return false;
    } else if (!traits.is_pod || !traits.clones_by_bits || traits.holds_counted) {
      return false;
    }
  }
  return true;
}

// Says no more when it says so often enough: jobs that make one another would have names as long as their chain.
std::string NameOfClone(const std::string& name) {
  constexpr std::string_view kPrefix = "clone of ";
  constexpr size_t kMostClones = 16;
  size_t clones = 0;
  while (clones < kMostClones && std::string_view(name).substr(clones * kPrefix.size()).starts_with(kPrefix))
    clones += 1;
  return clones == kMostClones ? name : std::string(kPrefix) + name;
}

// One lambda in a fork of its own.
class ForkTask final : public jobs::Task {
 public:
  ForkTask(ScriptRun& creator, jobs::TaskKind kind)
      : forks_(creator.forks()),
        is_of_job_(creator.is_fork() ? creator.is_of_job() : kind == jobs::TaskKind::kJob),
        lane_(creator.lane().MakeChild()),
        lane_name_(lane_.name()),
        context_name_(NameOfClone(creator.context().name())) {
    forks_.DidMake();
  }
  // When it was never run, only what the captures hold is given back.
  ~ForkTask() override {
    if (!has_ended_) Finish(false);
  }

  // False with *problem when the captures cannot be cloned.
  bool TakeLambda(runtime::ScriptContext& creator, const void* lambda, std::string* problem) {
    const auto* captures = static_cast<const char*>(lambda);
    if (AreBits(creator, captures)) {
      bits_.assign(captures - runtime::kLambdaHeaderBytes, captures + runtime::HeaderOf(lambda).capture_type->size());
      return true;
    }
    Take();
    const ThreadScope scope(fork_->run);
    return MakeLambda(lambda, problem);
  }

  void Run() override { Finish(true); }
  std::string Name() const override { return lane_name_; }

 private:
  void Take() {
    fork_ = forks_.Take(std::move(lane_), context_name_);
    fork_->run.set_is_of_job(is_of_job_);
  }

  // Globals first, as functions that clone may use them. They may end the fork: then there is no lambda.
  bool MakeLambda(const void* lambda, std::string* problem) {
    ScriptRun& run = fork_->run;
    run.Initialise();
    if (run.has_ended()) return true;
    exec::Context& context = run.context();
    lambda_ = runtime::CloneLambdaAcross(context, lambda, &strings_);
    last_string_ = context.string_heap().birth_count();
    if (lambda_ != nullptr) return true;
    *problem = context.panic_message();
    context.Reset();
    return false;
  }

  void Finish(bool calls) {
    has_ended_ = true;
    if (fork_ == nullptr) Take();
    {
      ScriptRun& run = fork_->run;
      const ThreadScope scope(run);
      std::string problem;
      if (!bits_.empty()) {
        const RestlessScope restless(run.context());
        if (!MakeLambda(bits_.data() + runtime::kLambdaHeaderBytes, &problem)) run.Fail(problem);
      }
      if (calls && lambda_ != nullptr) {
        run.RunLambda(lambda_);
      } else {
        run.DropLambda(lambda_, false);
      }
      run.Finalize();
      if (const char* name = SharedVariables::TakeBack(run.context())) {
        run.Fail(fmt::format("the shared variable '{}' was left with memory of a job that ends", name));
      }
      run.FreeStrings(strings_, last_string_);
      run.ReportHeaps();
      run.ReportLeaks();
      fork_->outputs.HandOn();
      Tell();
    }
    // From here on the main run may be gone.
    forks_.DidRelease();
  }

  void Tell() {
    ScriptRun& run = fork_->run;
    ForkEnd end = {.lane = lane_name_,
                   .is_of_job = is_of_job_,
                   .exception = run.exception(),
                   .failed = run.end().failed,
                   .has_survivors = run.end().has_survivors,
                   .findings = run.TakeFindings(),
                   .leak_report = fork_->outputs.leak_reports.TakeText(),
                   .heap_report = fork_->outputs.reports.TakeText()};
    forks_.GiveBack(std::move(fork_), std::move(end));
  }

  Forks& forks_;
  const bool is_of_job_;
  ledger::Lane lane_;
  std::string lane_name_;
  std::string context_name_;
  // The lambda's block as it was, or a fork, with the lambda in it.
  std::vector<char> bits_;
  std::unique_ptr<Fork> fork_;
  void* lambda_ = nullptr;
  // What the captures came with, and the number of the youngest.
  std::vector<char*> strings_;
  ledger::BirthId last_string_ = 0;
  bool has_ended_ = false;
};

}  // namespace

std::unique_ptr<jobs::Task> ForkMaker::MakeTask(runtime::ScriptContext& creator, void* lambda, jobs::TaskKind kind) {
  if (lambda == nullptr) {
    creator.Panic("invoke null lambda");
    return nullptr;
  }
  // What is captured may be in the task alone, while the lambda's finalizer runs.
  const RestlessScope restless(run_.context());
  if (!run_.is_fork()) run_.forks().LockShared();
  auto task = std::make_unique<ForkTask>(run_, kind);
  std::string problem;
  if (task->TakeLambda(creator, lambda, &problem)) {
    runtime::DropLambda(creator, lambda);
    return task;
  }
  runtime::AbandonLambda(creator, lambda);
  creator.Panic(problem);
  return nullptr;
}

void ForkMaker::DidClose(runtime::ScriptContext&) {
  if (run_.is_fork()) return;
  run_.forks().UnlockShared();
  run_.TellForks(Forks::Which::kJobs);
}

}  // namespace vestige::engine
