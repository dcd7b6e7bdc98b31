// Bodies of operations_generator.def.
#include <cstring>
#include <new>

#include "exec/generator.h"
#include "exec/operands.h"
#include "exec/operation_groups.h"

namespace vestige::exec {
namespace {

[[gnu::noinline]] bool MakeGenerator(const Word* pc, char* frame, Context* context) {
  const Function& function = context->functions[DataOf(pc).pair.number];
  const FunctionInfo& info = context->code().InfoOf(function);
  const uint32_t bytes = Generator::BlockBytes(function);
  const memory::BlockInfo block_info(memory::Comment::kGenerator, info.capture->unqualified->id);
  void* block = context->AllocateOrPanic(bytes, block_info);
  if (block == nullptr) return false;
  std::memset(block, 0, bytes);
  Put(frame + pc->a, new (block) Generator(bytes, *context, function));
  return true;
}

VESTIGE_SLOW_PATH Flow StepGeneratorSlow(VESTIGE_OP_PARAMS) {
  auto* generator = Get<Generator*>(frame + pc->a);
  if (generator->state == Generator::State::kEnded) VESTIGE_GO(pc + Immediate(pc));
  context->Save(pc, frame);
  if (generator->state == Generator::State::kRunning) {
    context->Panic("the generator is running already");
    VESTIGE_SLOW(Unwind);
  }
  if (context->TakeStop()) VESTIGE_SLOW(Unwind);
  const Function& function = *HeaderAt(generator->frame()).function;
  if (context->StackTop() + kStepBytes <= context->stack_end()) VESTIGE_GO(pc);
  context->PanicF("stack overflow while calling {}", context->code().InfoOf(function).mangled);
  VESTIGE_SLOW(Unwind);
}

}  // namespace

Flow StepGenerator(VESTIGE_OP_PARAMS) {
  auto* generator = Get<Generator*>(frame + pc->a);
  const Function* function = HeaderAt(frame).function;
  char* top = function->is_generator ? Generator::Of(frame)->stack_top : frame + function->frame_bytes;
  top += kStepBytes + (-reinterpret_cast<uintptr_t>(top) & 15);
  if (generator->state != Generator::State::kWaiting || top > context->stack_limit.load(std::memory_order_relaxed))
      [[unlikely]] {
    VESTIGE_SLOW(StepGeneratorSlow);
  }
  generator->stack_top = top;
  generator->state = Generator::State::kRunning;
  generator->after_value = pc + 1;
  generator->after_end = pc + Immediate(pc);
  EntryFrame* entry = generator->entry();
  entry->header.ret = pc;
  entry->header.is_link = 1;
  entry->outer_frame = frame;
  char* place = PointerAt(frame, pc->b);
  frame = generator->frame();
  HeaderAt(frame).node = ledger::kNoNode;
  Put(frame + kGeneratorPlace, place);
  VESTIGE_GO(generator->pc);
}

namespace {

Flow YieldValue(VESTIGE_OP_PARAMS) {
  Generator* generator = Generator::Of(frame);
  generator->pc = pc + Immediate(pc);
  generator->state = Generator::State::kWaiting;
  frame = generator->entry()->outer_frame;
  VESTIGE_GO(generator->after_value);
}

Flow EndSequence(VESTIGE_OP_PARAMS) {
  Generator* generator = Generator::Of(frame);
  generator->pc = pc;
  generator->state = Generator::State::kEnded;
  frame = generator->entry()->outer_frame;
  VESTIGE_GO(generator->after_end);
}

Flow EndClosing(VESTIGE_OP_PARAMS) { VESTIGE_GO(Generator::Of(frame)->after_end); }

// --- Calls out of a generator
// -------------------------------------------------------------------------------------------
//
// Each way of naming a callee gives the function, or null, and stores the hidden first argument into the frame at [a].

struct ByNumber {
  static const Function* Of(const Word* pc, char*, Context* context) {
    return context->functions + static_cast<uint32_t>(Immediate(pc));
  }
  static Flow Null(VESTIGE_OP_PARAMS) { VESTIGE_SLOW(NullFunctionPanic); }
};
struct ByValue {
  static const Function* Of(const Word* pc, char* frame, Context*) { return Get<const Function*>(frame + pc->c); }
  static Flow Null(VESTIGE_OP_PARAMS) { VESTIGE_SLOW(NullFunctionPanic); }
};
struct ByLambda {
  static const Function* Of(const Word* pc, char* frame, Context*) {
    char* lambda = PointerAt(frame, pc->c);
    Put(frame + pc->a + kFirstSlot, lambda);
    return lambda == nullptr ? nullptr : Get<const Function*>(lambda);
  }
  static Flow Null(VESTIGE_OP_PARAMS) { VESTIGE_SLOW(NullLambdaPanic); }
};
struct ByBlock {
  static const Function* OfValue(const char* block, const Word* pc, char* frame) {
    Put(frame + pc->a + kFirstSlot, Get<char*>(block + offsetof(BlockValue, maker_frame)));
    return Get<const Function*>(block);
  }
  static const Function* Of(const Word* pc, char* frame, Context*) { return OfValue(frame + pc->c, pc, frame); }
  static Flow Null(VESTIGE_OP_PARAMS) { VESTIGE_SLOW(NullFunctionPanic); }
};
struct ByBlockAt : ByBlock {
  static const Function* Of(const Word* pc, char* frame, Context*) {
    return OfValue(PointerAt(frame, pc->c), pc, frame);
  }
};

// Builds link and callee's frame on the stack; null when it does not fit or somebody wants the run to stop.
[[gnu::noinline]] char* BuildLinkedFrame(const Function* function, const Word* pc, char* frame, Context* context) {
  char* link = Generator::Of(frame)->stack_top;
  char* callee = link + kEntryFrameBytes;
  if (callee + function->frame_bytes > context->stack_limit.load(std::memory_order_relaxed)) return nullptr;
  auto* entry = reinterpret_cast<EntryFrame*>(link);
  entry->header = {nullptr, pc, ledger::kNoNode, 1};
  entry->outer_frame = frame;
  HeaderAt(callee) = {function, context->link_word(), ledger::kNoNode, 0};
  std::memcpy(callee + kFirstSlot, frame + pc->a + kFirstSlot, function->argument_bytes);
  return callee;
}

// acc: the callee's Function.
VESTIGE_SLOW_PATH Flow CallFromHeapSlow(VESTIGE_OP_PARAMS) {
  const auto* function = reinterpret_cast<const Function*>(acc);
  context->Save(pc, frame);
  if (context->TakeStop()) VESTIGE_SLOW(Unwind);
  const char* end = Generator::Of(frame)->stack_top + kEntryFrameBytes + function->frame_bytes;
  // Somebody asked for a stop or a rest, which is over: then the stack has room.
  if (end <= context->stack_end()) VESTIGE_GO(pc);
  context->PanicF("stack overflow while calling {}", context->code().InfoOf(*function).mangled);
  VESTIGE_SLOW(Unwind);
}

template <typename Callee>
Flow CallFromHeap(VESTIGE_OP_PARAMS) {
  const Function* function = Callee::Of(pc, frame, context);
  if (function == nullptr) [[unlikely]]
    VESTIGE_SLOW(Callee::Null);
  char* callee = BuildLinkedFrame(function, pc, frame, context);
  acc = reinterpret_cast<uint64_t>(function);
  facc = 0;
  if (callee == nullptr) [[unlikely]]
    VESTIGE_SLOW(CallFromHeapSlow);
  frame = callee;
  VESTIGE_GO(reinterpret_cast<const Function*>(acc)->entry);
}

// The result lies in the link, and in the accumulator unless it is wide; other bytes behind its place are not ours.
Flow ReturnLink(VESTIGE_OP_PARAMS) {
  const auto* entry = reinterpret_cast<const EntryFrame*>(frame);
  const uint8_t bytes = HeaderAt(frame + kEntryFrameBytes).function->result_bytes;
  const char* result = frame + offsetof(EntryFrame, result);
  pc = entry->header.ret;
  frame = entry->outer_frame;
  char* to = frame + pc->b;
  if (bytes == 8) {
    CopyValue<8>(to, result);
  } else if (bytes == 4) {
    CopyValue<4>(to, result);
  } else if (bytes == 1) {
    CopyValue<1>(to, result);
  } else if (bytes == 2) {
    CopyValue<2>(to, result);
  } else if (bytes == 12) {
    CopyValue<12>(to, result);
  } else if (bytes == 16) {
    CopyValue<16>(to, result);
  }
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kGeneratorHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_OP2(Name, ...) &__VA_ARGS__,
#include "exec/operations_generator.def"
};

}  // namespace vestige::exec
