// Syntax errors: what is said, and what is found behind them.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

namespace {
using Lines = std::vector<std::string>;
}

TEST_CASE("a missing value is reported where the line ends") {
  const Parsed parsed("options gen2\n\n[export]\ndef main() {\n    let x = \n}\n");
  CHECK(parsed.errors() ==
        "error[30151]: syntax error, unexpected \"new line, semicolon\"\n"
        "t.das:5:12\n"
        "    let x = \n"
        "            ^\n");
}

TEST_CASE("messages name what was found, and what was expected if that is one thing") {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  for (const Case& c : {
           Case{.text = "def f( { }", .message = "30151 1:7 syntax error, unexpected '{', expecting name"},
           Case{.text = "let 3 = 4", .message = "30151 1:4 syntax error, unexpected integer constant, expecting name"},
           Case{.text = "let x = 1 2", .message = "30151 1:10 syntax error, unexpected integer constant"},
           Case{.text = "let x = (1", .message = "30151 1:10 syntax error, unexpected end of file, expecting ')'"},
           Case{.text = "let x : = 1", .message = "30151 1:8 syntax error, unexpected '='"},
           Case{.text = "x = 1", .message = "30151 1:0 syntax error, unexpected name"},
           Case{.text = "struct { }", .message = "30151 1:7 syntax error, unexpected '{', expecting name"},
           Case{.text = "struct in { }", .message = "30151 1:7 syntax error, unexpected in, expecting name"},
           Case{.text = "let x = cast<int> y", .message = "30151 1:18 syntax error, unexpected name, expecting '('"},
           Case{.text = "let x = \x01", .message = "30151 1:8 syntax error, unexpected byte 0x01"},
           Case{.text = "let x = \"\\q\"", .message = "20105 1:9 invalid escape sequence"},
           Case{.text = "let x = \"abc", .message = "10301 1:8 string constant exceeds file"},
           Case{.text = "/* abc", .message = "10301 1:0 end of file encountered inside c-style comment"},
           Case{.text = "let x = 2147483648", .message = "10300 1:8 int constant out of range"},
           Case{.text = "let x = a.b $ { pass }", .message = "30347 1:12 piped block requires a function call"},
       }) {
    CAPTURE(c.text);
    CHECK(Parsed(std::string(c.text)).summary() == Lines{std::string(c.message)});
  }
}

TEST_CASE("closing what is not open is an error of its own") {
  CHECK(Parsed(InFunction("if (true))\n a()")).summary() ==
        Lines{"10202 2:9 mismatching parentheses", "30151 2:9 syntax error, unexpected ')'"});
  CHECK(Parsed("def f() {\n}}\n").summary() ==
        Lines{"10200 2:1 mismatching curly braces", "30151 2:1 syntax error, unexpected '}'"});
}

TEST_CASE("each broken statement is reported once, and those after it are understood") {
  const Parsed parsed(InFunction("let a = \nlet b = 2\nfoo(1, , 2)\nbaz()\nbar(]\nlet c = 3 4\nreturn b"));
  CHECK(parsed.summary().size() == 5);  // the unmatched bracket counts too
  CHECK(parsed.decl<FunctionDecl>().body->statements.size() == 3);
}

TEST_CASE("an error inside brackets or blocks does not reach the statements behind them") {
  for (std::string_view text : {
           "if (a b) {\n c()\n }\n good()",
           "f($() {\n let x = \n })\n good()",
           "for (x y) {\n c()\n }\n good()",
           "let t = { 1 => , 2 => 3 }\n good()",
           "let t = [1 2\n 3]\n good()",
           "f(\"{a b}\", 2)\n good()",
           "f(1, 2\n return 3\n good()",
       }) {
    CAPTURE(text);
    const Parsed parsed(InFunction(text));
    CHECK_MESSAGE(parsed.summary().size() == 1, parsed.errors());
    const auto statements = parsed.decl<FunctionDecl>().body->statements;
    REQUIRE(!statements.empty());
    CHECK(Print(*statements.back()) == "good()");
  }
}

TEST_CASE("a broken declaration does not hide the next ones") {
  const Parsed parsed(
      "def a( {\n    x()\n}\n"
      "def b() {\n    y(\n}\n"
      "struct C {\n    1 : int\n    d : int\n}\n"
      "let e = \n"
      "[export]\ndef main() { }\n");
  CHECK_MESSAGE(parsed.summary().size() == 4, parsed.errors());
  REQUIRE(!parsed.module->declarations.empty());
  CHECK(As<FunctionDecl>(parsed.module->declarations.back())->name.text() == "main");
}

TEST_CASE("a missing closing brace is found before the next declaration") {
  const Parsed parsed("def a() {\n    if (x) {\n    f()\n\ndef b() {\n    g()\n}\n");
  CHECK_FALSE(parsed.ok());
  CHECK(As<FunctionDecl>(parsed.module->declarations.back())->name.text() == "b");
}

TEST_CASE("after very many errors the rest is left unread") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "let = 1\n";
  const Parsed parsed(text);
  CHECK(parsed.summary().size() < 300);
  CHECK(parsed.summary().back().ends_with("too many errors, giving up"));
}

}  // namespace vestige::syntax
