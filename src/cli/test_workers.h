// Files tested by processes of their own, several at a time, told in order.
//
// A worker is this executable with the same words and --worker FILE; it writes events (test_wire.h) to the descriptor
// that was its standard output. Whatever it does - crash, hang, exit - is its file's failure only. Floor 7.

#ifndef VESTIGE_CLI_TEST_WORKERS_H_
#define VESTIGE_CLI_TEST_WORKERS_H_

#include <functional>
#include <string>
#include <vector>

#include "cli/test_report.h"

namespace vestige::cli {

// How workers are run.
struct WorkerSettings {
  std::vector<std::string> words;  // of this process, its name and `test` first
  int jobs = 1;
  // A worker is killed when a test, or the way to the first one, takes longer; 0: never.
  double timeout_seconds = 0;
};

// Tests every file; `tell` gets the reports in the order of `files`, each as soon as those before it are told. False,
// with a message on standard error, when no process can be started.
bool TestInWorkers(const WorkerSettings& settings, const std::vector<std::string>& files,
                   const std::function<void(const FileReport&)>& tell);

// In a worker: the descriptor for events. What the script or a library writes to standard output from now on goes to
// standard error, and the process dies with its parent.
int TakeEventDescriptor();

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_WORKERS_H_
