#include "cli/test_flags.h"

#include <charconv>
#include <string_view>
#include <system_error>

#include "fmt/format.h"

namespace vestige::cli {

namespace {

enum class TestFlag {
#define VESTIGE_TEST_FLAG(Name, spelling, argument, help) k##Name,
#include "cli/test_flags.def"
#undef VESTIGE_TEST_FLAG
};

struct TestFlagRow {
  TestFlag flag;
  std::string_view spelling;
  std::string_view argument;
  std::string_view help;
};

constexpr TestFlagRow kRows[] = {
#define VESTIGE_TEST_FLAG(Name, spelling, argument, help) {TestFlag::k##Name, spelling, argument, help},
#include "cli/test_flags.def"
#undef VESTIGE_TEST_FLAG
};

const TestFlagRow* FindRow(std::string_view spelling) {
  for (const TestFlagRow& row : kRows) {
    if (row.spelling == spelling) return &row;
  }
  return nullptr;
}

absl::Status BadArgument(const TestFlagRow& row, std::string_view expected, std::string_view got) {
  return absl::InvalidArgumentError(fmt::format("option --{} expects {}, got '{}'", row.spelling, expected, got));
}

template <typename T>
bool ParseWhole(std::string_view text, T least, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size() && *value >= least;
}

absl::Status ApplyBenchFormat(const TestFlagRow& row, std::string_view argument, ConsoleStyle& style) {
  if (argument == "native") {
    style.benchmarks = ConsoleStyle::Benchmarks::kNative;
  } else if (argument == "go") {
    style.benchmarks = ConsoleStyle::Benchmarks::kGo;
  } else if (argument == "json") {
    style.benchmarks = ConsoleStyle::Benchmarks::kJson;
  } else {
    return BadArgument(row, "native, go or json", argument);
  }
  return absl::OkStatus();
}

absl::Status ApplyLeakCheck(const TestFlagRow& row, std::string_view argument, TestOptions& tests) {
  if (!argument.empty() && argument != "blocks") return BadArgument(row, "blocks or nothing", argument);
  tests.leak_check = argument.empty() ? LeakCheck::kAll : LeakCheck::kBlocks;
  return absl::OkStatus();
}

absl::Status Apply(const TestFlagRow& row, std::string_view argument, TestCommandLine& line) {
  switch (row.flag) {
    case TestFlag::kTest:
      line.engine.scripts.emplace_back(argument);
      break;
    case TestFlag::kExclude:
      line.excludes.emplace_back(argument);
      break;
    case TestFlag::kFilter:
      line.filters.emplace_back(argument);
      break;
    case TestFlag::kTestNames:
      line.test_names.emplace_back(argument);
      break;
    case TestFlag::kBench:
      line.tests.benchmarks = true;
      break;
    case TestFlag::kBenchNames:
      line.bench_names.emplace_back(argument);
      break;
    case TestFlag::kBenchFormat:
      return ApplyBenchFormat(row, argument, line.style);
    case TestFlag::kCount:
      if (!ParseWhole(argument, 1, &line.tests.benchmark_count)) return BadArgument(row, "a number from 1", argument);
      break;
    case TestFlag::kLeakCheck:
      return ApplyLeakCheck(row, argument, line.tests);
    case TestFlag::kTimeout:
      if (!ParseWhole(argument, 0.0, &line.timeout_seconds)) return BadArgument(row, "a number of seconds", argument);
      break;
    case TestFlag::kJobs:
      if (!ParseWhole(argument, 1, &line.jobs) || line.jobs > 1024) {
        return BadArgument(row, "a number from 1 to 1024", argument);
      }
      break;
    case TestFlag::kInProcess:
      line.in_process = true;
      break;
    case TestFlag::kIsolated:
      break;
    case TestFlag::kFailuresOnly:
      line.style.failures_only = true;
      break;
    case TestFlag::kVerbose:
      line.style.verbose = true;
      break;
    case TestFlag::kColor:
      line.color = true;
      break;
    case TestFlag::kNoColor:
      line.color = false;
      break;
    case TestFlag::kJsonFile:
      line.json_file = argument;
      break;
    case TestFlag::kWorker:
      line.worker_file = argument;
      break;
  }
  return absl::OkStatus();
}

// Flags of the engine that say how one script runs.
absl::Status RefuseRunFlags(const CommandLine& engine) {
  std::string_view flag;
  if (engine.engine.entry != EngineOptions().entry) flag = "main";
  if (engine.engine.dry_run) flag = "dry-run";
  if (!engine.leak_output.empty()) flag = "leak-output";
  if (!engine.profiler_log.empty()) flag = "das-profiler-log-file";
  if (flag.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("option --{} is not for tests", flag));
}

}  // namespace

absl::StatusOr<TestCommandLine> ParseTestCommandLine(std::span<const std::string> words) {
  TestCommandLine line;
  // What is the engine's, in its own order.
  std::vector<std::string> others;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--") {
      others.insert(others.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
      break;
    }
    const std::string_view body = word.substr(word.starts_with("--") ? 2 : word.starts_with("-") ? 1 : 0);
    const size_t equals = body.find('=');
    const TestFlagRow* row = body.size() == word.size() ? nullptr : FindRow(body.substr(0, equals));
    if (row == nullptr) {
      others.emplace_back(word);
      if (TakesNextWord(word) && i + 1 < words.size()) others.push_back(words[++i]);
      continue;
    }
    const bool has_argument = equals != std::string_view::npos;
    std::string_view argument = has_argument ? body.substr(equals + 1) : std::string_view();
    if (has_argument && row->argument.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("option --{} takes no argument, got '{}'", row->spelling, argument));
    }
    if (!has_argument && row->argument.starts_with(' ')) {
      if (i + 1 >= words.size()) {
        return absl::InvalidArgumentError(fmt::format("option --{} needs{}", row->spelling, row->argument));
      }
      argument = words[++i];
    }
    if (absl::Status status = Apply(*row, argument, line); !status.ok()) return status;
  }
  absl::StatusOr<CommandLine> engine = ParseCommandLine(others);
  if (!engine.ok()) return engine.status();
  engine->scripts.insert(engine->scripts.end(), line.engine.scripts.begin(), line.engine.scripts.end());
  line.engine = *std::move(engine);
  if (absl::Status status = RefuseRunFlags(line.engine); !status.ok()) return status;
  line.tests.compile_only = line.engine.engine.compile_only;
  line.tests.test_heap_bytes = line.engine.engine.max_heap_bytes;
  line.engine.engine.compile_only = false;
  line.engine.engine.max_heap_bytes = 0;
  return line;
}

std::string TestHelpText() {
  std::string text =
      "usage: vestige test [options] path ...\n"
      "Runs the tests in files, and in the *.das files below folders.\n\n";
  for (const TestFlagRow& row : kRows) {
    if (!row.help.empty()) text += HelpLine(row.spelling, row.argument, row.help);
  }
  text += "\nThe engine's options (vestige --help) are understood, too; --max-heap-mb is a limit of\neach test.\n";
  return text;
}

}  // namespace vestige::cli
