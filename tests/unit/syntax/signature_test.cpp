// Heads of native functions.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

TEST_CASE("a signature is a function without a body") {
  base::Interner interner;
  base::Arena arena;
  const FunctionDecl* push = ParseSignature("push(var a : array<auto(T)>; v : T) : void", interner, arena);
  REQUIRE(push != nullptr);
  CHECK(push->name.text() == "push");
  CHECK(push->body == nullptr);
  REQUIRE(push->parameters.size() == 2);
  CHECK(push->parameters[0].is_var);
  CHECK(Print(*push->parameters[0].type) == "array<auto(T)>");
  CHECK(Print(*push->result) == "void");
  CHECK_FALSE(push->place.location.is_known());

  const FunctionDecl* find =
      ParseSignature("def find(s : string; sub : string; start : int = 0) : int", interner, arena);
  REQUIRE(find != nullptr);
  CHECK(As<NumberExpr>(find->parameters[2].init) != nullptr);
}

TEST_CASE("operators and bare names are signatures too") {
  base::Interner interner;
  base::Arena arena;
  CHECK(ParseSignature("operator +(a : quat; b : quat) : quat", interner, arena)->name.text() == "+");
  CHECK(ParseSignature("clock : int64", interner, arena)->parameters.empty());
  CHECK(ParseSignature("each(a : array<auto(T)> -const | #) : iterator<T&>", interner, arena) != nullptr);
}

TEST_CASE("what is no signature is refused") {
  base::Interner interner;
  base::Arena arena;
  for (std::string_view text : {"", "3", "f(", "f(a : )", "f() : int {}", "f() extra", "f(a : int) : 3"}) {
    CAPTURE(text);
    CHECK(ParseSignature(text, interner, arena) == nullptr);
  }
}

}  // namespace vestige::syntax
