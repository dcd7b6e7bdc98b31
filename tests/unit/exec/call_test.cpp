// Calls of every kind, returns, natives that call back, and what stops a run.
#include <array>
#include <cstdint>
#include <thread>

#include "doctest/doctest.h"
#include "machine.h"
#include "types/type_table.h"

namespace vestige::exec {
namespace {

// 0: fib(n), results through the accumulator.
void AssembleFib(Machine& m) {
  CodeBuilder& b = m.b;
  m.Begin(0, "fib", 1, 4);
  const uint32_t go_on = m.Jump(Op::kJumpGeI32_FK, Slot(0), 2);
  b.Emit(Op::kReturn4, Slot(0));
  b.PatchJumpToHere(go_on);
  b.EmitImmediate(Op::kSubI32_FFK, Slot(5), Slot(0), 1);
  m.Call(0, 2, 1);
  b.EmitImmediate(Op::kSubI32_FFK, Slot(5), Slot(0), 2);
  m.Call(0, 2, 6);
  b.Emit(Op::kAddI32_AFA, 0, Slot(1));
  b.Emit(Op::kReturnAI32);
  m.End(7);
}

TEST_CASE("a function calls itself") {
  Machine m;
  AssembleFib(m);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(20)}) == 6765);
}

TEST_CASE("runaway recursion is a panic that names the function, and leaves the context usable") {
  Machine m(2);
  m.Begin(0, "dig", 1, 4);
  m.b.Emit(Op::kMove4, Slot(4), Slot(0));
  m.Call(0, 1, 0);
  m.b.Emit(Op::kReturn4, Slot(0));
  m.End(5);
  m.Begin(1, "fine", 0, 4);
  m.b.EmitImmediate(Op::kReturnK4, 0, 0, 5);
  m.End(0);
  m.Load();
  CHECK(m.RunToPanic(0, {Arg(1)}) == "stack overflow while calling dig M");
  CHECK(m.Run<int32_t>(1) == 5);
  CHECK(m.context->stack_used() < 64);
}

TEST_CASE("returns leave values of every size where the caller wants them") {
  struct Case {
    Op op;
    uint32_t bytes;
    uint64_t wanted;
  };
  for (const Case& c : {Case{Op::kReturn1, 1, 0x88}, Case{Op::kReturn2, 2, 0x7788}, Case{Op::kReturn4, 4, 0x55667788},
                        Case{Op::kReturn8, 8, 0x1122334455667788}, Case{Op::kReturn16, 16, 0x1122334455667788}}) {
    CAPTURE(c.bytes);
    Machine m(2);
    m.Begin(0, "outer", 1, c.bytes);
    m.b.Emit(Op::kMove8, Slot(6), Slot(0));
    m.Call(1, 3, 1);
    m.b.Emit(c.op, Slot(1));
    m.End(8);
    m.Begin(1, "inner", 1, c.bytes);
    m.b.Emit(Op::kMove8, Slot(1), Slot(0));
    m.b.Emit(c.op, Slot(0));
    m.End(2);
    m.Load();
    CHECK(m.Run<uint64_t>(0, {Arg(uint64_t{0x1122334455667788})}) == c.wanted);
  }
}

TEST_CASE("functions are called by value; null panics with the hint") {
  Machine m(2);
  m.Begin(0, "outer", 1, 4);
  m.b.EmitImmediate(Op::kMoveK4, Slot(4), 0, 20);
  m.b.AddHint(m.b.Emit(Op::kCallFunctionValue, Slot(1), Slot(5), Slot(0)), "f");
  m.b.Emit(Op::kReturn4, Slot(5));
  m.End(6);
  m.Begin(1, "twice", 1, 4);
  m.b.Emit(Op::kAddI32_AFF, 0, Slot(0), Slot(0));
  m.b.Emit(Op::kReturnAI32);
  m.End(1);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(&m.code->functions()[1])}) == 40);
  CHECK(m.RunToPanic(0, {Arg(nullptr)}) == "invoke null function, f");
  CHECK(m.context->FunctionText(&m.code->functions()[1]) == "twice/*twice M*/");
}

// A native that calls the block in its first argument with 5 and with 6, and returns the sum.
void CallBlockTwice(sema::NativeCall& call) {
  int32_t sum = 0;
  for (int32_t value : {5, 6}) {
    int32_t result = 0;
    if (!call.context.CallBlock(call.Value<void*>(0), std::array{runtime::Argument::Value(value)}, &result)) return;
    sum += result;
  }
  call.Return(sum);
}

// 0 makes a block that adds its argument to 0's local in slot 0, and hands it to a native.
void AssembleBlockUser(Machine& m, bool panics) {
  m.Begin(0, "maker", 1, 4);
  m.b.EmitImmediate(Op::kMakeBlock, Slot(1), 0, 1);
  m.b.EmitImmediate(Op::kLea, Slot(8), 0, Slot(1));
  m.Native(&CallBlockTwice, 8, 9, "builtin`twice native");
  m.b.Emit(Op::kReturn4, Slot(9));
  m.End(12);
  m.b.info(1).hidden = kHiddenMaker;
  m.Begin(1, "maker", 1, 4);
  if (panics) {
    m.b.Emit(Op::kPanicConstant);
    m.b.EmitPointer("inside");
  }
  m.b.Emit(Op::kAddI32_MMF, Slot(0), Slot(0), Slot(1));
  m.b.Emit(Op::kLoad4, Slot(2), Slot(0), Slot(0));
  m.b.Emit(Op::kReturn4, Slot(2));
  m.End(3);
}

