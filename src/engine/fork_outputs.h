// Where a context of another thread writes: whole lines to the program's output, reports into texts. Floor 6.

#ifndef VESTIGE_ENGINE_FORK_OUTPUTS_H_
#define VESTIGE_ENGINE_FORK_OUTPUTS_H_

#include "base/shared_sink.h"
#include "base/text_sink.h"
#include "engine/script_run.h"

namespace vestige::engine {

struct ForkOutputs {
  explicit ForkOutputs(const Outputs& main)
      : out(*main.out), err(*main.err), profiles(main.profiles), failure(main.failure) {}
  // Valid as long as this.
  Outputs Sinks() {
    return {.out = &out,
            .err = &err,
            .reports = &reports,
            .leak_reports = &leak_reports,
            .profiles = profiles,
            .failure = failure};
  }
  void HandOn() {
    out.HandOn();
    err.HandOn();
  }

  base::LineSink out;
  base::LineSink err;
  base::StringSink reports;
  base::StringSink leak_reports;
  Profiles* profiles;
  memory::FailurePlan* failure;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_FORK_OUTPUTS_H_
