// Debugger and C++ stack on Linux. Floor 1.
#include "ledger/native_stack.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "absl/debugging/stacktrace.h"
#include "absl/debugging/symbolize.h"

namespace vestige::ledger {

bool DebuggerIsAttached() {
  std::FILE* status = std::fopen("/proc/self/status", "r");
  if (status == nullptr) return false;
  constexpr char kKey[] = "TracerPid:";
  char line[256];
  long tracer = 0;
  while (std::fgets(line, sizeof(line), status) != nullptr) {
    if (std::strncmp(line, kKey, sizeof(kKey) - 1) != 0) continue;
    tracer = std::strtol(line + sizeof(kKey) - 1, nullptr, 10);
    break;
  }
  std::fclose(status);
  return tracer != 0;
}

void StopInDebugger() { std::raise(SIGTRAP); }

void PrintNativeStack(std::FILE* out, int skip) {
  constexpr int kMaxFrames = 128;
  void* addresses[kMaxFrames];
  const int depth = absl::GetStackTrace(addresses, kMaxFrames, 0);
  // How many frames of its own the unwinder tells differs between its builds; the caller is found by its address.
  const void* caller = __builtin_return_address(0);
  int first = 0;
  while (first < depth && addresses[first] != caller) ++first;
  first = first == depth ? 0 : first + skip;
  for (int i = first; i < depth; ++i) {
    char name[512];
    // A return address may belong to the next function; the call is one byte before.
    const void* call = static_cast<const char*>(addresses[i]) - 1;
    if (absl::Symbolize(call, name, sizeof(name))) {
      fmt::print(out, "  at {} [native]\n", name);
    } else {
      fmt::print(out, "  at {} [native]\n", fmt::ptr(addresses[i]));
    }
  }
}

}  // namespace vestige::ledger