TEST_CASE("a native calls a block back; the block reaches its maker's locals") {
  Machine m(2);
  AssembleBlockUser(m, false);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(100)}) == 105 + 111);
}

TEST_CASE("a panic in a block goes through the native to the host") {
  Machine m(2);
  AssembleBlockUser(m, true);
  m.Load();
  CHECK(m.RunToPanic(0, {Arg(100)}) == "inside");
}

TEST_CASE("script code calls blocks and lambdas itself") {
  Machine m(3);
  m.Begin(0, "maker", 1, 4);
  m.b.EmitImmediate(Op::kMakeBlock, Slot(1), 0, 1);
  m.b.EmitImmediate(Op::kMoveK4, Slot(12), 0, 7);
  m.b.Emit(Op::kCallBlock, Slot(8), Slot(14), Slot(1));
  m.b.Emit(Op::kReturn4, Slot(14));
  m.End(15);
  m.b.info(1).hidden = kHiddenMaker;
  m.Begin(1, "maker", 1, 4);
  m.b.Emit(Op::kMulI32_FMF, Slot(2), Slot(0), Slot(0), Slot(1));
  m.b.Emit(Op::kReturnAI32);
  m.End(3);
  m.Begin(2, "null lambda", 1, 4);
  m.b.Emit(Op::kCallLambda, Slot(2), Slot(1), Slot(0));
  m.b.Emit(Op::kReturn4, Slot(1));
  m.End(7);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(6)}) == 42);
  CHECK(m.RunToPanic(2, {Arg(nullptr)}) == "invoke null lambda");
}

TEST_CASE("a lambda keeps its captures on the heap") {
  types::TypeTable types;
  Machine m(2);
  m.Begin(0, "maker", 0, 4);
  m.b.Emit(Op::kNewLambda, Slot(0));
  m.b.EmitPointer(types.FixedArray(types.Basic(types::Kind::kInt64), 3), 1 | uint64_t{types::kNoFunction} << 32);
  m.b.EmitImmediate(Op::kStoreK4, Slot(0), 16, 11);
  for (int i = 0; i < 2; ++i) m.b.Emit(Op::kCallLambda, Slot(2), Slot(1), Slot(0));
  m.b.Emit(Op::kReturn4, Slot(1));
  m.End(8);
  m.b.info(1).hidden = kHiddenMaker;
  m.Begin(1, "lambda", 0, 4);
  m.b.EmitImmediate(Op::kAddI32_MMK, Slot(0), 16, 10);
  m.b.Emit(Op::kLoadAI32, 0, Slot(0), 16);
  m.b.Emit(Op::kReturnAI32);
  m.End(1);
  m.Load();
  CHECK(m.Run<int32_t>(0) == 31);
  CHECK(m.context->heap().live_count() == 1);
  CHECK(m.context->heap().live_bytes() == 48);
}

// Calls function 0 again: native recursion without end.
void CallAgain(sema::NativeCall& call) { call.context.CallFunction(0, {}, nullptr); }

TEST_CASE("natives that recurse through the script without end are a stack overflow, not a crash") {
  Machine m;
  m.settings.stack_bytes = 64 * 1024 * 1024;
  m.Begin(0, "loop", 0, 0);
  m.Native(&CallAgain, 0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(1);
  m.Load();
  CHECK(m.RunToPanic(0) == "stack overflow while calling loop M");
}

TEST_CASE("Stop ends an endless loop from another thread; the context can run again after Reset") {
  Machine m(2);
  m.Begin(0, "endless", 0, 0);
  m.JumpTo(m.b.here(), Op::kLoop);
  m.End(0);
  m.Begin(1, "fine", 0, 4);
  m.b.EmitImmediate(Op::kReturnK4, 0, 0, 5);
  m.End(0);
  m.Load();
  std::thread stopper([&m] { m.context->Stop(130); });
  const bool finished = m.context->CallFunction(0, {}, nullptr);
  stopper.join();
  CHECK_FALSE(finished);
  CHECK(m.context->status() == runtime::RunStatus::kExit);
  CHECK(m.context->exit_code() == 130);
  m.context->Reset();
  CHECK(m.Run<int32_t>(1) == 5);
}

TEST_CASE("a hidden result is made where the caller says, or in a place of its own") {
  types::TypeTable types;
  Machine m;
  m.b.info(0).hidden = kHiddenResult;
  m.b.info(0).result = types.FixedArray(types.Basic(types::Kind::kInt), 5);
  m.Begin(0, "make", 1, 0);
  m.b.Emit(Op::kStore4, Slot(0), 8, Slot(1));
  m.b.Emit(Op::kReturnVoid);
  m.End(2);
  m.Load();
  int32_t made[5] = {};
  CHECK(m.context->CallFunction(0, std::array{Arg(9)}, made));
  CHECK(made[2] == 9);
  CHECK(m.context->CallFunction(0, std::array{Arg(9)}, nullptr));
}

}  // namespace
}  // namespace vestige::exec
