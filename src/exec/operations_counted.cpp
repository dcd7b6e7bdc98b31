// Body of operations_counted.def.
#include "exec/operands.h"
#include "exec/operation_groups.h"
#include "runtime/callable.h"

namespace vestige::exec {
namespace {

uint32_t NumberOf(const Function* function) { return function == nullptr ? types::kNoFunction : function->number; }

// The function that a calling operation is about to call; kNoFunction when it will panic instead.
uint32_t CalleeOf(Op op, const Word* pc, const char* frame) {
  switch (op) {
    case Op::kCall:
    case Op::kCallFromHeap:
      return static_cast<uint32_t>(Immediate(pc));
    case Op::kCallFunctionValue:
    case Op::kCallFunctionValueFromHeap:
    case Op::kCallBlock:
    case Op::kCallBlockFromHeap:
      return NumberOf(Get<const Function*>(frame + pc->c));
    default: {
      const char* callee = PointerAt(frame, pc->c);
      return callee == nullptr ? types::kNoFunction : NumberOf(Get<const Function*>(callee));
    }
  }
}

// Counts, and returns the body of the operation itself.
[[gnu::noinline]] Handler Count(const Word* pc, char* frame, Context* context) {
  const Op op = context->code().CountedAt(context->code().IndexOf(pc));
  EventProfile* events = context->events();
  if (events != nullptr) {
    context->Save(pc, frame);
    if (op == Op::kNewLambda || op == Op::kNewGenerator) {
      events->Add(context->CurrentNode(), Event::kEnvironment, static_cast<uint32_t>(DataOf(pc).pair.number), 1);
    } else if (const uint32_t callee = CalleeOf(op, pc, frame); callee != types::kNoFunction) {
      events->Add(context->CurrentNode(), Event::kCall, callee, 1);
    }
  }
  return HandlerOf(op);
}

// Only in code that is profiled.
[[gnu::cold]] Flow Counted(VESTIGE_OP_PARAMS) {
  const Handler body = Count(pc, frame, context);
  acc = 0;
  facc = 0;
  VESTIGE_SLOW(body);
}

}  // namespace

const Handler kCountedHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#include "exec/operations_counted.def"
#undef VESTIGE_OP
};

}  // namespace vestige::exec
