#include "cli/test_flags.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace vestige::cli {
namespace {

absl::StatusOr<TestCommandLine> ParseTest(const std::vector<std::string>& words) { return ParseTestCommandLine(words); }

TEST_CASE("flags of tests and of the engine may be mixed") {
  const auto line = ParseTest({"-D", "gc=true", "--filter", "a", "x.das", "--max-heap-mb=2", "--test", "y.das"});
  REQUIRE(line.ok());
  CHECK(line->engine.scripts == std::vector<std::string>{"x.das", "y.das"});
  CHECK(line->filters == std::vector<std::string>{"a"});
  CHECK(line->engine.engine.policies.size() == 1);
  CHECK(line->tests.test_heap_bytes == 2u << 20);
  CHECK(line->engine.engine.max_heap_bytes == 0);
}

TEST_CASE("the argument of an engine's flag is no flag of tests") {
  const auto line = ParseTest({"-D", "--bench", "x.das"});
  CHECK_FALSE(line.ok());
}

TEST_CASE("leak checks are off, on, or of blocks") {
  CHECK(ParseTest({"x.das"})->tests.leak_check == LeakCheck::kOff);
  CHECK(ParseTest({"--leak-check", "x.das"})->tests.leak_check == LeakCheck::kAll);
  CHECK(ParseTest({"--leak-check=blocks", "x.das"})->tests.leak_check == LeakCheck::kBlocks);
}

TEST_CASE("what makes no sense is refused") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--nonsense"},
                                                {"--count", "0"},
                                                {"--count"},
                                                {"--timeout", "soon"},
                                                {"--jobs", "-1"},
                                                {"--leak-check=some"},
                                                {"--bench-format", "xml"},
                                                {"--bench=1"},
                                                {"--main", "other"},
                                                {"--dry-run"},
                                                {"--leak-output", "x"}}) {
    CHECK_FALSE(ParseTest(words).ok());
  }
}

}  // namespace
}  // namespace vestige::cli
