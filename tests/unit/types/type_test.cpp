// Types: identity, layout, traits and names.

#include "types/type.h"

#include <doctest/doctest.h>
#include <array>
#include <vector>

#include "types/type_table.h"

namespace vestige::types {
namespace {

struct Fixture {
  base::Interner names;
  TypeTable table;
  base::Symbol Name(std::string_view text) { return names.Intern(text); }
  const Type* Int() { return table.int_type(); }
  const Type* Of(Kind kind) { return table.Basic(kind); }
};

TEST_CASE_FIXTURE(Fixture, "equal types are one object") {
  CHECK(table.Array(Int()) == table.Array(Int()));
  CHECK(table.Array(Int()) != table.Array(Of(Kind::kUInt)));
  CHECK(table.Pointer(table.WithConst(Int())) != table.Pointer(Int()));
  const std::array<const Type*, 2> parts = {Int(), table.string_type()};
  const std::array<base::Symbol, 2> first = {Name("a"), Name("b")};
  const std::array<base::Symbol, 2> second = {Name("a"), Name("c")};
  CHECK(table.Tuple(parts, first) == table.Tuple(parts, first));
  CHECK(table.Tuple(parts, first) != table.Tuple(parts, second));
  CHECK(table.Tuple(parts, {}) != table.Variant(parts, {}));
}

TEST_CASE_FIXTURE(Fixture, "qualifiers share their unqualified type") {
  const Type* constant = table.WithConst(Int());
  const Type* reference = table.WithQualifiers(constant, kRef);
  CHECK(constant->unqualified == Int());
  CHECK(reference->unqualified == Int());
  CHECK(table.WithoutQualifiers(reference, kRef) == constant);
  CHECK(table.Qualified(reference, 0) == Int());
  CHECK(SameIgnoringConstRef(reference, Int()));
  CHECK_FALSE(SameIgnoringConstRef(table.WithQualifiers(Int(), kTemp), Int()));
  CHECK(reference->size() == 8);
  CHECK(constant->size() == 4);
}

TEST_CASE_FIXTURE(Fixture, "type numbers are dense") {
  const uint32_t before = table.type_count();
  const Type* made = table.Array(table.Array(Int()));
  CHECK(made->id == before + 1);
  CHECK(table.ById(made->id) == made);
  CHECK(table.type_count() == before + 2);
}

TEST_CASE_FIXTURE(Fixture, "names read as the language writes them") {
  const std::array<const Type*, 2> parts = {Int(), Of(Kind::kFloat)};
  const std::array<base::Symbol, 2> labels = {Name("a"), Name("b")};
  const std::array<const Type*, 1> argument = {table.WithConst(Int())};
  const std::array<const Type*, 1> changed = {Int()};
  const std::array<base::Symbol, 1> label = {Name("a")};
  StructInfo* foo = table.NewStruct(Name("Foo"), Name("m"), {});
  struct Case {
    const Type* type;
    std::string_view text;
  };
  for (const Case& c : std::vector<Case>{
           {table.Array(Int()), "array<int>"},
           {table.Table(table.string_type(), Int()), "table<string;int>"},
           {table.Tuple(parts, labels), "tuple<a:int;b:float>"},
           {table.Tuple(parts, {}), "tuple<int;float>"},
           {table.Variant(parts, labels), "variant<a:int;b:float>"},
           {table.Pointer(Int()), "int?"},
           {table.Pointer(table.WithConst(Int())), "int const?"},
           {table.WithConst(table.Pointer(Int())), "int? const"},
           {table.Pointer(foo->type), "Foo?"},
           {table.WithQualifiers(Int(), kConst | kRef), "int const&"},
           {table.Callable(Kind::kBlock, table.bool_type(), argument, label), "block<(a:int const):bool>"},
           {table.Callable(Kind::kLambda, table.void_type(), changed, {}), "lambda<(var arg0:int):void>"},
           {table.Callable(Kind::kFunction, table.void_type(), {}, {}), "function<void>"},
           {table.Iterator(Int()), "iterator<int>"},
           {table.FixedArray(Int(), 3), "int[3]"},
           {table.FixedArray(table.FixedArray(Int(), 2), 3), "int[3][2]"},
           {table.WithConst(table.FixedArray(Int(), 3)), "int const[3]"},
           {table.AnonymousBitfield(Of(Kind::kUInt)), "bitfield"},
           {table.AnonymousBitfield(Of(Kind::kUInt8)), "bitfield:uint8<>"},
           {table.Auto(Name("T")), "auto(T)"},
           {table.Option(parts), "int|float"},
           {table.WithQualifiers(foo->type, kTemp), "Foo#"},
           {Of(Kind::kNull), "void?"},
       }) {
    CHECK(TypeName(c.type) == c.text);
  }
}

TEST_CASE_FIXTURE(Fixture, "sizes follow C") {
  const std::array<const Type*, 3> mixed = {Of(Kind::kInt8), Of(Kind::kDouble), Of(Kind::kFloat)};
  const Type* tuple = table.Tuple(mixed, {});
  CHECK(tuple->size() == 24);
  CHECK(tuple->align() == 8);
  CHECK(tuple->part_offset(0) == 0);
  CHECK(tuple->part_offset(1) == 8);
  CHECK(tuple->part_offset(2) == 16);
  CHECK(table.WithQualifiers(tuple, kRef)->part_offset(1) == 8);
  const Type* variant = table.Variant(mixed, {});
  CHECK(variant->size() == 16);
  CHECK(variant->part_offset(0) == 8);
  const std::array<const Type*, 1> vector = {Of(Kind::kFloat3)};
  CHECK(table.Variant(vector, {})->size() == 16);
  CHECK(table.Array(Int())->size() == 40);
  CHECK(table.Table(Int(), Int())->size() == 64);
  CHECK(table.FixedArray(table.FixedArray(Of(Kind::kFloat3), 2), 3)->size() == 72);
  CHECK(table.Callable(Kind::kBlock, table.void_type(), {}, {})->size() == 48);
}

TEST_CASE_FIXTURE(Fixture, "a size that does not fit is told as one that is too large, never as a small one") {
  const Type* row = table.FixedArray(Int(), 65536);
  const Type* huge = table.FixedArray(row, 65536);
  CHECK(huge->size() == 0x80000000u);
  const std::array<const Type*, 2> parts = {huge, huge};
  CHECK(table.Tuple(parts, {})->size() == 0x80000000u);
  CHECK(table.Variant(parts, {})->size() == 0x80000000u);
  StructInfo* info = table.NewStruct(Name("Huge"), {}, {});
  const std::array<Field, 1> fields = {Field{.name = Name("x"), .type = huge}};
  REQUIRE(table.CompleteStruct(info, fields));
  CHECK(info->type->size() > 0x7fffffffu);
}

TEST_CASE_FIXTURE(Fixture, "a struct may refer to itself but not contain itself") {
  StructInfo* node = table.NewStruct(Name("Node"), {}, {});
  const std::array<Field, 3> fields = {Field{.name = Name("id"), .type = Int()},
                                       Field{.name = Name("next"), .type = table.Pointer(node->type)},
                                       Field{.name = Name("kids"), .type = table.Array(node->type)}};
  REQUIRE(table.CompleteStruct(node, fields));
  CHECK(node->type->size() == 56);
  CHECK(node->FindField(Name("kids"))->offset == 16);
  CHECK(node->FindField(Name("nobody")) == nullptr);
  // Asking the part first must not hide what the whole has.
  CHECK(table.Array(node->type)->traits().unsafe_delete);
  CHECK(node->type->traits().unsafe_delete);
  CHECK_FALSE(node->type->traits().can_copy);
  CHECK(node->type->traits().can_clone);

  StructInfo* bad = table.NewStruct(Name("Bad"), {}, {});
  const std::array<Field, 1> self = {Field{.name = Name("self"), .type = table.FixedArray(bad->type, 2)}};
  CHECK_FALSE(table.CompleteStruct(bad, self));
}

TEST_CASE_FIXTURE(Fixture, "traits come from parts") {
  const Type* lambda = table.Callable(Kind::kLambda, table.void_type(), {}, {});
  const std::array<const Type*, 2> with_lambda = {Int(), lambda};
  struct Case {
    const Type* type;
    bool pod, copy, clone, heap, del, unsafe;
  };
  for (const Case& c : std::vector<Case>{
           {Int(), true, true, true, false, false, false},
           {table.string_type(), false, true, true, true, false, false},
           {table.Array(Int()), false, false, true, true, true, false},
           {table.Array(table.Pointer(Int())), false, false, true, true, true, true},
           {table.Pointer(Int()), true, true, true, true, true, true},
           {table.Pointer(table.void_type()), true, true, true, true, false, false},
           {lambda, false, true, false, true, true, true},
           {table.Tuple(with_lambda, {}), false, true, false, true, true, true},
           {table.Iterator(Int()), true, false, false, true, true, false},
           {table.FixedArray(table.string_type(), 2), false, true, true, true, false, false},
       }) {
    CAPTURE(TypeName(c.type));
    const Traits& traits = c.type->traits();
    CHECK(traits.is_pod == c.pod);
    CHECK(traits.can_copy == c.copy);
    CHECK(traits.can_clone == c.clone);
    CHECK(traits.holds_heap == c.heap);
    CHECK(traits.needs_delete == c.del);
    CHECK(traits.unsafe_delete == c.unsafe);
  }
}

TEST_CASE_FIXTURE(Fixture, "enums and bitfields are stored as integers") {
  EnumInfo* level = table.NewEnum(Name("Level"), {}, {}, Of(Kind::kUInt8));
  const std::array<EnumValue, 2> values = {EnumValue{Name("low"), 0}, EnumValue{Name("high"), 6}};
  table.SetValues(level, values, 0);
  CHECK(level->type->size() == 1);
  CHECK(level->FindName(Name("high"))->value == 6);
  CHECK(Representation(table.WithConst(level->type)) == Of(Kind::kUInt8));
  const Type* handle = table.Distinct(Name("Handle"), {}, level->type);
  CHECK(Representation(handle) == Of(Kind::kUInt8));
  CHECK(handle->is_workhorse());
  CHECK(table.Iterator(Int())->is_ref_type());
  CHECK(table.Array(table.Basic(Kind::kAuto))->is_generic());
  CHECK_FALSE(table.Array(Int())->is_generic());
}

}  // namespace
}  // namespace vestige::types
