#include "cli/debugger.h"

#include <unistd.h>

#include "fmt/format.h"
#include "vestige/engine.h"

namespace vestige::cli {

void WaitForDebugger() {
  fmt::print(stderr, "vestige: waiting for a debugger to attach to process {}\n", getpid());
  while (!DebuggerIsAttached()) usleep(100 * 1000);
}

}  // namespace vestige::cli
