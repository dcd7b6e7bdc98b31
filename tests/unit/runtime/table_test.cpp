// Tables: order, growth and memory are what scripts of the language see.

#include "runtime/table.h"

#include <doctest/doctest.h>
#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "fake_context.h"
#include "runtime/hash.h"
#include "runtime/lock.h"
#include "runtime/table_keys.h"

namespace vestige::runtime {
namespace {

template <typename K>
struct TableOf {
  FakeContext context;
  Table table;
  TableShape shape;

  explicit TableOf(types::Kind key, bool set = false)
      : shape(ShapeOfTable(context.types.Table(context.types.Basic(key),
                                               set ? context.types.void_type() : context.types.int_type()))) {}
  void Set(K key, int32_t value) {
    const int64_t slot = InsertIntoTable(context, table, shape, &key);
    REQUIRE(slot != kNoSlot);
    std::memcpy(ValueAt(table, shape, static_cast<uint32_t>(slot)), &value, sizeof(value));
  }
  int32_t Get(K key) {
    const int64_t slot = FindInTable(table, shape, &key);
    if (slot == kNoSlot) return -1;
    int32_t value;
    std::memcpy(&value, ValueAt(table, shape, static_cast<uint32_t>(slot)), sizeof(value));
    return value;
  }
  bool Erase(K key) { return EraseFromTable(context, table, shape, &key); }
  std::vector<K> Keys() {
    std::vector<K> keys;
    for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
      keys.push_back(LoadKey<K>(table, i));
    }
    return keys;
  }
};

TEST_CASE("integer keys are ordered by their hash") {
  TableOf<int32_t> t(types::Kind::kInt);
  for (int32_t key : {0, 1, 2}) t.Set(key, key);
  CHECK(t.Keys() == std::vector<int32_t>{0, 2, 1});
}

TEST_CASE("sizes of buffers") {
  TableOf<int32_t> ints(types::Kind::kInt);
  ints.Set(1, 1);
  CHECK(ints.table.capacity == 8);
  CHECK(ints.context.heap().live_bytes() == 80);
  for (int32_t key = 2; key <= 4; ++key) ints.Set(key, key);
  CHECK(ints.table.capacity == 8);
  ints.Set(5, 5);
  CHECK(ints.table.capacity == 16);

  TableOf<const char*> strings(types::Kind::kString);
  strings.Set("a", 1);
  CHECK(strings.context.heap().live_bytes() == 160);
}

TEST_CASE("up to eight string keys keep their order, a ninth makes a table of 32") {
  TableOf<const char*> t(types::Kind::kString);
  const std::vector<const char*> keys = {"one", "two", "three", "four", "five", "six", "seven", "eight"};
  for (size_t i = 0; i < keys.size(); ++i) t.Set(keys[i], static_cast<int32_t>(i));
  CHECK(t.Keys() == keys);
  CHECK(t.table.capacity == 8);
  CHECK(t.Erase("two"));
  CHECK_FALSE(t.Erase("two"));
  CHECK(std::string_view(t.Keys()[1]) == "eight");
  t.Set("two", 9);
  t.Set("nine", 10);
  CHECK(t.table.capacity == 32);
  CHECK(t.Get("nine") == 10);
  CHECK(t.Get("eight") == 7);
  CHECK(t.Get("ten") == -1);
}

TEST_CASE("the empty string and null are one key") {
  TableOf<const char*> t(types::Kind::kString);
  t.Set(nullptr, 1);
  t.Set("", 2);
  CHECK(t.table.size == 1);
  CHECK(t.Get(nullptr) == 2);
}

TEST_CASE("hashes are those of the language") {
  CHECK(HashText(nullptr) == kFnvBasis);
  CHECK(HashText("") == kFnvBasis);
  CHECK(HashText("a") == (kFnvBasis ^ 0x61) * kFnvPrime);
  CHECK(HashText("ab") == (kFnvBasis ^ 0x6261) * kFnvPrime);
  CHECK(HashNumber(0) == kFnvPrime);
  CHECK(HashText("abc") == 0x6e9045080be4681dull);
  CHECK(HashBytes("abc", 3, kHashSeed) == 0x7f989d00086d0506ull);
  const std::string long_text = "the quick brown fox jumps over the lazy dog and then some more text to pass 48";
  CHECK(HashBytes(long_text.data(), long_text.size(), kHashSeed) == 0x1361abcd9462d6f6ull);
  CHECK(HashBytes(long_text.data(), 20, kHashSeed) == 0x54d4f87c212ef9a5ull);
  // Small signed keys are widened through their sign.
  CHECK(KeyTraits<KeyKind::kInt8>::Hash(-1) == HashNumber(0xffffffffu));
  CHECK(KeyTraits<KeyKind::kUInt8>::Hash(255) == HashNumber(255));
}

TEST_CASE("random work agrees with a map") {
  TableOf<int32_t> t(types::Kind::kInt);
  std::unordered_map<int32_t, int32_t> model;
  std::mt19937 random(7);
  for (int step = 0; step < 20'000; ++step) {
    const int32_t key = static_cast<int32_t>(random() % 500);
    if (random() % 3 == 0) {
      CHECK(t.Erase(key) == (model.erase(key) == 1));
    } else {
      t.Set(key, step);
      model[key] = step;
    }
  }
  CHECK(t.table.size == model.size());
  for (const auto& [key, value] : model) CHECK(t.Get(key) == value);
  REQUIRE(FreeTable(t.context, t.table, t.shape));
  CHECK(t.context.heap().live_count() == 0);
}

TEST_CASE("inlined insertion gives the same table as the general one") {
  TableOf<int32_t> general(types::Kind::kInt);
  TableOf<int32_t> inlined(types::Kind::kInt);
  std::mt19937 random(11);
  for (int step = 0; step < 5'000; ++step) {
    const int32_t key = static_cast<int32_t>(random() % 300);
    if (random() % 4 == 0) {
      general.Erase(key);
      inlined.Erase(key);
    } else {
      general.Set(key, 0);
      InsertSlot<KeyKind::kInt32>(inlined.context, inlined.table, inlined.shape, static_cast<uint32_t>(key));
    }
  }
  CHECK(general.Keys() == inlined.Keys());
  CHECK(general.table.capacity == inlined.table.capacity);
}

TEST_CASE("random string keys survive promotion, erasure and growth") {
  TableOf<const char*> t(types::Kind::kString);
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("key" + std::to_string(i));
  for (size_t i = 0; i < names.size(); ++i) t.Set(names[i].c_str(), static_cast<int32_t>(i));
  for (size_t i = 0; i < names.size(); i += 2) CHECK(t.Erase(std::string(names[i]).c_str()));
  for (size_t i = 0; i < names.size(); ++i) {
    CHECK(t.Get(std::string(names[i]).c_str()) == (i % 2 == 0 ? -1 : static_cast<int32_t>(i)));
  }
  CHECK(t.table.size == 500);
}

TEST_CASE("sets have keys only") {
  TableOf<int32_t> t(types::Kind::kInt, true);
  bool inserted = false;
  const int32_t key = 5;
  InsertIntoTable(t.context, t.table, t.shape, &key, &inserted);
  CHECK(inserted);
  InsertIntoTable(t.context, t.table, t.shape, &key, &inserted);
  CHECK_FALSE(inserted);
  CHECK(t.table.size == 1);
}

TEST_CASE("a locked table refuses changes") {
  TableOf<int32_t> t(types::Kind::kInt);
  t.Set(1, 1);
  Lock(t.table);
  const int32_t known = 1;
  const int32_t fresh = 2;
  CHECK(InsertIntoTable(t.context, t.table, t.shape, &known) != kNoSlot);
  CHECK(InsertIntoTable(t.context, t.table, t.shape, &fresh) == kNoSlot);
  CHECK(t.context.panic_message() == "can't insert into locked table");
  t.context.ClearPanic();
  CHECK_FALSE(t.Erase(1));
  CHECK(t.context.panic_message() == "can't erase from locked table");
  t.context.ClearPanic();
  CHECK_FALSE(ClearTable(t.context, t.table, t.shape));
  CHECK(t.context.panic_message() == "can't clear locked table");
  CHECK_FALSE(Unlock(t.table, &t));
  REQUIRE(Unlock(t.table, t.table.data));
  CHECK_FALSE(Unlock(t.table, t.table.data));
  t.context.ClearPanic();
  CHECK(ClearTable(t.context, t.table, t.shape));
  CHECK(t.table.size == 0);
  CHECK(t.table.capacity == 8);
}

TEST_CASE("every key type finds what it inserted") {
  FakeContext context;
  for (types::Kind kind = types::Kind::kBool; kind <= types::Kind::kString;
       kind = static_cast<types::Kind>(static_cast<uint8_t>(kind) + 1)) {
    const types::Type* type = context.types.Table(context.types.Basic(kind), context.types.int_type());
    CAPTURE(types::TypeName(type));
    const TableShape shape = ShapeOfTable(type);
    Table table;
    alignas(16) char key[16] = {1};
    const char* text = "text";
    if (kind == types::Kind::kString) std::memcpy(key, &text, sizeof(text));
    CHECK(FindInTable(table, shape, key) == kNoSlot);
    const int64_t slot = InsertIntoTable(context, table, shape, key);
    CHECK(FindInTable(table, shape, key) == slot);
    CHECK(EraseFromTable(context, table, shape, key));
    CHECK(FindInTable(table, shape, key) == kNoSlot);
    CHECK(FreeTable(context, table, shape));
  }
  CHECK(context.heap().live_count() == 0);
}

}  // namespace
}  // namespace vestige::runtime
