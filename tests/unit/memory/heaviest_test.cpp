// The heaviest keys of a walk, against a table of all of them.
#include "memory/heaviest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace vestige::memory {
namespace {

struct Thing {
  uint32_t key;
  uint64_t bytes;
};

// Walks until the rows are final; returns how often.
int Walk(Heaviest& heaviest, uint32_t key_count, const std::vector<Thing>& things) {
  heaviest.Begin(key_count);
  for (int walks = 1;; ++walks) {
    for (const Thing& thing : things) heaviest.Add(thing.key, thing.bytes);
    if (heaviest.EndWalk()) return walks;
  }
}

std::vector<Heaviest::Row> Expected(uint32_t key_count, const std::vector<Thing>& things) {
  std::vector<Heaviest::Row> rows(key_count);
  for (uint32_t key = 0; key < key_count; ++key) rows[key].key = key;
  for (const Thing& thing : things) {
    rows[thing.key].bytes += thing.bytes;
    rows[thing.key].count += 1;
  }
  std::erase_if(rows, [](const Heaviest::Row& row) { return row.count == 0; });
  std::sort(rows.begin(), rows.end(), [](const Heaviest::Row& a, const Heaviest::Row& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.key < b.key;
  });
  if (rows.size() > Heaviest::kRows) rows.resize(Heaviest::kRows);
  return rows;
}

TEST_CASE("the rows are those of a table with every key, whatever the number of keys") {
  std::mt19937 random(7);
  const auto heaviest = std::make_unique<Heaviest>();
  for (const uint32_t key_count : {1u, 9u, 512u, 513u, 5000u, 100000u}) {
    for (const bool is_even : {false, true}) {
      CAPTURE(key_count);
      CAPTURE(is_even);
      std::vector<Thing> things;
      for (int i = 0; i < 20000; ++i) {
        const uint32_t key = random() % key_count;
        // Uneven: a few keys hold nearly everything, as in life.
        things.push_back({key, is_even ? 16 : 16 + uint64_t{1000000} / (key + 1)});
      }
      const int walks = Walk(*heaviest, key_count, things);
      if (!is_even) CHECK(walks <= 3);
      if (!heaviest->is_exact()) {
        // Too many keys of one weight: it says so.
        CHECK(is_even);
        continue;
      }
      const std::vector<Heaviest::Row> expected = Expected(key_count, things);
      REQUIRE(heaviest->rows().size() == expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        CHECK(heaviest->rows()[i].key == expected[i].key);
        CHECK(heaviest->rows()[i].bytes == expected[i].bytes);
        CHECK(heaviest->rows()[i].count == expected[i].count);
      }
    }
  }
}

TEST_CASE("a walk over nothing has no rows") {
  const auto heaviest = std::make_unique<Heaviest>();
  CHECK(Walk(*heaviest, 100000, {}) == 1);
  CHECK(heaviest->rows().empty());
  CHECK(heaviest->is_exact());
}

TEST_CASE("keys beyond what can be looked at are left out, and it is told") {
  const auto heaviest = std::make_unique<Heaviest>();
  Walk(*heaviest, 1u << 30, {{5, 100}, {1u << 29, 1000}});
  REQUIRE(heaviest->rows().size() == 1);
  CHECK(heaviest->rows()[0].key == 5);
  CHECK_FALSE(heaviest->is_exact());
}

}  // namespace
}  // namespace vestige::memory
