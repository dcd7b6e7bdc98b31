// What native code may ask of a running script: its heaps, its panic, its output, and calls back into it.
//
// exec::Context derives from this, so that containers, printing and cloning, which live below the interpreter, can do
// what only the interpreter knows how to. The hooks are virtual because none of them is on a hot path.
//
// Failure. A script error is a state, not a jump: Panic() stores the first message and everything returns normally,
// with any result, until an operation checks has_panic(). Native code that calls something that may panic checks it
// before it goes on. Floor 3.

#ifndef VESTIGE_RUNTIME_SCRIPT_CONTEXT_H_
#define VESTIGE_RUNTIME_SCRIPT_CONTEXT_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/location.h"
#include "base/text_sink.h"
#include "diag/source_manager.h"
#include "fmt/format.h"
#include "memory/heap.h"
#include "memory/object_account.h"
#include "runtime/callable.h"
#include "runtime/host_objects.h"
#include "types/type.h"
#include "types/type_table.h"

namespace vestige::memory {
class HandleTables;
}
namespace vestige::ast {
class Lane;
}
namespace vestige::types {
class Description;
}
namespace vestige::jobs {
class Spawner;
class System;
}  // namespace vestige::jobs

namespace vestige::runtime {

class ProgramMaker;
class Iterator;
class TestListener;

// Whether script code goes on. Everything but kRunning unwinds to where it is handled: a panic to the nearest recover,
// an exit to the host.
enum class RunStatus : uint8_t { kRunning, kPanic, kExit };

// Switches of a context that natives obey; set by the host from options and flags before anything runs.
struct ContextOptions {
  bool persistent_heap = true;
  bool gc = false;
  // Elements that a container drops (erase, clear, pop, shrinking) free what they own, if that can only be containers
  // (types::Traits::plain_delete).
  bool frees_dropped = false;
  // An array or table may not grow past this many bytes without `reserve`.
  uint64_t max_unreserved_bytes = 64ull << 20;
  // `options very_safe_context`: what arrays and tables grow out of is left to the collector, not freed.
  bool keeps_old_buffers = false;
  // The program's types, by which the collector learns what a block holds; not owned. Null: pointers alone tell.
  const types::TypeTable* types = nullptr;
  // What scripts can ask about their own program (types/description.h); not owned. Null: it does not look at itself.
  const types::Description* description = nullptr;
  // What get_command_line_arguments() returns; not owned.
  std::span<const std::string> command_line;
  // What get_das_root() returns; not owned.
  std::string_view das_root;
  // Told when a panic of PanicOutOfMemory or PanicOutOfSystemMemory has begun: frames are still there. `heap` refused,
  // if it was one (else null); `by_system`: because the system did.
  std::function<void(const memory::Heap* heap, bool by_system)> did_run_out;
  // Takes what debug_progress() tells: items done so far. Unset while nobody listens.
  std::function<void(uint64_t items)> report_progress;
  // Where the live blocks of a heap come from whose ids are larger than `mark`, as text: what assertions about heaps
  // print. The host's for the reason of report_heap.
  std::function<std::string(bool string_heap, uint64_t mark)> describe_growth;
  // Prints one heap for heap_report() and string_heap_report(); the host's, because it knows how places are spelled.
  std::function<void(bool string_heap)> report_heap;
  // The same for heap_census() and string_heap_census().
  std::function<void(bool string_heap)> report_census;
  // Counts an event of so many units at the place where the script is. Null: nobody makes a profile of events.
  std::function<void(uint64_t weight)> ad_hoc_event;
  // Tells people on the error sink that an assertion failed: the script's stack, `message`, the place. The host's for
  // the same reason; whoever calls it has flushed the program's output.
  std::function<void(std::string_view message)> report_assertion;
  // The engine's objects with a count and its handles; not owned. Without an account, objects are counted only.
  memory::ObjectAccount* objects = nullptr;
  memory::HandleTables* handles = nullptr;
  // This context's number among those of the engine, from 1; see Birthplace.
  uint32_t lane = 0;
  // Who hears of tests (runtime/test_listener.h); not owned. Null: nobody runs tests.
  TestListener* tests = nullptr;
  // Where syntax nodes that this context makes go (ast/lane.h); not owned. Null: it can make none.
  ast::Lane* nodes = nullptr;
  // Who compiles programs for the script (runtime/program_maker.h); not owned. Null: nobody.
  ProgramMaker* programs = nullptr;
  // The engine's workers and job primitives (jobs/system.h), and who makes contexts for them (jobs/task.h); not owned.
  // Null: the host has no jobs.
  jobs::System* jobs = nullptr;
  jobs::Spawner* spawner = nullptr;
  // Called soon after Context::AskToRest: waits while somebody looks at the memory of contexts. Null: nobody does.
  std::function<void()> rest;
  // How people read a place in the script. The host's, because it has the sources; thread-safe.
  std::function<diag::Position(base::Location)> locate;
};

// Not thread-safe: a context runs on one thread at a time. Heaps and sinks are not owned and must outlive it.
class ScriptContext {
 public:
  // Told (type, address) of one typed root: a global or a live frame slot.
  using RootVisitor = absl::FunctionRef<void(const types::Type* type, void* address)>;

