#include "audit/leak_report.h"

#include <doctest/doctest.h>

namespace vestige::audit {

namespace {

// Stack 1 is a push in fill called by main; stack 2 a recursion; stack 0 unknown.
class TwoStacks : public StackResolver {
 public:
  std::vector<StackFrame> Frames(StackId stack) const override {
    if (stack == 1) {
      return {{.function = "builtin`push", .is_native = true},
              {.function = "fill", .file = "demo.das", .line = 7},
              {.function = "main", .file = "demo.das", .line = 13}};
    }
    if (stack == 2) return {{.function = "dig", .file = "demo.das", .line = 21, .is_recursive = true}};
    return {};
  }
};

std::string Report(const ContextFindings& findings, const LeakReportOptions& options = {}) {
  base::StringSink sink;
  WriteLeakReport(findings, TwoStacks(), options, sink);
  return sink.text();
}

ContextFindings Sample() {
  return {.context_name = "<unnamed>",
          .block_count = 3,
          .block_bytes = 0x50,
          .blocks = {{.size = 0x40, .count = 1, .first_id = 1, .stack = 1},
                     {.size = 8, .count = 2, .first_id = 2, .stack = 2, .reach = "lost"}},
          .record_count = 3,
          .stack_count = 2};
}

}  // namespace

TEST_CASE("a clean context says nothing") { CHECK(Report({.context_name = "x"}).empty()); }

TEST_CASE("a group of one is the documented row, more are told together") {
  CHECK(Report(Sample()) ==
        "=== Memory leaks in context '<unnamed>' (3 allocations, 0x50 bytes) ===\n"
        "[leak] size=0x40 bytes\n"
        "  at builtin`push native\n"
        "  at fill demo.das:7\n"
        "  at main demo.das:13\n"
        "[leak] size=0x8 bytes x2 (0x10 bytes)\n"
        "  at dig demo.das:21 (recursive)\n");
}

TEST_CASE("ungrouped prints the survivors one by one instead of the groups") {
  const LeakReportOptions options = {.each_block = [](GroupVisitor visit) {
    visit({.size = 8, .count = 1, .first_id = 2, .stack = 2});
    visit({.size = 8, .count = 1, .first_id = 3, .stack = 2});
  }};
  CHECK(Report(Sample(), options) ==
        "=== Memory leaks in context '<unnamed>' (3 allocations, 0x50 bytes) ===\n"
        "[leak] size=0x8 bytes\n"
        "  at dig demo.das:21 (recursive)\n"
        "[leak] size=0x8 bytes\n"
        "  at dig demo.das:21 (recursive)\n");
}

TEST_CASE("many long stacks are all told, although not all are remembered") {
  class LongStacks : public StackResolver {
   public:
    std::vector<StackFrame> Frames(StackId stack) const override {
      return {{.function = std::string(60'000, 'f'), .file = "long.das", .line = stack}};
    }
  };
  ContextFindings findings = {.context_name = "long"};
  std::vector<std::string> endings;
  for (uint32_t i = 1; i <= 300; ++i) {
    // Every stack comes twice, the second time after it may have been forgotten.
    findings.blocks.push_back({.size = 16, .count = 1, .first_id = i, .stack = (i - 1) % 150 + 1});
    endings.push_back(" long.das:" + std::to_string((i - 1) % 150 + 1) + "\n");
  }
  findings.block_count = findings.blocks.size();
  base::StringSink sink;
  WriteLeakReport(findings, LongStacks(), {}, sink);
  size_t at = 0;
  for (const std::string& ending : endings) {
    at = sink.text().find(ending, at);
    REQUIRE(at != std::string::npos);
    at += ending.size();
  }
}

TEST_CASE("the extended report tells reach and the tracker's own cost") {
  const std::string text = Report(Sample(), {.extended = true});
  CHECK(text.find("[leak] size=0x8 bytes x2 (0x10 bytes), id 2, lost\n") != std::string::npos);
  CHECK(text.find("3 records, 2 stacks") != std::string::npos);
}

TEST_CASE("strings have a block of their own") {
  const ContextFindings findings = {.context_name = "game",
                                    .string_count = 1,
                                    .string_bytes = 0x20,
                                    .strings = {{.size = 0x20, .count = 1, .first_id = 1, .stack = 0}}};
  CHECK(Report(findings) ==
        "=== Strings alive in context 'game' (1 strings, 0x20 bytes) ===\n"
        "[leak] size=0x20 bytes\n");
}

TEST_CASE("rows go by size, then by id") {
  std::vector<BlockGroup> groups = {
      {.size = 8, .first_id = 9}, {.size = 16, .first_id = 10}, {.size = 8, .first_id = 2}};
  SortGroups(groups);
  CHECK(groups[0].first_id == 10);
  CHECK(groups[1].first_id == 2);
  CHECK(groups[2].first_id == 9);
}

}  // namespace vestige::audit
