// The end of an engine: what outlived its scripts, in the order of audit/shutdown.h. Floor 6.
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "audit/exit_code.h"
#include "audit/job_report.h"
#include "audit/object_report.h"
#include "engine/engine_impl.h"
#include "fmt/format.h"

namespace vestige {

void Engine::Impl::DidBlock(std::vector<BlockedFinding> blocked) {
  outputs_.out->Flush();
  outputs_.reports->Write(audit::DescribeBlocked(blocked));
  blocked_.insert(blocked_.end(), blocked.begin(), blocked.end());
}

void Engine::Impl::DidGetStuck(std::vector<BlockedFinding> stuck) {
  DidBlock(std::move(stuck));
  stoppers_.fetch_add(1);
  if (engine::ScriptRun* run = current_.load(); run != nullptr) run->Stop(1);
  stoppers_.fetch_sub(1);
}

int Engine::Impl::Close() {
  if (is_closed_) return exit_code_;
  is_closed_ = true;
  shutdown_.RunThrough(audit::Stage::kSmartPointers);
  exit_code_ =
      audit::ExitCode(audit::ProcessEnd{.code = exit_code_,
                                        .was_stopped = signal_.load() != 0 || was_watched_,
                                        .has_others = !findings_.handles.empty() || !findings_.primitives.empty(),
                                        .has_smart_pointers = !findings_.pointers.empty()},
                      options_.leak_exit);
  profiles_.Write();
  NoteOutputErrors();
  return exit_code_;
}

void Engine::Impl::TellHandles() {
  findings_ = objects_->Findings();
  findings_.blocked = blocked_;
  if (options_.findings) options_.findings(findings_);
  const TrackingOptions& tracking = options_.tracking;
  audit::WriteHandles(findings_.handles, {.stacks = tracking.leak_profiler, .silent = tracking.silent},
                      *outputs_.reports);
}

void Engine::Impl::TellPrimitives() {
  const TrackingOptions& tracking = options_.tracking;
  audit::WriteJobPrimitives(findings_, {.stacks = tracking.leak_profiler, .silent = tracking.silent},
                            *outputs_.reports);
}

void Engine::Impl::TellPointers() {
  const TrackingOptions& tracking = options_.tracking;
  audit::WritePointers(findings_.pointers, {.stacks = tracking.leak_profiler, .silent = tracking.silent},
                       *outputs_.reports);
  outputs_.reports->Flush();
}

void Engine::Impl::NoteOutputErrors() {
  outputs_.out->Flush();
  const int error = outputs_.out->error();
  if (error == 0) return;
  // A reader that went away needs no telling; anything else lost output that somebody wanted.
  if (error != EPIPE) outputs_.err->Write(fmt::format("vestige: cannot write output: {}\n", std::strerror(error)));
  if (exit_code_ == 0) exit_code_ = audit::kExitFailure;
  outputs_.err->Flush();
}

}  // namespace vestige
