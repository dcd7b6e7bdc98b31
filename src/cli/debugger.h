// Waiting for a debugger. Floor 7.

#ifndef VESTIGE_CLI_DEBUGGER_H_
#define VESTIGE_CLI_DEBUGGER_H_

namespace vestige::cli {

// Says on standard error which process waits, and returns once a debugger is attached to it.
void WaitForDebugger();

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_DEBUGGER_H_
