// Overloads, default and named arguments, generics.

#include "check_fixture.h"
#include "doctest/doctest.h"

namespace vestige::sema {
namespace {

TEST_CASE("an exact overload beats one that needs a cast, and a function beats a generic") {
  const std::string declarations =
      "struct Base { a : int }\nstruct Derived : Base { b : int }\n"
      "def f(x : Base) { print(\"base\") }\n"
      "def f(x : Derived) { print(\"derived\") }\n"
      "def g(x : int) { print(\"int\") }\n"
      "def g(x) { print(\"auto\") }\n";
  const Checked checked(declarations + "[export]\ndef main() {\nvar d = Derived()\nf(d)\ng(1)\ng(\"s\")\n}\n");
  REQUIRE(checked.errors() == "");
  CHECK(checked.function("f") == "def f(x : Derived const&) : void {\n  $::print(\"derived\")\n}\n");
  CHECK(checked.count("f") == 1);
  CHECK(checked.count("g") == 2);
}

TEST_CASE("default and named arguments are written out in parameter order") {
  const std::string declarations = "def f(a : int; b : int = 2; c : int = 3) : int { return a + b + c }\n";
  CHECK(CheckMain(declarations, "f(1)") == "f(1, 2, 3)");
  CHECK(CheckMain(declarations, "f(1, [c = 9])") == "f(1, 2, 9)");
  CHECK(CheckMain(declarations, "f([a = 4, c = 9])") == "f(4, 2, 9)");
}

TEST_CASE("a closure behind a call skips parameters with defaults") {
  CHECK(CheckMain("", "run() { print(\"x\") }") == "$::run(1, $main)");
  CHECK(CheckMain("", "run(5) { print(\"x\") }") == "$::run(5, $main)");
}

TEST_CASE("a generic has one instance per list of parameter types") {
  const Checked checked(
      "def twice(x : auto(T)) : T { return x + x }\n"
      "[export]\ndef main() "
      "{\nanything(twice(1))\nanything(twice(2))\nanything(twice(1.5))\nanything(twice(\"a\"))\n}\n");
  REQUIRE(checked.errors() == "");
  CHECK(checked.count("twice") == 3);
}

TEST_CASE("names bound by auto stand for types in the whole signature and body") {
  const Checked checked(
      "def pick(a : array<auto(T)>; i : int; other : T) : T {\n"
      "  var result : T = other\n"
      "  if (i < length(a)) { result = a[i] }\n"
      "  return result\n}\n"
      "[export]\ndef main() {\nvar a <- [1., 2.]\nanything(pick(a, 0, 0.5))\n}\n");
  REQUIRE(checked.errors() == "");
  CHECK(checked.function("pick").find("a : array<float> const&; i : int const; other : float const) : float") !=
        std::string::npos);
}

TEST_CASE("the more specialized generic wins") {
  const std::string text =
      "def kind(x) : int { return 0 }\n"
      "def kind(x : array<auto>) : int { return 1 }\n"
      "def kind(x : array<int>) : int { return 2 }\n"
      "[export]\ndef main() {\nvar a : array<int>\nvar b : array<float>\nanything(kind(a))\nanything(kind(b))\n"
      "anything(kind(1))\n}\n";
  const Checked checked(text);
  REQUIRE(checked.errors() == "");
  CHECK(checked.count("kind") == 3);
}

TEST_CASE("closures get their argument types from the parameter") {
  CHECK(CheckMain("", "var a <- [3, 1]\nsort(a) $(x, y) => x < y").find("$::sort(a, $main)") != std::string::npos);
  const std::string mapped = CheckMain("", "var a <- [3, 1]\nvar b <- map(a) $(x) => float(x)\nanything(b)");
  CHECK(mapped.find("var b : array<float> <- $::map(a, $main)") != std::string::npos);
}

TEST_CASE("what makes a generic refuse or ask") {
  CHECK(ErrorsOf("def f(x : int; x2 : int = 1) { pass }\ndef f(x : int; y : string = \"\") { pass }\n"
                 "[export]\ndef main() { f(1) }\n") == "30341 4:13 too many matching functions or generics f");
  CHECK(ErrorsOf("def f(var a : array<int>) { pass }\n[export]\ndef main() {\nlet a <- [1]\nf(a)\n}\n") ==
        "30341 5:0 no matching functions or generics: f(array<int> const&)");
  CHECK(ErrorsOf("def f(n) { return n < 1 ? 0 : f(n - 1) }\n[export]\ndef main() { f(1) }\n") ==
        "30167 1:30 cannot infer type for function call 'f' with 'auto' return type\n"
        "30165 3:13 cannot infer type for function call 'f' with 'auto' return type");
}

TEST_CASE("candidates say what is wrong with them") {
  const Checked checked("def f(a : int) { pass }\n[export]\ndef main() { f(\"x\") }\n");
  CHECK(checked.errors() == "30341 3:13 no matching functions or generics: f(string const)");
  CHECK(checked.first_extra() ==
        "f(string const)\nwhile compiling: main: void\n\ncandidate function:\n"
        "\tf(a: int const): void at test.das:1:4\n"
        "\t\tinvalid argument 'a' (0). expecting 'int const', passing 'string const'\n");
}

TEST_CASE("operators of user types are functions") {
  const std::string declarations =
      "struct V { x : int }\n"
      "def operator +(a, b : V) : V { return V(x = a.x + b.x) }\n"
      "def operator [](a : V; i : int) : int { return a.x + i }\n"
      "def operator .twice(a : V) : int { return a.x * 2 }\n"
      "def operator -(a : V) : V { return V(x = -a.x) }\n";
  CHECK(CheckMain(declarations, "var a = V(x = 1)\nanything(a + a)").find("$::anything(+(a, a))") != std::string::npos);
  CHECK(CheckMain(declarations, "var a = V(x = 1)\nanything(a[2])").find("$::anything([](a, 2))") != std::string::npos);
  CHECK(CheckMain(declarations, "var a = V(x = 1)\nanything(a.twice)").find("$::anything(.`twice(a))") !=
        std::string::npos);
  CHECK(CheckMain(declarations, "var a = V(x = 1)\nanything(-a)").find("$::anything(-(a))") != std::string::npos);
}

TEST_CASE("only what is reachable stays in the program") {
  const Checked checked(
      "def used() { pass }\ndef unused() { pass }\ndef chain() { used() }\n[export]\ndef main() { chain() }\n");
  CHECK(checked.count("used") == 1);
  CHECK(checked.count("unused") == 0);
}

TEST_CASE("functions nobody calls are checked all the same") {
  CHECK(ErrorsOf("def unused() { let x = nope }\n[export]\ndef main() { pass }\n") ==
        "30838 1:23 can't locate variable 'nope'");
}

}  // namespace
}  // namespace vestige::sema
