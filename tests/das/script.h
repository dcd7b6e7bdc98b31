// One test script: what its directives ask for, how a run is judged by them, and how they are rewritten.
//
// Directives are comment lines anywhere in the script (usually its first lines), or the plain lines of a sidecar file
// `name.test` when the script itself cannot hold comments (a missing file, binary noise):
//
//   expect: LINE            one line of standard output; all of them, in order, are the whole output
//   expect-contains: TEXT   some line of standard output holds TEXT
//   expect-not: TEXT        no line of standard output holds TEXT
//   expect-error: CODE LINE[:COLUMN] [TEXT]
//                           one compile error, its place, and a part of its message; all of them, in order
//   expect-stderr: TEXT     some line of standard error holds TEXT; without this directive it must be empty
//   expect-exit: N          exit code; 0 without it, 1 when errors are expected
//   flags: WORD...          for the engine, before the script
//   args: WORD...           for the script, behind `--`
//   env: NAME=VALUE         one more environment variable
//   script: FILE            sidecars only: the file to run, the sidecar's own name with .das without it
//   signal: INT|TERM        sent when the first output has come
//
// A file `name.expected` beside the script is its whole standard output instead of `expect` lines; addresses in it
// are masked. Scripts whose names begin with an underscore are modules of others and are not run.

#ifndef VESTIGE_TESTS_DAS_SCRIPT_H_
#define VESTIGE_TESTS_DAS_SCRIPT_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process.h"

namespace vestige::script_tests {

// A compile error as the engine prints it or as a directive spells it. Column -1 and empty text match anything.
struct CompileError {
  int code = 0;
  int line = 0;
  int column = -1;
  std::string text;
};

// A script and its directives.
struct Script {
  std::filesystem::path source;  // the file that holds the directives: the script or its sidecar
  std::filesystem::path run_file;
  std::vector<std::string> expected_lines;
  std::vector<std::string> contained;
  std::vector<std::string> excluded;
  std::vector<std::string> expected_stderr;
  std::vector<CompileError> expected_errors;
  std::optional<int> expected_exit;
  std::optional<std::string> golden;  // contents of name.expected
  std::vector<std::string> flags;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  int signal = 0;
  std::vector<std::string> mistakes;  // directives that could not be understood; they fail the test
};

// Reads a script or a sidecar. Never fails: what is wrong with the file is in `mistakes`.
Script ReadScript(const std::filesystem::path& source);

// The command that runs `script` with the executable `engine`, in the script's folder, so that messages hold no path.
Command CommandFor(const Script& script, const std::string& engine, int timeout_seconds);

// What differs between the expectations and the run, as lines for people; empty when the test passed.
std::vector<std::string> Judge(const Script& script, const Outcome& outcome);

// The exit code the run must end with.
int ExpectedExit(const Script& script);

// Whether the script says something about its output other than its exact lines; only then may the lines be left out.
bool HasPartialExpectations(const Script& script);

// The compile errors in what the engine printed, in order. Line 0 when an error has no place.
std::vector<CompileError> PrintedErrors(std::string_view output);

// Rewrites the expectations (directives and golden file) so that they tell what `outcome` holds. Lines that come
// or go move the places of errors below them: run and rewrite again until the script passes.
void Rewrite(const Script& script, const Outcome& outcome);

}  // namespace vestige::script_tests

#endif  // VESTIGE_TESTS_DAS_SCRIPT_H_
