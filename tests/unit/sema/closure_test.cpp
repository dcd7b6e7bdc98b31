// Blocks, lambdas and local functions: how they reach the variables around them.

#include "check_fixture.h"
#include "doctest/doctest.h"
#include "sema/typed.h"

namespace vestige::sema {
namespace {

const TFunction* Find(const Checked& checked, std::string_view name, FunctionRole role) {
  for (const TFunction* function : checked.program()->functions) {
    if (function->name.text() == name && function->role == role) return function;
  }
  return nullptr;
}

TEST_CASE("a block bears the name of its function and uses that function's frame") {
  const Checked checked("[export]\ndef main() { var n = 1\nrun() { n += 1 }\n run() { print(\"\") } }");
  REQUIRE(checked.ok());
  const TFunction* block = Find(checked, "main", FunctionRole::kBlock);
  REQUIRE(block != nullptr);
  CHECK(block->parent == Find(checked, "main", FunctionRole::kFunction));
  size_t users = 0;
  for (const TFunction* function : checked.program()->functions) users += function->uses_parent_frame;
  CHECK(users == 1);
}

TEST_CASE("a lambda takes along what it names, behind its two function pointers") {
  const Checked checked(
      "var f : lambda<(x : int) : int>\n[export]\ndef main() { var n = 1; let s = \"a\"\n"
      "f <- @(x : int) : int { print(s)\nn ++\nreturn x + n } }");
  REQUIRE(checked.ok());
  const TFunction* lambda = Find(checked, "_lambda_thismodule_4_1`function", FunctionRole::kLambda);
  REQUIRE(lambda != nullptr);
  const types::StructInfo* frame = lambda->capture->struct_info;
  REQUIRE(frame->fields.size() == 4);
  CHECK(frame->fields[2].name.text() == "s");
  CHECK(frame->fields[2].offset == 16);
  CHECK(frame->fields[3].name.text() == "n");
  CHECK(frame->fields[3].offset == 24);
  CHECK(frame->size == 32);
  REQUIRE(lambda->arguments.size() == 2);
  CHECK(lambda->arguments[0]->is_reference);
  CHECK(checked.body("main") ==
        "var n : int = 1; var s : string const = \"a\"; ::f <- @_lambda_thismodule_4_1`function[= s, = n]");
}

TEST_CASE("a reference capture stores an address that deleting leaves alone") {
  const Checked checked(
      "[export]\ndef main() { var n = 1\nunsafe { var f <- @ capture(& n) () { n ++ }\ninvoke(f) } }");
  REQUIRE(checked.ok());
  const TFunction* lambda = Find(checked, "_lambda_thismodule_3_1`function", FunctionRole::kLambda);
  REQUIRE(lambda != nullptr);
  const types::Field& field = lambda->capture->struct_info->fields[2];
  CHECK(types::TypeName(field.type) == "int?");
  CHECK(field.do_not_delete);
}

TEST_CASE("the finally part of a lambda is its finalizer") {
  const Checked checked("[export]\ndef main() { var f <- @() { print(\"a\") } finally { print(\"bye\") }\ninvoke(f) }");
  REQUIRE(checked.ok());
  CHECK(checked.body("_lambda_thismodule_2_1`function") == "$::print(\"a\")");
  CHECK(checked.body("_lambda_thismodule_2_1`finalizer") == "$::print(\"bye\")");
}

TEST_CASE("closures take argument types from where they are passed") {
  CHECK(CheckMain("", "var a <- [1]\nsort(a) $(x, y) => x < y").find("$::sort(a, $main)") != std::string::npos);
  CHECK(CheckMain("", "let f = @@(x : int) : int => x + 1") ==
        "var f : function<(x:int const):int> const = @@_localfunction_thismodule_4_1`function");
}

TEST_CASE("captures that cannot be are refused at the lambda") {
  struct Case {
    std::string_view text;
    std::string_view expected;
  };
  for (const Case& c :
       {Case{"var a <- [1]\nvar f <- @() { push(a, 1) }",
             "31003 5:9 implicit capture by move requires unsafe, while capturing a"},
        Case{"var a <- [1]\nvar f <- @ capture(= a) () { push(a, 1) }", "30912 5:9 can't copy captured variable a"},
        Case{"var n = 1\nvar f <- @ capture(& n) () { n ++ }",
             "31003 5:9 capture by reference requires unsafe, while capturing n"},
        Case{"let n = 1\nlet f = @@() : int => n", "30838 5:22 can't locate variable 'n'"}}) {
    CAPTURE(c.text);
    CHECK(CheckMain("", c.text) == c.expected);
  }
}

}  // namespace
}  // namespace vestige::sema
