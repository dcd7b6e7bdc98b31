// Strings, heap objects, literals, deleting and cloning; and the list of operations itself.
#include <array>
#include <cstdint>
#include <string>

#include "doctest/doctest.h"
#include "machine.h"
#include "memory/census.h"
#include "runtime/array.h"
#include "runtime/string.h"
#include "types/type_table.h"

namespace vestige::exec {
namespace {

TEST_CASE("strings are joined, compared and freed") {
  Machine m(2);
  m.Begin(0, "join", 2, 8);
  m.b.Emit(Op::kConcat, Slot(2), Slot(0), Slot(1));
  m.b.Emit(Op::kConcat, Slot(3), Slot(2), Slot(2));
  m.b.Emit(Op::kFreeString, Slot(2));
  m.b.Emit(Op::kReturn8, Slot(3));
  m.End(4);
  m.Begin(1, "less", 2, 1);
  m.b.Emit(Op::kLtString, Slot(2), Slot(0), Slot(1));
  m.b.Emit(Op::kReturn1, Slot(2));
  m.End(3);
  m.Load();
  CHECK(std::string(m.Run<const char*>(0, {Arg("ab"), Arg("c")})) == "abcabc");
  CHECK(m.context->string_heap().live_count() == 1);
  CHECK(m.Run<bool>(1, {Arg(nullptr), Arg("a")}));
  CHECK_FALSE(m.Run<bool>(1, {Arg("b"), Arg("a")}));
}

TEST_CASE("interpolation prints values by type, with formats, from slots and through addresses") {
  types::TypeTable types;
  Machine m;
  StringPart parts[4];
  parts[0] = {.text = "n=", .text_bytes = 2, .type = types.Basic(types::Kind::kInt), .offset = Slot(0)};
  parts[1] = {
      .text = " ", .text_bytes = 1, .type = types.Basic(types::Kind::kInt), .offset = Slot(0), .format = ":05d"};
  parts[2] = {
      .text = " ", .text_bytes = 1, .type = types.Basic(types::Kind::kFloat), .offset = Slot(1), .by_reference = true};
  parts[3] = {.text = "!", .text_bytes = 1};
  auto* plan = m.b.arena().New<StringPlan>();
  plan->parts = m.b.arena().Copy(std::span<const StringPart>(parts));
  m.Begin(0, "f", 2, 8);
  m.b.Emit(Op::kBuildString, Slot(2));
  m.b.EmitPointer(plan);
  m.b.Emit(Op::kReturn8, Slot(2));
  m.End(3);
  m.Load();
  const float half = 0.5f;
  CHECK(std::string(m.Run<const char*>(0, {Arg(42), Arg(&half)})) == "n=42 00042 0.5!");
}

TEST_CASE("new objects are zeroed, counted by type, and gone after delete") {
  types::TypeTable types;
  const types::Type* type = types.Array(types.Basic(types::Kind::kInt));
  Machine m;
  m.Begin(0, "f", 0, 8);
  m.b.Emit(Op::kNew, Slot(0));
  m.b.EmitPointer(type, static_cast<uint64_t>(memory::Comment::kNew));
  m.b.EmitImmediate(Op::kNewArray, Slot(0), Slot(1), 3);
  m.b.EmitPointer(type);
  m.b.EmitImmediate(Op::kStoreK4, Slot(1), 8, 5);
  m.b.Emit(Op::kPushElement, Slot(0), Slot(1));
  m.b.EmitPointer(type);
  m.b.EmitImmediate(Op::kStoreK4, Slot(1), 0, 6);
  // A clone in the frame, then both arrays go.
  m.b.EmitImmediate(Op::kZeroF, Slot(2), 0, 40);
  m.b.EmitImmediate(Op::kLea, Slot(7), 0, Slot(2));
  m.b.Emit(Op::kClone, Slot(7), Slot(0));
  m.b.EmitPointer(type);
  m.b.Emit(Op::kDelete, Slot(0));
  m.b.EmitPointer(type);
  m.b.EmitImmediate(Op::kMoveK4, Slot(8), 0, 3);
  m.b.Emit(Op::kIndexLoad4_FF, Slot(9), Slot(2), Slot(8));
  m.b.Emit(Op::kDelete, Slot(7));
  m.b.EmitPointer(type);
  m.b.Emit(Op::kReturn8, Slot(9));
  m.End(10);
  m.Load();
  CHECK(m.Run<int32_t>(0) == 6);
  // Only the header that `new` made is left.
  CHECK(m.context->heap().live_count() == 1);
  CHECK(memory::TakeCensus(m.context->heap())[0].type == type->id);
}

TEST_CASE("a heap at its limit is a panic that says so") {
  types::TypeTable types;
  Machine m;
  m.settings.heap.max_bytes = 64;
  m.Begin(0, "f", 0, 8);
  m.b.Emit(Op::kNew, Slot(0));
  m.b.EmitPointer(types.FixedArray(types.Basic(types::Kind::kInt), 100), 0);
  m.b.Emit(Op::kReturn8, Slot(0));
  m.End(1);
  m.Load();
  CHECK(m.RunToPanic(0).find("requested 400 bytes") != std::string::npos);
}

TEST_CASE("variants are checked; the message tells both indices") {
  Machine m(2);
  m.Begin(0, "as", 1, 0);
  m.b.AddHint(m.b.EmitImmediate(Op::kCheckVariant, Slot(0), 0, 1), "v is not 'f'");
  m.b.Emit(Op::kReturnVoid);
  m.End(1);
  m.Begin(1, "is", 1, 1);
  m.b.EmitImmediate(Op::kVariantIs, Slot(1), Slot(0), 1);
  m.b.Emit(Op::kReturn1, Slot(1));
  m.End(2);
  m.Load();
  const int32_t variant[2] = {0, 5};
  CHECK(m.RunToPanic(0, {Arg(&variant)}) == "variant mismatch 1, expecting 0, v is not 'f'");
  CHECK_FALSE(m.Run<bool>(1, {Arg(&variant)}));
}

TEST_CASE("every operation has a body, a name, and is found again by its body") {
  for (uint32_t i = 0; i < static_cast<uint32_t>(Op::kCount); ++i) {
    const Op op = static_cast<Op>(i);
    CAPTURE(NameOf(op));
    REQUIRE((HandlerOf(op) != nullptr));
    CHECK((HandlerOf(OpOf(HandlerOf(op))) == HandlerOf(op)));
    CHECK((WordsOf(op) == 1 || WordsOf(op) == 2));
  }
  CHECK(OpOf(nullptr) == Op::kNone);
}

TEST_CASE("places, inlined calls and hints are found by word") {
  Machine m(2);
  m.Begin(0, "f", 0, 0);
  m.b.SetPlace({100});
  m.b.Emit(Op::kZero8, Slot(0));
  const uint32_t inner = m.b.AddInline(1, {100}, 0);
  m.b.SetPlace({200}, inner);
  const uint32_t inlined = m.b.Emit(Op::kZero8, Slot(0));
  m.b.AddHint(inlined, "x");
  m.b.SetPlace({101});
  const uint32_t last = m.b.Emit(Op::kReturnVoid);
  m.End(1);
  m.Load();
  CHECK(m.code->LocationOf(0).offset == 100);
  CHECK(m.code->LocationOf(inlined).offset == 200);
  CHECK(m.code->inline_entry(m.code->InlineIdOf(inlined)).function == 1);
  CHECK(m.code->InlineIdOf(last) == 0);
  CHECK(std::string(m.code->HintOf(inlined)) == "x");
  CHECK(std::string(m.code->HintOf(last)).empty());
  CHECK(m.code->FunctionAt(last) == 0);
  CHECK(m.code->FunctionAt(last + 1) == types::kNoFunction);
}

}  // namespace
}  // namespace vestige::exec
