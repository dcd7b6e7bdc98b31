#include "exec/generator.h"

#include <cstring>

#include "runtime/finalize.h"
#include "runtime/mark.h"
#include "runtime/string.h"

namespace vestige::exec {

using runtime::ScriptContext;

Generator::Generator(uint32_t bytes, Context& context, const Function& function)
    : Iterator(bytes, context.code().InfoOf(function).returns_address, Make::kGenerator),
      pc(function.entry),
      context_(context) {
  HeaderAt(frame()) = {&function, context.entry_word(), ledger::kNoNode, 0};
}

uint32_t Generator::BlockBytes(const Function& function) { return kGeneratorFrame + function.frame_bytes; }

bool Generator::Next(ScriptContext&, void* place) {
  if (state == State::kEnded) return false;
  if (state == State::kRunning) return context_.Panic("the generator is running already");
  std::memcpy(frame() + kGeneratorPlace, &place, sizeof(place));
  return Run(pc) && state == State::kWaiting;
}

bool Generator::Run(const Word* from) {
  const State before = state;
  after_value = after_end = context_.leave_word();
  state = State::kRunning;
  stack_top = context_.StackTop() + kStepBytes;
  HeaderAt(frame()).node = ledger::kNoNode;
  const bool done = context_.RunOnHeap(*entry(), from, frame(), stack_top);
  if (state == State::kRunning) state = before;
  return done;
}

bool Generator::MayClose(ScriptContext&) {
  return state != State::kRunning || context_.Panic("can't delete a generator that is running");
}

// What runs on closing may name variables, and what loops hold may be iterators of containers that variables own.
void Generator::Close(ScriptContext&) {
  const FunctionInfo& info = context_.code().InfoOf(*HeaderAt(frame()).function);
  const bool was_waiting = state == State::kWaiting;
  const Word* waits_at = pc;
  if (info.closing_word != kNoWord && !context_.has_panic()) Run(context_.code().words().data() + info.closing_word);
  pc = waits_at;
  state = State::kRunning;
  if (was_waiting) context_.ReleaseLoops(frame(), context_.code().IndexOf(pc), kNoWord);
  FreeVariables();
  state = State::kEnded;
}

void Generator::FreeVariables() {
  const Code& code = context_.code();
  const FunctionInfo& info = code.InfoOf(*HeaderAt(frame()).function);
  const uint32_t at = code.IndexOf(pc);
  // Iterators first: they may keep locked what other variables own.
  for (const bool iterators : {true, false}) {
    for (const SlotMapEntry& slot : info.slots) {
      if (slot.first_word > at) break;
      if (at >= slot.last_word || slot.owned == SlotMapEntry::Owned::kNo) continue;
      if ((slot.type->kind == types::Kind::kIterator) != iterators) continue;
      char* address = slot.AddressIn(frame());
      if (slot.owned == SlotMapEntry::Owned::kValue) {
        runtime::FinalizeValue(context_, slot.type, address);
      } else {
        const char* text;
        std::memcpy(&text, address, sizeof(text));
        runtime::FreeString(context_, text);
      }
    }
    if (iterators) runtime::FinalizeCaptures(context_, info.capture, frame() + kGeneratorCaptures);
  }
}

void Generator::Mark(runtime::Marker& marker) {
  // A running one is among the frames of the context.
  if (state == State::kRunning) return;
  context_.VisitFrameRoots(frame(), pc,
                           [&marker](const types::Type* type, void* address) { marker.Add(type, address); });
}

}  // namespace vestige::exec
