// Statements: variables, loops, scopes and what happens at their end.

#include "check_fixture.h"
#include "doctest/doctest.h"

namespace vestige::sema {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

TEST_CASE("variables are copied, moved or cloned into") {
  for (const Case& c : {Case{"let a = 1\nvar b = a", "var a : int const = 1; var b : int = a"},
                        Case{"var a <- [1, 2]\nvar b <- a", "var a : array<int> <- [1, 2]; var b : array<int> <- a"},
                        Case{"var a = [1]", "var a : array<int> <- [1]"},
                        Case{"var a = [1]\nvar b := a", "var a : array<int> <- [1]; var b : array<int> := a"},
                        Case{"var a = 1\nvar b := a", "var a : int = 1; var b : int = a"},
                        Case{"var p : int? = null\np = null", "var p : int? = null; p = null"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain("", c.text) == c.expected);
  }
}

TEST_CASE("a tuple is taken apart into variables of their own") {
  CHECK(CheckMain("", "let (x, y) = (1, \"s\")") ==
        "var _ : tuple<int;string> = tuple<int;string>(+0 1, +8 \"s\"); var x : int const = _.+0; "
        "var y : string const = _.+8");
}

TEST_CASE("inscope variables are deleted backwards when their scope ends, in every round of a loop") {
  CHECK(CheckMain("", "var inscope a <- [1]\nvar inscope b <- [2]") ==
        "var a : array<int> <- [1]; var b : array<int> <- [2]; } finally {; delete b; delete a");
  CHECK(CheckMain("", "for (i in 0 .. 3) { var inscope a : array<int>; push(a, i) }") ==
        "for (i : int const in range range(0, 3)) {; var a : array<int>; $::push(a, i); } finally {; "
        "delete a; }");
}

TEST_CASE("deletes come before the written finally part") {
  CHECK(CheckMain("", "{ var inscope a <- [1] } finally { print(\"b\") }") ==
        "{; var a : array<int> <- [1]; } finally {; delete a; {; $::print(\"b\"); }; }");
}

TEST_CASE("loops go over places, values get one first") {
  for (const Case& c :
       {Case{"var a : int[3]\nfor (x in a) { x = 1 }", "var a : int[3]; for (x : int in fixed a) {; x = 1; }"},
        Case{"var t <- { 1 => \"a\" }\nfor (k, v in keys(t), values(t)) { print(v) }",
             "var t : table<int;string> <- {1 => \"a\"}; for (k : int const in keys t; v : string in values t) {; "
             "$::print(v); }"},
        Case{"for (x, i in [1, 2], count(1)) { pass }",
             "{; var _ : array<int> <- [1, 2]; for (x : int in array _; i : int const in count 1) {; }; }"},
        Case{"for (c in \"abc\") { pass }", "for (c : int const in string \"abc\") {; }"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain("", c.text) == c.expected);
  }
}

TEST_CASE("parts of tuples that go by are references into them") {
  CHECK(CheckMain("", "for ((k, v) in [(1, 2)]) { v = k }") ==
        "{; var _ : array<tuple<int;int>> <- [tuple<int;int>(+0 1, +4 2)]; for ( : tuple<int;int> in array _) {; "
        "var k : int& = _.+0; var v : int& = _.+4; {; v = k; }; }; }");
}

TEST_CASE("with, assume and static_if leave what they stand for") {
  CHECK(CheckMain("struct S { a : int }", "var s = S()\nwith (s) { a = 3 }") ==
        "var s : S = zero<S>; {; var _ : S& = s; {; _.+0 = 3; }; }");
  CHECK(CheckMain("", "assume x = 1 + 2\nprint(\"{x}\")") == "$::print(\"{3}\")");
  CHECK(CheckMain("", "static_if (false) { no_such() } else { print(\"yes\") }") == "{; $::print(\"yes\"); }");
}

TEST_CASE("flags of bitfields are set and cleared one at a time") {
  CHECK(CheckMain("bitfield B { lo, hi }", "var b : B\nb.hi = true\nb.lo = false") ==
        "var b : B; b = (b | B(2)); b = (b & B(4294967294))");
}

TEST_CASE("statements that make no sense are errors, each once") {
  for (const Case& c :
       {Case{"var a <- [1]\nvar b = a", "30197 5:4 local variable b can only be move-initialized"},
        Case{"let a : int = \"x\"",
             "30344 4:4 local variable a initialization type mismatch; int const = string const"},
        Case{"let a = 1\na = 2", "30952 5:2 can't write to a constant value, int const& = int const"},
        Case{"let x = 1\nlet x = 2",
             "30704 5:4 local variable x is shadowed by another local variable x: int const at line 4"},
        Case{"for (i in 5) { print(\"{i}\") }",
             "30192 4:0 unsupported iteration type int const for the loop variable i, iterating over int const"},
        Case{"break", "30128 4:0 'break' without a loop"},
        Case{"var x", "30316 4:4 local variable type can't be inferred, it needs an initializer"},
        Case{"if (1) { pass }", "30183 4:4 if-then-else condition must be boolean, and not int const"},
        Case{"var p : int?\ndelete p", "31009 5:0 delete of int?& requires unsafe"},
        Case{"let r & = [1]", "31019 4:4 local reference to a temporary value is not allowed"},
        Case{"assume x = y\nassume y = x", "31101 5:7 assume 'y' creates a circular dependency"},
        Case{"while (1) { pass }", "30291 4:0 while loop condition must be boolean"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain("", c.text) == c.expected);
  }
}

TEST_CASE("what follows a failed declaration is not reported") {
  CHECK(CheckMain("", "var a = no_such()\nprint(\"{a + 1}\")\na = 2") ==
        "30341 4:8 no matching functions or generics: no_such()");
}

TEST_CASE("results follow from returns") {
  CHECK(ErrorsOf("def f() : int { return 1.5 }") == "30343 1:16 incompatible return type; int const = float const");
  CHECK(ErrorsOf("def f() : int { pass }") == "30310 1:4 not all control paths return value");
  CHECK(ErrorsOf("def f() { return 1 }\ndef g() : string { return f() }") ==
        "30343 2:19 incompatible return type; string const = int");
  CHECK(ErrorsOf("def f(a : array<int>) : array<int> { return a }").substr(0, 5) == "30222");
  CHECK(Checked("def f() : array<int> { var a <- [1]; return <- a }\n[export]\ndef main() { f() }").body("f") ==
        "var a : array<int> <- [1]; return <- a");
}

}  // namespace
}  // namespace vestige::sema
