// A running script: its stack, globals, heaps and state.
//
// A Context runs functions of one Code, on one thread at a time. Operations see the first part of it (MachineState) at
// small offsets; natives see runtime::ScriptContext. Everything a script can end with - a panic, exit(n), a stop asked
// for from outside - is a state that dispatch loops check at few places:
//
//   kRunning --Panic--> kPanic --recover--> kRunning      (or out of Call, to the host)
//   kRunning --RequestExit, Stop--> kExit                 (out of Call; no recover stops it)
//
// Natives may call back into the script: each such call is a dispatch loop of its own on top of the same stack
// (frame.h).
//
// Birth paths. A frame's node in the context tree is found when something is born below it and kept in its header; the
// walk ends at the first frame that knows its node, so births are O(1) amortised at any depth and calls cost one store.
// Floor 4.

#ifndef VESTIGE_EXEC_CONTEXT_H_
#define VESTIGE_EXEC_CONTEXT_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/text_sink.h"
#include "exec/code.h"
#include "exec/event_profile.h"
#include "exec/frame.h"
#include "exec/function.h"
#include "exec/operation_record.h"
#include "exec/word.h"
#include "ledger/context_tree.h"
#include "memory/heap.h"
#include "runtime/script_context.h"

namespace vestige::exec {

// What operations use directly.
struct MachineState {
  // End of the usable stack; null asks every call and backward jump to take its slow path (Stop).
  std::atomic<char*> stack_limit{nullptr};
  // Code::functions().
  const Function* functions = nullptr;
  char* globals = nullptr;
  // The word being executed and its frame, stored before anything that may allocate, panic, walk or call natives. Null
  // frame: nothing runs.
  const Word* pc = nullptr;
  char* frame = nullptr;
#if VESTIGE_TRAMPOLINE
  uint64_t acc = 0;
  double facc = 0;
  // Null unless a test asks for it.
  std::unique_ptr<OperationRecord> record = OperationRecord::FromEnvironment();
#endif

  void Save(const Word* at_pc, char* at_frame) {
    pc = at_pc;
    frame = at_frame;
  }
};

class Context;

// How a context is made.
struct ContextSettings {
  uint32_t stack_bytes = 16 * 1024;
  memory::HeapOptions heap;
  memory::HeapOptions string_heap;
  ledger::ContextTree::Recursion recursion = ledger::ContextTree::Recursion::kFold;
  // Makes a profile of both heaps, which have to track.
  bool profiles_heap = false;
  // Counts events; complete for code that was made for it (CodeBuilder::set_counts_events).
  bool profiles_events = false;
  // Not owned.
  base::TextSink* out = nullptr;
  base::TextSink* err = nullptr;
  // The context whose shared variables this one uses, and which outlives it; null: it has its own.
  const Context* forked_from = nullptr;
};

// The heaps of a context; a base, so that they exist before and after everything else in it.
struct ContextHeaps {
  explicit ContextHeaps(const ContextSettings& settings)
      : profile(settings.profiles_heap ? std::make_unique<memory::HeapProfile>() : nullptr),
        objects(Profiled(settings.heap)),
        strings(Profiled(settings.string_heap)) {}
  memory::HeapOptions Profiled(memory::HeapOptions options) const {
    options.profile = profile.get();
    return options;
  }
  // Null unless asked for.
  std::unique_ptr<memory::HeapProfile> profile;
  memory::Heap objects;
  memory::Heap strings;
};

// A try part that is being executed.
struct TryRecord {
  char* frame;
  const Word* recover;
  // What stands there only cleans up, and the panic goes on.
  bool cleans_up = false;
};

class Context final : public MachineState, private ContextHeaps, public runtime::ScriptContext {
 public:
  // `code` is not owned and outlives the context. Globals are zero; initialising them is a function of the program.
  Context(const Code& code, const ContextSettings& settings);
  ~Context() override;

  const Code& code() const { return *code_; }

  // --- Running
  // -------------------------------------------------------------------------------------------------------- Each runs
  // until the function returned, panicked or the run ended; may be called by natives while a script runs. False when
  // status() is not kRunning afterwards. Arguments and results: see ScriptContext.

