// Declarations and the module around them.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

TEST_CASE("the head of a file is kept") {
  const Parsed parsed(
      "options gen2, stack = 65536\n"
      "module shapes shared public !inscope\n"
      "require math\n"
      "require daslib/strings_boost public\n"
      "require ./lib/util.das as u\n"
      "require ?pugixml pugixml/PUGIXML_boost\n"
      "expect 30341:2, 30838\n");
  REQUIRE(parsed.ok());
  const Module& module = *parsed.module;
  CHECK(module.name.text() == "shapes");
  CHECK(module.is_shared);
  CHECK(module.is_inscope);
  CHECK(module.visibility == Visibility::kPublic);
  REQUIRE(module.options.size() == 2);
  CHECK(module.options[0].kind == AnnotationValue::kNone);
  CHECK(module.options[1].integer == 65536);
  REQUIRE(module.requires_list.size() == 4);
  CHECK(module.requires_list[1].path.text() == "daslib/strings_boost");
  CHECK(module.requires_list[1].is_public);
  CHECK(module.requires_list[2].path.text() == "./lib/util.das");
  CHECK(module.requires_list[2].alias.text() == "u");
  CHECK(module.requires_list[3].guard.text() == "pugixml");
  REQUIRE(module.expectations.size() == 2);
  CHECK(module.expectations[0].code == 30341);
  CHECK(module.expectations[0].count == 2);
  CHECK(module.expectations[1].count == 1);
}

TEST_CASE("declarations print in one form") {
  struct Case {
    std::string_view text;
    std::string_view printed;
  };
  for (const Case& c : {
           Case{.text = "let private shared_x = 1", .printed = "let private shared_x = 1\n"},
           Case{.text = "var shared x : int", .printed = "var shared x : int\n"},
           Case{.text = "let { @tag A = 1; B = \"two\" }", .printed = "let {\n    @tag A = 1\n    B = \"two\"\n}\n"},
           Case{.text = "enum private Level : uint8 { low, mid = 5\n high }",
           .printed = "enum private Level : uint8 {\n    low\n    mid = 5\n    high\n}\n"},
           Case{.text = "bitfield Perm { read, all = Perm.read | Perm.write }",
           .printed = "bitfield Perm {\n    read\n    all = Perm.read | Perm.write\n}\n"},
           Case{.text = "tuple Pair { first : int; second : string }",
           .printed = "tuple Pair { first:int; second:string }\n"},
           Case{.text = "variant Cell {\n num : int\n txt : string\n}",
           .printed = "variant Cell { num:int; txt:string }\n"},
           Case{.text = "typedef private Row = array<float>", .printed = "typedef private Row = array<float>\n"},
           Case{.text = "typedef distinct Id = int", .printed = "typedef distinct Id = int\n"},
           Case{.text = "struct A;", .printed = "struct A;\n"},
           Case{.text = "[export, init(tag = \"x\", before = (a, b))]\ndef f { pass }",
           .printed = "[export, init(tag = \"x\", before = (a, b))]\ndef f {\n    pass\n}\n"},
           Case{.text = "[!a && b(c) || d] def f { pass }",
           .printed = "[(((!a) && b(c)) || d)]\ndef f {\n    pass\n}\n"},
           Case{.text = "def f(a, b : int; var c : float&; d = 3; e) : int => a",
           .printed = "def f(a, b : int; var c : float&; d = 3; e) : int => a\n"},
           Case{.text = "def f() -> array<int> => <- x", .printed = "def f : array<int> => <- x\n"},
           Case{.text = "def private template f(@x = 1 a : int) { }",
           .printed = "def template private f(@x = 1 a : int) {\n}\n"},
           Case{.text = "%json~ {} %%", .printed = "%json~ {} %%\n"},
       }) {
    CAPTURE(c.text);
    CHECK(PrintTwice(std::string(c.text) + "\n") == c.printed);
  }
}

