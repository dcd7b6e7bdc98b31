// How the ends of runs become the exit code of the process. Floor 2.

#ifndef VESTIGE_AUDIT_EXIT_CODE_H_
#define VESTIGE_AUDIT_EXIT_CODE_H_

#include <cstdint>
#include <optional>

namespace vestige::audit {

constexpr int kExitFailure = 1;    // panic, compile error, missing file, no main, limit, surviving smart pointers
constexpr int kExitUsage = 255;    // unknown flag, bad flag argument, no script
constexpr int kExitWatched = 133;  // a watched id was met under --on-break=exit

// How a script ended. Everything that can happen together is kept; ExitCode decides what wins.
struct RunEnd {
  bool failed = false;              // a panic, a compile error, a missing file, no main
  std::optional<int32_t> returned;  // main's int, or 0/255 for its bool, or what the script gave to exit()
  int signal = 0;                   // SIGINT or SIGTERM that ended the run
  bool watched = false;             // --on-break=exit met its id
  bool has_survivors = false;       // anything at all was reported as left behind
};

// `leak_exit`: the code that survivors turn a clean exit into, when the user asked for one.
int ExitCode(const RunEnd& end, std::optional<int> leak_exit);

// How all runs of a process ended, and what outlived them.
struct ProcessEnd {
  int code = 0;              // of the runs
  bool was_stopped = false;  // by a signal or a watched id: whoever stopped it wants to know that it was so
  bool has_others = false;   // handles or job primitives
  bool has_smart_pointers = false;
};

int ExitCode(const ProcessEnd& end, std::optional<int> leak_exit);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_EXIT_CODE_H_
