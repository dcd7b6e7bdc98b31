// The engine behind the public interface: one pipeline, one order of reports. Floor 6.

#include "vestige/engine.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/functional/function_ref.h"
#include "audit/exit_code.h"
#include "engine/engine_impl.h"
#include "engine/heap_findings.h"
#include "engine/survive.h"
#include "engine/test_run.h"
#include "fmt/format.h"
#include "ledger/native_stack.h"
#include "memory/heap.h"

namespace vestige {

namespace {

bool AsksForTracking(const EngineOptions& options) {
  const TrackingOptions& tracking = options.tracking;
  return tracking.leak_profiler || tracking.track_allocations || tracking.break_on_allocation.has_value() ||
         options.heap_profile;
}

}  // namespace

RunResult Engine::Impl::Fail(std::string_view message) {
  outputs_.out->Write(message);
  outputs_.out->Flush();
  exit_code_ = audit::kExitFailure;
  return {.ok = false, .exit_code = exit_code_};
}

absl::Status Engine::Impl::Prepare(engine::CompileRequest& request) {
  std::error_code error;
  const std::string& root = options_.das_root;
  if (!root.empty() && !std::filesystem::is_directory(root, error)) {
    return absl::NotFoundError(
        fmt::format("error: there is no folder '{}' to look for libraries in (-dasroot)\n", root));
  }
  if (!options_.project.empty() && project_ == nullptr) {
    absl::StatusOr<std::unique_ptr<engine::Project>> project =
        engine::Project::Open(options_.project, root, *outputs_.out);
    if (!project.ok()) return project.status();
    project_ = *std::move(project);
  }
  request.root = root;
  request.project = project_.get();
  request.cache = &modules_;
  request.keep_ast = options_.keep_ast;
  request.policies = options_.policies;
  request.notes_holders = options_.tracking.track_holders;
  request.counts_events = static_cast<bool>(options_.event_profile);
  request.modules = options_.modules;
  request.arguments = options_.arguments;
  return absl::OkStatus();
}

RunResult Engine::Impl::Run(engine::CompileRequest request) {
  if (AsksForTracking(options_) && !memory::kTrackingIsCompiledIn) {
    return Fail("error: this build has allocation tracking compiled out (DAS_TRACK_ALLOCATIONS=0)\n");
  }
  if (absl::Status status = Prepare(request); !status.ok()) return Fail(std::string(status.message()));
  request.entry = options_.entry;
  request.log = options_.log;
  engine::CompileResult compiled;
  if (!engine::Survives("compile the script", *outputs_.out, [&] { compiled = engine::Compile(std::move(request)); })) {
    return Fail("");
  }
  outputs_.out->Write(compiled.log);
  if (compiled.program == nullptr) return Fail(compiled.messages);
  outputs_.out->Write(compiled.messages);
  if (options_.compile_only) return {.ok = true};
  if (compiled.program->is_module) {
    return Fail("WARNING: program is setup as both module, and endpoint.\n");
  }
  if (!compiled.program->entry.has_value() && !options_.dry_run) {
    return Fail(fmt::format("function '{}' not found\n", options_.entry));
  }
  return RunProgram(std::move(compiled.program));
}

RunResult Engine::Impl::RunProgram(std::unique_ptr<engine::Compiled> program) {
  std::unique_ptr<engine::ScriptRun> run;
  if (!engine::Survives("begin the run", *outputs_.out,
                        [&] { run = std::make_unique<engine::ScriptRun>(std::move(program), options_, outputs_); })) {
    return Fail("");
  }
  Enter(*run);
  run->Initialise();
  RunStages(*run, [&] {
    if (!options_.dry_run) run->RunEntry();
  });
  Leave();

  audit::RunEnd end = run->end();
  end.signal = signal_.load();
  end.failed |= jobs_.TakeBlocked();
  was_watched_ |= end.watched;
  RunResult result;
  result.exit_code = audit::ExitCode(end, options_.leak_exit);
  result.ok = !end.failed && end.signal == 0;
  result.go_on = !run->asked_to_exit() && end.signal == 0;
  result.exception = run->exception();
  result.heap = engine::StatsOf(run->context().heap());
  result.strings = engine::StatsOf(run->context().string_heap());
  if (AsksForTracking(options_)) {
    result.contexts.push_back(run->TakeFindings());
    for (ContextFindings& fork : run->TakeForkFindings()) result.contexts.push_back(std::move(fork));
  }
  result.syntax_nodes = run->TakeNodes();
  // A later script that ends well does not hide that this one did not.
  if (result.exit_code != 0 || exit_code_ == 0) exit_code_ = result.exit_code;
  outputs_.out->Flush();
  return result;
}

void Engine::Impl::RunStages(engine::ScriptRun& run, absl::FunctionRef<void()> body) {
  base::TextSink& out = *outputs_.out;
  const auto tell_nodes = [&](audit::NodePhase phase) {
    engine::Survives("tell syntax nodes", out, [&] { run.ReportNodes(phase); });
  };
  shutdown_.At(audit::Stage::kAfterCompile, [&] { tell_nodes(audit::NodePhase::kCompile); });
  shutdown_.RunThrough(audit::Stage::kAfterCompile);
  body();
  EndForks(run);
  // Finalizers may still use what jobs and threads left.
  jobs_.EnterThread(main_party_);
  shutdown_.At(audit::Stage::kAfterRun, [&] { tell_nodes(audit::NodePhase::kRun); });
  shutdown_.At(audit::Stage::kHeapReport,
               [&] { engine::Survives("report the heaps", out, [&] { run.ReportHeaps(); }); });
  shutdown_.At(audit::Stage::kContextClose, [&] {
    run.Finalize();
    EndForks(run);
    // Finalizers may leave some, too.
    tell_nodes(audit::NodePhase::kRun);
    engine::Survives("report leaks", out, [&] { run.ReportLeaks(); });
  });
  shutdown_.RunThrough(audit::Stage::kProgramRelease);
}

void Engine::Impl::EndForks(engine::ScriptRun& run) {
  if (jobs_.current() == &main_party_) {
    // From here on threads have to get on without the main context.
    jobs_.LeaveThread();
    jobs_.Join();
  }
  run.Settle();
}

void Engine::Impl::Enter(engine::ScriptRun& run) {
  run.set_module_cache(&modules_);
  objects_->BeginRun(run);
  main_party_.context = &run.context();
  jobs_.EnterThread(main_party_);
  // A run before this one may have been stopped.
  jobs_.Renew();
  current_ = &run;
  if (const int signal = signal_.load(); signal != 0) run.Stop(128 + signal);
}

void Engine::Impl::Leave() {
  EndForks(*current_.load());
  objects_->EndRun();
  main_party_.context = nullptr;
  current_ = nullptr;
  while (stoppers_.load() != 0) {
  }
}

TestFileResult Engine::Impl::TestFile(engine::CompileRequest request, const TestOptions& tests,
                                      TestObserver& observer) {
  if (tests.leak_check != LeakCheck::kOff && !memory::kTrackingIsCompiledIn) {
    return {.status = TestFileStatus::kNotStarted,
            .messages = "error: this build has allocation tracking compiled out (DAS_TRACK_ALLOCATIONS=0)\n"};
  }
  if (absl::Status status = Prepare(request); !status.ok()) {
    return {.status = TestFileStatus::kNotStarted, .messages = std::string(status.message())};
  }
  request.entry.clear();
  engine::CompileResult compiled = engine::Compile(std::move(request));
  TestFileResult result = engine::Judge(compiled);
  if (result.status != TestFileStatus::kCompiled || tests.compile_only) return result;

  // What a test left is known only of blocks that are recorded.
  EngineOptions options = options_;
  if (tests.leak_check != LeakCheck::kOff) options.tracking.track_allocations = true;
  engine::ScriptRun run(std::move(compiled.program), options, outputs_);
  std::optional<engine::TestRun> test_run;
  Enter(run);
  run.Initialise();
  RunStages(run, [&] {
    if (run.end().failed || run.asked_to_exit()) {
      result.status = TestFileStatus::kNotStarted;
      result.messages += run.asked_to_exit() ? "exit() was called by an initialiser" : run.exception();
      result.messages += "\n";
    } else {
      test_run.emplace(run, tests, observer).RunAll();
    }
  });
  if (result.status == TestFileStatus::kCompiled && run.fork_failed()) {
    result.status = TestFileStatus::kJobFailed;
    result.messages = run.exception() + "\n";
  }
  Leave();
  outputs_.out->Flush();
  return result;
}

std::optional<bool> Engine::Impl::AskScript(engine::CompileRequest request, const std::string& name) {
  request.modules = options_.modules;
  engine::CompileResult compiled = engine::Compile(std::move(request));
  if (compiled.program == nullptr || !compiled.program->entry.has_value()) return std::nullopt;
  const uint32_t entry = *compiled.program->entry;
  const auto& parameters = compiled.program->entry_parameters;
  if (parameters.size() != 2 || parameters[0]->kind != types::Kind::kString ||
      parameters[1]->kind != types::Kind::kPointer || parameters[1]->element->kind != types::Kind::kBool) {
    return std::nullopt;
  }
  engine::ScriptRun run(std::move(compiled.program), options_, outputs_);
  Enter(run);
  run.Initialise();
  bool answer = true;
  const runtime::Argument arguments[] = {runtime::Argument::Reference(name.c_str()),
                                         runtime::Argument::Reference(&answer)};
  const bool done = !run.end().failed && run.context().CallFunction(entry, arguments, nullptr);
  Leave();
  return done ? std::optional(answer) : std::nullopt;
}

void Engine::Impl::RequestStop(int signal) {
  stoppers_.fetch_add(1);
  signal_ = signal;
  engine::ScriptRun* run = current_.load();
  if (run != nullptr) run->Stop(128 + signal);
  jobs_.RequestStop();
  stoppers_.fetch_sub(1);
}

void Engine::Impl::AdHocEvent(uint64_t weight) {
  engine::ScriptRun* run = current_.load();
  if (run != nullptr) {
    run->AdHocEvent(weight);
  } else {
    profiles_.AddHostEvent(weight);
  }
}

Engine::Engine(EngineOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Engine::~Engine() { impl_->Close(); }

RunResult Engine::RunFile(const std::string& path) { return impl_->Run({.path = path}); }
RunResult Engine::RunText(const std::string& name, std::string text) {
  return impl_->Run({.path = name, .text = std::move(text)});
}
TestFileResult Engine::TestFile(const std::string& path, const TestOptions& tests, TestObserver& observer) {
  return impl_->TestFile({.path = path}, tests, observer);
}
std::optional<bool> Engine::AskScript(const std::string& path, const std::string& function, const std::string& name) {
  return impl_->AskScript({.path = path, .entry = function}, name);
}
void Engine::RequestStop(int signal) { impl_->RequestStop(signal); }
int Engine::Close() { return impl_->Close(); }
void Engine::AdHocEvent(uint64_t weight) { impl_->AdHocEvent(weight); }
void Engine::DebugProgress(uint64_t items) { impl_->DebugProgress(items); }
void Engine::Meet(RefCounted& object) { impl_->objects().account().Meet(object); }
HandleSlots& Engine::HandleSlotsOf(const HandleKind& kind) { return impl_->objects().handles().TableOf(kind); }

std::string_view Version() { return VESTIGE_VERSION; }

bool DebuggerIsAttached() { return ledger::DebuggerIsAttached(); }

}  // namespace vestige
