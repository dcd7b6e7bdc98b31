// Operators, literals and conversions.

#include "check_fixture.h"
#include "doctest/doctest.h"

namespace vestige::sema {
namespace {

struct OperatorCase {
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
  for (const OperatorCase& c :
       {OperatorCase{"i + 2", "(::i + 2)"}, OperatorCase{"j * 2", "(::j * int64(2))"},
        OperatorCase{"2 * j", "(int64(2) * ::j)"}, OperatorCase{"f + 1", "(::f + 1f)"},
        OperatorCase{"d / 2", "(::d / 2lf)"}, OperatorCase{"u & 0xff", "(::u & uint(255))"},
        OperatorCase{"s + \"y\"", "(::s + \"y\")"}, OperatorCase{"v * 2.", "(::v * 2f)"},
        OperatorCase{"2. * v", "(2f * ::v)"}, OperatorCase{"b && i > 1", "(::b && (::i > 1))"},
        OperatorCase{"b ^^ true", "(::b ^^ true)"}, OperatorCase{"!b", "(!::b)"}, OperatorCase{"-f", "(-::f)"},
        OperatorCase{"~u", "(~::u)"}, OperatorCase{"e == E.two", "(::e == E(2))"},
        OperatorCase{"bits | B.hi", "(::bits | B(2))"}, OperatorCase{"small == 1", "(::small == uint8(1))"},
        OperatorCase{"j << 3", "(::j << int64(3))"}, OperatorCase{"b ? i : 2", "(::b ? ::i : 2)"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("constant expressions are computed while checking") {
  for (const OperatorCase& c :
       {OperatorCase{"2 + 3 * 4", "14"}, OperatorCase{"-7 / 2", "-3"}, OperatorCase{"-7 % 2", "-1"},
        OperatorCase{"1 << 33", "2"}, OperatorCase{"1 << -1", "-2147483648"},
        OperatorCase{"2147483647 + 1", "-2147483648"}, OperatorCase{"1 / 0", "(1 / 0)"},
        OperatorCase{"1 == 1 && 2 < 1", "false"}, OperatorCase{"true ? 3 : 4", "3"}, OperatorCase{"int(2.9)", "2"},
        OperatorCase{"uint8(300)", "uint8(44)"}, OperatorCase{"0x80000000u >> 31u", "uint(1)"},
        OperatorCase{"0x80000001u <<< 1u", "uint(3)"}, OperatorCase{"1.5 * 2.", "3f"},
        OperatorCase{"LIMIT + 1", "8"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("types written as calls convert") {
  for (const OperatorCase& c :
       {OperatorCase{"float(i)", "cast<float>(::i)"}, OperatorCase{"int(e)", "cast<int>(::e)"},
        OperatorCase{"int(small)", "cast<int>(::small)"}, OperatorCase{"float3(f)", "cast<float3>(::f)"},
        OperatorCase{"float2(f, 1)", "float2(+0 ::f, +4 1f)"}, OperatorCase{"int3(v)", "cast<int3>(::v)"},
        OperatorCase{"range(i)", "range(+0 0, +4 ::i)"}, OperatorCase{"i .. 5", "range(+0 ::i, +4 5)"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("members and elements are offsets and indices") {
  for (const OperatorCase& c :
       {OperatorCase{"v.y", "::v.+4"}, OperatorCase{"v.zyx", "::v.zyx"}, OperatorCase{"v[1]", "::v[1]"},
        OperatorCase{"t?[\"a\"] ?? 5", "(::t?[\"a\"] ?? 5)"}, OperatorCase{"bits.hi", "((::bits & B(2)) != B(0))"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

TEST_CASE("what operators refuse") {
  for (const OperatorCase& c :
       {OperatorCase{
            "i + f",
            "30406 19:11 numeric operator '+' type mismatch. both sides have to be of the same type. int + float is "
            "not defined"},
        OperatorCase{"small + 1u8",
                     "30230 19:15 numeric operator '+' is not defined for storage types (int8, uint8, int16, uint16)"},
        OperatorCase{"small == 300", "30515 19:18 constant value 300 does not fit in uint8"},
        OperatorCase{"b ? 1 : s", "30411 19:11 cond operator must return the same types on both sides"},
        OperatorCase{"nope", "30838 19:9 can't locate variable 'nope'"},
        OperatorCase{"s[0]", "30931 19:9 type can't be indexed: 'string&'"},
        OperatorCase{"v.q", "30244 19:11 invalid swizzle mask q"}}) {
    CAPTURE(c.text);
    CHECK(ValueOf(c.text) == c.expected);
  }
}

}  // namespace
}  // namespace vestige::sema