  ScriptContext(memory::Heap& heap, memory::Heap& string_heap, base::TextSink& out, base::TextSink& err)
      : heap_(heap), string_heap_(string_heap), out_(out), err_(err) {
    // The panic at a memory limit finds room for its text.
    panic_message_.reserve(kPanicTextBytes);
  }
  virtual ~ScriptContext() = default;
  ScriptContext(const ScriptContext&) = delete;
  ScriptContext& operator=(const ScriptContext&) = delete;

  // --- Memory and output ---

  memory::Heap& heap() { return heap_; }
  memory::Heap& string_heap() { return string_heap_; }
  // The program's own output.
  base::TextSink& out() { return out_; }
  base::TextSink& err() { return err_; }
  ContextOptions& options() { return options_; }
  // What reports call the context; `<unnamed>` until a script or host names it.
  const std::string& name() const { return name_; }
  void set_name(std::string_view name) { name_.assign(name); }
  // What natives keep for the script outside its heaps.
  HostObjects& host_objects() { return host_objects_; }
  // How deep iterators that own one another are being closed, and those that wait for it; CloseIterator's.
  struct Closing {
    int depth = 0;
    std::vector<Iterator*> waiting;
  };
  Closing& closing() { return closing_; }
  // What scripts hold by number while a native calls them back, innermost first; see WriterScope in builtins.
  void* native_scope() const { return native_scope_; }
  void set_native_scope(void* innermost) { native_scope_ = innermost; }

  // --- Panic ---

  RunStatus status() const { return status_; }
  // True for an exit as well: whoever sees it returns.
  bool has_panic() const { return status_ != RunStatus::kRunning; }
  // Without location; the text a recover block and the host see.
  const std::string& panic_message() const { return panic_message_; }

  // Begins a panic. Only the first message counts; a panic during a panic changes nothing. Always false, so that
  // functions whose result says "done" can `return context.Panic(...)`.
  bool Panic(std::string_view message) {
    if (has_panic()) return false;
    status_ = RunStatus::kPanic;
    panic_message_.assign(message);
    DidPanic();
    return false;
  }
  template <typename... Args>
  bool PanicF(fmt::format_string<Args...> format, Args&&... args) {
    return Panic(fmt::format(format, std::forward<Args>(args)...));
  }
  // The panic of a heap that refused a block. Allocates nothing. Always false.
  bool PanicOutOfMemory(const memory::Heap& heap) { return PanicOutOfMemory(heap.last_refusal(), &heap); }
  // The same for memory that is no heap's but counts against its limit; `heap` is null then.
  bool PanicOutOfMemory(const memory::Refusal& refusal, const memory::Heap* heap);
  // The panic when the system has no memory for what natives and the engine keep beside the heaps. Always false.
  bool PanicOutOfSystemMemory();
  // Execution goes on: a recover block took the panic over.
  void ClearPanic() { status_ = RunStatus::kRunning; }
  // Ends the run without running any more script code; no recover block stops it.
  void RequestExit(int code) {
    status_ = RunStatus::kExit;
    exit_code_ = code;
  }
  int exit_code() const { return exit_code_; }

  // A block of the object heap; null after a panic was begun.
  void* AllocateOrPanic(uint64_t bytes, memory::BlockInfo info) {
    void* block = heap_.Allocate(bytes, info);
    if (block == nullptr) [[unlikely]]
      PanicOutOfMemory(heap_);
    return block;
  }

  // --- Calls back into the script ---
  //
  // Implemented by exec. Arguments are what the callee's parameters take, in order (Argument::Of decides by parameter
  // type). A workhorse result is written to *result at its natural size, a ref-type result is made at `result`, which
  // the caller zeroed; `result` is null when nobody wants it. False when there is a panic.

  // By number: finalize and clone functions of types.
  virtual bool CallFunction(uint32_t function, std::span<const Argument> arguments, void* result) = 0;
  // By function value; a null one panics.
  virtual bool CallFunctionValue(const void* function, std::span<const Argument> arguments, void* result) = 0;
  // By lambda value; a null one panics.
  virtual bool CallLambda(void* lambda, std::span<const Argument> arguments, void* result) = 0;
  // By address of the 48-byte block value.
  virtual bool CallBlock(const void* block, std::span<const Argument> arguments, void* result) = 0;

  // --- Questions ---

  // Where the script is now: the operation that called the native.
  virtual base::Location CurrentLocation() const = 0;
  // How a function value that is not null prints: ``foo/*foo Ci*/``. Valid as long as the code.
  virtual std::string_view FunctionText(const void* function) const = 0;
  // Every global and every live frame slot that may hold heap memory.
  virtual void VisitRoots(RootVisitor visit) = 0;

 protected:
  // Called once when a panic begins, to note the place. Allocates nothing.
  virtual void DidPanic() {}
  // Trades the text of the panic under way for `text`: a panic that is put aside and goes on later copies nothing.
  void SwapPanicMessage(std::string& text) { panic_message_.swap(text); }
  // The panic under way again, with the text that is there.
  void ContinuePanic() { status_ = RunStatus::kPanic; }

 private:
  static constexpr size_t kPanicTextBytes = 256;

  memory::Heap& heap_;
  memory::Heap& string_heap_;
  base::TextSink& out_;
  base::TextSink& err_;
  RunStatus status_ = RunStatus::kRunning;
  int exit_code_ = 0;
  std::string panic_message_;
  std::string name_ = "<unnamed>";
  ContextOptions options_;
  void* native_scope_ = nullptr;
  HostObjects host_objects_;
  Closing closing_;
};

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_SCRIPT_CONTEXT_H_
