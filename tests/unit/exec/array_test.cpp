// Elements and loops: every form of access, loops over ranges, arrays, strings and tables.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "doctest/doctest.h"
#include "machine.h"
#include "runtime/array.h"
#include "runtime/table.h"
#include "types/type_table.h"

namespace vestige::exec {
namespace {

// A program whose argument 0 is the address of an array header and argument 1 an index; 2 a value.
void Build(Machine& m, uint32_t result_bytes) { m.Begin(0, "f", 3, result_bytes); }

TEST_CASE("elements are read and written through the header's address") {
  int32_t items[4] = {10, 20, 30, 40};
  runtime::Array array{.data = reinterpret_cast<char*>(items), .size = 4, .capacity = 4};
  Machine m;
  Build(m, 4);
  m.b.Emit(Op::kIndexLoad4_MF, Slot(3), Slot(0), Slot(1));
  m.b.Emit(Op::kAddI32_FFF, Slot(3), Slot(3), Slot(2));
  m.b.Emit(Op::kIndexStore4_MF, Slot(0), Slot(1), Slot(3));
  m.b.Emit(Op::kFetchAI32, Slot(1));
  m.b.Emit(Op::kIndexLoad4_MA, Slot(4), Slot(0), 0);
  m.b.Emit(Op::kIndexLoadAI32_MF, 0, Slot(0), Slot(1));
  m.b.Emit(Op::kAddI32_AAF, 0, 0, Slot(4));
  m.b.Emit(Op::kIndexStoreAI32_MF, Slot(0), Slot(1));
  m.b.Emit(Op::kIndexAddress_MF, Slot(5), Slot(0), Slot(1), 4);
  m.b.EmitImmediate(Op::kAddI32_MMK, Slot(5), 0, 1);
  m.b.Emit(Op::kIndexAddressWide_M, Slot(5), Slot(0), Slot(1));
  m.b.EmitBits(4);
  m.b.Emit(Op::kLoad4, Slot(6), Slot(5), 0);
  m.b.Emit(Op::kReturn4, Slot(6));
  m.End(7);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(&array), Arg(2), Arg(5)}) == 71);
  CHECK(items[2] == 71);
}

TEST_CASE("an array that is a field is reached at its offset behind the pointer") {
  struct Holder {
    uint64_t before[3];
    runtime::Array items;
  };
  int32_t items[3] = {10, 20, 30};
  Holder holder{.items = {.data = reinterpret_cast<char*>(items), .size = 3, .capacity = 3}};
  constexpr uint32_t kOffset = offsetof(Holder, items);
  Machine m;
  Build(m, 4);
  m.b.Emit(Op::kIndexLoad4_MF, Slot(3), Slot(0), Slot(1), kOffset);
  m.b.Emit(Op::kFetchAI32, Slot(1));
  m.b.Emit(Op::kIndexLoadAI32_MA, 0, Slot(0), 0, kOffset);
  m.b.Emit(Op::kAddI32_FAF, Slot(3), 0, Slot(3));
  m.b.Emit(Op::kIndexStore4_MF, Slot(0), Slot(1), Slot(3), kOffset);
  m.b.Emit(Op::kIndexLoadAI32_MF, 0, Slot(0), Slot(1), kOffset);
  m.b.Emit(Op::kIndexStoreAI32_MF, Slot(0), Slot(2), 0, kOffset);
  m.b.Emit(Op::kLength_M, Slot(4), Slot(0), kOffset);
  m.b.Emit(Op::kIndexStoreK4_MF, Slot(0), Slot(2), 7, kOffset);
  m.b.Emit(Op::kAddI32_FFF, Slot(3), Slot(3), Slot(4));
  m.b.Emit(Op::kReturn4, Slot(3));
  m.End(5);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(&holder), Arg(1), Arg(0)}) == 43);
  CHECK(items[0] == 7);
  CHECK(items[1] == 40);
}

// Grows the array to four elements' room, or says that it was called.
void PushSlowly(sema::NativeCall& call) {
  auto& array = call.Reference<runtime::Array>(0);
  if (array.lock != 0) {
    call.context.Panic("locked");
    return;
  }
  static int32_t room[4];
  array.data = reinterpret_cast<char*>(room);
  array.capacity = 4;
  room[array.size++] = call.Value<int32_t>(1);
}

