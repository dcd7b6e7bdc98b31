// Deep copies by type.

#include "runtime/clone.h"

#include <doctest/doctest.h>

#include "runtime/finalize.h"
#include "values.h"

namespace vestige::runtime {
namespace {

TEST_CASE_FIXTURE(Values, "a cloned array shares nothing and has the exact capacity") {
  Array source;
  Fill(source, {1, 2, 3});
  Array target;
  REQUIRE(CloneValue(context, ints, &target, &source));
  CHECK(Read(target) == std::vector<int32_t>{1, 2, 3});
  CHECK(target.capacity == 3);
  CHECK(target.data != source.data);
  Fill(source, {4});
  CHECK(target.size == 3);
}

TEST_CASE_FIXTURE(Values, "cloning onto itself changes nothing") {
  Array array;
  Fill(array, {1, 2});
  REQUIRE(CloneValue(context, ints, &array, &array));
  CHECK(Read(array) == std::vector<int32_t>{1, 2});
}

TEST_CASE_FIXTURE(Values, "structs are cloned member by member, pointers copied") {
  Node friendly;
  Node source;
  source.next = &friendly;
  source.name = "x";
  Fill(source.items, {5});
  Node target;
  REQUIRE(CloneValue(context, node, &target, &source));
  CHECK(target.next == &friendly);
  CHECK(target.name == source.name);
  CHECK(target.items.data != source.items.data);
  CHECK(Read(target.items) == std::vector<int32_t>{5});
}

TEST_CASE_FIXTURE(Values, "arrays of arrays are cloned all the way down") {
  const types::Type* rows = types.Array(ints);
  Array source;
  for (int32_t i = 0; i < 3; ++i) {
    new (PushToArray(context, source, ShapeOfArray(rows))) Array;
    Fill(reinterpret_cast<Array*>(source.data)[i], {i, i * 10});
  }
  Array target;
  REQUIRE(CloneValue(context, rows, &target, &source));
  CHECK(Read(reinterpret_cast<Array*>(target.data)[2]) == std::vector<int32_t>{2, 20});
  const uint64_t before = live();
  REQUIRE(FinalizeValue(context, rows, &target));
  CHECK(live() == before - 4);
  REQUIRE(FinalizeValue(context, rows, &source));
  CHECK(live() == 0);
}

TEST_CASE_FIXTURE(Values, "tables are cloned with their values") {
  const types::Type* type = types.Table(int_type, ints);
  const TableShape shape = ShapeOfTable(type);
  Table source;
  for (int32_t key = 0; key < 20; ++key) {
    const int64_t slot = InsertIntoTable(context, source, shape, &key);
    Fill(*reinterpret_cast<Array*>(ValueAt(source, shape, static_cast<uint32_t>(slot))), {key});
  }
  Table target;
  REQUIRE(CloneValue(context, type, &target, &source));
  CHECK(target.size == 20);
  for (int32_t key = 0; key < 20; ++key) {
    const int64_t slot = FindInTable(target, shape, &key);
    REQUIRE(slot != kNoSlot);
    CHECK(Read(*reinterpret_cast<Array*>(ValueAt(target, shape, static_cast<uint32_t>(slot)))) ==
          std::vector<int32_t>{key});
  }
}

TEST_CASE_FIXTURE(Values, "a variant's other member is no value to clone into") {
  const types::Type* parts[] = {int_type, ints};
  const types::Type* variant = types.Variant(parts, {});
  struct Cell {
    int32_t index;
    int32_t pad;
    union {
      int32_t number;
      Array items;
    };
  };
  Cell source{1, 0, {}};
  new (&source.items) Array;
  Fill(source.items, {1, 2});
  Cell target{0, 0, {}};
  std::memset(static_cast<void*>(&target), 0x55, sizeof(target));
  target.index = 0;
  REQUIRE(CloneValue(context, variant, &target, &source));
  CHECK(target.index == 1);
  CHECK(Read(target.items) == std::vector<int32_t>{1, 2});
}

TEST_CASE_FIXTURE(Values, "a struct's own clone function is called for every element") {
  node_info->clone_function = 3;
  const types::Type* nodes = types.Array(node);
  types.Freeze();
  int calls = 0;
  context.call = [&](uint32_t function, std::span<const Argument> arguments, void*) {
    CHECK(function == 3);
    CHECK(arguments.size() == 2);
    calls += 1;
    return true;
  };
  Array source;
  REQUIRE(ResizeArray(context, source, 4, ShapeOfArray(nodes), true));
  Array target;
  REQUIRE(CloneValue(context, nodes, &target, &source));
  CHECK(calls == 4);
}

}  // namespace
}  // namespace vestige::runtime
