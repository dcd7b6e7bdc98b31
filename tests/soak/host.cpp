// A host that runs programs with jobs in turn, each in an engine of its own: vestige_soak_host SECONDS SCRIPT...
//
// When an engine is closed its threads are gone, and however many there were, the process stays as large as it was
// after the first rounds.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "vestige/engine.h"

namespace {

// A number of /proc/self/status: "Threads:", "VmRSS:" in KiB.
long StatusOf(std::string_view name) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    long value = 0;
    if (word == name && status >> value) return value;
  }
  return -1;
}

// Threads that the process has without any engine: the thread sanitizer brings one, once there was another.
#ifdef __SANITIZE_THREAD__
constexpr long kOwnThreads = 2;
#else
constexpr long kOwnThreads = 1;
#endif

// Threads of the process but for those that are joined already, which the kernel counts a moment longer.
long Threads() {
  long threads = StatusOf("Threads:");
  for (int rest = 0; rest < 1000 && threads > kOwnThreads; ++rest) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    threads = StatusOf("Threads:");
  }
  return threads;
}

// Threads of the process when the engine is gone.
long RunOnce(const char* script) {
  vestige::EngineOptions options;
  options.tracking.leak_profiler = true;
  options.job_threads = 4;
  const auto drop = [](std::string_view) {};
  options.out = options.err = options.reports = drop;
  {
    vestige::Engine engine(options);
    engine.RunFile(script);
    engine.RunFile(script);
    engine.Close();
  }
  return Threads();
}

}  // namespace

int main(int count, char** words) {
  using Clock = std::chrono::steady_clock;
  if (count < 3) return 2;
  // As the library begins: with what it needs once, such as threads of others.
  for (int i = 2; i < count; ++i) RunOnce(words[i]);
  const long threads = Threads();
  const auto end = Clock::now() + std::chrono::seconds(std::atoi(words[1]));
  long runs = 0;
  // The largest that it was after each third of the rounds is what it may be.
  long first_kib = 0;
  long last_kib = 0;
  const auto warm = Clock::now() + (end - Clock::now()) / 3;
  while (Clock::now() < end || first_kib == 0 || last_kib == 0) {
    for (int i = 2; i < count; ++i) {
      runs += 2;
      if (const long now = RunOnce(words[i]); now != threads) {
        std::printf("%ld threads after %s, %ld before\n", now, words[i], threads);
        return 1;
      }
    }
    long& kib = Clock::now() < warm || first_kib == 0 ? first_kib : last_kib;
    kib = std::max(kib, StatusOf("VmRSS:"));
  }
  std::printf("host: %ld runs, %ld thread, %ld KiB after a third, %ld KiB at the end\n", runs, threads, first_kib,
              last_kib);
  if (threads == kOwnThreads && last_kib <= first_kib + first_kib / 10 + 2048) return 0;
  std::printf("it grows, or keeps threads\n");
  return 1;
}
