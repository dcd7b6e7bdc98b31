// The flags of `vestige test`, parsed. Floor 7.

#ifndef VESTIGE_CLI_TEST_FLAGS_H_
#define VESTIGE_CLI_TEST_FLAGS_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/flags.h"
#include "cli/test_console.h"
#include "vestige/tests.h"

namespace vestige::cli {

// What `vestige test` is asked for.
struct TestCommandLine {
  CommandLine engine;  // its `scripts` are the paths
  TestOptions tests;   // without `wants`, which is made of the names below
  ConsoleStyle style;
  std::vector<std::string> excludes;
  std::vector<std::string> filters;     // a test needs one of them, if there are any
  std::vector<std::string> test_names;  // likewise
  std::vector<std::string> bench_names;
  std::optional<bool> color;  // unset: when the output is a terminal
  std::string json_file;
  double timeout_seconds = 300;  // 0: none
  int jobs = 0;                  // 0: by the number of processors
  bool in_process = false;
  // Not empty: this process is the worker for that file. See test_worker.h.
  std::string worker_file;
};

// Parses everything after `vestige test`. Flags of tests and of the engine may be mixed; --max-heap-mb becomes a limit
// of each test, --compile-only means the files. Fails with a message that says what is wrong with which word.
absl::StatusOr<TestCommandLine> ParseTestCommandLine(std::span<const std::string> words);

// The text of `vestige test --help`.
std::string TestHelpText();

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_FLAGS_H_
