// Arrays: how they grow, and what they refuse.

#include "runtime/array.h"

#include <doctest/doctest.h>
#include <vector>

#include "fake_context.h"
#include "runtime/lock.h"

namespace vestige::runtime {
namespace {

struct Ints {
  FakeContext context;
  Array array;
  ArrayShape shape = ShapeOfArray(context.types.Array(context.types.int_type()));

  int32_t* data() { return reinterpret_cast<int32_t*>(array.data); }
  void Push(int32_t value) { std::memcpy(PushToArray(context, array, shape), &value, sizeof(value)); }
  void Fill(int32_t count) {
    for (int32_t i = 0; i < count; ++i) Push(i);
  }
  std::vector<int32_t> Values() { return {data(), data() + array.size}; }
};

TEST_CASE_FIXTURE(Ints, "the first push makes room for sixteen, a full array doubles") {
  Push(1);
  CHECK(array.capacity == 16);
  CHECK(context.heap().live_bytes() == 64);
  Fill(16);
  CHECK(array.capacity == 32);
  CHECK(context.heap().live_bytes() == 128);
}

TEST_CASE_FIXTURE(Ints, "reserve is exact, a growing resize rounds up") {
  REQUIRE(ReserveArray(context, array, 100, shape));
  CHECK(array.capacity == 100);
  CHECK(context.heap().live_bytes() == 400);
  REQUIRE(ResizeArray(context, array, 101, shape, true));
  CHECK(array.capacity == 128);
  CHECK(array.size == 101);
  CHECK(data()[100] == 0);
}

TEST_CASE_FIXTURE(Ints, "insertion and erasure keep the order") {
  Fill(5);
  const int32_t value = 77;
  std::memcpy(InsertIntoArray(context, array, 2, 1, shape), &value, sizeof(value));
  CHECK(Values() == std::vector<int32_t>{0, 1, 77, 2, 3, 4});
  REQUIRE(EraseFromArray(context, array, 0, 2, shape));
  CHECK(Values() == std::vector<int32_t>{77, 2, 3, 4});
  REQUIRE(PopFromArray(context, array, shape));
  CHECK(Values() == std::vector<int32_t>{77, 2, 3});
  REQUIRE(ClearArray(context, array, shape));
  CHECK(array.size == 0);
  CHECK(array.capacity == 16);
}

TEST_CASE_FIXTURE(Ints, "freeing gives everything back") {
  Fill(100);
  REQUIRE(FreeArray(context, array, shape));
  CHECK(array.data == nullptr);
  CHECK(context.heap().live_count() == 0);
}

TEST_CASE("what an array refuses is told") {
  struct Case {
    std::string_view name;
    bool lock;
    std::function<void(Ints&)> act;
    std::string_view message;
  };
  for (const Case& c : std::vector<Case>{
           {"push", true, [](Ints& t) { PushToArray(t.context, t.array, t.shape); }, "can't resize locked array"},
           {"reserve", true, [](Ints& t) { ReserveArray(t.context, t.array, 5, t.shape); },
            "can't change capacity of a locked array"},
           {"clear", true, [](Ints& t) { ClearArray(t.context, t.array, t.shape); }, "can't clear locked array"},
           {"free", true, [](Ints& t) { FreeArray(t.context, t.array, t.shape); }, "can't delete locked array"},
           {"negative", false, [](Ints& t) { ResizeArray(t.context, t.array, -1, t.shape, true); },
            "resizing array to negative size -1"},
           {"erase", false, [](Ints& t) { EraseFromArray(t.context, t.array, 3, 1, t.shape); },
            "erase index out of range, 3 of 3"},
           {"erase range", false, [](Ints& t) { EraseFromArray(t.context, t.array, 1, 5, t.shape); },
            "erasing array range is invalid: index=1 count=5 size=3"},
           {"insert", false, [](Ints& t) { InsertIntoArray(t.context, t.array, 9, 1, t.shape); },
            "insert index out of range, 9 of 4"},
           {"unreserved", false, [](Ints& t) { ResizeArray(t.context, t.array, 100'000'000, t.shape, true); },
            "array resize to 100000000 elements of 4 bytes each grows past max_unreserved_size (67108864 bytes); "
            "reserve the final size first or raise the max_unreserved_size option"},
       }) {
    CAPTURE(c.name);
    Ints t;
    t.Fill(3);
    if (c.lock) Lock(t.array);
    c.act(t);
    CHECK(t.context.panic_message() == c.message);
    CHECK(t.array.size == 3);
  }
}

TEST_CASE_FIXTURE(Ints, "a refused block is a panic and leaves the array as it was") {
  Fill(16);
  context.heap().set_max_bytes(100);
  CHECK(PushToArray(context, array, shape) == nullptr);
  CHECK(context.panic_message() ==
        "Error: heap allocation failed (requested 128 bytes, heap used: 64 bytes)\nlarge (>=256KB) allocs: 0");
  CHECK(array.size == 16);
  CHECK(array.capacity == 16);
}

TEST_CASE("elements without bytes need no memory") {
  FakeContext context;
  Array array;
  const ArrayShape shape;
  for (int i = 0; i < 100; ++i) REQUIRE(PushToArray(context, array, shape) != nullptr);
  CHECK(array.size == 100);
  REQUIRE(EraseFromArray(context, array, 10, 50, shape));
  CHECK(array.size == 50);
  CHECK(context.heap().live_count() == 0);
}

}  // namespace
}  // namespace vestige::runtime
