// Operators, literals and conversions.

#include "check_fixture.h"
#include "doctest/doctest.h"

namespace vestige::sema {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

std::string ValueOf(std::string_view expression) {
  const std::string text = CheckMain(
      "struct S { a : int; p : S?; arr : array<int> }\n"
      "enum E { one = 1, two }\n"
      "bitfield B { lo, hi }\n"
      "var i = 1\nvar j : int64 = 2l\nvar u = 3u\nvar f = 1.5\nvar d = 2lf\nvar s = \"x\"\nvar b = true\n"
      "var v = float3(1, 2, 3)\nvar small : uint8 = 1u8\nvar e = E.one\nvar bits : B\nvar t : table<string; int>\n",
      std::string("anything(") + std::string(expression) + ")");
  constexpr std::string_view kHead = "$::anything(";
  if (text.substr(0, kHead.size()) != kHead) return text;
  return text.substr(kHead.size(), text.size() - kHead.size() - 1);
}

TEST_CASE("operators between built-in types need no function") {
  for (const Case& c :
       {Case{"i + 2", "(::i + 2)"}, Case{"j * 2", "(::j * int64(2))"}, Case{"2 * j", "(int64(2) * ::j)"},
        Case{"f + 1", "(::f + 1f)"}, Case{"d / 2", "(::d / 2lf)"}, Case{"u & 0xff", "(::u & uint(255))"},
        Case{"s + \"y\"", "(::s + \"y\")"}, Case{"v * 2.", "(::v * 2f)"}, Case{"2. * v", "(2f * ::v)"},
        Case{"b && i > 1", "(::b && (::i > 1))"}, Case{"b ^^ true", "(::b ^^ true)"}, Case{"!b", "(!::b)"},
        Case{"-f", "(-::f)"}, Case{"~u", "(~::u)"}, Case{"e == E.two", "(::e == E(2))"},
        Case{"bits | B.hi", "(::bits | B(2))"}, Case{"small == 1", "(::small == uint8(1))"},
        Case{"j << 3", "(::j << int64(3))"}, Case{"b ? i : 2", "(::b ? ::i : 2)"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("constant expressions are computed while checking") {
  for (const Case& c : {Case{"2 + 3 * 4", "14"}, Case{"-7 / 2", "-3"}, Case{"-7 % 2", "-1"}, Case{"1 << 33", "2"},
                        Case{"1 << -1", "-2147483648"}, Case{"2147483647 + 1", "-2147483648"}, Case{"1 / 0", "(1 / 0)"},
                        Case{"1 == 1 && 2 < 1", "false"}, Case{"true ? 3 : 4", "3"}, Case{"int(2.9)", "2"},
                        Case{"uint8(300)", "uint8(44)"}, Case{"0x80000000u >> 31u", "uint(1)"},
                        Case{"0x80000001u <<< 1u", "uint(3)"}, Case{"1.5 * 2.", "3f"}, Case{"LIMIT + 1", "8"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("types written as calls convert") {
  for (const Case& c : {Case{"float(i)", "cast<float>(::i)"}, Case{"int(e)", "cast<int>(::e)"},
                        Case{"int(small)", "cast<int>(::small)"}, Case{"float3(f)", "cast<float3>(::f)"},
                        Case{"float2(f, 1)", "float2(+0 ::f, +4 1f)"}, Case{"int3(v)", "cast<int3>(::v)"},
                        Case{"range(i)", "range(+0 0, +4 ::i)"}, Case{"i .. 5", "range(+0 ::i, +4 5)"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("members and elements are offsets and indices") {
  for (const Case& c : {Case{"v.y", "::v.+4"}, Case{"v.zyx", "::v.zyx"}, Case{"v[1]", "::v[1]"},
                        Case{"t?[\"a\"] ?? 5", "(::t?[\"a\"] ?? 5)"}, Case{"bits.hi", "((::bits & B(2)) != B(0))"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("what operators refuse") {
  for (const Case& c :
       {Case{"i + f",
             "30406 19:11 numeric operator '+' type mismatch. both sides have to be of the same type. int + float is "
             "not defined"},
        Case{"small + 1u8",
             "30230 19:15 numeric operator '+' is not defined for storage types (int8, uint8, int16, uint16)"},
        Case{"small == 300", "30515 19:18 constant value 300 does not fit in uint8"},
        Case{"b ? 1 : s", "30411 19:11 cond operator must return the same types on both sides"},
        Case{"nope", "30838 19:9 can't locate variable 'nope'"},
        Case{"s[0]", "30931 19:9 type can't be indexed: 'string&'"},
        Case{"v.q", "30244 19:11 invalid swizzle mask q"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

}  // namespace
}  // namespace vestige::sema
