// What an Engine is made of. Floor 6.

#ifndef VESTIGE_ENGINE_ENGINE_IMPL_H_
#define VESTIGE_ENGINE_ENGINE_IMPL_H_

#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "audit/shutdown.h"
#include "base/text_sink.h"
#include "engine/compiler.h"
#include "engine/host_sink.h"
#include "engine/module_cache.h"
#include "engine/objects.h"
#include "engine/profiles.h"
#include "engine/project.h"
#include "engine/script_run.h"
#include "jobs/system.h"
#include "ledger/lane.h"
#include "memory/heap_options.h"
#include "vestige/engine.h"

namespace vestige {

// The engine behind the public interface. Runs one script at a time, on the thread that asks for it; RequestStop may
// come from any other.
class Engine::Impl {
 public:
  explicit Impl(EngineOptions options)
      : options_(std::move(options)),
        out_(engine::SharedSinkFor(options_.out, STDOUT_FILENO)),
        err_(engine::SharedSinkFor(options_.err, STDERR_FILENO)),
        reports_(engine::SinkFor(options_.reports)),
        leak_reports_(engine::SinkFor(options_.leak_reports)),
        profiles_(options_),
        jobs_(options_.job_threads),
        modules_(options_.module_cache_bytes) {
    outputs_.out = out_.get();
    outputs_.err = err_.get();
    outputs_.reports = reports_ != nullptr ? reports_.get() : outputs_.out;
    outputs_.leak_reports = leak_reports_ != nullptr ? leak_reports_.get() : outputs_.reports;
    outputs_.profiles = &profiles_;
    failure_.left = options_.fail_allocation_at;
    outputs_.failure = &failure_;
    objects_.emplace(options_, outputs_, jobs_);
    shutdown_.At(audit::Stage::kHandles, [this] { TellHandles(); });
    shutdown_.At(audit::Stage::kJobPrimitives, [this] { TellPrimitives(); });
    shutdown_.At(audit::Stage::kSmartPointers, [this] { TellPointers(); });
    jobs_.set_on_blocked([this](std::vector<BlockedFinding> blocked) { DidBlock(std::move(blocked)); });
    engine::StuckSearch& search = objects_->stuck_search();
    search.set_on_stuck([this](std::vector<BlockedFinding> stuck) { DidGetStuck(std::move(stuck)); });
    search.set_host_modules(options_.modules);
    // Counted words do not say what they call.
    if (!options_.event_profile) jobs_.set_onlooker(&search);
  }
  ~Impl() { jobs_.set_onlooker(nullptr); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  engine::Objects& objects() { return *objects_; }
  RunResult Run(engine::CompileRequest request);
  TestFileResult TestFile(engine::CompileRequest request, const TestOptions& tests, TestObserver& observer);
  std::optional<bool> AskScript(engine::CompileRequest request, const std::string& name);
  int Close();
  void RequestStop(int signal);
  void AdHocEvent(uint64_t weight);
  void DebugProgress(uint64_t items) {
    if (engine::ScriptRun* run = current_.load(); run != nullptr) run->ReportProgress(items);
  }

 private:
  RunResult Fail(std::string_view message);
  // What every compilation of this engine is asked; opens the project file first. Fails with what to tell the user.
  absl::Status Prepare(engine::CompileRequest& request);
  RunResult RunProgram(std::unique_ptr<engine::Compiled> program);
  // `run` is what RequestStop stops, until Leave.
  void Enter(engine::ScriptRun& run);
  void Leave();
  // Waits for all other contexts, while the main one runs no script code, and tells what they left.
  void EndForks(engine::ScriptRun& run);
  // Nobody is left who could go on; on any thread.
  void DidBlock(std::vector<BlockedFinding> blocked);
  // Some cannot go on, though others can; on a thread of jobs_.
  void DidGetStuck(std::vector<BlockedFinding> stuck);
  // From behind the initialisers to the release of the program, with `body` in between.
  void RunStages(engine::ScriptRun& run, absl::FunctionRef<void()> body);
  // Stages of the end: what outlived the contexts.
  void TellHandles();
  void TellPrimitives();
  void TellPointers();
  void NoteOutputErrors();

  EngineOptions options_;
  std::unique_ptr<base::TextSink> out_;
  std::unique_ptr<base::TextSink> err_;
  std::unique_ptr<base::TextSink> reports_;
  std::unique_ptr<base::TextSink> leak_reports_;
  engine::Profiles profiles_;
  engine::Outputs outputs_;
  memory::FailurePlan failure_;
  // Its threads end with the run that started them.
  jobs::System jobs_;
  jobs::Party main_party_ = {.name = std::string(ledger::kMainLane)};
  // Outlives the runs; never empty.
  std::optional<engine::Objects> objects_;
  EngineFindings findings_;
  std::vector<BlockedFinding> blocked_;
  engine::ModuleCache modules_;
  // Made by the first run, kept for the others; null without a project file.
  std::unique_ptr<engine::Project> project_;
  audit::Shutdown shutdown_;
  int exit_code_ = 0;
  bool was_watched_ = false;  // --on-break=exit ended a run
  bool is_closed_ = false;
  // What RequestStop, on any thread, tells the run. `stoppers_` counts calls in progress, so that a run is not
  // destroyed under one.
  std::atomic<int> signal_{0};
  std::atomic<engine::ScriptRun*> current_{nullptr};
  std::atomic<int> stoppers_{0};
};

}  // namespace vestige

#endif  // VESTIGE_ENGINE_ENGINE_IMPL_H_
