// Values as text.

#include "runtime/print.h"

#include <doctest/doctest.h>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "fake_context.h"
#include "runtime/array.h"
#include "runtime/format.h"
#include "runtime/table.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

struct Fixture {
  FakeContext context;

  template <typename T>
  std::string Show(const Type* type, const T& value) {
    TextBuffer out;
    PrintValue(out, type, &value, context);
    return fmt::to_string(out);
  }
  template <typename T>
  std::string Show(Kind kind, const T& value) {
    return Show(context.types.Basic(kind), value);
  }
  const Type* Int() { return context.types.int_type(); }
};

TEST_CASE_FIXTURE(Fixture, "numbers") {
  CHECK(Show(Kind::kInt, -5) == "-5");
  CHECK(Show(Kind::kUInt, 255u) == "0xff");
  CHECK(Show(Kind::kUInt, 0u) == "0x0");
  CHECK(Show(Kind::kInt8, int8_t{-7}) == "-7");
  CHECK(Show(Kind::kUInt8, uint8_t{200}) == "0xc8");
  CHECK(Show(Kind::kInt64, std::numeric_limits<int64_t>::min()) == "-9223372036854775808");
  CHECK(Show(Kind::kBool, true) == "true");
  struct Case {
    double value;
    std::string_view text;
  };
  for (const Case& c :
       {Case{1, "1"}, Case{0.1, "0.1"}, Case{-0.0, "-0"}, Case{1e-5, "1e-05"}, Case{0.0001, "0.0001"},
        Case{1e15, "1000000000000000"}, Case{1e16, "1e+16"}, Case{0.1 + 0.2, "0.30000000000000004"},
        Case{std::numeric_limits<double>::infinity(), "inf"}, Case{std::nan(""), "nan"}, Case{-std::nan(""), "-nan"}}) {
    CHECK(Show(Kind::kDouble, c.value) == c.text);
  }
  CHECK(Show(Kind::kFloat, 123456789.0f) == "123456790");
  CHECK(Show(Kind::kFloat, std::numeric_limits<float>::max()) == "3.4028235e+38");
  CHECK(Show(Kind::kFloat, 0.1f) == "0.1");
}

TEST_CASE_FIXTURE(Fixture, "vectors and ranges") {
  CHECK(Show(Kind::kFloat2, std::array<float, 2>{1, 2.5f}) == "1,2.5");
  CHECK(Show(Kind::kUInt2, std::array<uint32_t, 2>{255, 255}) == "255,255");
  CHECK(Show(Kind::kInt3, std::array<int32_t, 3>{1, -2, 3}) == "1,-2,3");
  CHECK(Show(Kind::kRange, std::array<int32_t, 2>{0, 5}) == "0,5");
  CHECK(Show(Kind::kURange64, std::array<uint64_t, 2>{1, ~uint64_t{0}}) == "1,18446744073709551615");
}

TEST_CASE_FIXTURE(Fixture, "enums and bitfields by name") {
  auto& types = context.types;
  types::EnumInfo* level = types.NewEnum(context.names.Intern("Level"), {}, {}, Int());
  const std::array<types::EnumValue, 1> values = {types::EnumValue{context.names.Intern("low"), -3}};
  types.SetValues(level, values, 0);
  CHECK(Show(level->type, -3) == "low");
  CHECK(Show(level->type, 77) == "enum 77");

  types::EnumInfo* perm = types.NewBitfield(context.names.Intern("Perm"), {}, {}, types.Basic(Kind::kUInt));
  const std::array<types::EnumValue, 3> flags = {types::EnumValue{context.names.Intern("a"), 1},
                                                 types::EnumValue{context.names.Intern("b"), 2},
                                                 types::EnumValue{context.names.Intern("all"), 3}};
  types.SetValues(perm, flags, 2);
  CHECK(Show(perm->type, 3u) == "(a|b)");
  CHECK(Show(perm->type, 2u) == "(b)");
  CHECK(Show(perm->type, 0u) == "(0)");
  CHECK(Show(types.AnonymousBitfield(types.Basic(Kind::kUInt)), 5u) == "0x5");
}

TEST_CASE_FIXTURE(Fixture, "containers") {
  auto& types = context.types;
  const Type* type = types.Array(Int());
  Array array;
  CHECK(Show(type, array) == "[]");
  for (int32_t i = 1; i <= 3; ++i) std::memcpy(PushToArray(context, array, ShapeOfArray(type)), &i, sizeof(i));
  CHECK(Show(type, array) == "[ 1, 2, 3]");
  CHECK(Show(types.FixedArray(Int(), 2), std::array<int32_t, 2>{7, 8}) == "[ 7, 8]");

  const Type* table_type = types.Table(Int(), types.string_type());
  Table table;
  CHECK(Show(table_type, table) == "{}");
  for (int32_t key : {0, 1, 2}) {
    const int64_t slot = InsertIntoTable(context, table, ShapeOfTable(table_type), &key);
    const char* text = "x";
    std::memcpy(ValueAt(table, ShapeOfTable(table_type), static_cast<uint32_t>(slot)), &text, sizeof(text));
  }
  CHECK(Show(table_type, table) == "{ 0 => x, 2 => x, 1 => x}");

  const Type* set_type = types.Table(Int(), types.void_type());
  Table set;
  for (int32_t key : {5, 6}) InsertIntoTable(context, set, ShapeOfTable(set_type), &key);
  CHECK(Show(set_type, set) == "{ 6 => , 5 => }");
}