  bool Call(const Function& function, std::span<const runtime::Argument> arguments, void* result);
  bool CallFunction(uint32_t function, std::span<const runtime::Argument> arguments, void* result) override;
  bool CallFunctionValue(const void* function, std::span<const runtime::Argument> arguments, void* result) override;
  bool CallLambda(void* lambda, std::span<const runtime::Argument> arguments, void* result) override;
  bool CallBlock(const void* block, std::span<const runtime::Argument> arguments, void* result) override;

  // Ends the run with this exit code at the next call or backward jump. Other threads and signal handlers may call it.
  void Stop(int exit_code);
  // ContextOptions::rest is called at the next call or backward jump. Other threads may call it.
  void AskToRest() { stack_limit.store(nullptr, std::memory_order_release); }
  // Memory in which values of the script lie that are not done with: all of its heap but the strings, variables, and
  // what is in scope in functions. For others only while the context rests.
  void VisitMemory(absl::FunctionRef<void(const char* begin, uint64_t bytes)> visit);
  // Closes an iterator that a native took over. While a panic is under way, the script code that this may run (the
  // finally part of a generator) runs all the same; at an exit nothing happens.
  void CloseIterator(runtime::Iterator* iterator);
  // Starts over as the context of another lane, under another name: variables that are not shared are zero, nothing was
  // ever born. False while anything of the script's is left; the context is of no use then. Nothing runs.
  bool Restart(std::string_view lane, std::string_view name);
  // Forgets a panic or exit that reached the host, so that more functions ([finalize]) can run.
  void Reset();

  // Where the panic that is under way, or was recovered last, began.
  base::Location panic_location() const { return panic_location_; }
  // The text of the panic that was recovered last.
  const std::string& last_exception() const { return last_exception_; }

  // --- Birth paths
  // ----------------------------------------------------------------------------------------------------

  ledger::ContextTree& tree() { return *tree_; }
  const ledger::ContextTree& tree() const { return *tree_; }
  // The path to the operation at `pc`; kRootNode when nothing runs. May grow the tree.
  ledger::NodeId CurrentNode();
  // What the paths allocated; null unless the settings asked for it.
  const memory::HeapProfile* heap_profile() const { return profile.get(); }
  // What the paths did; null unless the settings asked for it.
  EventProfile* events() { return events_.get(); }

  // --- Questions of natives
  // -------------------------------------------------------------------------------------------

  base::Location CurrentLocation() const override;
  std::string_view FunctionText(const void* function) const override;
  void VisitRoots(RootVisitor visit) override;
  // Told every word that is being executed, innermost first: the place, then the calls that led there. Allocates
  // nothing.
  void VisitCalls(absl::FunctionRef<void(uint32_t word)> visit) const;
  // Whether some recover part would take over a panic that began now.
  bool WouldRecover() const {
    return std::any_of(try_stack_.begin(), try_stack_.end(), [](const TryRecord& record) { return !record.cleans_up; });
  }
  // Bytes of the stack in use now.
  uint32_t stack_used() const;
  uint32_t stack_bytes() const { return stack_bytes_; }

  // Where a variable is. Shared ones are visited as roots by the context that owns them only.
  char* AddressOf(const GlobalEntry& global) const {
    return (global.is_shared ? SharedVariables().variables : globals) + global.offset;
  }
  bool Owns(const GlobalEntry& global) const { return !global.is_shared || SharedVariables().is_owner; }

  // --- For operations
  // -------------------------------------------------------------------------------------------------

