// The command line: a host like any other. It turns flags into engine options, signals into stop requests, and files
// into outputs; what is printed and in which order is the engine's business. Floor 7.

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "cli/debugger.h"
#include "cli/flags.h"
#include "cli/output_file.h"
#include "cli/test_command.h"
#include "fmt/format.h"
#include "vestige/engine.h"

namespace vestige::cli {

namespace {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 255;

// The engine that a signal stops. Lock-free, so that a handler may read it.
std::atomic<Engine*> running_engine{nullptr};

void OnSignal(int signal) {
  Engine* engine = running_engine.load();
  if (engine != nullptr) engine->RequestStop(signal);
}

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  // A second one ends the process at once: the user means it.
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A closed pipe is then an error of write(), which the engine tells at the end.
  signal(SIGPIPE, SIG_IGN);
}

int RunScripts(CommandLine& line) {
  OutputFile reports;
  OutputFile leak_reports;
  OutputFile heap_profile;
  OutputFile event_profile;
  OutputFile plot;
  if (!reports.Open(line.leak_output) || !leak_reports.Open(line.profiler_log) || !heap_profile.Open(line.dhat_heap) ||
      !event_profile.Open(line.dhat_ad_hoc) || !plot.Open(line.debug_plot)) {
    return kExitUsage;
  }
  line.engine.reports = reports.writer();
  line.engine.leak_reports = leak_reports.writer();
  line.engine.heap_profile = heap_profile.writer();
  line.engine.event_profile = event_profile.writer();
  line.engine.debug_plot = plot.writer();

  Engine engine(std::move(line.engine));
  running_engine = &engine;
  CatchSignals();
  for (const std::string& script : line.scripts) {
    if (!engine.RunFile(script).go_on) break;
  }
  const int code = engine.Close();
  running_engine = nullptr;
  // All are closed, so that each can complain.
  bool all_written = true;
  for (OutputFile* file : {&reports, &leak_reports, &heap_profile, &event_profile, &plot}) {
    all_written &= file->Close();
  }
  return all_written || code != 0 ? code : kExitFailure;
}

int UsageError(std::string_view what) {
  fmt::print(stderr, "vestige: {}\n{}", what, HelpText());
  return kExitUsage;
}

int Main(const std::vector<std::string>& words) {
  if (words.size() > 1 && words[1] == "test") return TestMain(words);
  absl::StatusOr<CommandLine> line = ParseCommandLine(std::span(words).subspan(words.empty() ? 0 : 1));
  if (!line.ok()) return UsageError(std::string(line.status().message()));
  if (line->help) {
    fmt::print("{}", HelpText());
    return 0;
  }
  if (line->version) {
    fmt::print("{}\n", Version());
    return 0;
  }
  if (line->scripts.empty()) return UsageError("no script given");
  if (!line->debug_plot.empty() && line->scripts.size() > 1) return UsageError("--debug-plot draws one script");
  if (line->wait_debugger) WaitForDebugger();
  line->engine.arguments = words;
  return RunScripts(*line);
}

}  // namespace

}  // namespace vestige::cli

int main(int argc, char** argv) { return vestige::cli::Main(std::vector<std::string>(argv, argv + argc)); }
