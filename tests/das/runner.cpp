// Runs every test script below a folder and compares what happened with what the script says (script.h).
//
//   vestige_script_tests --engine PROGRAM [--update] [--untracked] [--no-signals] [--jobs N]
//       [--timeout SECONDS] FOLDER [WORD]
//
// With WORD only scripts whose path holds it. `--update` rewrites expectations that fail. `--untracked` leaves out
// scripts whose flags ask for tracking: for an engine that has it compiled out. `--no-signals` leaves out scripts that
// are sent one: the thread sanitizer hands a signal on when the program calls a function it knows, which a loop may
// never do. Ends with `N passed, N failed`; exits with 1 when something failed.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "script.h"
#include "text.h"

namespace vestige::script_tests {
namespace {

struct Settings {
  std::string engine;
  std::filesystem::path folder;
  std::string word;
  int jobs = 2;
  int timeout_seconds = 10;
  bool update = false;
  bool untracked = false;
  bool no_signals = false;
};

bool ParseArguments(int argc, char** argv, Settings& settings) {
  std::vector<std::string> positional;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "--update") {
      settings.update = true;
    } else if (argument == "--untracked") {
      settings.untracked = true;
    } else if (argument == "--no-signals") {
      settings.no_signals = true;
    } else if (argument == "--engine" && has_value) {
      settings.engine = std::filesystem::absolute(argv[++i]).string();
    } else if (argument == "--jobs" && has_value) {
      if (!ParseInt(argv[++i], settings.jobs) || settings.jobs < 1) return false;
    } else if (argument == "--timeout" && has_value) {
      if (!ParseInt(argv[++i], settings.timeout_seconds)) return false;
    } else if (argument.starts_with('-')) {
      return false;
    } else {
      positional.push_back(argument);
    }
  }
  if (settings.engine.empty() || positional.empty() || positional.size() > 2) return false;
  settings.folder = std::filesystem::absolute(positional[0]);
  if (positional.size() == 2) settings.word = positional[1];
  return true;
}

bool AsksForTracking(const Script& script) {
  for (const std::string& flag : script.flags) {
    for (const char* word : {"das-profiler-leaks", "track-allocations", "break-on-alloc"}) {
      if (flag.find(word) != std::string::npos) return true;
    }
  }
  return false;
}

bool IsLeftOut(const Settings& settings, const std::filesystem::path& path) {
  if (!settings.untracked && !settings.no_signals) return false;
  const Script script = ReadScript(path);
  return (settings.untracked && AsksForTracking(script)) || (settings.no_signals && script.signal != 0);
}

// Scripts and sidecars, in the order of their names.
std::vector<std::filesystem::path> FindScripts(const Settings& settings) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(settings.folder)) {
    const std::filesystem::path& path = entry.path();
    if (path.filename().string().starts_with('_')) continue;
    if (path.string().find(settings.word) == std::string::npos) continue;
    std::filesystem::path sidecar = path;
    const bool is_script = path.extension() == ".das" && !std::filesystem::exists(sidecar.replace_extension(".test"));
    if (!is_script && path.extension() != ".test") continue;
    if (!IsLeftOut(settings, path)) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Rewriting moves lines, which may move expected places; the second or third round agrees.
constexpr int kMaxUpdateRounds = 3;

std::vector<std::string> RunOne(const Settings& settings, const std::filesystem::path& path) {
  std::vector<std::string> complaints;
  for (int round = 0; round <= kMaxUpdateRounds; ++round) {
    const Script script = ReadScript(path);
    const Outcome outcome = Run(CommandFor(script, settings.engine, settings.timeout_seconds));
    complaints = Judge(script, outcome);
    if (complaints.empty() || !settings.update || outcome.timed_out || outcome.too_much_output) break;
    Rewrite(script, outcome);
  }
  return complaints;
}

int RunAll(const Settings& settings) {
  const std::vector<std::filesystem::path> paths = FindScripts(settings);
  std::vector<std::vector<std::string>> complaints(paths.size());
  std::atomic<size_t> next = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < settings.jobs; ++i) {
    workers.emplace_back([&] {
      for (size_t at = next++; at < paths.size(); at = next++) complaints[at] = RunOne(settings, paths[at]);
    });
  }
  for (std::thread& worker : workers) worker.join();

  size_t failed_count = 0;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (complaints[i].empty()) continue;
    ++failed_count;
    fmt::print("FAILED {}\n", paths[i].lexically_relative(settings.folder.parent_path()).string());
    for (const std::string& line : complaints[i]) fmt::print("    {}\n", line);
  }
  fmt::print("{} passed, {} failed\n", paths.size() - failed_count, failed_count);
  return failed_count == 0 && !paths.empty() ? 0 : 1;
}

}  // namespace
}  // namespace vestige::script_tests

int main(int argc, char** argv) {
  vestige::script_tests::Settings settings;
  if (!vestige::script_tests::ParseArguments(argc, argv, settings)) {
    fmt::print(stderr,
               "usage: vestige_script_tests --engine PROGRAM [--update] [--untracked] [--no-signals] [--jobs N] "
               "[--timeout SECONDS] FOLDER [WORD]\n");
    return 2;
  }
  return vestige::script_tests::RunAll(settings);
}
