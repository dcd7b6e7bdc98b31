// The native side of an event: debugger and C++ stack.
//
// Used by the watch when an id is hit; hosts may use it for their own reports. Floor 1.

#ifndef VESTIGE_LEDGER_NATIVE_STACK_H_
#define VESTIGE_LEDGER_NATIVE_STACK_H_

#include <cstdio>

namespace vestige::ledger {

// Whether a debugger traces this process now. False where the system cannot tell.
bool DebuggerIsAttached();

// Stops in the debugger. Without one the process dies of SIGTRAP.
void StopInDebugger();

// Prints the calling thread's C++ stack to `out`, one frame a line, innermost first: the caller's, unless `skip` leaves
// out that many. Names are best after absl::InitializeSymbolizer(argv[0]).
[[gnu::noinline]] void PrintNativeStack(std::FILE* out, int skip);

}  // namespace vestige::ledger

#endif  // VESTIGE_LEDGER_NATIVE_STACK_H_
