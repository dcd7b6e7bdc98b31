// Runs one program to its end, or to its deadline, and keeps what it wrote.
//
// Part of the script test runner; Linux only, as the runner itself.

#ifndef VESTIGE_TESTS_DAS_PROCESS_H_
#define VESTIGE_TESTS_DAS_PROCESS_H_

#include <string>
#include <vector>

namespace vestige::script_tests {

// What to run. `arguments` holds the program's path first; `environment` holds `NAME=value` entries that are added to
// the runner's own.
struct Command {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string folder;
  int timeout_seconds = 10;
  // Sent once, as soon as the program has written to its output; 0 sends none.
  int signal_after_output = 0;
};

// What came of it. `exit_code` is 128 + the signal's number when a signal ended the program. A program past its
// deadline, or one that wrote more than kMaxOutputBytes, is killed.
struct Outcome {
  std::string out;
  std::string err;
  int exit_code = 0;
  bool timed_out = false;
  bool too_much_output = false;
};

inline constexpr size_t kMaxOutputBytes = size_t{64} << 20;

// Blocks until the program has ended. May be called from several threads at once.
Outcome Run(const Command& command);

}  // namespace vestige::script_tests

#endif  // VESTIGE_TESTS_DAS_PROCESS_H_