TEST_CASE_FIXTURE(Fixture, "structs, tuples, variants, pointers") {
  auto& types = context.types;
  struct Person {
    int32_t id;
    float score;
    const char* name;
    Person* next;
  };
  types::StructInfo* info = types.NewStruct(context.names.Intern("Person"), {}, {});
  const std::array<types::Field, 4> fields = {
      types::Field{.type = Int()}, types::Field{.type = types.Basic(Kind::kFloat)},
      types::Field{.type = types.string_type()}, types::Field{.type = types.Pointer(info->type)}};
  REQUIRE(types.CompleteStruct(info, fields));
  Person bob{1, 2.5f, "bob", nullptr};
  CHECK(Show(info->type, bob) == "( 1, 2.5, bob, null)");
  Person ann{2, 0, nullptr, &bob};
  CHECK(Show(types.Pointer(info->type), &ann) == "( 2, 0, , ( 1, 2.5, bob, null))");
  bob.next = &bob;
  CHECK(Show(info->type, bob) ==
        fmt::format("( 1, 2.5, bob, ~loop at {:#x} Person~)", reinterpret_cast<uintptr_t>(&bob)));

  const std::array<const Type*, 2> parts = {Int(), types.Basic(Kind::kFloat)};
  struct Pair {
    int32_t first;
    float second;
  };
  CHECK(Show(types.Tuple(parts, {}), Pair{1, 0.5f}) == "( 1, 0.5)");
  CHECK(Show(types.Variant(parts, {}), Pair{1, 2.5f}) == "2.5");
  const int32_t number = 4;
  CHECK(Show(types.Pointer(Int()), &number) == "4");
  CHECK(Show(types.Pointer(types.void_type()), static_cast<void*>(nullptr)) == "0x0");
  CHECK(Show(types.Callable(Kind::kFunction, types.void_type(), {}, {}), &number) == "foo/*foo Ci*/");
  CHECK(Show(types.Iterator(Int()), static_cast<void*>(nullptr)) == "iterator<int>");
}

TEST_CASE_FIXTURE(Fixture, "a very long list does not exhaust the stack") {
  struct Node {
    Node* next = nullptr;
  };
  types::StructInfo* info = context.types.NewStruct(context.names.Intern("Node"), {}, {});
  const std::array<types::Field, 1> fields = {types::Field{.type = context.types.Pointer(info->type)}};
  REQUIRE(context.types.CompleteStruct(info, fields));
  std::vector<Node> nodes(100'000);
  for (size_t i = 0; i + 1 < nodes.size(); ++i) nodes[i].next = &nodes[i + 1];
  CHECK(Show(info->type, nodes[0]).find("...") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "format specs") {
  struct Case {
    int32_t value;
    std::string_view spec;
    std::string_view text;
  };
  auto format = [&](std::string_view spec, Kind kind, const void* value) {
    TextBuffer out;
    FormatValue(context, out, spec, context.types.Basic(kind), value);
    return fmt::to_string(out);
  };
  for (const Case& c :
       {Case{42, ":d", "42"}, Case{42, ":5d", "   42"}, Case{42, ":05d", "00042"}, Case{42, ":<5d", "42   "},
        Case{42, ":^6d", "  42  "}, Case{42, ":*^8", "***42***"}, Case{42, ":+d", "+42"}, Case{42, ":#x", "0x2a"},
        Case{42, ":08x", "0000002a"}, Case{42, ":#b", "0b101010"}, Case{42, ":c", "*"}, Case{-7, ":05", "-0007"}}) {
    CAPTURE(c.spec);
    CHECK(format(c.spec, Kind::kInt, &c.value) == c.text);
  }
  const double pi = 3.14159;
  CHECK(format(":.2f", Kind::kDouble, &pi) == "3.14");
  CHECK(format(":08.3f", Kind::kDouble, &pi) == "0003.142");
  CHECK(format(":e", Kind::kDouble, &pi) == "3.141590e+00");
  CHECK_FALSE(context.has_panic());
  for (std::string_view bad : {":zz", ":}", "{", ":{}", ":.2d"}) {
    CAPTURE(bad);
    CHECK(format(bad, Kind::kInt, &pi).empty());
    CHECK(context.panic_message() == "fmt error: invalid format specifier");
    context.ClearPanic();
  }
}

}  // namespace
}  // namespace vestige::runtime
