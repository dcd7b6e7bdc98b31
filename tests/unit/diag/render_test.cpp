// Messages as people see them.

#include "diag/diagnostics.h"
#include "doctest/doctest.h"

namespace vestige::diag {

TEST_CASE("a message shows code, place, line, carets, extra and advice") {
  SourceManager sources;
  const SourceFile* file = sources.Add("demo.das", "options gen2\ndef main() { f(\"x\") }\n");
  const Diagnostic diagnostic{.code = 30341,
                              .message = "no matching functions",
                              .location = file->At(26),
                              .length = 4,
                              .extra = "f(string const)\ncandidate",
                              .fixme = "use g"};

  CHECK(Render(sources, diagnostic) ==
        "error[30341]: no matching functions\n"
        "demo.das:2:13\n"
        "def main() { f(\"x\") }\n"
        "             ^^^^\n"
        "f(string const)\n"
        "candidate\n"
        "\tuse g\n");
}

TEST_CASE("a message without a place is one line") {
  SourceManager sources;
  CHECK(Render(sources, {.code = 50100, .message = "invalid option 'x'"}) == "error[50100]: invalid option 'x'\n");
  CHECK(Render(sources, {.message = "plain", .severity = Severity::kWarning}) == "warning: plain\n");
}

TEST_CASE("carets stand under what people see") {
  struct Case {
    std::string_view line;
    size_t at;
    uint32_t length;
    std::string_view shown;
  };
  for (const Case& c : {
           Case{.line = "\tab", .at = 1, .length = 2, .shown = "    ab\n    ^^\n"},
           Case{.line = "x\tab", .at = 2, .length = 1, .shown = "x   ab\n    ^\n"},
           Case{.line = "\xC3\xA9=1", .at = 2, .length = 1, .shown = "\xC3\xA9=1\n ^\n"},
           Case{.line = "a\xFFz", .at = 2, .length = 1, .shown = "a?z\n  ^\n"},
           Case{.line = "end", .at = 3, .length = 5, .shown = "end\n   ^\n"},
           Case{.line = "word", .at = 0, .length = 99, .shown = "word\n^^^^\n"},
       }) {
    CAPTURE(c.line);
    SourceManager sources;
    const SourceFile* file = sources.Add("a.das", std::string(c.line));
    CHECK(EchoLine(sources, file->At(c.at), c.length) == c.shown);
  }
}

TEST_CASE("a long line is cut around the place") {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", std::string(1'000'000, 'a') + "!" + std::string(1'000'000, 'b'));

  const std::string shown = EchoLine(sources, file->At(1'000'000), 1);

  CHECK(shown.size() < 500);
  CHECK(shown.starts_with("...aaa"));
  const size_t line_end = shown.find('\n');
  CHECK(shown.substr(line_end - 6, 6) == "bbb...");
  CHECK(shown.find('!') == shown.find('^') - line_end - 1);
}

TEST_CASE("without the text only the place is told") {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", "abc");
  sources.ReleaseTexts();

  CHECK(Render(sources, {.code = 1, .message = "m", .location = file->At(1)}) == "error[1]: m\na.das:1:1\n");
}

}  // namespace vestige::diag
