// Strings that an expression made are freed once nobody can look at them, and never before.

#include <doctest/doctest.h>

#include "runner.h"

namespace vestige::lower_test {

namespace {

// "n={n}".
TExpr* Text(Tree& t, TLocal* n) {
  auto* node = t.Make<TString>(t.String());
  node->parts = t.Copy({TStringPart{.text = "n="}, TStringPart{.value = t.V(n)}});
  return node;
}

// Strings alive after calling f(n), whose body `body` makes.
template <typename Body>
size_t Survivors(Body body) {
  Tree t;
  TLocal* n = t.Local("n", t.types.WithConst(t.Int()));
  TFunction* f = t.Function("f", t.Void(), {n});
  f->body = body(t, f, n);
  Runner run(t);
  CHECK(run.Panic(f, 7).empty());
  return run.context().string_heap().live_count();
}

}  // namespace

TEST_CASE("a variable that is only looked at takes its string with it") {
  CHECK(Survivors([](Tree& t, TFunction* f, TLocal* n) {
          TLocal* s = t.Local(f, "s", t.types.WithConst(t.String()));
          TLocal* same = t.Local(f, "same", t.Bool());
          return t.Body({t.Let(s, Text(t, n)), t.Let(same, t.Binary(BinaryOp::kEq, t.V(s), t.S("n=7")))});
        }) == 0);
}

TEST_CASE("leaving the scope early frees it as well") {
  CHECK(Survivors([](Tree& t, TFunction* f, TLocal* n) {
          TLocal* i = t.Local(f, "i", t.types.WithConst(t.Int()));
          TLocal* s = t.Local(f, "s", t.types.WithConst(t.String()));
          TBlock* round =
              t.Body({t.Let(s, Text(t, i)), t.If(t.Binary(BinaryOp::kEq, t.V(s), t.S("n=3")), t.Body({t.Continue()})),
                      t.If(t.Binary(BinaryOp::kEq, t.V(s), t.S("n=5")), t.Body({t.Break()})),
                      t.If(t.Binary(BinaryOp::kEq, t.V(i), t.V(n)), t.Body({t.Return()}))});
          return t.Body({t.For({{.kind = SourceKind::kRange, .variable = i, .source = t.Range(0, 9)}}, round)});
        }) == 0);
}

TEST_CASE("a string that was given away stays") {
  CHECK(Survivors([](Tree& t, TFunction* f, TLocal* n) {
          TGlobal* kept = t.Global("kept", t.String());
          TLocal* s = t.Local(f, "s", t.types.WithConst(t.String()));
          return t.Body({t.Let(s, Text(t, n)), t.Do(t.Assign(t.V(kept), t.V(s)))});
        }) == 1);
}

TEST_CASE("an argument dies with the call unless the callee keeps it") {
  for (const bool keeps : {false, true}) {
    const size_t alive = Survivors([keeps](Tree& t, TFunction*, TLocal* n) {
      TGlobal* kept = t.Global("kept", t.String());
      TLocal* s = t.Local("s", t.types.WithConst(t.String()));
      TFunction* look = t.Function("look", t.Bool(), {s});
      look->no_inline = true;
      TStmt* use = keeps ? t.Do(t.Assign(t.V(kept), t.V(s))) : t.Do(t.Binary(BinaryOp::kNe, t.V(s), t.S("")));
      look->body = t.Body({use, t.Return(t.Binary(BinaryOp::kLt, t.V(s), t.S("z")))});
      return t.Body({t.Do(t.Call(look, {Text(t, n)}))});
    });
    CHECK(alive == (keeps ? 1 : 0));
  }
}

TEST_CASE("recursion keeps, to be safe") {
  CHECK(Survivors([](Tree& t, TFunction*, TLocal* n) {
          TLocal* s = t.Local("s", t.types.WithConst(t.String()));
          TLocal* depth = t.Local("depth", t.types.WithConst(t.Int()));
          TFunction* dig = t.Function("dig", t.Int(), {s, depth});
          dig->body =
              t.Body({t.If(t.Binary(BinaryOp::kGt, t.V(depth), t.I(0)),
                           t.Body({t.Return(t.Call(dig, {t.V(s), t.Binary(BinaryOp::kSub, t.V(depth), t.I(1))}))})),
                      t.Return(t.I(0))});
          return t.Body({t.Do(t.Call(dig, {Text(t, n), t.I(3)}))});
        }) == 1);
}

}  // namespace vestige::lower_test
