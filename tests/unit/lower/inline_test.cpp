// Inlined functions behave like called ones and keep their frames.

#include <doctest/doctest.h>

#include "runner.h"

namespace vestige::lower_test {

namespace {

// The number of call words in the function.
int Calls(const Runner& run, const TFunction* function) {
  int calls = 0;
  const exec::FunctionInfo& info = run.code().infos()[function->index];
  for (uint32_t i = info.first_word; i < info.last_word; ++i) {
    if (exec::OpOf(run.code().words()[i].handler) == exec::Op::kCall) calls += 1;
  }
  return calls;
}

}  // namespace

TEST_CASE("a small function disappears into its caller, arguments of itself included") {
  Tree t;
  TLocal* a = t.Local("a", t.types.WithConst(t.Int()));
  TLocal* b = t.Local("b", t.types.WithConst(t.Int()));
  TFunction* mix = t.Function("mix", t.Int(), {a, b});
  mix->body = t.Body({t.Return(t.Binary(BinaryOp::kSub, t.Binary(BinaryOp::kMul, t.V(a), t.I(10)), t.V(b)))});
  TLocal* x = t.Local("x", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x});
  f->body = t.Body({t.Do(t.Assign(t.V(x), t.Call(mix, {t.V(x), t.Call(mix, {t.I(2), t.V(x)})}))), t.Return(t.V(x))});
  Runner run(t);
  CHECK(Calls(run, f) == 0);
  CHECK(run.Call<int>(f, 7) == 70 - (20 - 7));
}

TEST_CASE("several returns, writable references and variables of its own") {
  Tree t;
  TLocal* r = t.Local("r", t.Int(), true);
  TLocal* n = t.Local("n", t.types.WithConst(t.Int()));
  TFunction* bump = t.Function("bump", t.Int(), {r, n});
  TLocal* old = t.Local(bump, "old", t.Int());
  bump->body =
      t.Body({t.Let(old, t.V(r)), t.Do(t.Compound(BinaryOp::kAdd, t.V(r), t.V(n))),
              t.If(t.Binary(BinaryOp::kGt, t.V(r), t.I(10)), t.Body({t.Return(t.I(-1))})), t.Return(t.V(old))});
  TLocal* x = t.Local("x", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x});
  // The argument n is x itself, which the body changes through r.
  f->body = t.Body(
      {t.Return(t.Binary(BinaryOp::kAdd, t.Binary(BinaryOp::kMul, t.Call(bump, {t.V(x), t.V(x)}), t.I(100)), t.V(x)))});
  Runner run(t);
  CHECK(Calls(run, f) == 0);
  CHECK(run.Call<int>(f, 4) == 408);
  CHECK(run.Call<int>(f, 8) == -100 + 16);
}

TEST_CASE("never_inline is obeyed, for the program and for a function") {
  for (bool by_option : {true, false}) {
    Tree t;
    TFunction* one = t.Function("one", t.Int());
    one->body = t.Body({t.Return(t.I(1))});
    one->no_inline = !by_option;
    t.program.options.never_inline = by_option;
    TFunction* f = t.Function("f", t.Int());
    f->body = t.Body({t.Return(t.Call(one))});
    Runner run(t);
    CHECK(Calls(run, f) == 1);
    CHECK(run.Call<int>(f) == 1);
  }
}

TEST_CASE("words of an inlined body know the function, their own place and the call") {
  Tree t;
  TLocal* a = t.Local("a", t.types.WithConst(t.Int()));
  TFunction* inverse = t.Function("inverse", t.Int(), {a});
  auto* division = t.Binary(BinaryOp::kDiv, t.I(100), t.V(a));
  inverse->body = t.Body({t.Return(division)});
  TLocal* x = t.Local("x", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x});
  TExpr* call = t.Call(inverse, {t.V(x)});
  f->body = t.Body({t.Return(call)});
  Runner run(t);
  CHECK(run.Panic(f, 0) == "division by zero");
  const exec::FunctionInfo& info = run.code().infos()[f->index];
  uint32_t word = info.first_word;
  while (run.code().InlineIdOf(word) == 0 && word < info.last_word) word += 1;
  REQUIRE(word < info.last_word);
  const exec::InlineEntry& entry = run.code().inline_entry(run.code().InlineIdOf(word));
  CHECK(entry.function == inverse->index);
  CHECK(entry.call == call->location);
  CHECK(entry.parent == 0);
  CHECK(run.code().LocationOf(word) == division->location);
}

}  // namespace vestige::lower_test
