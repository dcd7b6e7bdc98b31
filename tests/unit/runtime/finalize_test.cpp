// Deleting values by type.

#include "runtime/finalize.h"

#include <doctest/doctest.h>
#include <string>

#include "runtime/iterator.h"
#include "runtime/lock.h"
#include "values.h"

namespace vestige::runtime {
namespace {

using types::Kind;

TEST_CASE_FIXTURE(Values, "deleting a pointer frees what hangs on it and forgets it") {
  types.Freeze();
  Node* list = NewList(3);
  Fill(list->items, {1, 2, 3});
  CHECK(live() == 4);
  REQUIRE(FinalizeValue(context, node_pointer, &list));
  CHECK(list == nullptr);
  CHECK(live() == 0);
  REQUIRE(FinalizeValue(context, node_pointer, &list));
}

TEST_CASE_FIXTURE(Values, "two million nodes need no native stack") {
  types.Freeze();
  Node* list = NewList(2'000'000);
  REQUIRE(FinalizeValue(context, node_pointer, &list));
  CHECK(live() == 0);
}

TEST_CASE_FIXTURE(Values, "containers of pointers free the targets") {
  const types::Type* pointers = types.Array(node_pointer);
  const types::Type* table_type = types.Table(int_type, pointers);
  types.Freeze();
  Table table;
  for (int32_t key = 0; key < 5; ++key) {
    const int64_t slot = InsertIntoTable(context, table, ShapeOfTable(table_type), &key);
    auto& array = *reinterpret_cast<Array*>(ValueAt(table, ShapeOfTable(table_type), static_cast<uint32_t>(slot)));
    for (int i = 0; i < 4; ++i) {
      Node* fresh = NewNode();
      std::memcpy(PushToArray(context, array, ShapeOfArray(pointers)), &fresh, sizeof(fresh));
    }
  }
  CHECK(live() == 1 + 5 + 20);
  REQUIRE(FinalizeValue(context, table_type, &table));
  CHECK(live() == 0);
  CHECK(table.capacity == 0);
}

TEST_CASE_FIXTURE(Values, "what is tagged do_not_delete is zeroed, not freed") {
  types::StructInfo* info = types.NewStruct(context.names.Intern("Holder"), {}, {});
  const types::Field fields[] = {{.type = node_pointer, .do_not_delete = true}, {.type = ints}};
  REQUIRE(types.CompleteStruct(info, fields));
  types.Freeze();
  struct Holder {
    Node* kept;
    Array items;
  } holder{NewNode(), {}};
  Node* kept = holder.kept;
  Fill(holder.items, {1});
  REQUIRE(FinalizeValue(context, info->type, &holder));
  CHECK(holder.kept == nullptr);
  CHECK(live() == 1);
  context.heap().Free(kept, sizeof(Node));
}

TEST_CASE_FIXTURE(Values, "a pointer that is deleted twice is a panic, not a crash") {
  types.Freeze();
  Node* first = NewNode();
  Node* second = first;
  REQUIRE(FinalizeValue(context, node_pointer, &first));
  CHECK_FALSE(FinalizeValue(context, node_pointer, &second));
  CHECK(context.panic_message() == "deleting a pointer that is not a live block of the heap");
  context.ClearPanic();
  Node* ring = NewNode();
  ring->next = ring;
  CHECK_FALSE(FinalizeValue(context, node_pointer, &ring));
  CHECK(live() == 0);
}

TEST_CASE_FIXTURE(Values, "a locked array is not deleted") {
  types.Freeze();
  Array array;
  Fill(array, {1});
  Lock(array);
  CHECK_FALSE(FinalizeValue(context, ints, &array));
  CHECK(context.panic_message() == "can't delete locked array");
  CHECK(live() == 1);
}

// struct Outer { first : Inner; list : Inner?; last : Inner } where Inner has a finalizer.
struct Scripted : Values {
  struct Inner {
    int32_t id;
  };
  struct Outer {
    Inner first;
    Inner* list;
    Inner last;
  };
  types::StructInfo* inner = types.NewStruct(context.names.Intern("Inner"), {}, {});
  types::StructInfo* outer = types.NewStruct(context.names.Intern("Outer"), {}, {});
  std::string log;

