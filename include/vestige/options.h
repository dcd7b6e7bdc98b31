// What a host can decide about an engine and its runs. Plain data; every default is what the command line does without
// flags.

#ifndef VESTIGE_OPTIONS_H_
#define VESTIGE_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vestige/findings.h"
#include "vestige/native.h"

namespace vestige {

// What happens when an event of a watched id is met.
enum class OnBreak {
  kAuto,   // stop in the debugger when one is attached, otherwise as kStack
  kTrap,   // raise SIGTRAP
  kStack,  // print the script's and the native stack on the error output, go on
  kExit,   // print the stacks, end the run with all reports, exit code 133
};

// What is watched, recorded and reported about memory.
struct TrackingOptions {
  bool leak_profiler = false;      // record every live block with its call stack; report survivors at context close
  bool track_allocations = false;  // record every live block with the place that allocated it
  bool heap_report = false;        // report heap and string heap at exit
  bool heap_census = false;        // report live blocks by type at exit; needs no tracking
  bool ungrouped = false;          // leak report: a row for each block, equal ones too
  bool extended = false;           // leak report: lost or reachable, and from which global; the tracker's own cost
  bool full_recursion = false;     // keep every level of a recursion instead of folding after eight
  std::optional<uint64_t> break_on_allocation;  // birth id to stop at, in the main context
  std::optional<uint64_t> track_smart_pointer;  // object id (RefCounted::ref_count_id) whose every event is told
  bool smart_pointer_death_only = false;        // of those events, its destruction alone
  std::optional<uint64_t> track_job_status;     // id of a job primitive whose every change of count is told
  bool track_holders = false;                   // record who holds each object with a count, and since where
  std::optional<uint64_t> break_on_node;        // id of a syntax node to stop at the birth of
  bool poison_nodes = false;                    // do not use the memory of deleted syntax nodes again
  bool limit_sites = true;                      // where heaps have a limit: record births, so that the report at the
                                                // limit names the places that hold most
  OnBreak on_break = OnBreak::kAuto;
  bool silent = false;  // no dump of handles, and of objects with a count only how many there are
};

// Receives text. Called on the thread that runs the script.
using TextFunction = std::function<void(std::string_view)>;

// Receives what outlived the contexts, before any text about it is written. Called once, by Engine::Close.
using FindingsFunction = std::function<void(const EngineFindings&)>;

// Everything an engine is told when it is made; it keeps a copy.
struct EngineOptions {
  TrackingOptions tracking;
  std::string entry = "main";   // exported function to run
  std::string das_root;         // folder of libraries that scripts require, `daslib/x` below it; empty: none
  std::string project;          // script that says where modules are (doc/modules.md); empty: none
  bool log = false;             // print the program as parsed and as typed
  bool keep_ast = false;        // keep source texts and trees while the program lives; else they go once it is compiled
  bool compile_only = false;    // stop after compiling
  bool dry_run = false;         // compile, make the context, run initialisers, but not the entry
  uint64_t max_heap_bytes = 0;  // limit on heap and string heap of each context; 0: none
  // The so-manieth allocation of the engine's runs, over all their heaps, those of jobs and threads too, is refused as
  // if the limit were reached; 0: none. The next ones are not. While several contexts run at a time, which allocation
  // that is depends on their speed. For tests of what a script or a host does without memory.
  uint64_t fail_allocation_at = 0;
  // Tell on the error output what memory the process has, at the start of a run, while it works (debug_progress) and at
  // its end, with a verdict: constant, growing or a spike.
  bool debug_memory = false;
  // Receives a drawing of the same over time, an SVG document, at the end of each run; unset: nothing is drawn.
  TextFunction debug_plot;
  // How many jobs run at once; 0: as many as there are cores.
  uint32_t job_threads = 0;
  // Modules that programs require are parsed once and kept for the next program, up to so many bytes of text and tree;
  // 0: nothing is kept. A file that was changed is read anew.
  uint64_t module_cache_bytes = 16 << 20;
  // `options` that override the script's own, as from -Dname=value.
  std::vector<std::pair<std::string, std::string>> policies;
  // Native modules that scripts can require beside the engine's own; not owned, they outlive the engine.
  std::span<const NativeModule* const> modules;
  std::vector<std::string> arguments;  // what get_command_line_arguments() returns
  // The exit code that survivors turn a clean exit into; unset: they change nothing.
  std::optional<int> leak_exit;
  FindingsFunction findings;
  // The script's output, its errors, and the reports. An unset error output is the process's standard error, the two
  // others its standard output; reports follow the script's own output in order.
  TextFunction out;
  TextFunction err;
  TextFunction reports;
  TextFunction leak_reports;  // the leak profiler's alone; unset: as reports
  // Where profiles in the format of DHAT go, as Engine::Close writes them; unset: none are made. What every call path
  // of scripts allocated, and how often it called, made environments and contexts, and told of events of its own.
  TextFunction heap_profile;
  TextFunction event_profile;
};

}  // namespace vestige

#endif  // VESTIGE_OPTIONS_H_
