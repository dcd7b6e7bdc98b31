#include "engine/module_path.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace vestige::engine {
namespace {

using Paths = std::vector<std::string>;

TEST_CASE("a plain name is a neighbour, then a module in the executable") {
  CHECK(ModulePaths("util", "src/main.das", "root") == Paths{"src/util.das", "<modules>/util.das"});
  CHECK(ModulePaths("util.das", "main.das", "") == Paths{"util.das", "<modules>/util.das"});
}

TEST_CASE("a name with a slash is also looked for below the root") {
  CHECK(ModulePaths("daslib/x", "src/main.das", "root") ==
        Paths{"src/daslib/x.das", "root/daslib/x.das", "root/modules/daslib/x.das", "root/modules/daslib/daslib/x.das",
              "<modules>/daslib/x.das"});
  CHECK(ModulePaths("daslib/x", "src/main.das", "") == Paths{"src/daslib/x.das", "<modules>/daslib/x.das"});
  CHECK(ModulePaths("a.b", "main.das", "") == ModulePaths("a/b", "main.das", ""));
}

TEST_CASE("a name with a dot in front is a path") {
  CHECK(ModulePaths("./x", "src/main.das", "root") == Paths{"src/x.das"});
  CHECK(ModulePaths("../lib/x.das", "src/main.das", "root") == Paths{"lib/x.das"});
}

TEST_CASE("% is the root and may not be left") {
  CHECK(ModulePaths("%/a/x.das", "src/main.das", "root") == Paths{"root/a/x.das"});
  CHECK(ModulePaths("%/a/../x.das", "src/main.das", "root") == Paths{"root/x.das"});
  CHECK(ModulePaths("%/../x.das", "src/main.das", "root").empty());
  CHECK(ModulePaths("%//etc/x.das", "src/main.das", "root").empty());
  CHECK(ModulePaths("%/x.das", "src/main.das", "").empty());
}

TEST_CASE("modules in the executable have neighbours there, native ones have none") {
  CHECK(ModulePaths("./x", "<modules>/daslib/y.das", "") == Paths{"<modules>/daslib/x.das"});
  CHECK(ModulePaths("x", "<strings>", "") == Paths{"<modules>/x.das"});
}

}  // namespace
}  // namespace vestige::engine
