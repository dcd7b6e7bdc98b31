// Nodes point at the token people should look at.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

namespace {

std::string At(const Parsed& parsed, const Place& place) {
  const size_t from = place.location.offset - parsed.file->base();
  return std::string(parsed.file->text().substr(from, place.length));
}

}  // namespace

TEST_CASE("places of expressions are names and operators") {
  const Parsed parsed("let x = alpha + foo::bar(1, beta.gamma)\n");
  REQUIRE(parsed.ok());
  const Variable& x = parsed.decl<GlobalsDecl>().variables[0];
  CHECK(At(parsed, x.place) == "x");
  const auto* sum = As<BinaryExpr>(x.init);
  CHECK(At(parsed, sum->place) == "+");
  CHECK(At(parsed, sum->left->place) == "alpha");
  const auto* call = As<CallExpr>(sum->right);
  CHECK(At(parsed, call->place) == "foo::bar");
  CHECK(At(parsed, call->arguments[0].place) == "1");
  CHECK(At(parsed, call->arguments[1].value->place) == "gamma");
  CHECK(parsed.file->text()[call->end.offset - parsed.file->base()] == ')');
}

TEST_CASE("places of declarations are their names") {
  const Parsed parsed("def foo(arg : int) : Bar {\n    return 12345\n}\nstruct Item { }\nenum Level { low }\n");
  REQUIRE(parsed.ok());
  const FunctionDecl& foo = parsed.decl<FunctionDecl>(0);
  CHECK(At(parsed, foo.place) == "foo");
  CHECK(At(parsed, foo.parameters[0].place) == "arg");
  CHECK(At(parsed, foo.result->place) == "Bar");
  const auto* result = As<ReturnStmt>(foo.body->statements[0]);
  CHECK(At(parsed, result->place) == "return");
  CHECK(At(parsed, result->value->place) == "12345");
  CHECK(At(parsed, parsed.decl<StructDecl>(1).place) == "Item");
  CHECK(At(parsed, parsed.decl<EnumDecl>(2).values[0].place) == "low");
  CHECK(parsed.file->text()[foo.body->end.offset - parsed.file->base()] == '}');
}

TEST_CASE("the tree lives without the text") {
  Parsed parsed("let name = \"text{value:fmt}\"\n%r~ abc %%\n");
  REQUIRE(parsed.ok());
  parsed.sources.ReleaseTexts();
  CHECK(Print(*parsed.module) == "let name = \"text{value:fmt}\"\n%r~ abc %%\n");
}

}  // namespace vestige::syntax
