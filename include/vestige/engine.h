// The engine: compiles a script, runs it, and accounts for what it leaves behind.
//
//   vestige::Engine engine({.tracking = {.leak_profiler = true}});
//   vestige::RunResult result = engine.RunFile("game.das");
//   for (const vestige::ContextFindings& context : result.contexts) { ... }
//   return engine.Close();
//
// An Engine and what it runs belong to one thread at a time; several engines may run on several threads. No function
// throws. What the user's source or script does wrong is told on the output and in the result, never by a crash.

#ifndef VESTIGE_ENGINE_H_
#define VESTIGE_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vestige/findings.h"
#include "vestige/handles.h"
#include "vestige/heap_stats.h"
#include "vestige/options.h"
#include "vestige/tests.h"

namespace vestige {

// How one script ended.
struct RunResult {
  // False after a compile error, a missing file or entry, an uncaught panic, a memory limit.
  bool ok = false;
  // The exit code this run alone asks for.
  int exit_code = 0;
  // False when the process should end instead of running further scripts: exit() was called, or a stop was requested.
  bool go_on = true;
  // Text of the uncaught panic, without its place; empty when there was none.
  std::string exception;
  // How the main context used its heaps, up to its end: what is current then was left behind.
  HeapStats heap;
  HeapStats strings;
  // What each context left, main first; filled when anything was tracked.
  std::vector<ContextFindings> contexts;
  // Syntax nodes that outlived the run, thread by thread; those that its initialisers left come first.
  std::vector<SyntaxNodes> syntax_nodes;
};

// One engine: its options, the runs it makes, and the account of what they leave. Not copyable.
class Engine {
 public:
  // Starts nothing and reads nothing: work begins with the first run.
  explicit Engine(EngineOptions options);
  // Closes the engine if Close was not called.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Compiles and runs the script in `path` until it ends, then reports on its contexts. May be called again; each run
  // has contexts of its own.
  RunResult RunFile(const std::string& path);
  // The same for source text that is no file; `name` stands for its path in messages.
  RunResult RunText(const std::string& name, std::string text);

  // Compiles the file and runs its tests, telling `observer`; it needs no main. Reports are made as for a run, except
  // that an uncaught panic is the test's and not told on the output.
  TestFileResult TestFile(const std::string& path, const TestOptions& tests, TestObserver& observer);
  // Compiles the script in `path`, calls its exported function `function(name : string; var result : bool?)` and
  // returns what it made of *result, which is true at first. Empty when there is no such file or function, or it
  // failed.
  std::optional<bool> AskScript(const std::string& path, const std::string& function, const std::string& name);

  // Ends the run in progress as soon as the script reaches a call or the next round of a loop; its reports are made as
  // always. `signal` becomes part of the exit code (128 + signal). May be called from a signal handler or another
  // thread.
  void RequestStop(int signal);

  // Something worth counting happened: `weight` units of it. It is told in EngineOptions::event_profile with the call
  // stack of the script that runs, if one does; without that option nothing happens. On the engine's thread.
  void AdHocEvent(uint64_t weight);
  // The run in progress has done `items` pieces of its work so far; tells the process's memory every 1000 items or
  // every second, as debug_progress does in scripts. Without EngineOptions::debug_memory, or while nothing runs, it
  // does nothing.
  void DebugProgress(uint64_t items);

  // Makes an object with a count known to this engine: from now on it has an id, and is told when it outlives the
  // engine. Every object that scripts can reach has to be known.
  void Meet(RefCounted& object);
  // The registry of handles of T, which the engine's scripts share.
  template <typename T>
  Handles<T> HandlesOf() {
    return {HandleSlotsOf(kHandleKind<T>), Birthplace()};
  }
  // What HandlesOf looks at.
  HandleSlots& HandleSlotsOf(const HandleKind& kind);

  // Tears everything down in the documented order, reporting what is left of it. Returns the exit code of the process:
  // that of the last failed run, or of the last run. Further calls return the same.
  int Close();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// "0.1.0".
std::string_view Version();

// Whether a debugger traces this process now.
bool DebuggerIsAttached();

}  // namespace vestige

#endif  // VESTIGE_ENGINE_H_
