// Iterators one step at a time.

#include "runtime/iterator.h"

#include <doctest/doctest.h>

#include "values.h"

namespace vestige::runtime {
namespace {

template <typename T>
std::vector<T> Take(ScriptContext& context, Iterator* iterator, size_t at_most = 100) {
  std::vector<T> taken;
  T place{};
  while (taken.size() < at_most && StepIterator(context, iterator, &place)) taken.push_back(place);
  return taken;
}

TEST_CASE_FIXTURE(Values, "ranges, strings and counts hand out values") {
  const int32_t range[] = {2, 5};
  Iterator* numbers = EachRange(context, types.Basic(types::Kind::kRange), range);
  CHECK(Take<int32_t>(context, numbers) == std::vector<int32_t>{2, 3, 4});
  CHECK(Take<int32_t>(context, numbers).empty());
  CloseIterator(context, numbers);
  const uint64_t wide[] = {7, 7};
  Iterator* none = EachRange(context, types.Basic(types::Kind::kURange64), wide);
  CHECK(Take<uint64_t>(context, none).empty());
  CloseIterator(context, none);
  Iterator* text = EachString(context, "ab");
  CHECK(Take<int32_t>(context, text) == std::vector<int32_t>{'a', 'b'});
  CloseIterator(context, text);
  Iterator* count = EachCount(context, 10, -5);
  CHECK(Take<int32_t>(context, count, 4) == std::vector<int32_t>{10, 5, 0, -5});
  CloseIterator(context, count);
  CloseIterator(context, nullptr);
  CHECK(live() == 0);
}

TEST_CASE_FIXTURE(Values, "arrays hand out addresses and stay locked") {
  Array array;
  Fill(array, {1, 2, 3});
  Iterator* iterator = EachArray(context, ints, &array);
  int sum = 0;
  for (int32_t* place : Take<int32_t*>(context, iterator)) sum += *place;
  CHECK(sum == 6);
  CHECK(array.lock == 1);
  CloseIterator(context, iterator);
  CHECK(array.lock == 0);
  int32_t fixed[] = {4, 5};
  Iterator* elements = EachFixedArray(context, types.FixedArray(int_type, 2), fixed);
  CHECK(Take<int32_t*>(context, elements) == std::vector<int32_t*>{&fixed[0], &fixed[1]});
  CloseIterator(context, elements);
}

TEST_CASE_FIXTURE(Values, "an iterator that was never started locks nothing") {
  Array array;
  Iterator* iterator = EachArray(context, ints, &array);
  CloseIterator(context, iterator);
  CHECK(array.lock == 0);
}

TEST_CASE_FIXTURE(Values, "keys and values come in the order of slots") {
  const types::Type* type = types.Table(int_type, int_type);
  Table table;
  for (int32_t key : {0, 1, 2}) {
    const int64_t slot = InsertIntoTable(context, table, ShapeOfTable(type), &key);
    const int32_t value = key * 10;
    std::memcpy(ValueAt(table, ShapeOfTable(type), static_cast<uint32_t>(slot)), &value, sizeof(value));
  }
  Iterator* keys = EachKey(context, type, &table);
  Iterator* values = EachValue(context, type, &table);
  CHECK(Take<int32_t>(context, keys) == std::vector<int32_t>{0, 2, 1});
  std::vector<int32_t> seen;
  for (int32_t* place : Take<int32_t*>(context, values)) seen.push_back(*place);
  CHECK(seen == std::vector<int32_t>{0, 20, 10});
  CHECK(table.lock == 2);
  CloseIterator(context, keys);
  CloseIterator(context, values);
  CHECK(table.lock == 0);
}

}  // namespace
}  // namespace vestige::runtime
