#include "cli/json_text.h"

#include <doctest/doctest.h>

#include <string_view>

namespace vestige::cli {
namespace {

TEST_CASE("text as JSON spells it") {
  struct Row {
    std::string_view text;
    std::string_view json;
  };
  const Row rows[] = {
      {.text = "", .json = "\"\""},
      {.text = "plain", .json = "\"plain\""},
      {.text = "a\"b\\c\nd\te", .json = "\"a\\\"b\\\\c\\nd\\te\""},
      {.text = "\x1b[0m", .json = "\"\\u001b[0m\""},
      {.text = std::string_view("a\0b", 3), .json = "\"a\\u0000b\""},
      {.text = "gr\xc3\xbc\xc3\x9f", .json = "\"gr\xc3\xbc\xc3\x9f\""},
      {.text = "cut \xc3", .json = "\"cut \\ufffd\""},
      {.text = "over \xc0\xaf long", .json = "\"over \\ufffd\\ufffd long\""},
      {.text = "half \xed\xa0\x80 pair", .json = "\"half \\ufffd\\ufffd\\ufffd pair\""},
      {.text = "\xf0\x9f\x98\x80", .json = "\"\xf0\x9f\x98\x80\""},
  };
  for (const Row& row : rows) CHECK(JsonText(row.text) == row.json);
}

}  // namespace
}  // namespace vestige::cli
