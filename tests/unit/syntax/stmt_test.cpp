// Statements.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

TEST_CASE("statements print in one form") {
  struct Case {
    std::string_view text;
    std::string_view printed;
  };
  for (const Case& c : {
           Case{.text = "let a, b : int = 1; var c <- d", .printed = "let a, b : int = 1\nvar c <- d\n"},
           Case{.text = "var inscope r & = x", .printed = "var inscope r & = x\n"},
           Case{.text = "let (a, _, b) = t", .printed = "let (a, _, b) = t\n"},
           Case{.text = "let { a = 1; b := 2 }", .printed = "let {\n    a = 1\n    b := 2\n}\n"},
           Case{.text = "let x aka y = 1", .printed = "let x aka y = 1\n"},
           Case{.text = "a = b; a <- b; a := b; a <<<= b; a &&= b",
           .printed = "a = b\na <- b\na := b\na <<<= b\na &&= b\n"},
           Case{.text = "return", .printed = "return\n"},
           Case{.text = "return <- x", .printed = "return <- x\n"},
           Case{.text = "return 1 if (a)", .printed = "if (a) {\n    return 1\n}\n"},
           Case{.text = "return 1 if (a) else return 2",
           .printed = "if (a) {\n    return 1\n} else {\n    return 2\n}\n"},
           Case{.text = "break if (a); continue if (b)",
           .printed = "if (a) {\n    break\n}\nif (b) {\n    continue\n}\n"},
           Case{.text = "if (a) f()\nelif (b) { g() }\nelse h()",
           .printed = "if (a) {\n    f()\n} elif (b) {\n    g()\n} else {\n    h()\n}\n"},
           Case{.text = "static_if (a) { }\nstatic_elif (b) { }",
           .printed = "static_if (a) {\n} static_elif (b) {\n}\n"},
           Case{.text = "for (x, i in a, range(3)) { }", .printed = "for (x, i in a, range(3)) {\n}\n"},
           Case{.text = "for ((k, v) in t) { }", .printed = "for ((k, v) in t) {\n}\n"},
           Case{.text = "for [unroll = 4] (x in y) { }", .printed = "for [unroll = 4] (x in y) {\n}\n"},
           Case{.text = "while (a) { pass } finally { f() }",
           .printed = "while (a) {\n    pass\n} finally {\n    f()\n}\n"},
           Case{.text = "with (a.b) { c = 1 }", .printed = "with (a.b) {\n    c = 1\n}\n"},
           Case{.text = "with (module daslib/x) { f() }", .printed = "with (module daslib/x) {\n    f()\n}\n"},
           Case{.text = "assume a = b.c", .printed = "assume a = b.c\n"},
           Case{.text = "typedef T = array<int>", .printed = "typedef T = array<int>\n"},
           Case{.text = "unsafe { f() }", .printed = "unsafe {\n    f()\n}\n"},
           Case{.text = "unsafe(f())", .printed = "unsafe(f())\n"},
           Case{.text = "try { f() } recover { g() }", .printed = "try {\n    f()\n} recover {\n    g()\n}\n"},
           Case{.text = "delete x; delete explicit y", .printed = "delete x\ndelete explicit y\n"},
           Case{.text = "label 3:\ngoto label 3\ngoto x", .printed = "label 3:\ngoto label 3\ngoto x\n"},
           Case{.text = "{ a() } finally { b() }", .printed = "{\n    a()\n} finally {\n    b()\n}\n"},
           Case{.text = "yield 1; yield <- x", .printed = "yield 1\nyield <- x\n"},
       }) {
    CAPTURE(c.text);
    CHECK(PrintStatements(c.text) == c.printed);
  }
}

TEST_CASE("an else with elif is a nested if") {
  const Parsed parsed(InFunction("if (a) { } elif (b) { } else { }"));
  REQUIRE(parsed.ok());
  const auto* outer = As<IfStmt>(parsed.decl<FunctionDecl>().body->statements[0]);
  REQUIRE(outer->else_block != nullptr);
  CHECK_FALSE(outer->else_block->has_braces);
  const auto* inner = As<IfStmt>(outer->else_block->statements[0]);
  REQUIRE(inner != nullptr);
  CHECK(inner->is_elif);
  CHECK(inner->else_block->has_braces);
}

TEST_CASE("assignments are no expressions") {
  CHECK_FALSE(Parsed(InFunction("f((a = 1) + 2, b += 1)")).ok());
  CHECK_FALSE(Parsed(InFunction("a = 1 if (b)")).ok());
}

}  // namespace vestige::syntax
