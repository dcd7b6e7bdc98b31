#include "cli/output_file.h"

#include <doctest/doctest.h>

namespace vestige::cli {

TEST_CASE("no path is no file") {
  OutputFile file;
  CHECK(file.Open(""));
  CHECK_FALSE(file.writer());
  CHECK(file.Close());
}

TEST_CASE("a file that cannot be made is told at once") {
  OutputFile file;
  CHECK_FALSE(file.Open("/no/such/folder/report.txt"));
}

TEST_CASE("what a full disk swallows is told at the end") {
  OutputFile file;
  REQUIRE(file.Open("/dev/full"));
  file.writer()("a report\n");
  CHECK_FALSE(file.Close());
}

}  // namespace vestige::cli
