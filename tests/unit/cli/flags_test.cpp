#include "cli/flags.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace vestige::cli {
namespace {

absl::StatusOr<CommandLine> Parse(const std::vector<std::string>& words) { return ParseCommandLine(words); }

TEST_CASE("one dash or two, before or behind the script") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"-heap-report", "a.das"}, {"--heap-report", "a.das"}, {"a.das", "--heap-report"}}) {
    const absl::StatusOr<CommandLine> line = Parse(words);
    REQUIRE(line.ok());
    CHECK(line->engine.tracking.heap_report);
    CHECK(line->scripts == std::vector<std::string>{"a.das"});
  }
}

TEST_CASE("what follows -- belongs to the script") {
  const absl::StatusOr<CommandLine> line = Parse({"a.das", "--", "-nonsense", "b.das"});
  REQUIRE(line.ok());
  CHECK(line->scripts == std::vector<std::string>{"a.das"});
}

TEST_CASE("ids of smart pointers are hexadecimal, as reports print them") {
  for (const std::string id : {"2cc", "0x2cc", "2CC"}) {
    const absl::StatusOr<CommandLine> line = Parse({"--track-smart-ptr", id, "a.das"});
    REQUIRE(line.ok());
    CHECK(line->engine.tracking.track_smart_pointer == 0x2cc);
  }
  CHECK(Parse({"--track-smart-ptr", "zzz", "a.das"}).status().message() == "expecting smart pointer id, got zzz");
  CHECK(!Parse({"--track-smart-ptr", "0", "a.das"}).ok());
  const absl::StatusOr<CommandLine> line = Parse({"--no-dump-leaks", "-track-holders", "a.das"});
  REQUIRE(line.ok());
  CHECK(line->engine.tracking.silent);
  CHECK(line->engine.tracking.track_holders);
}

TEST_CASE("arguments of flags follow as a word or after =") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--break-on-alloc", "26", "a.das"}, {"--break-on-alloc=0x1a", "a.das"}}) {
    const absl::StatusOr<CommandLine> line = Parse(words);
    REQUIRE(line.ok());
    CHECK(line->engine.tracking.break_on_allocation == 26);
  }
  CHECK(Parse({"--leak-exit", "a.das"})->engine.leak_exit == 1);
  CHECK(Parse({"--leak-exit=9", "a.das"})->engine.leak_exit == 9);
  CHECK(Parse({"-Dpersistent_heap=true", "a.das"})->engine.policies.at(0).first == "persistent_heap");
  CHECK(Parse({"--max-heap-mb", "3", "a.das"})->engine.max_heap_bytes == 3 << 20);
  CHECK(Parse({"--on-break=exit", "a.das"})->engine.tracking.on_break == OnBreak::kExit);
}

TEST_CASE("memory: checkpoints, drawings, refusals, and the limit of the environment") {
  CHECK(Parse({"--debug", "a.das"})->engine.debug_memory);
  CHECK(Parse({"--debug-plot", "m.svg", "a.das"})->debug_plot == "m.svg");
  CHECK(Parse({"--fail-allocation=7", "a.das"})->engine.fail_allocation_at == 7);
  CHECK_FALSE(Parse({"--fail-allocation", "0", "a.das"}).ok());
  setenv("VESTIGE_MAX_MEMORY_MB", "5", 1);
  setenv("DEBUG", "1", 1);
  CHECK(Parse({"a.das"})->engine.max_heap_bytes == 5 << 20);
  CHECK(Parse({"a.das"})->engine.debug_memory);
  CHECK(Parse({"--max-heap-mb", "3", "a.das"})->engine.max_heap_bytes == 3 << 20);
  setenv("VESTIGE_MAX_MEMORY_MB", "much", 1);
  CHECK(std::string(Parse({"a.das"}).status().message()) ==
        "VESTIGE_MAX_MEMORY_MB expects a number of MiB, not 'much'");
  unsetenv("VESTIGE_MAX_MEMORY_MB");
  // What other programs mean by it is not for us.
  setenv("DEBUG", "express:*", 1);
  CHECK_FALSE(Parse({"a.das"})->engine.debug_memory);
  unsetenv("DEBUG");
}

TEST_CASE("where modules are and what is shown of the program") {
  CHECK(Parse({"-dasroot", "lib", "a.das"})->engine.das_root == "lib");
  CHECK(Parse({"--dasroot=lib", "a.das"})->engine.das_root == "lib");
  CHECK(Parse({"-project", "p.das", "a.das"})->engine.project == "p.das");
  CHECK(Parse({"-log", "a.das"})->engine.log);
  CHECK_FALSE(Parse({"a.das"})->engine.log);
}

TEST_CASE("allocations that are tracked are reported") {
  CHECK(Parse({"-track-allocations", "a.das"})->engine.tracking.heap_report);
}

TEST_CASE("what cannot be understood is named") {
  struct Case {
    std::vector<std::string> words;
    std::string message;
  };
  const Case cases[] = {
      {{"-nonsense"}, "unknown command line option -nonsense"},
      {{"--main"}, "option --main needs NAME"},
      {{"-dasroot"}, "option --dasroot needs FOLDER"},
      {{"-project"}, "option --project needs FILE"},
      {{"--heap-report=yes"}, "option --heap-report takes no argument, got 'yes'"},
      {{"--leak-exit=0"}, "option --leak-exit expects an exit code from 1 to 255, got '0'"},
      {{"--leak-exit=x"}, "option --leak-exit expects an exit code from 1 to 255, got 'x'"},
      {{"--max-heap-mb", "-1"}, "option --max-heap-mb expects a number of MiB, got '-1'"},
      {{"--job-threads", "0"}, "option --job-threads expects a number from 1 to 1024, got '0'"},
      {{"--break-on-alloc", "zzz"}, "option --break-on-alloc expects a block id, decimal or 0x hex, got 'zzz'"},
      {{"--break-on-alloc", "0"}, "option --break-on-alloc expects a block id, decimal or 0x hex, got '0'"},
      {{"--on-break=never"}, "option --on-break expects trap, stack or exit, got 'never'"},
      {{"-D", "name"}, "option -D expects name=value, got 'name'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.message);
    const absl::StatusOr<CommandLine> line = Parse(c.words);
    REQUIRE_FALSE(line.ok());
    CHECK(std::string(line.status().message()) == c.message);
  }
}

TEST_CASE("the help fits a terminal of 80 columns and names every flag") {
  std::istringstream help(HelpText());
  std::string line;
  while (std::getline(help, line)) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
#define VESTIGE_FLAG(Name, spelling, argument, help_line) CHECK(HelpText().find(spelling) != std::string::npos);
#include "cli/flags.def"
#undef VESTIGE_FLAG
}

}  // namespace
}  // namespace vestige::cli
