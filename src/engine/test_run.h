// Tests of one program, run in one context. Floor 6.

#ifndef VESTIGE_ENGINE_TEST_RUN_H_
#define VESTIGE_ENGINE_TEST_RUN_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/script_run.h"
#include "engine/test_epoch.h"
#include "runtime/test_listener.h"
#include "vestige/tests.h"

namespace vestige::engine {

// Compares what a compilation reported with what the file expects; kCompiled when it expects nothing and compiled.
TestFileResult Judge(const CompileResult& compiled);

// Runs tests and tells the observer. Natives of module testing_core tell it what tests say.
class TestRun : private runtime::TestListener {
 public:
  // All outlive the object; `run` is initialised. The object outlives the last script code of `run`.
  TestRun(ScriptRun& run, const TestOptions& options, TestObserver& observer);
  ~TestRun() override;

  // Every wanted test in order of declaration; then benchmarks, if asked for and no test failed. Stops early when the
  // run is stopped.
  void RunAll();

 private:
  // A test that has begun and not ended.
  struct Running {
    std::string name;
    int64_t start_ns = 0;
    uint32_t number = 0;  // in `epoch_`
    bool failed = false;
    bool skipped = false;
    // Set when a panic that is not the test's own way of ending reached its border.
    bool is_error = false;
    std::string exception;
    Place place;
  };

  void RunEach();
  void RunTest(const CompiledTest& test);
  void Begin(std::string_view name, bool is_benchmark);
  // The innermost test ends, and what it came to is told.
  void End();
  // Calls the test's function with a T or B of its own.
  void Call(const CompiledTest& test);
  // The innermost test's frames are gone, because of a panic or exit().
  void DidUnwind(std::string_view message, base::Location location);
  void TellLeaks();

  // TestListener:
  void Log(std::string_view message) override;
  void Fail() override;
  void Skip() override;
  void SkipReason(std::string_view reason) override;
  const char* BeginSubTest(std::string_view name) override;
  void SubTestPanicked() override;
  void EndSubTest() override;
  void BeginMeasurement(std::string_view name) override;
  void EndMeasurement(const runtime::Measurement& measurement) override;

  ScriptRun& run_;
  const TestOptions& options_;
  TestObserver& observer_;
  std::vector<Running> running_;  // outermost first
  TestEpoch epoch_;
  std::set<std::string, std::less<>> names_;  // of sub-tests: scripts may keep them
  std::string measured_;
  bool has_failures_ = false;
  bool measures_peak_ = false;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_TEST_RUN_H_
