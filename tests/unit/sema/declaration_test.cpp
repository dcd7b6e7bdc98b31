// Declarations and modules: types, globals, hooks, who sees whom.

#include "check_fixture.h"
#include "doctest/doctest.h"
#include "sema/options.h"
#include "sema/typed.h"

namespace vestige::sema {
namespace {

struct DeclarationCase {
  std::string_view text;
  std::string_view expected;
};

TEST_CASE("declarations are found in any order") {
  CHECK(Checked("struct A { b : B; n : int[N] }\nstruct B { e : E }\nenum E { x = 3 }\nlet N = int(E.x)\n"
                "[export]\ndef main() { var a = A(); print(\"{f(a)}\") }\ndef f(a : A) => a.n[0]")
            .errors() == "");
}

TEST_CASE("what is declared wrongly is told where it is declared") {
  for (const DeclarationCase& c :
       {DeclarationCase{"struct A { b : B }\nstruct B { a : A }", "31105"},
        DeclarationCase{
            "struct A { a : int; a : int }",
            "20503 1:20 structure field is already declared a, use override to replace initial value instead"},
        DeclarationCase{"struct A { a : NoSuch }", "30826 1:11 undefined structure field type 'NoSuch'"},
        DeclarationCase{"struct A : NoSuch { a : int }", "20606"},
        DeclarationCase{"struct A { a : int }\nstruct A { b : int }", "20512 2:7 structure is already defined A"},
        DeclarationCase{"struct A { override a : int = 1 }", "20107"},
        DeclarationCase{"typedef A = B\ntypedef B = A", "31106"}, DeclarationCase{"enum E { a, a }", "20502"},
        DeclarationCase{"enum E : uint8 { a = 1000 }", "30147"},
        DeclarationCase{"var a = b\nvar b = 1", "30173 1:8 global variable b is initialized after a"},
        DeclarationCase{"var a = a", "30177 1:8 global variable 'a' can't be initialized with itself"},
        DeclarationCase{"let a : int = 1.5",
                        "30344 1:14 global variable 'a' initialization type mismatch; int const = float const"},
        DeclarationCase{"var a", "30312 1:4 global variable type can't be inferred, it needs an initializer"},
        DeclarationCase{"def f() { pass }\ndef f() { pass }", "30702 2:4 function is already defined f"},
        DeclarationCase{"var t : table<array<int>; int>", "30254"},
        DeclarationCase{"[no_such]\ndef f() { pass }", "20600 1:1 annotation no_such is not found"},
        DeclarationCase{"options no_such", "50100 0:0 invalid option 'no_such'"},
        DeclarationCase{"[init]\ndef f(a : int) { pass }", "20801"},
        DeclarationCase{"require no_such",
                        "20605 1:8 missing prerequisite 'no_such'; file not found\n\tfrom test.das"}}) {
    CAPTURE(c.text);
    CHECK(ErrorsOf(c.text).substr(0, c.expected.size()) == c.expected);
  }
}

TEST_CASE("fields lie where C would put them, the parent's first") {
  const Checked checked(
      "struct A { a : int8; b : int64 }\nstruct B : A { c : int16; d : float3 }\nvar x = B()\n[export]\n"
      "def main() { pass }");
  REQUIRE(checked.ok());
  const types::StructInfo* info = checked.program()->globals[0]->type->struct_info;
  REQUIRE(info->fields.size() == 4);
  CHECK(info->fields[1].offset == 8);
  CHECK(info->fields[2].offset == 16);
  CHECK(info->fields[3].offset == 20);
  CHECK(info->size == 32);
}

TEST_CASE("initialisers run in order of declaration unless they ask for another") {
  const Checked checked(
      "[init(before=\"late\")]\ndef c() { pass }\n[init(tag=\"late\")]\ndef b() { pass }\n"
      "[init(after=\"late\")]\ndef a() { pass }\n[finalize]\ndef z() { pass }\n[export]\ndef main() { pass }");
  REQUIRE(checked.ok());
  std::string order;
  for (const TFunction* function : checked.program()->init_functions) order += function->name.text();
  CHECK(order == "abc");
  REQUIRE(checked.program()->finalize_functions.size() == 1);
  REQUIRE(checked.program()->main != nullptr);
}

TEST_CASE("only what can be reached is kept, finalizers of structs included") {
  const Checked checked(
      "struct S { a : int }\ndef finalize(var s : S) { used() }\ndef used() { pass }\ndef unused() { pass }\n"
      "[export]\ndef main() { pass }");
  REQUIRE(checked.ok());
  CHECK(checked.count("used") == 1);
  CHECK(checked.count("unused") == 0);
}

TEST_CASE("modules see what they require, and what that exports") {
  const Modules modules = {{"low", "module low\ndef f() => 1\ndef private hidden() => 2\nvar private h = 1"},
                           {"mid", "module mid\nrequire low public"},
                           {"shy", "module shy\nrequire low"},
                           {"a", "require b"},
                           {"b", "require a"}};
  auto errors = [&](std::string_view text) { return Checked(text, modules).errors(); };
  CHECK(errors("require mid\ndef g() => f() + low::f()") == "");
  CHECK(errors("require shy\ndef g() => f()").substr(0, 5) == "30341");
  CHECK(errors("require low\ndef g() => hidden()").substr(0, 5) == "30341");
  CHECK(errors("require low\ndef g() => h").substr(0, 5) == "30283");
  CHECK(errors("require low as l\ndef g() => l::f()") == "");
  CHECK(errors("require ?no_such low\ndef g() => 1") == "");
  CHECK(errors("require a").substr(0, 35) == "20605 1:8 circular dependency 'a'\n\t");
}

TEST_CASE("options are read from one table") {
  ProgramOptions options;
  CHECK(SetOption(options, "persistent_heap", "false") == OptionResult::kOk);
  CHECK(!options.persistent_heap);
  CHECK(SetOption(options, "stack", "65536") == OptionResult::kOk);
  CHECK(options.stack_bytes == 65536);
  CHECK(SetOption(options, "gc", "") == OptionResult::kOk);
  CHECK(options.gc);
  CHECK(SetOption(options, "indenting", "4") == OptionResult::kOk);
  CHECK(SetOption(options, "stack", "deep") == OptionResult::kBadValue);
  CHECK(SetOption(options, "nonsense", "") == OptionResult::kUnknown);
}

}  // namespace
}  // namespace vestige::sema
