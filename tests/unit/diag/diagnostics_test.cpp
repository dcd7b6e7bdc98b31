// Which messages are left for people.

#include "diag/diagnostics.h"

#include "doctest/doctest.h"

namespace vestige::diag {

namespace {

struct Fixture {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", "first line\nsecond line\nthird line\n");
  DiagnosticSink sink;

  void Report(int code, size_t at, std::string message) { sink.Error(code, file->At(at), 1, std::move(message)); }
  std::vector<std::string> Messages() const {
    std::vector<std::string> messages;
    for (const Diagnostic& diagnostic : Collapse(sources, sink.diagnostics())) messages.push_back(diagnostic.message);
    return messages;
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("identical neighbours become one with a count") {
  Fixture f;
  f.Report(30838, 3, "same");
  f.Report(30838, 3, "same");
  f.Report(30838, 3, "same");

  CHECK(f.Messages() == Texts{"same (x3)"});
  CHECK(f.sink.error_count() == 3);
}

TEST_CASE("one code on one line counts once") {
  Fixture f;
  f.Report(30838, 6, "b");
  f.Report(30838, 0, "a");
  f.Report(30838, 8, "c");
  f.Report(30341, 9, "other code");
  f.Report(30838, 12, "next line");

  CHECK(f.Messages() == Texts{"a (+2 more on this line)", "other code", "next line"});
}

TEST_CASE("findings of macros are all kept") {
  Fixture f;
  f.Report(20800, 0, "a");
  f.Report(20800, 1, "b");

  CHECK(f.Messages() == Texts{"a", "b"});
}

TEST_CASE("follow-ups go when there is a primary error, else they stay") {
  Fixture f;
  f.sink.Report({.code = 31300, .message = "not resolved yet", .location = f.file->At(0), .stage = Stage::kInfer});
  CHECK(f.Messages() == Texts{"not resolved yet"});

  f.Report(30151, 12, "primary");
  CHECK(f.Messages() == Texts{"primary"});
}

TEST_CASE("a message without a code goes when its line has one with a code") {
  Fixture f;
  f.Report(0, 2, "vague");
  f.Report(30838, 0, "exact");
  f.Report(0, 12, "vague, elsewhere");

  CHECK(f.Messages() == Texts{"exact", "vague, elsewhere"});
}

TEST_CASE("stages come in their order, whatever the places") {
  Fixture f;
  f.sink.Report({.code = 1, .message = "lint", .location = f.file->At(0), .stage = Stage::kLint});
  f.sink.Report({.code = 2, .message = "infer", .location = f.file->At(20), .stage = Stage::kInfer});
  f.sink.Report({.code = 3, .message = "nowhere", .stage = Stage::kInfer});

  CHECK(f.Messages() == Texts{"nowhere", "infer", "lint"});
}

TEST_CASE("warnings are no errors") {
  Fixture f;
  f.sink.Report({.code = 1, .message = "w", .severity = Severity::kWarning});
  CHECK_FALSE(f.sink.has_errors());
  f.Report(1, 0, "e");
  CHECK(f.sink.has_errors());
  f.sink.Clear();
  CHECK_FALSE(f.sink.has_errors());
  CHECK(f.sink.diagnostics().empty());
}

}  // namespace vestige::diag
