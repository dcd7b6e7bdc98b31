// The command line's flags, parsed. Floor 7.

#ifndef VESTIGE_CLI_FLAGS_H_
#define VESTIGE_CLI_FLAGS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "vestige/options.h"

namespace vestige::cli {

// What the command line asks for.
struct CommandLine {
  EngineOptions engine;
  std::vector<std::string> scripts;
  bool help = false;
  bool version = false;
  bool wait_debugger = false;
  std::string leak_output;   // empty: standard output
  std::string profiler_log;  // empty: as leak_output
  std::string dhat_heap;     // empty: no profile
  std::string dhat_ad_hoc;   // empty: no profile
  std::string debug_plot;    // empty: nothing is drawn
};

// Parses everything after the program's name. Flags are accepted with one or two dashes, before and between scripts, up
// to `--`; their argument follows as the next word or after `=`. Fails with a message that says what is wrong with
// which word.
absl::StatusOr<CommandLine> ParseCommandLine(std::span<const std::string> words);

// Whether `word` is a flag whose argument is the next word.
bool TakesNextWord(std::string_view word);

// Lines of help: the flag with its argument, then what it does, at most 80 columns wide.
std::string HelpLine(std::string_view spelling, std::string_view argument, std::string_view help);

// The text of --help, at most 80 columns wide.
std::string HelpText();

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_FLAGS_H_