  std::vector<TryRecord>& try_stack() { return try_stack_; }
  // First byte of the stack nobody uses.
  char* StackTop() const;
  // First byte behind the usable stack, whatever stack_limit asks for.
  const char* stack_end() const { return stack_.get() + stack_bytes_; }
  // What the first frame of every dispatch loop, and of a generator, returns to; and the word that ends a loop.
  const Word* entry_word() const { return &entry_words_[0]; }
  const Word* leave_word() const { return &entry_words_[1]; }
  // What a call out of a generator's frame returns to.
  const Word* link_word() const { return &link_words_[0]; }
  // A dispatch loop from `pc` on a frame that lies behind `entry`, which is filled in; the stack is in use up to
  // `stack_top`. False when there is a panic.
  bool RunOnHeap(EntryFrame& entry, const Word* pc, char* frame, const char* stack_top);
  // Where execution goes on after a panic in the current dispatch loop; false: the loop is left. Clears the panic.
  bool TakeRecover(TryRecord& record);
  // Releases what loops hold that a panic leaves, and ends its generators: those of the current dispatch loop's frames,
  // down to the try part that recovers, if one does.
  void LeaveFrames(const TryRecord* recovering);
  // Releases what loops of the function on `frame` hold at word `index`, unless they hold it at word `still` too.
  void ReleaseLoops(char* frame, uint32_t index, uint32_t still);
  // Every slot of the frame that may hold heap memory when control is at `word`.
  void VisitFrameRoots(char* at, const Word* word, RootVisitor visit);
  // Whether Stop was called; then the run's status is kExit from now on. Rests before, when it was asked to.
  bool TakeStop();
  void PanicAgain();
  // `bytes` bytes, uninitialised, for far value `number` of `frame`; valid while the frame is and until a lower number
  // of it is asked for. Panics and returns null when far values take more than kMaxFarBytes.
  char* FarMemory(char* at_frame, uint32_t number, uint64_t bytes);

 protected:
  void DidPanic() override;

 private:
  friend class PanicSuspension;
  SharedLink& SharedVariables() const { return *reinterpret_cast<SharedLink*>(globals); }
  // The panic that was put aside is under way again; trades texts.
  void ResumePanic(std::string& message, base::Location location);
  // Dispatches, and makes a panic of the system's refusals beside the heaps.
  void RunWords(const Word* from, char* callee);
  bool Invoke(const Function& function, char* maker, std::span<const runtime::Argument> arguments, void* result);
  // Dispatches until the loop whose first frame lies on `entry` is left; false when there is a panic.
  bool RunLoop(const EntryFrame& entry, const Word* from, char* callee);
  static void StoreArguments(const FunctionInfo& info, char* callee, char* maker,
                             std::span<const runtime::Argument> arguments, void* hidden_result);
  // The node of being in the call whose frame this is.
  ledger::NodeId NodeOfFrame(char* inner);
  // Whether native code may go deeper; notes where native code entered first.
  bool HasNativeStack();

  const Code* code_;
  ledger::ContextTree::Recursion recursion_;
  // Never empty.
  std::optional<ledger::ContextTree> tree_;
  std::unique_ptr<char[]> stack_;
  uint32_t stack_bytes_;
  // Values that are too large for frames, by frame and number, ascending. What belongs to frames that are gone is
  // freed when the next one is made.
  struct FarValue {
    const char* frame;
    uint32_t number;
    uint64_t bytes;
    std::unique_ptr<char[]> memory;
  };
  std::vector<FarValue> far_values_;
  uint64_t far_bytes_ = 0;
  std::unique_ptr<char[]> globals_;
  // Of the program's shared variables, for the context that owns them and all its forks.
  std::unique_ptr<char[]> shared_;
  std::vector<TryRecord> try_stack_;
  // Try parts of outer dispatch loops.
  size_t try_base_ = 0;
  // What the first frame of every dispatch loop returns to: a pseudo call and kLeave.
  Word entry_words_[2];
  // Where a panic that began outside of any word goes on.
  Word unwind_word_;
  // The same for calls out of generators: a pseudo call and kReturnLink.
  Word link_words_[2];
  const char* native_stack_base_ = nullptr;
  static constexpr int kNoStop = -1;
  std::atomic<int> stop_code_{kNoStop};
  base::Location panic_location_;
  std::string last_exception_;
  std::vector<char*> walk_;
  std::unique_ptr<EventProfile> events_;
};

// Runs words from `pc` on until kLeave.
void Dispatch(const Word* pc, char* frame, Context* context);

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_CONTEXT_H_
