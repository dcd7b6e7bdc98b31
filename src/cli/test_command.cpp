#include "cli/test_command.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "cli/debugger.h"
#include "cli/output_file.h"
#include "cli/test_console.h"
#include "cli/test_files.h"
#include "cli/test_flags.h"
#include "cli/test_json.h"
#include "cli/test_report.h"
#include "cli/test_wire.h"
#include "cli/test_workers.h"
#include "fmt/format.h"
#include "vestige/engine.h"

namespace vestige::cli {

namespace {

constexpr int kExitUsage = 255;
constexpr int64_t kMostFailures = 254;

int64_t Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

int UsageError(std::string_view what) {
  fmt::print(stderr, "vestige: {}\nvestige test --help lists the options.\n", what);
  return kExitUsage;
}

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// Everything that reports tell goes to standard output.
void Write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

bool BeginsWithOne(std::string_view name, const std::vector<std::string>& prefixes) {
  return prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(),
                                         [&](const std::string& prefix) { return name.starts_with(prefix); });
}

bool ContainsOne(std::string_view name, const std::vector<std::string>& texts) {
  return texts.empty() || std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
           return name.find(text) != std::string_view::npos;
         });
}

// What TestOptions::wants asks; `line` outlives it.
std::function<bool(std::string_view, bool)> Wants(const TestCommandLine& line) {
  return [&line](std::string_view name, bool is_benchmark) {
    return ContainsOne(name, line.filters) && BeginsWithOne(name, is_benchmark ? line.bench_names : line.test_names);
  };
}

// Runs one file's tests in this process.
void RunFile(const TestCommandLine& line, const std::string& path, FileListener& listener) {
  EngineOptions options = line.engine.engine;
  const auto print = [&listener](std::string_view text) { listener.DidPrint(text); };
  options.out = options.err = options.reports = options.leak_reports = print;
  if (line.engine.wait_debugger) WaitForDebugger();
  TestOptions tests = line.tests;
  tests.wants = Wants(line);
  Engine engine(std::move(options));
  const TestFileResult result = engine.TestFile(path, tests, listener);
  engine.Close();
  listener.DidFinish(result);
}

bool AsksToVisit(const EngineOptions& options, const std::string& rule, const std::string& folder) {
  Engine engine(options);
  return engine.AskScript(rule, "can_visit_folder", folder).value_or(true);
}

// Tells results in the order of files.
class Telling {
 public:
  explicit Telling(ConsoleStyle style) : console_(style) {}
  void File(const FileReport& report) {
    Write(console_.File(report));
    json_.File(report);
  }
  const TestCounts& counts() const { return console_.counts(); }
  std::string Summary(int64_t time_ns) const { return console_.Summary(time_ns); }
  std::string Json(int64_t time_ns) const { return json_.Text(counts(), time_ns); }

 private:
  TestConsole console_;
  TestJson json_;
};

int RunFiles(const TestCommandLine& line, const std::vector<std::string>& files) {
  OutputFile json;
  if (!json.Open(line.json_file)) return kExitUsage;
  Telling telling(line.style);
  const int64_t start = Now();
  if (line.in_process) {
    for (const std::string& path : files) {
      FileReport report(path);
      const int64_t file_start = Now();
      RunFile(line, path, report);
      report.time_ns = Now() - file_start;
      telling.File(report);
    }
  } else {
    const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const WorkerSettings settings = {.words = line.engine.engine.arguments,
                                     .jobs = line.jobs > 0 ? line.jobs : processors,
                                     .timeout_seconds = line.timeout_seconds};
    if (!TestInWorkers(settings, files, [&](const FileReport& report) { telling.File(report); })) {
      return static_cast<int>(kMostFailures);
    }
  }
  const int64_t time_ns = Now() - start;
  Write(telling.Summary(time_ns));
  if (const TextFunction write = json.writer()) write(telling.Json(time_ns));
  const bool written = json.Close();
  const int64_t failures = telling.counts().failed + telling.counts().errors;
  return static_cast<int>(std::min(failures + (written ? 0 : 1), kMostFailures));
}

}  // namespace

int TestMain(const std::vector<std::string>& words) {
  absl::StatusOr<TestCommandLine> line = ParseTestCommandLine(std::span(words).subspan(2));
  if (!line.ok()) return UsageError(std::string(line.status().message()));
  if (line->engine.help) {
    fmt::print("{}", TestHelpText());
    return 0;
  }
  if (line->engine.version) {
    fmt::print("{}\n", Version());
    return 0;
  }
  if (const char* filter = std::getenv("TEST_FILTER"); filter != nullptr && *filter != '\0' && line->filters.empty()) {
    line->filters.emplace_back(filter);
  }
  line->engine.engine.arguments = words;
  line->style.memory = line->tests.measures_memory = IsSet("RUN_VM_DEBUG_MEM");
  if (!line->worker_file.empty()) {
    WireWriter writer(TakeEventDescriptor());
    RunFile(*line, line->worker_file, writer);
    return 0;
  }
  if (line->engine.scripts.empty()) return UsageError("no file or folder given");
  line->style.color = line->color.value_or(isatty(STDOUT_FILENO) != 0 && !IsSet("NO_COLOR"));
  const auto filter = [&](const std::string& rule, const std::string& folder) {
    return AsksToVisit(line->engine.engine, rule, folder);
  };
  absl::StatusOr<std::vector<std::string>> files = FindTestFiles(line->engine.scripts, line->excludes, filter);
  if (!files.ok()) return UsageError(std::string(files.status().message()));
  return RunFiles(*line, *files);
}

}  // namespace vestige::cli