TEST_CASE("push stores where there is room and calls the native where there is none") {
  Machine m;
  auto* site = m.b.arena().New<NativeSite>();
  static constexpr uint16_t kOffsets[] = {0, 8};
  *site = {&PushSlowly, kOffsets, {}, "builtin`push"};
  m.Begin(0, "f", 2, 4);
  const uint32_t word = m.b.Emit(Op::kCallPush4, Slot(0), Slot(2));
  m.b.EmitPointer(site);
  m.b.Emit(Op::kReturnVoid);
  m.End(3);
  m.Load();
  runtime::Array array;
  for (int32_t i = 0; i < 3; ++i) m.Run<int32_t>(0, {Arg(&array), Arg(i * 11)});
  CHECK(array.size == 3);
  CHECK(reinterpret_cast<int32_t*>(array.data)[2] == 22);
  CHECK(m.code->NativeSiteAt(word) == site);
  array.lock = 1;
  CHECK(m.RunToPanic(0, {Arg(&array), Arg(5)}) == "locked");
}

TEST_CASE("safe access gives null instead of a panic") {
  int32_t items[2] = {10, 20};
  runtime::Array array{.data = reinterpret_cast<char*>(items), .size = 2, .capacity = 2};
  Machine m;
  Build(m, 8);
  m.b.Emit(Op::kSafeIndex, Slot(3), Slot(0), Slot(1));
  m.b.EmitBits(4);
  m.b.Emit(Op::kReturn8, Slot(3));
  m.End(4);
  m.Load();
  CHECK(m.Run<int32_t*>(0, {Arg(&array), Arg(1)}) == &items[1]);
  CHECK(m.Run<int32_t*>(0, {Arg(&array), Arg(2)}) == nullptr);
  CHECK(m.Run<int32_t*>(0, {Arg(nullptr), Arg(0)}) == nullptr);
}

// Sums the ints of the array at [0]; slots 3 to 5 element, end and buffer, 6 sum, 7 value.
TEST_CASE("a loop over an array locks it and visits every element") {
  int32_t items[4] = {1, 2, 3, 4};
  runtime::Array array{.data = reinterpret_cast<char*>(items), .size = 4, .capacity = 4};
  Machine m;
  Build(m, 4);
  m.b.EmitImmediate(Op::kMoveK4, Slot(6), 0, 0);
  const uint32_t begin = m.Jump(Op::kArrayBegin, Slot(3), Slot(0));
  m.b.EmitBits(4);
  const uint32_t body = m.b.here();
  m.b.Emit(Op::kAddI32_FFM, Slot(6), Slot(6), Slot(3), 0);
  m.b.Emit(Op::kLoad4, Slot(7), Slot(0), offsetof(runtime::Array, lock));
  m.JumpTo(body, Op::kNextElement, Slot(3), 4);
  m.b.PatchJumpToHere(begin);
  m.b.Emit(Op::kUnlockArray, Slot(0), Slot(5));
  m.b.Emit(Op::kAddI32_FFF, Slot(6), Slot(6), Slot(7));
  m.b.Emit(Op::kReturn4, Slot(6));
  m.End(8);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(&array)}) == 10 + 1);
  CHECK(array.lock == 0);
  runtime::Array empty;
  m.Run<int32_t>(0, {Arg(&empty)});
  CHECK(empty.lock == 0);
}

TEST_CASE("fixed arrays in the frame and behind pointers") {
  Machine m;
  m.Begin(0, "f", 2, 4);
  m.b.Emit(Op::kFixedStore4_F, Slot(2), Slot(0), Slot(1), 4);
  m.b.EmitImmediate(Op::kLea, Slot(4), 0, Slot(2));
  m.b.Emit(Op::kFixedLoad4_M, Slot(5), Slot(4), Slot(0), 4);
  m.b.Emit(Op::kFixedAddress_M, Slot(6), Slot(4), Slot(0));
  m.b.EmitBits(4, 4);
  m.b.EmitImmediate(Op::kMulI32_MMK, Slot(6), 0, 2);
  m.b.Emit(Op::kFixedLoad4_F, Slot(5), Slot(2), Slot(0), 4);
  m.b.Emit(Op::kReturn4, Slot(5));
  m.End(7);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(3), Arg(21)}) == 42);
}

TEST_CASE("string bytes are visited as ints, unsigned; null is empty") {
  Machine m;
  m.Begin(0, "f", 1, 4);
  m.b.EmitImmediate(Op::kMoveK4, Slot(3), 0, 0);
  m.b.Emit(Op::kStringBegin, Slot(1), Slot(0));
  const uint32_t next = m.Jump(Op::kStringNext, Slot(1), Slot(2));
  m.b.Emit(Op::kAddI32_FFF, Slot(3), Slot(3), Slot(2));
  m.JumpTo(next, Op::kLoop);
  m.b.PatchJumpToHere(next);
  m.b.Emit(Op::kReturn4, Slot(3));
  m.End(4);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg("ab\xFF")}) == 'a' + 'b' + 255);
  CHECK(m.Run<int32_t>(0, {Arg(nullptr)}) == 0);
}

