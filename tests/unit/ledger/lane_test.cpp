// Names of lanes, and their order in reports.
#include "ledger/lane.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vestige::ledger {
namespace {

TEST_CASE("a creator names its lanes by ordinal") {
  Lane main;
  Lane first = main.MakeChild();
  CHECK(first.name() == "main/1");
  CHECK(main.MakeChild().name() == "main/2");
  CHECK(first.MakeChild().name() == "main/1/1");
}

TEST_CASE("reports tell creators first, and creations in their order") {
  const std::vector<std::string> sorted = {"main", "main/1", "main/1/1", "main/1/2", "main/2", "main/10", "main/10/9"};
  std::vector<std::string> lanes(sorted.rbegin(), sorted.rend());
  std::sort(lanes.begin(), lanes.end(), LaneBefore);
  CHECK(lanes == sorted);
  CHECK_FALSE(LaneBefore("main", "main"));
}

TEST_CASE("lanes are told in their order however deep they are") {
  std::string deep = "main";
  while (deep.size() < 1000) {
    const std::string parent = deep;
    deep += "/1";
    CHECK(LaneBefore(parent, deep));
    CHECK_FALSE(LaneBefore(deep, parent));
    CHECK(LaneBefore(deep, parent + "/2"));
    CHECK(LaneBefore(deep + "/1", parent + "/2"));
    CHECK(LaneBefore(parent + "/9", parent + "/10"));
    CHECK_FALSE(LaneBefore(parent + "/10/1", parent + "/9"));
    CHECK_FALSE(LaneBefore(deep, deep));
  }
}

}  // namespace
}  // namespace vestige::ledger
