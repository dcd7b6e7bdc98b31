// Structs, arrays, pointers, strings: what is made in place and moved.

#include <doctest/doctest.h>

#include "runner.h"
#include "runtime/array.h"

namespace vestige::lower_test {

namespace {

const types::Type* PairType(Tree& t) {
  types::StructInfo* info = t.types.NewStruct(t.names.Intern("Pair"), {}, {});
  const types::Field fields[] = {{.name = t.names.Intern("a"), .type = t.Int()},
                                 {.name = t.names.Intern("b"), .type = t.Double()}};
  t.types.CompleteStruct(info, fields);
  return info->type;
}

}  // namespace

TEST_CASE("a struct is returned through the hidden pointer and its fields read") {
  Tree t;
  const types::Type* pair = PairType(t);
  TLocal* n = t.Local("n", t.Int());
  TFunction* make = t.Function("make", pair, {n});
  make->body =
      t.Body({t.Return(t.MakeValue(pair, {TMember{.offset = 0, .value = t.Binary(BinaryOp::kAdd, t.V(n), t.I(1))},
                                          TMember{.offset = 8, .value = t.D(0.5)}}))});
  TLocal* m = t.Local("m", t.Int());
  TFunction* f = t.Function("f", t.Double(), {m});
  TLocal* p = t.Local(f, "p", pair);
  f->body =
      t.Body({t.Let(p, t.Call(make, {t.V(m)})), t.Do(t.Assign(t.V(p), t.Call(make, {t.Field(t.V(p), 0, t.Int())}))),
              t.Return(t.Binary(BinaryOp::kAdd, t.Cast(t.Double(), t.Field(t.V(p), 0, t.Int())),
                                t.Field(t.V(p), 8, t.Double())))});
  Runner run(t);
  CHECK(run.Call<double>(f, 40) == 42.5);
}

TEST_CASE("new makes in the heap block and members are reached through pointers") {
  Tree t;
  const types::Type* pair = PairType(t);
  TFunction* f = t.Function("f", t.Double());
  TLocal* p = t.Local(f, "p", t.types.Pointer(pair));
  f->body = t.Body({t.Let(p, t.New(pair, t.MakeValue(pair, {TMember{.offset = 8, .value = t.D(2)}}))),
                    t.Do(t.Compound(BinaryOp::kAdd, t.Field(t.Deref(t.V(p)), 8, t.Double()), t.D(3))),
                    t.Do(t.Assign(t.Field(t.Deref(t.V(p)), 0, t.Int()), t.I(7))),
                    t.Return(t.Binary(BinaryOp::kMul, t.Cast(t.Double(), t.Field(t.Deref(t.V(p)), 0, t.Int())),
                                      t.Field(t.Deref(t.V(p)), 8, t.Double())))});
  Runner run(t);
  CHECK(run.Call<double>(f) == 35.0);
}

TEST_CASE("array literals, loads, stores and bounds") {
  Tree t;
  TLocal* i = t.Local("i", t.Int());
  TFunction* f = t.Function("f", t.Int(), {i});
  TLocal* a = t.Local(f, "a", t.types.Array(t.Int()));
  f->body = t.Body({t.Let(a, t.ArrayOf(t.Int(), {t.I(10), t.I(20), t.V(i)})),
                    t.Do(t.Assign(t.Index(t.V(a), t.I(1)), t.Binary(BinaryOp::kAdd, t.Index(t.V(a), t.V(i)), t.I(1)))),
                    t.Do(t.Compound(BinaryOp::kAdd, t.Index(t.V(a), t.V(i)), t.I(100))),
                    t.Return(t.Binary(BinaryOp::kAdd, t.Index(t.V(a), t.I(1)), t.Index(t.V(a), t.V(i))))});
  Runner run(t);
  CHECK(run.Call<int>(f, 0) == 11 + 110);
  CHECK(run.Call<int>(f, 1) == (21 + 100) * 2);
  CHECK(run.Panic(f, 3) == "array index out of range, 3 of 3");
}

TEST_CASE("loops over arrays hand out references and lock") {
  Tree t;
  TFunction* f = t.Function("f", t.Int());
  TLocal* a = t.Local(f, "a", t.types.Array(t.Int()));
  TLocal* x = t.Local(f, "x", t.Int(), true);
  TLocal* k = t.Local(f, "k", t.types.WithConst(t.Int()));
  TLocal* sum = t.Local(f, "sum", t.Int());
  f->body =
      t.Body({t.Let(a, t.ArrayOf(t.Int(), {t.I(1), t.I(2), t.I(3)})), t.Let(sum),
              t.For({{.kind = SourceKind::kArray, .variable = x, .source = t.V(a)}},
                    t.Body({t.Do(t.Compound(BinaryOp::kMul, t.V(x), t.I(10)))})),
              t.For({{.kind = SourceKind::kArray, .variable = x, .source = t.V(a)},
                     {.kind = SourceKind::kRange, .variable = k, .source = t.Range(0, 2)}},
                    t.Body({t.Do(t.Compound(BinaryOp::kAdd, t.V(sum), t.Binary(BinaryOp::kAdd, t.V(x), t.V(k))))})),
              t.Do(t.Compound(BinaryOp::kAdd, t.V(sum), t.Field(t.V(a), 16, t.Int()))), t.Return(t.V(sum))});
  Runner run(t);
  CHECK(run.Call<int>(f) == 10 + 20 + 1);
}

TEST_CASE("moving an array empties the source") {
  Tree t;
  TFunction* f = t.Function("f", t.Int());
  TLocal* a = t.Local(f, "a", t.types.Array(t.Int()));
  TLocal* b = t.Local(f, "b", t.types.Array(t.Int()));
  f->body = t.Body({t.Let(a, t.ArrayOf(t.Int(), {t.I(5), t.I(6)})), t.Let(b, t.V(a), AssignMode::kMove),
                    t.Return(t.Binary(BinaryOp::kAdd, t.Index(t.V(b), t.I(1)), t.Field(t.V(a), 8, t.Int())))});
  Runner run(t);
  CHECK(run.Call<int>(f) == 6);
}

TEST_CASE("fixed arrays live in the frame") {
  Tree t;
  TLocal* i = t.Local("i", t.Int());
  TFunction* f = t.Function("f", t.Int(), {i});
  TLocal* a = t.Local(f, "a", t.types.FixedArray(t.Int(), 4));
  f->body = t.Body({t.Let(a), t.Do(t.Assign(t.Index(t.V(a), t.V(i), IndexMode::kFixed), t.I(9))),
                    t.Do(t.Compound(BinaryOp::kAdd, t.Index(t.V(a), t.I(2), IndexMode::kFixed), t.I(30))),
                    t.Return(t.Binary(BinaryOp::kAdd, t.Index(t.V(a), t.V(i), IndexMode::kFixed),
                                      t.Index(t.V(a), t.I(2), IndexMode::kFixed)))});
  Runner run(t);
  CHECK(run.Call<int>(f, 0) == 39);
  CHECK(run.Call<int>(f, 2) == 78);
  CHECK(run.Panic(f, -1).starts_with("index out of range, -1 of 4"));
}

TEST_CASE("strings: one string for a chain, temporaries are freed") {
  Tree t;
  TLocal* n = t.Local("n", t.Int());
  TFunction* f = t.Function("f", t.Bool(), {n});
  const auto text = [&] {
    auto* node = t.Make<TString>(t.String());
    node->parts = t.Copy({TStringPart{.text = "n="}, TStringPart{.value = t.V(n)}});
    return node;
  };
  f->body = t.Body({t.Return(t.Binary(
      BinaryOp::kEq, t.Binary(BinaryOp::kAdd, t.Binary(BinaryOp::kAdd, text(), t.S("/")), text()), t.S("n=7/n=7")))});
  Runner run(t);
  CHECK(run.Call<bool>(f, 7));
  CHECK(run.Call<bool>(f, 8) == false);
  CHECK(run.context().string_heap().live_count() == 0);
}

}  // namespace vestige::lower_test
