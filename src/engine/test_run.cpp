#include "engine/test_run.h"

#include <chrono>
#include <cstring>
#include <map>
#include <utility>

#include "base/process_memory.h"
#include "engine/embedded_modules.h"
#include "engine/stack_text.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

// What T and B say when they end a test themselves (modules/dastest/testing.das).
constexpr std::string_view kFailedText = "test failed";
constexpr std::string_view kSkippedText = "test skipped";

int64_t Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// Sets a field of a struct that lies at `memory`, if there is one of this size.
template <typename T>
void SetField(const types::Type* type, std::vector<char>& memory, std::string_view name, T value) {
  for (const types::Field& field : type->struct_info->fields) {
    if (field.name.text() == name && field.type->size() == sizeof(T)) {
      std::memcpy(memory.data() + field.offset, &value, sizeof(T));
    }
  }
}

// The limit of one heap while an outermost test runs; the script's own one, if it is smaller, stays.
class HeapLimit {
 public:
  HeapLimit(memory::Heap& heap, uint64_t more_bytes) : heap_(heap), old_bytes_(heap.max_bytes()) {
    if (more_bytes == 0) return;
    const uint64_t bytes = heap.live_bytes() + more_bytes;
    if (old_bytes_ == 0 || bytes < old_bytes_) heap.set_max_bytes(bytes);
  }
  ~HeapLimit() { heap_.set_max_bytes(old_bytes_); }
  HeapLimit(const HeapLimit&) = delete;
  HeapLimit& operator=(const HeapLimit&) = delete;

 private:
  memory::Heap& heap_;
  uint64_t old_bytes_;
};

}  // namespace

TestFileResult Judge(const CompileResult& compiled) {
  TestFileResult result;
  result.messages = compiled.messages;
  result.has_expectations = !compiled.expected.empty();
  std::map<int, int> left;
  for (const auto& [code, count] : compiled.expected) left[code] += count;
  for (int code : compiled.codes) {
    auto it = left.find(code);
    if (it == left.end() || it->second == 0) {
      result.unexpected.push_back(code);
    } else {
      it->second -= 1;
    }
  }
  for (const auto& [code, count] : left) {
    if (count > 0) result.missing.emplace_back(code, count);
  }
  if (!result.unexpected.empty() || !result.missing.empty()) {
    result.status = TestFileStatus::kFailedUnexpectedly;
  } else if (compiled.program == nullptr) {
    result.status = TestFileStatus::kFailedAsExpected;
  }
  return result;
}

TestRun::TestRun(ScriptRun& run, const TestOptions& options, TestObserver& observer)
    : run_(run), options_(options), observer_(observer), epoch_(run.context()) {
  run_.context().options().tests = this;
}

TestRun::~TestRun() { run_.context().options().tests = nullptr; }

void TestRun::RunAll() {
  RunEach();
  // Finalizers are no tests.
  run_.context().options().tests = nullptr;
}

void TestRun::RunEach() {
  for (const bool benchmarks : {false, true}) {
    if (benchmarks && (!options_.benchmarks || has_failures_)) return;
    for (const CompiledTest& test : run_.program().tests) {
      if (test.is_benchmark != benchmarks || (options_.wants && !options_.wants(test.name, benchmarks))) continue;
      const int count = benchmarks ? options_.benchmark_count : 1;
      for (int i = 0; i < count && !(benchmarks && has_failures_); ++i) RunTest(test);
      if (run_.context().status() == runtime::RunStatus::kExit) return;
    }
  }
}

void TestRun::RunTest(const CompiledTest& test) {
  exec::Context& context = run_.context();
  epoch_.Clear();
  measures_peak_ = options_.measures_memory && base::ForgetPeak();
  Begin(test.name, test.is_benchmark);
  {
    const HeapLimit objects(context.heap(), options_.test_heap_bytes);
    const HeapLimit strings(context.string_heap(), options_.test_heap_bytes);
    Call(test);
  }
  if (context.has_panic()) {
    const bool exits = context.status() == runtime::RunStatus::kExit;
    const std::string text =
        exits ? fmt::format("exit({}) was called", context.exit_code()) : std::string(context.panic_message());
    // Only an exit passes the borders of sub-tests.
    while (running_.size() > 1) {
      DidUnwind(text, {});
      End();
    }
    DidUnwind(text, exits ? base::Location() : context.panic_location());
    context.Reset();
  }
  if (options_.leak_check != LeakCheck::kOff) {
    epoch_.End(0);
    TellLeaks();
  }
  End();
}

