// Panics: where they begin, who takes them over, what is left behind.
#include <array>
#include <cstdint>

#include "doctest/doctest.h"
#include "machine.h"

namespace vestige::exec {
namespace {

void EmitPanic(Machine& m, const char* text) {
  m.b.Emit(Op::kPanicConstant);
  m.b.EmitPointer(text);
}

TEST_CASE("recover takes a panic of a callee over") {
  Machine m(2);
  m.Begin(0, "outer", 0, 4);
  m.b.EmitImmediate(Op::kMoveK4, Slot(0), 0, 1);
  const uint32_t try_begin = m.Jump(Op::kTryBegin);
  m.Call(1, 3, 1);
  m.b.Emit(Op::kTryEnd);
  m.b.EmitImmediate(Op::kMoveK4, Slot(0), 0, 2);
  m.b.PatchJumpToHere(try_begin);
  m.b.Emit(Op::kReturn4, Slot(0));
  m.End(6);
  m.Begin(1, "inner", 0, 0);
  m.b.SetPlace({77});
  EmitPanic(m, "oh no");
  m.End(0);
  m.Load();
  CHECK(m.Run<int32_t>(0) == 1);
  CHECK(m.context->last_exception() == "oh no");
  CHECK(m.context->panic_location().offset == 77);
  CHECK(m.context->try_stack().empty());
}

TEST_CASE("a try part that ends well takes nothing over later") {
  Machine m;
  m.Begin(0, "f", 0, 0);
  const uint32_t try_begin = m.Jump(Op::kTryBegin);
  m.b.Emit(Op::kTryEnd);
  m.b.PatchJumpToHere(try_begin);
  EmitPanic(m, "later");
  m.End(1);
  m.Load();
  CHECK(m.RunToPanic(0) == "later");
}

TEST_CASE("a panic goes on after a part that only cleans up, with its place") {
  Machine m;
  m.Begin(0, "f", 0, 0);
  const uint32_t try_begin = m.Jump(Op::kTryBegin);
  m.b.SetPlace({10});
  EmitPanic(m, "first");
  m.b.PatchJumpToHere(try_begin);
  m.b.SetPlace({20});
  m.b.Emit(Op::kPanicAgain);
  m.End(1);
  m.Load();
  CHECK(m.RunToPanic(0) == "first");
  CHECK(m.context->panic_location().offset == 10);
}

void RunFunctionOne(sema::NativeCall& call) { call.context.CallFunction(1, {}, nullptr); }

TEST_CASE("a recover below a native takes a panic above it over") {
  Machine m(2);
  m.Begin(0, "outer", 0, 4);
  const uint32_t try_begin = m.Jump(Op::kTryBegin);
  m.Native(&RunFunctionOne, 0, 0);
  m.b.Emit(Op::kTryEnd);
  m.b.EmitImmediate(Op::kReturnK4, 0, 0, 1);
  m.b.PatchJumpToHere(try_begin);
  m.b.EmitImmediate(Op::kReturnK4, 0, 0, 2);
  m.End(2);
  m.Begin(1, "inner", 0, 0);
  // A try part that the panic leaves open must not catch anything afterwards.
  m.Jump(Op::kTryBegin);
  m.b.Emit(Op::kTryEnd);
  EmitPanic(m, "deep");
  m.End(0);
  m.Load();
  CHECK(m.Run<int32_t>(0) == 2);
  CHECK(m.context->last_exception() == "deep");
  CHECK(m.context->status() == runtime::RunStatus::kRunning);
}

void Exit(sema::NativeCall& call) { call.context.RequestExit(7); }

TEST_CASE("no recover stops an exit") {
  Machine m;
  m.Begin(0, "f", 0, 4);
  const uint32_t try_begin = m.Jump(Op::kTryBegin);
  m.Native(&Exit, 0, 0);
  m.b.Emit(Op::kTryEnd);
  m.b.PatchJumpToHere(try_begin);
  m.b.EmitImmediate(Op::kReturnK4, 0, 0, 2);
  m.End(1);
  m.Load();
  CHECK_FALSE(m.context->CallFunction(0, {}, nullptr));
  CHECK(m.context->status() == runtime::RunStatus::kExit);
  CHECK(m.context->exit_code() == 7);
}

TEST_CASE("null pointers panic with their hint") {
  for (Op op : {Op::kLoadChecked4, Op::kStoreChecked8, Op::kLoadCheckedAF64, Op::kAddAddressChecked, Op::kCheckNull}) {
    CAPTURE(NameOf(op));
    Machine m;
    m.Begin(0, "f", 1, 0);
    // Each form reads its pointer from slot 0.
    m.b.AddHint(m.b.Emit(op, Slot(0), Slot(0), 0), "p is null");
    m.b.Emit(Op::kReturnVoid);
    m.End(2);
    m.Load();
    CHECK(m.RunToPanic(0, {Arg(nullptr)}) == "dereferencing null pointer, p is null");
  }
}

TEST_CASE("index panics say index, size and hint") {
  Machine m(4);
  m.Begin(0, "array", 6, 4);
  m.b.Emit(Op::kIndexLoad4_FF, Slot(6), Slot(0), Slot(5));
  m.b.Emit(Op::kReturn4, Slot(6));
  m.End(7);
  m.Begin(1, "fixed", 4, 4);
  m.b.AddHint(m.b.Emit(Op::kFixedLoad4_F, Slot(4), Slot(0), Slot(3), 3), "a[i]");
  m.b.Emit(Op::kReturn4, Slot(4));
  m.End(5);
  m.Begin(2, "vector", 3, 4);
  m.b.Emit(Op::kVectorLoad, Slot(3), Slot(0), Slot(2), 3);
  m.b.Emit(Op::kReturn4, Slot(3));
  m.End(4);
  m.Begin(3, "wide", 6, 4);
  m.b.Emit(Op::kIndexAddress64_F, Slot(6), Slot(0), Slot(5));
  m.b.EmitBits(4);
  m.b.Emit(Op::kReturnVoid);
  m.End(7);
  m.Load();
  const int32_t items[3] = {1, 2, 3};
  const runtime::Argument size = Arg(std::array<uint32_t, 2>{3, 3});
  CHECK(m.Run<int32_t>(0, {Arg(&items), size, {}, {}, {}, Arg(2)}) == 3);
  CHECK(m.RunToPanic(0, {Arg(&items), size, {}, {}, {}, Arg(5)}) == "array index out of range, 5 of 3");
  CHECK(m.RunToPanic(0, {Arg(&items), size, {}, {}, {}, Arg(-1)}) == "array index out of range, -1 of 3");
  CHECK(m.RunToPanic(1, {{}, {}, {}, Arg(6)}) == "index out of range, 6 of 3, a[i]");
  CHECK(m.RunToPanic(2, {{}, {}, Arg(3)}) == "vector index out of range, 3 of 3");
  CHECK(m.RunToPanic(3, {Arg(&items), size, {}, {}, {}, Arg(int64_t{1} << 40)}) ==
        "array index out of range, 1099511627776 of 3");
}

}  // namespace
}  // namespace vestige::exec
