// The one order in which a process tells what it leaves behind.
//
// Stages are data: whoever has something to tell hooks it to a stage, and the host ends the run by naming how far to
// go. Each hook runs once, stages run in the order of the enumeration, whatever ended the run: main's return, a panic,
// exit from the script, a memory limit, a failed compile, a signal. Floor 2.

#ifndef VESTIGE_AUDIT_SHUTDOWN_H_
#define VESTIGE_AUDIT_SHUTDOWN_H_

#include <functional>
#include <utility>
#include <vector>

namespace vestige::audit {

// In order. Those up to kProgramRelease repeat for every script of a process; the rest happen once.
enum class Stage {
  kAfterCompile,    // syntax nodes that outlive compilation
  kAfterRun,        // syntax nodes that outlive execution
  kHeapReport,      // heaps of every context still alive
  kContextClose,    // [finalize] functions, then the leak profiler's report, then memory is released
  kProgramRelease,  // program, modules and files are let go
  kModulesDown,     // native modules are torn down, job threads joined
  kHandles,
  kSharedModules,  // shared module code is unloaded
  kJobPrimitives,
  kSmartPointers,  // decides the exit code
};

// Hooks of one run. Not thread-safe.
class Shutdown {
 public:
  // Runs `hook` when `stage` is reached; hooks of one stage run in the order they were added. Adding to a stage that
  // has passed runs the hook with the next call of RunThrough.
  void At(Stage stage, std::function<void()> hook);

  // Runs the hooks of all stages up to and including `last` that have not run yet. A hook may add further hooks.
  void RunThrough(Stage last);

 private:
  struct Entry {
    Stage stage;
    size_t order;
    std::function<void()> hook;
  };
  std::vector<Entry> entries_;
  size_t added_ = 0;
};

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_SHUTDOWN_H_