TEST_CASE("counting loops run to their limits") {
  Machine m;
  m.Begin(0, "f", 1, 4);
  m.b.EmitImmediate(Op::kMoveK4, Slot(1), 0, 0);
  m.b.EmitImmediate(Op::kMoveK4, Slot(2), 0, 0);
  const uint32_t outer = m.b.here();
  m.b.EmitImmediate(Op::kMoveK4, Slot(3), 0, 0);
  const uint32_t inner = m.b.here();
  m.b.EmitImmediate(Op::kAddI32_FFK, Slot(2), Slot(2), 1);
  m.JumpTo(inner, Op::kIncLessI32_FK, Slot(3), 10);
  m.JumpTo(outer, Op::kIncLessI32_FF, Slot(1), Slot(0));
  m.b.Emit(Op::kReturn4, Slot(2));
  m.End(4);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(7)}) == 70);
}

TEST_CASE("jump tables: each number has its jump, others the last") {
  Machine m;
  m.Begin(0, "f", 1, 4);
  m.b.Emit(Op::kJumpTable, Slot(0), 2);
  const uint32_t first = m.Jump(Op::kJump);
  const uint32_t second = m.Jump(Op::kJump);
  const uint32_t other = m.Jump(Op::kJump);
  for (uint32_t jump : {first, second, other}) {
    m.b.PatchJumpToHere(jump);
    m.b.EmitImmediate(Op::kReturnK4, 0, 0, static_cast<int32_t>(jump - first));
  }
  m.End(1);
  m.Load();
  CHECK(m.Run<int32_t>(0, {Arg(0)}) == 0);
  CHECK(m.Run<int32_t>(0, {Arg(1)}) == 1);
  CHECK(m.Run<int32_t>(0, {Arg(2)}) == 2);
  CHECK(m.Run<int32_t>(0, {Arg(-1)}) == 2);
}

// Inserts keys 0..n-1 with value key * key, finds each again, then sums values by walking. Key and value are int.
TEST_CASE("tables: insert, find, walk") {
  types::TypeTable types;
  const types::Type* type = types.Table(types.Basic(types::Kind::kInt), types.Basic(types::Kind::kInt));
  Machine m;
  auto* shape = m.b.arena().New<runtime::TableShape>(runtime::ShapeOfTable(type));
  // Slots: 0 table address, 1 n, 2 key, 3 value address, 4 product, 5-8 cursor, addresses of key, value and buffer, 9
  // sum.
  m.Begin(0, "f", 2, 4);
  m.b.EmitImmediate(Op::kMoveK4, Slot(2), 0, 0);
  const uint32_t fill = m.b.here();
  m.b.Emit(Op::kTableInsertI32, Slot(3), Slot(0), Slot(2));
  m.b.EmitPointer(shape);
  m.b.Emit(Op::kMulI32_FFF, Slot(4), Slot(2), Slot(2));
  m.b.Emit(Op::kStore4, Slot(3), 0, Slot(4));
  m.JumpTo(fill, Op::kIncLessI32_FF, Slot(2), Slot(1));
  m.b.Emit(Op::kTableFindI32, Slot(3), Slot(0), Slot(1));
  m.b.EmitPointer(shape);
  const uint32_t absent = m.Jump(Op::kJumpNull, Slot(3));
  m.b.EmitImmediate(Op::kReturnK4, 0, 0, -1);
  m.b.PatchJumpToHere(absent);
  m.b.EmitImmediate(Op::kMoveK4, Slot(5), 0, 0);
  m.b.EmitImmediate(Op::kMoveK4, Slot(9), 0, 0);
  m.b.Emit(Op::kLockTable, Slot(0), Slot(8));
  const uint32_t walk = m.Jump(Op::kTableNext, Slot(5), Slot(0));
  m.b.EmitPointer(shape);
  m.b.Emit(Op::kAddI32_FFM, Slot(9), Slot(9), Slot(7), 0);
  m.JumpTo(walk, Op::kLoop);
  m.b.PatchJumpToHere(walk);
  m.b.Emit(Op::kUnlockTable, Slot(0), Slot(8));
  m.b.Emit(Op::kReturn4, Slot(9));
  m.End(10);
  m.Load();
  runtime::Table table;
  CHECK(m.Run<int32_t>(0, {Arg(&table), Arg(100)}) == 328350);
  CHECK(table.size == 100);
  CHECK(table.lock == 0);
}

}  // namespace
}  // namespace vestige::exec
