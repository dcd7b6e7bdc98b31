// Types: what is written is what is kept.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

TEST_CASE("types print as they are understood") {
  struct Case {
    std::string_view text;
    std::string_view printed;
  };
  for (const Case& c : {
           Case{.text = "int", .printed = "int"},
           Case{.text = "mod::Foo", .printed = "mod::Foo"},
           Case{.text = "auto( T )", .printed = "auto(T)"},
           Case{.text = "array<array<int>>", .printed = "array<array<int>>"},
           Case{.text = "table<string; array<table<int>>>", .printed = "table<string;array<table<int>>>"},
           Case{.text = "int const ?", .printed = "int const?"},
           Case{.text = "int ? const", .printed = "int? const"},
           Case{.text = "int??", .printed = "int??"},
           Case{.text = "Foo?[3]", .printed = "Foo?[3]"},
           Case{.text = "int[2][N + 1]&", .printed = "int[2][N + 1]&"},
           Case{.text = "auto(T)[] -const", .printed = "auto(T)[] -const"},
           Case{.text = "T -const -& -# -[]", .printed = "T -const -& -# -[]"},
           Case{.text = "T ==const ==&", .printed = "T ==const ==&"},
           Case{.text = "T# implicit explicit", .printed = "T# implicit explicit"},
           Case{.text = "int | float | #", .printed = "int|float|#"},
           Case{.text = "typedecl(a + b)", .printed = "typedecl(a + b)"},
           Case{.text = "block", .printed = "block"},
           Case{.text = "function<(a : int; var b : float&) : bool>",
           .printed = "function<(a : int; var b : float&):bool>"},
           Case{.text = "lambda<(a, b : int) -> void>", .printed = "lambda<(a, b : int):void>"},
           Case{.text = "block<int>", .printed = "block<int>"},
           Case{.text = "tuple<a : int; float>", .printed = "tuple<a:int;float>"},
           Case{.text = "variant<i : int, f : float>", .printed = "variant<i:int;f:float>"},
           Case{.text = "bitfield<a; b>", .printed = "bitfield<a;b>"},
           Case{.text = "bitfield : uint8 <a, b>", .printed = "bitfield : uint8 <a;b>"},
           Case{.text = "iterator<smart_ptr<Foo>>", .printed = "iterator<smart_ptr<Foo>>"},
           Case{.text = "type<T>", .printed = "type<T>"},
           Case{.text = "$Soa<Foo; int>", .printed = "$Soa<Foo;int>"},
           Case{.text = "Option<int>?", .printed = "Option<int>?"},
           Case{.text = "typemacro(1, 2)", .printed = "typemacro(1, 2)"},
       }) {
    CAPTURE(c.text);
    base::Interner interner;
    base::Arena arena;
    const TypeExpr* type = ParseTypeText(c.text, interner, arena);
    REQUIRE(type != nullptr);
    CHECK(Print(*type) == c.printed);
    const TypeExpr* again = ParseTypeText(c.printed, interner, arena);
    REQUIRE(again != nullptr);
    CHECK(Print(*again) == c.printed);
  }
}

TEST_CASE("what is no type is refused") {
  for (std::string_view text :
       {"", "int int", "array<int", "array<>", "3", "table<;>", "int[", "type<int>>", "\"a\""}) {
    CAPTURE(text);
    base::Interner interner;
    base::Arena arena;
    CHECK(ParseTypeText(text, interner, arena) == nullptr);
  }
}

TEST_CASE("a list of types may be closed by the start of a longer sign") {
  CHECK(PrintTwice("var x : array<array<array<int>>>= y\n") == "var x : array<array<array<int>>> = y\n");
  CHECK(PrintTwice("var x : table<int; array<int>>= y\n") == "var x : table<int;array<int>> = y\n");
}

}  // namespace vestige::syntax
