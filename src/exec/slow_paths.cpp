#include "exec/slow_paths.h"

#include <bit>
#include <string_view>

#include "exec/context.h"

namespace vestige::exec {

namespace {

// The word's hint after a comma; nothing when it has none.
std::string WithHint(Context* context, const Word* pc, std::string_view message) {
  const char* hint = context->code().HintOf(context->code().IndexOf(pc));
  std::string text(message);
  if (*hint != 0) text.append(", ").append(hint);
  return text;
}

// Begins a panic with the word's hint behind the message.
[[gnu::noinline]] void PanicWithHint(Context* context, const Word* pc, char* frame, std::string_view message) {
  context->Save(pc, frame);
  context->Panic(WithHint(context, pc, message));
}

// `<what> out of range, %d of %u` for a packed 32-bit index.
[[gnu::noinline]] void PanicOfIndex(Context* context, const Word* pc, char* frame, std::string_view what,
                                    uint64_t packed) {
  PanicWithHint(context, pc, frame,
                fmt::format("{} out of range, {} of {}", what, static_cast<int32_t>(packed), packed >> 32));
}
[[gnu::noinline]] void PanicOfIndex64(Context* context, const Word* pc, char* frame, std::string_view what,
                                      double index, uint64_t size) {
  PanicWithHint(context, pc, frame,
                fmt::format("{} out of range, {} of {}", what, std::bit_cast<int64_t>(index), size));
}

// Where execution goes on, or null. The frame travels in the context: a local of Unwind whose address is taken would
// forbid its tail call.
[[gnu::noinline]] const Word* FindWhereToGoOn(Context* context) {
  TryRecord record;
  const bool recovers = context->TakeRecover(record);
  context->LeaveFrames(recovers ? &record : nullptr);
  if (!recovers) return nullptr;
  context->frame = record.frame;
  return record.recover;
}

[[gnu::noinline]] void PanicOfOverflow(Context* context, const Word* pc, char* frame, const Function* callee) {
  context->Save(pc, frame);
  context->PanicF("stack overflow while calling {}", context->code().InfoOf(*callee).mangled);
}

}  // namespace

VESTIGE_SLOW_PATH Flow Unwind(VESTIGE_OP_PARAMS) {
  const Word* next = FindWhereToGoOn(context);
  if (next == nullptr) VESTIGE_LEAVE();
  frame = context->frame;
  VESTIGE_GO(next);
}

VESTIGE_SLOW_PATH Flow PollSlow(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  if (context->TakeStop()) VESTIGE_SLOW(Unwind);
  VESTIGE_GO(pc);
}

VESTIGE_SLOW_PATH Flow CallSlow(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  if (context->TakeStop()) VESTIGE_SLOW(Unwind);
  const auto* callee = reinterpret_cast<const Function*>(acc);
  // Somebody asked for a stop or a rest, which is over: then the stack has room.
  if (frame + pc->a + callee->frame_bytes <= context->stack_end()) VESTIGE_GO(pc);
  PanicOfOverflow(context, pc, frame, callee);
  VESTIGE_SLOW(Unwind);
}

#define VESTIGE_PANIC_PATH(Name, panic)            \
  VESTIGE_SLOW_PATH Flow Name(VESTIGE_OP_PARAMS) { \
    panic;                                         \
    VESTIGE_SLOW(Unwind);                          \
  }
VESTIGE_PANIC_PATH(ArrayIndexPanic, PanicOfIndex(context, pc, frame, "array index", acc))
VESTIGE_PANIC_PATH(FixedIndexPanic, PanicOfIndex(context, pc, frame, "index", acc))
VESTIGE_PANIC_PATH(VectorIndexPanic, PanicOfIndex(context, pc, frame, "vector index", acc))
VESTIGE_PANIC_PATH(ArrayIndex64Panic, PanicOfIndex64(context, pc, frame, "array index", facc, acc))
VESTIGE_PANIC_PATH(FixedIndex64Panic, PanicOfIndex64(context, pc, frame, "index", facc, acc))
VESTIGE_PANIC_PATH(NullPanic, PanicWithHint(context, pc, frame, "dereferencing null pointer"))
VESTIGE_PANIC_PATH(DivisionPanic,
                   PanicWithHint(context, pc, frame, acc == 0 ? "division by zero" : "division overflow"))
VESTIGE_PANIC_PATH(ModuloPanic,
                   PanicWithHint(context, pc, frame, acc == 0 ? "division by zero in modulo" : "division overflow"))
VESTIGE_PANIC_PATH(NullFunctionPanic, PanicWithHint(context, pc, frame, "invoke null function"))
VESTIGE_PANIC_PATH(NullLambdaPanic, PanicWithHint(context, pc, frame, "invoke null lambda"))
#undef VESTIGE_PANIC_PATH

}  // namespace vestige::exec
