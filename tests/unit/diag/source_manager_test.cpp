// Files, offsets and lines.

#include "diag/source_manager.h"

#include "doctest/doctest.h"

namespace vestige::diag {

TEST_CASE("a place is told as file, line from 1 and column from 0") {
  SourceManager sources;
  sources.Add("first.das", "ab\n\tcd\n");
  const SourceFile* file = sources.Add("second.das", "x\r\ny");
  const SourceFile* first = sources.FileOf({file->base() - 1});
  REQUIRE(first != nullptr);

  struct Case {
    base::Location location;
    std::string_view text;
  };
  for (const Case& c : {
           Case{.location = first->At(0), .text = "first.das:1:0"},
           Case{.location = first->At(2), .text = "first.das:1:2"},
           Case{.location = first->At(4), .text = "first.das:2:1"},
           Case{.location = first->At(7), .text = "first.das:3:0"},
           Case{.location = file->At(0), .text = "second.das:1:0"},
           Case{.location = file->At(4), .text = "second.das:2:1"},
       }) {
    CAPTURE(c.text);
    CHECK(sources.Describe(c.location) == c.text);
  }
}

TEST_CASE("lines are told as they were renumbered, each stretch from its first byte on") {
  SourceManager sources;
  const SourceFile* file = sources.Add("made.das", "one\ntwo three\nfour\nfive\n");
  file->Renumber(8, "a.txt", 100, 7);
  file->Renumber(19, "b.txt", 1, 0);

  CHECK(sources.Describe(file->At(5)) == "made.das:2:1");
  CHECK(sources.Describe(file->At(8)) == "a.txt:100:7");
  CHECK(sources.Describe(file->At(10)) == "a.txt:100:9");
  CHECK(sources.Describe(file->At(16)) == "a.txt:101:2");
  CHECK(sources.Describe(file->At(19)) == "b.txt:1:0");
  CHECK(sources.Describe(file->At(21)) == "b.txt:1:2");
  CHECK(file->LocateInText(file->At(16)).line == 3);
  CHECK(sources.FileOf(file->At(21)) == file);
}

TEST_CASE("a place outside every file is unknown") {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", "abc");

  CHECK(sources.FileOf({}) == nullptr);
  CHECK(sources.FileOf({file->end() + 1}) == nullptr);
  CHECK(sources.Describe({}).empty());
  CHECK(sources.Locate({}).line == 0);
}

TEST_CASE("lines come without their ends") {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", "one\r\ntwo\n\nlast");

  CHECK(file->line_count() == 4);
  CHECK(file->Line(1) == "one");
  CHECK(file->Line(2) == "two");
  CHECK(file->Line(3).empty());
  CHECK(file->Line(4) == "last");
  CHECK(file->Line(5).empty());
  CHECK(file->Line(0).empty());
}

TEST_CASE("an empty file has one line") {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", "");

  CHECK(file->line_count() == 1);
  CHECK(sources.Describe(file->At(0)) == "a.das:1:0");
}

TEST_CASE("lines are known after the text is gone") {
  SourceManager sources;
  const SourceFile* file = sources.Add("a.das", "one\ntwo\n");
  sources.ReleaseTexts();

  CHECK(file->text().empty());
  CHECK(file->Line(1).empty());
  CHECK(sources.Describe(file->At(5)) == "a.das:2:1");
}

TEST_CASE("the same name may be added again") {
  SourceManager sources;
  const SourceFile* a = sources.Add("a.das", "1");
  const SourceFile* b = sources.Add("a.das", "2");

  CHECK(a != b);
  CHECK(sources.FileOf(b->At(0)) == b);
}

}  // namespace vestige::diag
