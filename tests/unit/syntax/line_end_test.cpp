// Where the end of a line ends a statement, and where it does not.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

TEST_CASE("line ends do not count inside brackets") {
  for (std::string_view text : {
           "f(\n1\n,\n2\n)",
           "let a = [\n1,\n2,\n]",
           "var t <- {\n1 => 2,\n3 => 4\n}",
           "var t <- {\nfor (x in y);\nx => 1\n}",
           "let a <- [\nfor (x in y); x]",
           "let a = b[\n1\n]",
           "let a = (1 +\n2)",
           "let a = \"{\nb\n}\"",
           "for (\nx in y\n)\n{\n}",
           "while\n(a)\n{\n}",
           "if (a)\n{\n}\nelse\n{\n}",
           "if (a) { }\n\n\nelif (b) { }",
           "unsafe\n{\n}",
           "try\n{\n}\nrecover\n{\n}",
           "let a = f() \\\n + 1",
       }) {
    CAPTURE(text);
    CHECK_MESSAGE(Parsed(InFunction(text)).ok(), Parsed(InFunction(text)).errors());
  }
}

TEST_CASE("blocks of closures have line ends of their own, even inside parentheses") {
  const Parsed parsed(InFunction("f($() {\n a()\n b(\n1) \n c() }, 2)"));
  REQUIRE_MESSAGE(parsed.ok(), parsed.errors());
  const auto* call = As<CallExpr>(As<ExprStmt>(parsed.decl<FunctionDecl>().body->statements[0])->expr);
  CHECK(As<ClosureExpr>(call->arguments[0].value)->body->statements.size() == 3);
}

TEST_CASE("a brace ends the statement before it") {
  const Parsed parsed("def f() { a(); b() }\ndef g() { return }\nstruct S { a : int; b : int }\n");
  REQUIRE(parsed.ok());
  CHECK(parsed.decl<FunctionDecl>(0).body->statements.size() == 2);
  CHECK(parsed.decl<StructDecl>(2).members.size() == 2);
}

TEST_CASE("an operator at the start or end of a line does not join lines") {
  // The second line is a statement of its own.
  const Parsed leading(InFunction("let x = a\n+ b"));
  REQUIRE(leading.ok());
  CHECK(leading.decl<FunctionDecl>().body->statements.size() == 2);
  CHECK(Parsed(InFunction("let x = a +\nb")).summary() ==
        std::vector<std::string>{"30151 2:11 syntax error, unexpected \"new line, semicolon\""});
  CHECK_FALSE(Parsed(InFunction("let x = a\n? b : c")).ok());
}

TEST_CASE("line ends separate values of enums and members of types") {
  CHECK(Parsed("enum E {\n a\n b = 2\n\n c,\n}\n").decl<EnumDecl>().values.size() == 3);
  CHECK(Parsed("tuple T {\n a : int\n\n b : int\n}\n").ok());
  CHECK(Parsed("var x : tuple<a : int;\n b : int>\n").ok());
  CHECK(Parsed("enum E { a; b }\n").summary() == std::vector<std::string>{"30151 1:10 syntax error, unexpected ';'"});
}

TEST_CASE("the end of the file ends a declaration") {
  CHECK(Parsed("options gen2").ok());
  CHECK(Parsed("let x = 1").ok());
  CHECK(Parsed("def f() => 1").ok());
}

}  // namespace vestige::syntax
