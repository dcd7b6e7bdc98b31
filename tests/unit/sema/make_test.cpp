// Construction: structs, tuples, variants, containers, new.

#include "check_fixture.h"
#include "doctest/doctest.h"

namespace vestige::sema {
namespace {

constexpr std::string_view kTypes =
    "struct S { a : int = 1; b : array<int> }\nstruct Base { a : int = 1 }\nstruct Derived : Base { b = 2.5 }\n"
    "variant V { i : int; f : float }\ntuple T { a : int; b : string }\n"
    "struct M { a : int; def set(n : int) { a = n } }\n"
    "struct C { a : int; def C(n : int) { a = n } }\n";

struct MakeCase {
  std::string_view text;
  std::string_view expected;
};

TEST_CASE("values are made member by member, initialisers fill the rest") {
  for (const MakeCase& c :
       {MakeCase{"var s = S()", "var s : S <- S(+0 1)"},
        MakeCase{"var s = S(a = 2, b <- [1])", "var s : S <- S(+0 2, +8 <- [1])"},
        MakeCase{"var d = Derived(a = 7)", "var d : Derived = Derived(+0 7, +4 2.5f)"},
        MakeCase{"var p = new S(a = 3)", "var p : S? = new S(+0 3)"},
        MakeCase{"var v = V(f = 1.5)", "var v : variant<i:int;f:float> = variant<i:int;f:float>(#1 +4 1.5f)"},
        MakeCase{"var t = T(b = \"x\")", "var t : tuple<a:int;b:string> = tuple<a:int;b:string>(+8 \"x\")"},
        MakeCase{"var d = default<S>", "var d : S <- S(+0 1)"}, MakeCase{"var c = C(3)", "var c : C = C(3)"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain(kTypes, c.text) == c.expected);
  }
}

TEST_CASE("methods have a slot in the value and are called by their own name") {
  CHECK(CheckMain(kTypes, "var m = M()\nm.set(3)") == "var m : M = M(+8 @@M`set); M`set(m, 3)");
}

TEST_CASE("a constructor makes the value, then its method fills it") {
  const Checked checked(std::string(kTypes) + "[export]\ndef main() { var c = C(3) }");
  REQUIRE(checked.ok());
  CHECK(checked.body("C") == "var self : C <- zero<C>; C`C(self, n); return <- self");
  CHECK(checked.body("C`C") == "self.+0 = n");
}

TEST_CASE("containers take their types from the first element or from where they go") {
  for (const MakeCase& c :
       {MakeCase{"let t <- { \"a\" => 1, \"b\" => 2 }", "var t : table<string;int> const <- {\"a\" => 1, \"b\" => 2}"},
        MakeCase{"let s <- { 1, 2 }", "var s : table<int;void> const <- {1, 2}"},
        MakeCase{"let f = fixed_array(1, 2)", "var f : int const[2] = int[2](+0 1, +4 2)"},
        MakeCase{"var a : array<int64> <- [1, 2]", "var a : array<int64> <- [int64(1), int64(2)]"},
        MakeCase{"var a : array<array<int>> <- [[], [1]]",
                 "var a : array<array<int>> <- [<- zero<array<int>>, <- [1]]"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain(kTypes, c.text).substr(0, c.expected.size()) == c.expected);
  }
}

TEST_CASE("wrong constructions are errors") {
  for (const MakeCase& c :
       {MakeCase{"var s = S(c = 1)", "30825 11:10 field not found, c"},
        MakeCase{"var s = S(a = 1, a = 2)", "30705 11:17 field a is already initialized"},
        MakeCase{"var s = S(a = \"x\")", "30915 11:14 can't initialize field a; int = string const"},
        MakeCase{"var b <- [1]\nvar s = S(b = b)", "30947 12:10 field b can't be copied; array<int>"},
        MakeCase{"var p = new int()", "30214"}, MakeCase{"var v = V(i = 1, f = 2.)", "30287"},
        MakeCase{"var s : S", "31016"}, MakeCase{"var a <- []", "30112"},
        MakeCase{"var a <- [1, \"x\"]", "30915 11:13 can't initialize array element; int = string const"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain(kTypes, c.text).substr(0, c.expected.size()) == c.expected);
  }
}

}  // namespace
}  // namespace vestige::sema
