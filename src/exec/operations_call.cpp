// Bodies of operations_call.def.
#include "exec/operands.h"
#include "exec/operation_groups.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/string.h"

namespace vestige::exec {
namespace {

// Builds the callee's header and goes to its first word; `acc` keeps the callee for the slow path.
#define VESTIGE_ENTER(function, callee)                                                                         \
  acc = reinterpret_cast<uint64_t>(function);                                                                   \
  if ((callee) + (function)->frame_bytes > context->stack_limit.load(std::memory_order_relaxed)) [[unlikely]] { \
    VESTIGE_SLOW(CallSlow);                                                                                     \
  }                                                                                                             \
  HeaderAt(callee).function = (function);                                                                       \
  HeaderAt(callee).ret = pc;                                                                                    \
  HeaderAt(callee).node = ledger::kNoNode;                                                                      \
  frame = (callee);                                                                                             \
  VESTIGE_GO((function)->entry)

Flow CallDirect(VESTIGE_OP_PARAMS) {
  const Function* function = context->functions + static_cast<uint32_t>(Immediate(pc));
  char* callee = frame + pc->a;
  VESTIGE_ENTER(function, callee);
}

Flow CallFunctionValue(VESTIGE_OP_PARAMS) {
  const auto* function = Get<const Function*>(frame + pc->c);
  if (function == nullptr) [[unlikely]]
    VESTIGE_SLOW(NullFunctionPanic);
  char* callee = frame + pc->a;
  VESTIGE_ENTER(function, callee);
}

Flow CallLambda(VESTIGE_OP_PARAMS) {
  char* lambda = PointerAt(frame, pc->c);
  if (lambda == nullptr) [[unlikely]]
    VESTIGE_SLOW(NullLambdaPanic);
  const auto* function = Get<const Function*>(lambda);
  char* callee = frame + pc->a;
  Put(callee + kFirstSlot, lambda);
  VESTIGE_ENTER(function, callee);
}

template <typename K>
Flow CallBlock(VESTIGE_OP_PARAMS) {
  const char* block = frame + pc->c;
  if constexpr (std::is_same_v<K, KindM>) block = Get<const char*>(block);
  const auto* function = Get<const Function*>(block);
  if (function == nullptr) [[unlikely]]
    VESTIGE_SLOW(NullFunctionPanic);
  char* maker = Get<char*>(block + offsetof(BlockValue, maker_frame));
  char* callee = frame + pc->a;
  Put(callee + kFirstSlot, maker);
  VESTIGE_ENTER(function, callee);
}

[[gnu::noinline]] bool InvokeNative(const Word* pc, char* frame, Context* context) {
  const auto& site = *static_cast<const NativeSite*>(DataOf(pc).pair.pointer);
  char* result = frame + pc->b;
  if (pc->c != 0) result = Get<char*>(result);
  context->Save(pc, frame);
  sema::NativeCall call = {*context, frame + pc->a, site.offsets, result, site.types};
  site.function(call);
  return !context->has_panic();
}
Flow CallNative(VESTIGE_OP_PARAMS) {
  const bool done = InvokeNative(pc, frame, context);
  acc = 0;
  facc = 0;
  if (!done) [[unlikely]]
    VESTIGE_SLOW(Unwind);
  VESTIGE_NEXT(2);
}

template <int n>
Flow CallPush(VESTIGE_OP_PARAMS) {
  auto* array = reinterpret_cast<runtime::Array*>(PointerAt(frame, pc->a));
  acc = array->size;
  if (acc >= array->capacity || array->lock != 0) [[unlikely]]
    VESTIGE_SLOW(CallNative);
  array->size = static_cast<uint32_t>(acc) + 1;
  CopyValue<n>(array->data + acc * n, frame + pc->a + 8);
  VESTIGE_NEXT(2);
}

// Back to the caller's frame and the word after its call.
#define VESTIGE_RETURN(ret, caller) \
  frame = (caller);                 \
  VESTIGE_GO((ret) + 1)

Flow ReturnVoid(VESTIGE_OP_PARAMS) {
  const Word* ret = HeaderAt(frame).ret;
  VESTIGE_RETURN(ret, frame - ret->a);
}

// T is unsigned for integers, so that the accumulator is zero-extended.
template <typename T>
Flow ReturnFrame(VESTIGE_OP_PARAMS) {
  const Word* ret = HeaderAt(frame).ret;
  const T value = Get<T>(frame + pc->a);
  char* caller = frame - ret->a;
  Put(caller + ret->b, value);
  ToAccumulator(value, acc, facc);
  VESTIGE_RETURN(ret, caller);
}
template <int n>
Flow ReturnWide(VESTIGE_OP_PARAMS) {
  const Word* ret = HeaderAt(frame).ret;
  char* caller = frame - ret->a;
  CopyValue<n>(caller + ret->b, frame + pc->a);
  VESTIGE_RETURN(ret, caller);
}
template <typename T>
Flow ReturnAccumulator(VESTIGE_OP_PARAMS) {
  const Word* ret = HeaderAt(frame).ret;
  char* caller = frame - ret->a;
  Put(caller + ret->b, FromAccumulator<T>(acc, facc));
  VESTIGE_RETURN(ret, caller);
}
template <typename T>
Flow ReturnConstant(VESTIGE_OP_PARAMS) {
  const Word* ret = HeaderAt(frame).ret;
  const T value = Constant<T>(pc);
  char* caller = frame - ret->a;
  Put(caller + ret->b, value);
  ToAccumulator(value, acc, facc);
  VESTIGE_RETURN(ret, caller);
}

// --- Panics
// ---------------------------------------------------------------------------------------------------------------

[[gnu::noinline]] void PushTry(const Word* pc, char* frame, Context* context) {
  context->try_stack().push_back({frame, pc + Immediate(pc), pc->b != 0});
}
Flow TryBegin(VESTIGE_OP_PARAMS) {
  PushTry(pc, frame, context);
  acc = 0;
  facc = 0;
  VESTIGE_NEXT(1);
}
Flow TryEnd(VESTIGE_OP_PARAMS) {
  context->try_stack().pop_back();
  VESTIGE_NEXT(1);
}

VESTIGE_SLOW_PATH Flow PanicWithConstant(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  context->Panic(static_cast<const char*>(DataOf(pc).pair.pointer));
  VESTIGE_SLOW(Unwind);
}
VESTIGE_SLOW_PATH Flow PanicAgain(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  context->PanicAgain();
  VESTIGE_SLOW(Unwind);
}

Flow LeaveLoop(VESTIGE_OP_PARAMS) { VESTIGE_LEAVE(); }

}  // namespace

const Handler kCallHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_OP2(Name, ...) &__VA_ARGS__,
#include "exec/operations_call.def"
};

}  // namespace vestige::exec
