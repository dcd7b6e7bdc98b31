#include "audit/exit_code.h"

#include <doctest/doctest.h>

namespace vestige::audit {

TEST_CASE("the end of a run decides the exit code") {
  struct Case {
    const char* what;
    RunEnd end;
    std::optional<int> leak_exit;
    int code;
  };
  const Case cases[] = {
      {.what = "void main", .end = {}, .leak_exit = {}, .code = 0},
      {.what = "int main", .end = {.returned = 3}, .leak_exit = {}, .code = 3},
      {.what = "int main wraps", .end = {.returned = 259}, .leak_exit = {}, .code = 3},
      {.what = "negative result", .end = {.returned = -1}, .leak_exit = {}, .code = 255},
      {.what = "panic", .end = {.failed = true, .returned = 3}, .leak_exit = {}, .code = 1},
      {.what = "interrupt", .end = {.signal = 2}, .leak_exit = {}, .code = 130},
      {.what = "termination", .end = {.signal = 15}, .leak_exit = {}, .code = 143},
      {.what = "watched id", .end = {.watched = true}, .leak_exit = {}, .code = 133},
      {.what = "survivors alone", .end = {.has_survivors = true}, .leak_exit = {}, .code = 0},
      {.what = "survivors with a code", .end = {.has_survivors = true}, .leak_exit = 9, .code = 9},
      {.what = "a failing run keeps its code",
       .end = {.returned = 4, .has_survivors = true},
       .leak_exit = 9,
       .code = 4},
      {.what = "nothing survives", .end = {}, .leak_exit = 9, .code = 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(ExitCode(c.end, c.leak_exit) == c.code);
  }
}

TEST_CASE("what outlives all runs decides the exit code, too") {
  struct Case {
    const char* what;
    ProcessEnd end;
    std::optional<int> leak_exit;
    int code;
  };
  const Case cases[] = {
      {.what = "nothing", .end = {.code = 7}, .leak_exit = 9, .code = 7},
      {.what = "smart pointers win", .end = {.code = 7, .has_smart_pointers = true}, .leak_exit = {}, .code = 1},
      {.what = "but not over a signal",
       .end = {.code = 130, .was_stopped = true, .has_smart_pointers = true},
       .leak_exit = {},
       .code = 130},
      {.what = "nor over a watched id",
       .end = {.code = 133, .was_stopped = true, .has_smart_pointers = true},
       .leak_exit = {},
       .code = 133},
      {.what = "over a main that returns what a watched id would",
       .end = {.code = 133, .has_smart_pointers = true},
       .leak_exit = {},
       .code = 1},
      {.what = "others alone", .end = {.has_others = true}, .leak_exit = {}, .code = 0},
      {.what = "others with a code", .end = {.has_others = true}, .leak_exit = 9, .code = 9},
      {.what = "others after a failing run", .end = {.code = 4, .has_others = true}, .leak_exit = 9, .code = 4},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(ExitCode(c.end, c.leak_exit) == c.code);
  }
}

}  // namespace vestige::audit