  Scripted() {
    const types::Field inner_fields[] = {{.type = int_type}};
    types.CompleteStruct(inner, inner_fields);
    inner->finalize_function = 7;
    const types::Field outer_fields[] = {
        {.type = inner->type}, {.type = types.Pointer(inner->type)}, {.type = inner->type}};
    types.CompleteStruct(outer, outer_fields);
    types.Freeze();
    context.call = [this](uint32_t function, std::span<const Argument> arguments, void*) {
      CHECK(function == 7);
      log += std::to_string(reinterpret_cast<Inner*>(arguments[0].bits[0])->id) + " ";
      return true;
    };
  }
  Inner* NewInner(int32_t id) {
    auto* fresh = static_cast<Inner*>(context.heap().Allocate(sizeof(Inner), memory::BlockInfo(memory::Comment::kNew)));
    fresh->id = id;
    return fresh;
  }
};

TEST_CASE_FIXTURE(Scripted, "finalizers run in the order of members") {
  CHECK(outer->type->traits().runs_script);
  CHECK_FALSE(node->traits().runs_script);
  Outer value{{1}, NewInner(2), {3}};
  REQUIRE(FinalizeValue(context, outer->type, &value));
  CHECK(log == "1 2 3 ");
  CHECK(live() == 0);
  CHECK(value.last.id == 0);
}

TEST_CASE_FIXTURE(Scripted, "a panic in a finalizer stops the work") {
  context.call = [this](uint32_t, std::span<const Argument>, void*) { return context.Panic("no"); };
  Outer value{{1}, NewInner(2), {3}};
  CHECK_FALSE(FinalizeValue(context, outer->type, &value));
  CHECK(live() == 1);
}

TEST_CASE_FIXTURE(Values, "a lambda runs its finalizer and frees its captures") {
  types::StructInfo* capture = types.NewStruct(context.names.Intern("capture"), {}, {});
  const types::Type* function = types.Callable(Kind::kFunction, types.void_type(), {}, {});
  const types::Type* lambda_type = types.Callable(Kind::kLambda, types.void_type(), {}, {});
  const types::Field fields[] = {{.type = function}, {.type = function}, {.type = ints}, {.type = node_pointer}};
  REQUIRE(types.CompleteStruct(capture, fields));
  types.Freeze();
  struct Captured {
    LambdaHead head;
    Array items;
    Node* shared;
  };
  auto* block = static_cast<char*>(
      context.heap().Allocate(kLambdaHeaderBytes + sizeof(Captured), memory::BlockInfo(memory::Comment::kLambda)));
  *reinterpret_cast<LambdaHeader*>(block) = {capture->type, 0};
  void* lambda = block + kLambdaHeaderBytes;
  Node* shared = NewNode();
  new (lambda) Captured{{nullptr, reinterpret_cast<void*>(uintptr_t{9})}, {}, shared};
  Fill(static_cast<Captured*>(lambda)->items, {1});
  uint32_t called = 0;
  context.call = [&](uint32_t number, std::span<const Argument>, void*) {
    called = number;
    return true;
  };
  REQUIRE(FinalizeValue(context, lambda_type, &lambda));
  CHECK(called == 9);
  CHECK(lambda == nullptr);
  // A raw pointer may be shared with other lambdas.
  CHECK(live() == 1);
}

TEST_CASE_FIXTURE(Values, "a variant finalizes its active member only") {
  const types::Type* parts[] = {int_type, ints};
  const types::Type* variant = types.Variant(parts, {});
  types.Freeze();
  struct Cell {
    int32_t index = 1;
    Array items;
  } cell;
  Fill(cell.items, {1, 2});
  REQUIRE(FinalizeValue(context, variant, &cell));
  CHECK(live() == 0);
  CHECK(cell.index == 0);
}

TEST_CASE_FIXTURE(Values, "deleting an iterator unlocks what it iterates") {
  const types::Type* iterator_type = types.Iterator(int_type);
  types.Freeze();
  Array array;
  Fill(array, {1, 2});
  Iterator* iterator = EachArray(context, ints, &array);
  int32_t* place = nullptr;
  REQUIRE(StepIterator(context, iterator, &place));
  CHECK(array.lock == 1);
  REQUIRE(FinalizeValue(context, iterator_type, &iterator));
  CHECK(iterator == nullptr);
  CHECK(array.lock == 0);
  CHECK(live() == 1);
}

}  // namespace
}  // namespace vestige::runtime
