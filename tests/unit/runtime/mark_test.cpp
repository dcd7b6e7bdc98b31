// Collecting what no root reaches.

#include "runtime/mark.h"

#include <doctest/doctest.h>

#include "runtime/string.h"
#include "values.h"

namespace vestige::runtime {
namespace {

struct Collecting : Values {
  Collecting() { types.Freeze(); }
  Collected Run() {
    Collected collected;
    REQUIRE(Collect(context, true, &collected));
    context.heap().Verify();
    return collected;
  }
};

TEST_CASE_FIXTURE(Collecting, "what a root reaches stays, the rest goes") {
  Node* kept = NewList(10);
  Fill(kept->items, {1, 2});
  NewList(7);
  context.roots.push_back({node_pointer, &kept});
  CHECK(Run().blocks == 7);
  CHECK(live() == 11);
  CHECK(Read(kept->items) == std::vector<int32_t>{1, 2});
  kept = nullptr;
  CHECK(Run().blocks == 11);
}

TEST_CASE_FIXTURE(Collecting, "rings are collected") {
  Node* first = NewNode();
  Node* second = NewNode();
  first->next = second;
  second->next = first;
  CHECK(Run().blocks == 2);
}

TEST_CASE_FIXTURE(Collecting, "two million nodes need no native stack") {
  Node* list = NewList(2'000'000);
  context.roots.push_back({node_pointer, &list});
  CHECK(Run().blocks == 0);
  list->next = nullptr;
  CHECK(Run().blocks == 1'999'999);
}

TEST_CASE_FIXTURE(Collecting, "strings are kept by fields, keys and elements") {
  const types::Type* table_type = types.Table(types.string_type(), types.string_type());
  const types::Type* array_type = types.Array(types.string_type());
  types.Freeze();
  Table table;
  const char* key = MakeString(context, "key");
  const int64_t slot = InsertIntoTable(context, table, ShapeOfTable(table_type), &key);
  const char* value = MakeString(context, "value");
  std::memcpy(ValueAt(table, ShapeOfTable(table_type), static_cast<uint32_t>(slot)), &value, sizeof(value));
  Array array;
  const char* element = MakeString(context, "element");
  std::memcpy(PushToArray(context, array, ShapeOfArray(array_type)), &element, sizeof(element));
  MakeString(context, "lost");
  const char* constant = "constant";
  context.roots.push_back({table_type, &table});
  context.roots.push_back({array_type, &array});
  context.roots.push_back({types.string_type(), &constant});
  CHECK(Run().strings == 1);
  CHECK(context.string_heap().live_count() == 3);
}

TEST_CASE_FIXTURE(Collecting, "without strings only objects are collected") {
  MakeString(context, "lost");
  NewNode();
  Collected collected;
  REQUIRE(Collect(context, false, &collected));
  CHECK(collected.blocks == 1);
  CHECK(context.string_heap().live_count() == 1);
}

TEST_CASE_FIXTURE(Collecting, "a block is followed by its own type when the pointer says less") {
  Node* list = NewList(3);
  void* untyped = list;
  context.roots.push_back({types.Pointer(types.void_type()), &untyped});
  CHECK(Run().blocks == 0);
}

TEST_CASE_FIXTURE(Collecting, "captures of lambdas are reached through the header") {
  types::StructInfo* capture = types.NewStruct(context.names.Intern("capture"), {}, {});
  const types::Type* function = types.Callable(types::Kind::kFunction, types.void_type(), {}, {});
  const types::Type* lambda_type = types.Callable(types::Kind::kLambda, types.void_type(), {}, {});
  const types::Field fields[] = {{.type = function}, {.type = function}, {.type = node_pointer}};
  REQUIRE(types.CompleteStruct(capture, fields));
  types.Freeze();
  struct Captured {
    LambdaHead head;
    Node* node;
  };
  auto* block = static_cast<char*>(
      context.heap().Allocate(kLambdaHeaderBytes + sizeof(Captured), memory::BlockInfo(memory::Comment::kLambda)));
  *reinterpret_cast<LambdaHeader*>(block) = {capture->type, 0};
  void* lambda = block + kLambdaHeaderBytes;
  new (lambda) Captured{{}, NewNode()};
  context.roots.push_back({lambda_type, &lambda});
  CHECK(Run().blocks == 0);
  lambda = nullptr;
  CHECK(Run().blocks == 2);
}

TEST_CASE_FIXTURE(Collecting, "marking from one root tells what it reaches") {
  Node* first = NewNode();
  Node* second = NewNode();
  Marker marker(context);
  REQUIRE(marker.Begin());
  marker.MarkRoot(node_pointer, &first);
  CHECK(context.heap().IsMarked(first));
  CHECK_FALSE(context.heap().IsMarked(second));
  marker.End();
}

}  // namespace
}  // namespace vestige::runtime