TEST_CASE("operators are named as expressions look for them") {
  struct Case {
    std::string_view text;
    std::string_view name;
  };
  for (const Case& c : {
           Case{.text = "operator +", .name = "+"},
           Case{.text = "operator <<<=", .name = "<<<="},
           Case{.text = "++ operator", .name = "++"},
           Case{.text = "operator ++", .name = "+++"},
           Case{.text = "operator []", .name = "[]"},
           Case{.text = "operator []<-", .name = "[]<-"},
           Case{.text = "operator []+=", .name = "[]+="},
           Case{.text = "operator ?[]", .name = "?[]"},
           Case{.text = "operator .", .name = "."},
           Case{.text = "operator . x", .name = ".`x"},
           Case{.text = "operator . x :=", .name = ".`x`clone"},
           Case{.text = "operator . x +=", .name = ".`x`+="},
           Case{.text = "operator ?. x", .name = "?.`x"},
           Case{.text = "operator :=", .name = "clone"},
           Case{.text = "operator delete", .name = "finalize"},
           Case{.text = "operator is Foo", .name = "`is`Foo"},
           Case{.text = "operator as int", .name = "`as`int"},
           Case{.text = "operator ? as Foo", .name = "?as`Foo"},
           Case{.text = "operator ??", .name = "??"},
           Case{.text = "operator ..", .name = "interval"},
       }) {
    CAPTURE(c.text);
    const std::string text = "def " + std::string(c.text) + "(a : int) : int {\n    return 1\n}\n";
    const Parsed parsed(text);
    REQUIRE(parsed.ok());
    CHECK(parsed.decl<FunctionDecl>().name.text() == c.name);
    CHECK(parsed.decl<FunctionDecl>().is_operator);
    CHECK(PrintTwice(text).find("unstable") == std::string::npos);
  }
}

TEST_CASE("classes keep members in their order with all modifiers") {
  const Parsed parsed(
      "class sealed Square : geo::Shape {\n"
      "    @tag = \"x\"\n"
      "    side, other : float = 1.0\n"
      "    private static made : int\n"
      "    override name = \"sq\"\n"
      "    typedef T = int\n"
      "    def abstract area : float\n"
      "    [skip]\n"
      "    def override private const describe(n : int) : string { return \"\" }\n"
      "    def static count => made\n"
      "    def operator . twice : float { return 2. }\n"
      "}\n");
  REQUIRE_MESSAGE(parsed.ok(), parsed.errors());
  const StructDecl& decl = parsed.decl<StructDecl>();
  CHECK(decl.is_class);
  CHECK(decl.is_sealed);
  CHECK(decl.parent.module.text() == "geo");
  REQUIRE(decl.members.size() == 9);
  CHECK(decl.members[0].field->tags.size() == 1);
  CHECK(decl.members[1].field->joins_previous);
  CHECK(decl.members[2].field->is_static);
  CHECK(decl.members[2].field->visibility == Visibility::kPrivate);
  CHECK(decl.members[3].field->is_override);
  CHECK(decl.members[4].alias != nullptr);
  CHECK(decl.members[5].method->is_abstract);
  CHECK(decl.members[5].method->body == nullptr);
  CHECK(decl.members[6].method->is_override);
  CHECK(decl.members[6].method->is_const);
  CHECK(decl.members[6].method->annotations.size() == 1);
  CHECK(decl.members[7].method->is_static);
  CHECK(decl.members[7].method->has_arrow_body);
  CHECK(decl.members[8].method->name.text() == ".`twice");
}

TEST_CASE("a module has one name, and it comes first") {
  CHECK(Parsed("module a\nmodule b\n").summary() ==
        std::vector<std::string>{"20510 2:7 this module already has a name a"});
  CHECK(Parsed("struct S {\n}\nmodule a\n").summary() ==
        std::vector<std::string>{"30151 3:0 module name has to be first declaration"});
}

}  // namespace vestige::syntax
