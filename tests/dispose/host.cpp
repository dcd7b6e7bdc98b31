// Makes engines, runs a script in each, destroys them, and ends: for tools that say what is left of a process.
//
//   vestige_dispose_host core|all ENGINES THREADS SCRIPT...
//
// ENGINES engines one after the other on each of THREADS threads; each runs every SCRIPT. `all`: with the modules of
// the unit tests beside the engine's own. What scripts print goes nowhere, and so do reports; a run that fails ends
// with 1.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "vestige/engine.h"
#include "vestige/modules.h"

namespace {

struct Plan {
  bool all_modules = false;
  int engines = 1;
  std::vector<std::string> scripts;
};

bool RunOne(const Plan& plan) {
  const auto nowhere = [](std::string_view) {};
  vestige::EngineOptions options;
  options.tracking.leak_profiler = true;
  options.tracking.extended = true;
  options.out = options.err = options.reports = options.leak_reports = nowhere;
  options.heap_profile = options.event_profile = nowhere;
  if (plan.all_modules) options.modules = vestige::UnitTestModules();
  vestige::Engine engine(std::move(options));
  bool ok = true;
  for (const std::string& script : plan.scripts) ok = engine.RunFile(script).ok && ok;
  return engine.Close() == 0 && ok;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::puts("usage: vestige_dispose_host core|all ENGINES THREADS SCRIPT...");
    return 2;
  }
  Plan plan = {.all_modules = std::string_view(argv[1]) == "all", .engines = std::atoi(argv[2])};
  for (int i = 4; i < argc; ++i) plan.scripts.emplace_back(argv[i]);
  std::atomic<bool> ok = true;
  const auto run = [&plan, &ok] {
    for (int i = 0; i < plan.engines; ++i) {
      if (!RunOne(plan)) ok = false;
    }
  };
  const int thread_count = std::atoi(argv[3]);
  if (thread_count <= 1) {
    run();
  } else {
    std::vector<std::thread> threads;
    for (int i = 0; i < thread_count; ++i) threads.emplace_back(run);
    for (std::thread& thread : threads) thread.join();
  }
  return ok ? 0 : 1;
}
