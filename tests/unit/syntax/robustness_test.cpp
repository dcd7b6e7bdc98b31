// Input that nobody writes on purpose: it is refused in time proportional to its size.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

namespace {

std::string Repeat(std::string_view text, size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("nesting as deep as people's programs could ever be is understood") {
  const std::string parentheses = "let x = " + Repeat("(", 1500) + "1" + Repeat(")", 1500) + "\n";
  CHECK(Parsed(parentheses).ok());
  CHECK(Parsed("let x = " + Repeat("1 + ", 1500) + "1\n").ok());
  CHECK(Parsed("def f() {\n" + Repeat("{", 900) + Repeat("}", 900) + "}\n").ok());
}

TEST_CASE("deeper nesting is refused with one message") {
  struct Case {
    std::string_view name;
    std::string text;
  };
  const size_t n = 100'000;
  for (const Case& c : {
           Case{.name = "parentheses", .text = "let x = " + Repeat("(", n)},
           Case{.name = "brackets", .text = "let x = " + Repeat("[", n)},
           Case{.name = "braces", .text = "let x <- " + Repeat("{", n)},
           Case{.name = "blocks", .text = "def f() {" + Repeat("{", n)},
           Case{.name = "minus", .text = "let x = " + Repeat("- ", n) + "1"},
           Case{.name = "not", .text = "let x = " + Repeat("!", n) + "1"},
           Case{.name = "star", .text = "let x = " + Repeat("*", n) + "1"},
           Case{.name = "sum", .text = "let x = 1" + Repeat(" + 1", n)},
           Case{.name = "coalesce", .text = "let x = 1" + Repeat(" ?? 1", n)},
           Case{.name = "conditional", .text = "let x = " + Repeat("a ? b : ", n) + "1"},
           Case{.name = "pipe", .text = "let x = 1" + Repeat(" |> f", n)},
           Case{.name = "fields", .text = "let x = a" + Repeat(".b", n)},
           Case{.name = "indices", .text = "let x = a" + Repeat("[0]", n)},
           Case{.name = "calls", .text = "let x = " + Repeat("f(", n)},
           Case{.name = "closures", .text = "let x <- " + Repeat("$() => ", n) + "1"},
           Case{.name = "types", .text = "let x : " + Repeat("array<", n)},
           Case{.name = "pointers", .text = "let x : int" + Repeat("?", n)},
           Case{.name = "strings", .text = "let x = " + Repeat("\"{", n)},
           Case{.name = "elif", .text = InFunction("if (a) { }\n" + Repeat("elif (a) { }\n", n))},
           Case{.name = "ifs", .text = InFunction(Repeat("if (a) { ", n))},
           Case{.name = "annotations", .text = Repeat("[", 1) + Repeat("!", n) + "a]\ndef f { }"},
           Case{.name = "annotation groups", .text = Repeat("[", 1) + Repeat("(", n) + "a]\ndef f { }"},
           Case{.name = "annotation chains", .text = "[a" + Repeat(" && a", n) + "]\ndef f { }"},
           Case{.name = "new", .text = "let x = " + Repeat("new ", n)},
           Case{.name = "generators", .text = "let x <- " + Repeat("generator<int>(", n)},
       }) {
    CAPTURE(c.name);
    const Parsed parsed(c.text);
    REQUIRE_FALSE(parsed.ok());
    bool found = false;
    for (const std::string& line : parsed.summary()) found |= line.find("nesting exceeds") != std::string::npos;
    CHECK_MESSAGE(found, parsed.errors().substr(0, 500));
    CHECK(parsed.summary().size() <= 2);
  }
}

TEST_CASE("wrong brackets in masses are read in linear time") {
  const size_t n = 200'000;
  CHECK_FALSE(Parsed("let x = " + Repeat("({[", n) + Repeat("}])", n)).ok());
  CHECK_FALSE(Parsed(Repeat(")", n)).ok());
  CHECK_FALSE(Parsed(Repeat("}\n", n)).ok());
  CHECK_FALSE(Parsed(Repeat("def f(\n", n)).ok());
  CHECK_FALSE(Parsed("let x = a" + Repeat(" %b!", n)).ok());
  CHECK_FALSE(Parsed(Repeat("\"", n + 1)).ok());
  CHECK_FALSE(Parsed(Repeat("/*", n)).ok());
}

TEST_CASE("a very long line is no problem") {
  CHECK(Parsed("let x = [" + Repeat("1,", 500'000) + "]\n").ok());
  const Parsed broken("let x = [" + Repeat("1,", 500'000) + ")\n");
  CHECK_FALSE(broken.ok());
  CHECK(broken.errors().size() < 2000);
}

TEST_CASE("bytes that are no text are refused") {
  std::string noise;
  uint32_t state = 12345;
  for (int i = 0; i < 200'000; ++i) {
    state = state * 1664525 + 1013904223;
    noise += static_cast<char>(state >> 24);
  }
  CHECK_FALSE(Parsed(noise).ok());
  CHECK_FALSE(Parsed(std::string(10'000, '\0')).ok());
  CHECK_FALSE(Parsed("let x = 1\n\xFF\xFE\n").ok());
  CHECK(Parsed("\xEF\xBB\xBFlet x = 1\n").ok());
}

TEST_CASE("a file cut off anywhere is refused or understood, never more") {
  const std::string text =
      "options gen2\nmodule m shared\nrequire a/b as c\n[export, x(a = (1, 2))]\n"
      "def f(a : table<int; array<auto(T)>>; var b = 3) : tuple<x:int; y:float> {\n"
      "    for ((k, v), i in t, range(3)) { print(\"{k:05d} {v ? \"a\" : \"b\"}\\n\") } finally { g() }\n"
      "    let l <- @ capture(= a) (x : int) : int => x ?as b ?? 3\n"
      "    return <- [for (x in y); x => 1; where x > 0x10u8] if (a is type<int?>) else return 'a'\n"
      "}\nclass C : D { @t = 1 override x : int = 1.5lf; def operator . y := (v : int) { pass } }\n"
      "/* c */ enum E : uint8 { a\n b = 3 }\n%r~ text %%\n";
  REQUIRE_MESSAGE(Parsed(text).ok(), Parsed(text).errors());
  for (size_t length = 0; length < text.size(); ++length) {
    const Parsed parsed(text.substr(0, length));
    CHECK(parsed.module != nullptr);
    if (parsed.ok()) CHECK(PrintTwice(text.substr(0, length)).find("unstable") == std::string::npos);
  }
}

}  // namespace vestige::syntax
