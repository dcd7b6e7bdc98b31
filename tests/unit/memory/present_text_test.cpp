// Strings as heap reports show them.
#include "memory/present_text.h"

#include <doctest/doctest.h>

namespace vestige::memory {
namespace {

TEST_CASE("text is escaped and cut") {
  struct Case {
    std::string_view text;
    std::string_view shown;
  };
  for (const Case& c :
       {Case{"", ""}, Case{"leaked 3 text 1\n", "leaked 3 text 1\\n"},
        Case{"tab\tnewline\nquote\"3", "tab\\tnewline\\nquote\\\"3"},
        Case{"name number 0 which is long enough to be cut", "name number 0 which is long ..."},
        Case{"exactly twenty-eight letters", "exactly twenty-eight letters"}, Case{"\x01\x7f\\", "\\x01\\x7f\\\\"}}) {
    CAPTURE(c.text);
    CHECK(PresentText(c.text) == c.shown);
  }
}

TEST_CASE("a letter of several bytes is not cut in the middle") {
  CHECK(PresentText("abcé", 4) == "abc...");
  CHECK(PresentText("abcé", 5) == "abcé");
}

}  // namespace
}  // namespace vestige::memory