void TestRun::Call(const CompiledTest& test) {
  // Beside the script's heaps, so that it is nobody's leak; zero is what every field of a tester starts with.
  std::vector<char> tester;
  std::vector<runtime::Argument> arguments;
  if (test.tester != nullptr) {
    tester.resize(test.tester->size());
    SetField(test.tester, tester, "name", test.name.c_str());
    SetField(test.tester, tester, "startTick", running_.back().start_ns);
    arguments.push_back(runtime::Argument::Reference(tester.data()));
  }
  const types::Type* type = run_.program().code->infos()[test.function].result;
  std::vector<char> result(type == nullptr ? 0 : type->size() + 16);
  run_.context().CallFunction(test.function, arguments, result.data());
}

void TestRun::Begin(std::string_view name, bool is_benchmark) {
  running_.push_back({.name = std::string(name), .start_ns = Now(), .number = epoch_.Begin()});
  observer_.DidBegin(name, is_benchmark);
}

void TestRun::End() {
  Running& test = running_.back();
  TestEnd end = {.time_ns = Now() - test.start_ns};
  if (test.is_error) {
    end.status = TestStatus::kError;
    end.exception = std::move(test.exception);
    end.place = std::move(test.place);
  } else if (test.failed) {
    end.status = TestStatus::kFailed;
  } else if (test.skipped) {
    end.status = TestStatus::kSkipped;
  }
  has_failures_ = has_failures_ || test.is_error || test.failed;
  running_.pop_back();
  if (measures_peak_ && running_.empty()) end.peak_bytes = base::PeakResidentBytes();
  observer_.DidEnd(end);
}

void TestRun::DidUnwind(std::string_view message, base::Location location) {
  Running& test = running_.back();
  epoch_.Forgive(test.number);
  if (test.failed && message == kFailedText) return;
  if (message == kSkippedText) {
    test.skipped = true;
    return;
  }
  test.is_error = true;
  test.exception = message;
  const diag::Position at = run_.program().sources.Locate(location);
  test.place = {.file = std::string(at.file), .line = at.line, .column = at.column};
}

void TestRun::TellLeaks() {
  exec::Context& context = run_.context();
  const auto tell = [&](const memory::Heap& heap) {
    for (const EpochSurvivors& group : epoch_.Survivors(heap)) {
      has_failures_ = true;
      std::string stack;
      AppendStack(run_.program(), context.tree(), group.node, stack);
      observer_.DidLeak({.test = group.test,
                         .is_string = heap.content() == memory::Content::kStrings,
                         .bytes = group.bytes,
                         .count = group.count,
                         .stack = std::move(stack)});
    }
  };
  tell(context.heap());
  if (options_.leak_check == LeakCheck::kAll) tell(context.string_heap());
}

// Where the script called a library of tests, however deep in that library it stands.
void TestRun::Log(std::string_view message) {
  exec::Context& context = run_.context();
  Place place;
  for (const StackFrame& frame : NodeResolver(run_.program(), context.tree()).Frames(context.CurrentNode())) {
    if (frame.is_native || frame.line == 0) continue;
    place = {.file = frame.file, .line = frame.line, .column = frame.column};
    if (!frame.file.starts_with(kEmbeddedRoot)) break;
  }
  observer_.DidSay(place, message);
}

void TestRun::Fail() {
  if (!running_.empty()) running_.back().failed = true;
}

void TestRun::Skip() {
  if (!running_.empty()) running_.back().skipped = true;
}

void TestRun::SkipReason(std::string_view reason) { observer_.DidSkip(reason); }

const char* TestRun::BeginSubTest(std::string_view name) {
  Begin(name, false);
  return names_.emplace(name).first->c_str();
}

void TestRun::SubTestPanicked() {
  exec::Context& context = run_.context();
  if (!running_.empty()) DidUnwind(context.last_exception(), context.panic_location());
}

void TestRun::EndSubTest() {
  if (running_.size() < 2) return;
  epoch_.End(running_.back().number);
  End();
}

void TestRun::BeginMeasurement(std::string_view name) { measured_ = name; }

void TestRun::EndMeasurement(const runtime::Measurement& measurement) {
  observer_.DidMeasure({.name = running_.empty() ? std::string() : running_.front().name,
                        .sub_name = measured_,
                        .rounds = measurement.rounds,
                        .time_ns = measurement.time_ns,
                        .allocations = measurement.allocations,
                        .heap_bytes = measurement.heap_bytes,
                        .string_allocations = measurement.string_allocations,
                        .string_bytes = measurement.string_bytes});
}

}  // namespace vestige::engine
