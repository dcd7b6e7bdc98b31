// What a program takes once it is compiled: no text and no tree, unless a tool asks for them.
#include <doctest/doctest.h>
#include <malloc.h>

#include <string>

#include "fmt/format.h"
#include "vestige/engine.h"

namespace vestige {
namespace {

// Bytes that the whole process has allocated; 0 under a sanitizer, whose allocator does not tell.
size_t AllocatedBytes() { return mallinfo2().uordblks; }

// `count` functions, of which only one is called: the others make no code.
std::string ProgramOf(int count) {
  std::string text = "options gen2\n";
  for (int i = 0; i < count; ++i) {
    text += fmt::format(
        "// The function of number {0}, which is never called.\n"
        "def function_of_number_{0}(first, second : int) : int {{\n"
        "    var sum = first\n"
        "    for (i in range(second)) {{\n"
        "        sum += i * {0}\n"
        "    }}\n"
        "    return sum\n"
        "}}\n",
        i);
  }
  return text + "[export]\ndef main() {\n    print(\"{function_of_number_0(1, 2)}\\n\")\n}\n";
}

// Bytes that are allocated while main of the program runs, beyond those before it was compiled.
size_t RestingBytes(const std::string& text, bool keep_ast) {
  size_t running = 0;
  EngineOptions options;
  options.keep_ast = keep_ast;
  options.out = [&running](std::string_view) { running = AllocatedBytes(); };
  const size_t before = AllocatedBytes();
  Engine engine(std::move(options));
  CHECK(engine.RunText("program.das", text).ok);
  REQUIRE(running != 0);
  return running - before;
}

TEST_CASE("text and trees are let go before the program runs, unless they are to be kept") {
  if (AllocatedBytes() == 0) return;
  const std::string text = ProgramOf(5000);
  RestingBytes(text, false);  // what is made once per process is not the program's
  const size_t small = RestingBytes(ProgramOf(1), false);
  const size_t large = RestingBytes(text, false);
  const size_t kept = RestingBytes(text, true);
  // What remains of 40,000 lines that make no code: where each of them begins, and the names in them.
  CHECK(large - small < text.size());
  CHECK(kept - large > 3 * text.size());
}

}  // namespace
}  // namespace vestige
