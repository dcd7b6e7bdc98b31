// Generators: iterators whose elements script code makes, and the frames in which that code waits.
//
// A generator is one heap block:
//
//     Generator | EntryFrame | frame (header, place of the value, captures, locals)
//
// Its body is an ordinary function that runs on that frame; nothing is copied when it is stepped. Since it does not lie
// on the stack, two things differ from a call:
//
//   stepping   stores where the value goes, fills in the EntryFrame and goes to `pc`; `yield` stores where to go on and
//              goes back to the stepping word. Walkers cross the EntryFrame as they do for natives.
//   calling    out of the body: arguments are copied to the stack, behind a link (EntryFrame) that leads back. The
//              stack in use ends at `stack_top`, which stepping notes: the top of whoever steps, and a little more, so
//              that generators that step each other without end overflow the stack like calls.
//
// The frame belongs to the generator: closing it releases what its open loops hold, then frees what its variables and
// captures own. A panic that leaves the body ends the sequence. Floor 4.

#ifndef VESTIGE_EXEC_GENERATOR_H_
#define VESTIGE_EXEC_GENERATOR_H_

#include <cstdint>

#include "exec/context.h"
#include "exec/frame.h"
#include "exec/function.h"
#include "runtime/iterator.h"

namespace vestige::exec {

class Generator final : public runtime::Iterator {
 public:
  // kEnded: returned, or left by a panic. kRunning also while it is being closed.
  enum class State : uint8_t { kWaiting, kRunning, kEnded };

  // The frame behind the object is zero but for what this fills in.
  Generator(uint32_t bytes, Context& context, const Function& function);

  // Steps by native code: a dispatch loop of its own.
  bool First(runtime::ScriptContext& context, void* place) override { return Next(context, place); }
  bool Next(runtime::ScriptContext& context, void* place) override;
  bool MayClose(runtime::ScriptContext& context) override;
  void Close(runtime::ScriptContext& context) override;
  void Mark(runtime::Marker& marker) override;

  // Size of the block of a generator that runs `function`.
  static uint32_t BlockBytes(const Function& function);
  // The generator whose frame this is.
  static inline Generator* Of(char* frame);
  inline char* frame();
  inline EntryFrame* entry();

  // A panic leaves the body at word `at`; what its loops held there has been released.
  void EndByPanic(const Word* at) {
    state = State::kEnded;
    pc = at;
  }

  // --- For operations; valid while `state` is kRunning unless it says otherwise ---

  // Where it goes on; the word it ended at when it ended.
  const Word* pc;
  // Where whoever steps goes on when there is a value, and when there is none.
  const Word* after_value = nullptr;
  const Word* after_end = nullptr;
  // First byte of the stack nobody uses.
  char* stack_top = nullptr;
  State state = State::kWaiting;

 private:
  // Runs from `from` on, in a dispatch loop of its own; false when there is a panic.
  bool Run(const Word* from);
  // Frees what variables and captures own.
  void FreeVariables();

  Context& context_;
};

inline constexpr uint32_t kGeneratorHead = (sizeof(Generator) + 15) & ~15u;
// Offset of the frame in the block.
inline constexpr uint32_t kGeneratorFrame = kGeneratorHead + kEntryFrameBytes;
// Frame slots: the address where the value goes, then the captures.
inline constexpr uint32_t kGeneratorPlace = kFirstSlot;
inline constexpr uint32_t kGeneratorCaptures = kFirstSlot + 8;
static_assert(kGeneratorCaptures % 16 == 0);
// What a step takes of the stack.
inline constexpr uint32_t kStepBytes = 128;

Generator* Generator::Of(char* frame) { return reinterpret_cast<Generator*>(frame - kGeneratorFrame); }
char* Generator::frame() { return reinterpret_cast<char*>(this) + kGeneratorFrame; }
EntryFrame* Generator::entry() { return reinterpret_cast<EntryFrame*>(frame() - kEntryFrameBytes); }

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_GENERATOR_H_
