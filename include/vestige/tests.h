// Tests that scripts contain: functions marked [test] and [benchmark], and files that are meant not to compile.
//
//   vestige::Engine engine({});
//   MyObserver observer;
//   vestige::TestFileResult result = engine.TestFile("pool_test.das", {}, observer);
//
// The observer hears of every test while it runs. A test that another test runs (a sub-test) begins and ends within it.
// Each outermost test is an epoch of the heaps: what was born in it and is alive when it ends is its own leak, or that
// of the sub-test it was born in.

#ifndef VESTIGE_TESTS_H_
#define VESTIGE_TESTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vestige {

// How a test ended.
enum class TestStatus {
  kPassed,   // nothing failed
  kFailed,   // a check in it failed
  kError,    // an uncaught panic, or exit() was called
  kSkipped,  // it said so itself
};

// A place in a source file, spelled out.
struct Place {
  std::string file;
  uint32_t line = 0;  // from 1; 0: the place is unknown
  uint32_t column = 0;
};

// The end of one test.
struct TestEnd {
  TestStatus status = TestStatus::kPassed;
  int64_t time_ns = 0;
  // kError: the panic's text, and where it began (line 0 when unknown).
  std::string exception;
  Place place;
  // Of an outermost test under TestOptions::measures_memory: most memory that the process had during it; 0: unknown.
  uint64_t peak_bytes = 0;
};

// Blocks that a test left behind: equal stack, equal size.
struct TestLeak {
  // The test, by the order of its beginning within the outermost test, which is 0.
  uint32_t test = 0;
  bool is_string = false;
  uint64_t bytes = 0;  // of each
  uint64_t count = 0;
  std::string stack;  // where they were born: a frame a line, as the leak profiler spells it
};

// What the rounds of one measured block of a benchmark came to, summed up.
struct BenchmarkResult {
  std::string name;      // of the function
  std::string sub_name;  // of the block
  int64_t rounds = 0;
  int64_t time_ns = 0;
  uint64_t allocations = 0;
  uint64_t heap_bytes = 0;
  uint64_t string_allocations = 0;
  uint64_t string_bytes = 0;
};

// Hears of tests, on the thread that runs them. Texts are valid during the call. Ends are told for every begin,
// whatever the test does short of ending the process.
class TestObserver {
 public:
  virtual ~TestObserver() = default;
  // Begin and end of an outermost test have the same shape as those of a sub-test.
  virtual void DidBegin(std::string_view name, bool is_benchmark) = 0;
  // A failed check or log() in the innermost test said something.
  virtual void DidSay(const Place& place, std::string_view message) = 0;
  // The innermost test said why it is skipped.
  virtual void DidSkip(std::string_view reason) = 0;
  // Before the end of the outermost test.
  virtual void DidLeak(const TestLeak& leak) = 0;
  // The innermost test is a benchmark that measured one of its blocks.
  virtual void DidMeasure(const BenchmarkResult& result) = 0;
  // The innermost test is over.
  virtual void DidEnd(const TestEnd& end) = 0;
};

// Which survivors are leaks of a test.
enum class LeakCheck {
  kOff,     // none
  kBlocks,  // blocks of the object heap
  kAll,     // strings as well
};

// What to run of a file.
struct TestOptions {
  // Asked for each test and benchmark; unset: every one.
  std::function<bool(std::string_view name, bool is_benchmark)> wants;
  bool compile_only = false;
  bool benchmarks = false;  // after the tests, if none failed
  int benchmark_count = 1;  // each so often
  uint64_t test_heap_bytes =
      0;  // an outermost test may hold so much more in each heap than was there before; 0: no limit
  LeakCheck leak_check = LeakCheck::kOff;
  bool measures_memory = false;  // fill TestEnd::peak_bytes
};

// How a file did, apart from its tests.
enum class TestFileStatus {
  kCompiled,            // as it should; the tests tell the rest
  kFailedAsExpected,    // `expect` named its errors exactly
  kFailedUnexpectedly,  // an error nobody expected, or an expected one that is missing
  kNotStarted,          // a global initialiser or [init] function panicked
  kJobFailed,           // a job or a thread panicked, of whichever test
};

// The outcome of TestFile.
struct TestFileResult {
  TestFileStatus status = TestFileStatus::kCompiled;
  std::string messages;           // of the compiler, or of the panic
  bool has_expectations = false;  // the file says `expect`
  // Expected codes that were not reported, and how often.
  std::vector<std::pair<int, int>> missing;
  // Reported codes that were not expected.
  std::vector<int> unexpected;
};

}  // namespace vestige

#endif  // VESTIGE_TESTS_H_
