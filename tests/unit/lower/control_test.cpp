// Statements: loops, finally parts, try, calls, closures.

#include <doctest/doctest.h>

#include "runner.h"

namespace vestige::lower_test {

namespace {

// fib(n) by recursion.
TFunction* Fib(Tree& t) {
  TLocal* n = t.Local("n", t.types.WithConst(t.Int()));
  TFunction* fib = t.Function("fib", t.Int(), {n});
  const auto call = [&](int k) { return t.Call(fib, {t.Binary(BinaryOp::kSub, t.V(n), t.I(k))}); };
  fib->body = t.Body({t.If(t.Binary(BinaryOp::kLt, t.V(n), t.I(2)), t.Body({t.Return(t.V(n))})),
                      t.Return(t.Binary(BinaryOp::kAdd, call(1), call(2)))});
  return fib;
}

}  // namespace

TEST_CASE("calls are built in place and results arrive") {
  Tree t;
  TFunction* fib = Fib(t);
  Runner run(t);
  INFO(run.Listing(fib));
  CHECK(run.Call<int>(fib, 20) == 6765);
}

TEST_CASE("runaway recursion is a panic") {
  Tree t;
  TLocal* n = t.Local("n", t.Int());
  TFunction* f = t.Function("rec", t.Int(), {n});
  f->body = t.Body({t.Return(t.Binary(BinaryOp::kAdd, t.Call(f, {t.V(n)}), t.I(1)))});
  Runner run(t);
  CHECK(run.Panic(f, 1) == "stack overflow while calling rec");
}

TEST_CASE("while loops with break and continue") {
  Tree t;
  TLocal* n = t.Local("n", t.Int());
  TFunction* f = t.Function("f", t.Int(), {n});
  TLocal* i = t.Local(f, "i", t.Int());
  TLocal* sum = t.Local(f, "sum", t.Int());
  f->body = t.Body({t.Let(i), t.Let(sum),
                    t.While(t.Binary(BinaryOp::kLt, t.V(i), t.V(n)),
                            t.Body({t.Do(t.Step(t.V(i), true, true)),
                                    t.If(t.Binary(BinaryOp::kEq, t.Binary(BinaryOp::kMod, t.V(i), t.I(3)), t.I(0)),
                                         t.Body({t.Continue()})),
                                    t.If(t.Binary(BinaryOp::kGt, t.V(i), t.I(50)), t.Body({t.Break()})),
                                    t.Do(t.Compound(BinaryOp::kAdd, t.V(sum), t.V(i)))})),
                    t.Return(t.V(sum))});
  const auto expected = [](int limit) {
    int k = 0, total = 0;
    while (k < limit) {
      if (++k % 3 == 0) continue;
      if (k > 50) break;
      total += k;
    }
    return total;
  };
  Runner run(t);
  for (int limit : {0, 1, 10, 100}) CHECK(run.Call<int>(f, limit) == expected(limit));
}

TEST_CASE("range loops, constant and not, nested and empty") {
  Tree t;
  TLocal* n = t.Local("n", t.types.WithConst(t.Int()));
  TFunction* f = t.Function("f", t.Int(), {n});
  TLocal* sum = t.Local(f, "sum", t.Int());
  TLocal* i = t.Local(f, "i", t.types.WithConst(t.Int()));
  TLocal* j = t.Local(f, "j", t.types.WithConst(t.Int()));
  auto* range =
      static_cast<TMake*>(t.MakeValue(t.types.Basic(types::Kind::kRange), {TMember{.offset = 4, .value = t.V(n)}}));
  f->body = t.Body(
      {t.Let(sum),
       t.For({{.kind = SourceKind::kRange, .variable = i, .source = range}},
             t.Body({t.For(
                 {{.kind = SourceKind::kRange, .variable = j, .source = t.Range(2, 5)}},
                 t.Body({t.Do(t.Compound(BinaryOp::kAdd, t.V(sum), t.Binary(BinaryOp::kMul, t.V(i), t.V(j))))}))})),
       t.Return(t.V(sum))});
  Runner run(t);
  INFO(run.Listing(f));
  CHECK(run.Call<int>(f, 4) == 6 * 9);
  CHECK(run.Call<int>(f, 0) == 0);
  CHECK(run.Call<int>(f, -5) == 0);
}

TEST_CASE("finally runs at the end of every round and on every way out") {
  Tree t;
  TGlobal* log = t.Global("log", t.Int());
  const auto note = [&](int digit) {
    return t.Do(t.Assign(t.V(log), t.Binary(BinaryOp::kAdd, t.Binary(BinaryOp::kMul, t.V(log), t.I(10)), t.I(digit))));
  };
  TLocal* n = t.Local("n", t.Int());
  TFunction* f = t.Function("f", t.Int(), {n});
  TLocal* i = t.Local(f, "i", t.types.WithConst(t.Int()));
  f->body = t.Body(
      {t.For({{.kind = SourceKind::kRange, .variable = i, .source = t.Range(0, 3)}},
             t.Body({t.If(t.Binary(BinaryOp::kEq, t.V(n), t.V(i)), t.Body({t.Return(t.V(i))})), note(1)}, {note(2)}))},
      {note(3)});
  f->body->statements = t.Copy({f->body->statements[0], t.Return(t.I(-1))});
  TFunction* read = t.Function("read", t.Int());
  read->body = t.Body({t.Return(t.V(log))});
  {
    Runner run(t);
    CHECK(run.Call<int>(f, 9) == -1);
    CHECK(run.Call<int>(read) == 1212123);
  }
  Runner run(t);
  CHECK(run.Call<int>(f, 1) == 1);
  CHECK(run.Call<int>(read) == 1223);
}

TEST_CASE("try recovers from a panic and from nothing") {
  Tree t;
  TLocal* n = t.Local("n", t.Int());
  TFunction* f = t.Function("f", t.Int(), {n});
  TLocal* r = t.Local(f, "r", t.Int());
  f->body = t.Body({t.Let(r, t.I(1)),
                    t.Try(t.Body({t.Do(t.Assign(t.V(r), t.Binary(BinaryOp::kDiv, t.I(100), t.V(n)))),
                                  t.If(t.Binary(BinaryOp::kEq, t.V(n), t.I(5)), t.Body({t.Return(t.I(55))}))}),
                          t.Body({t.Do(t.Compound(BinaryOp::kAdd, t.V(r), t.I(1000)))})),
                    t.Return(t.V(r))});
  Runner run(t);
  CHECK(run.Call<int>(f, 4) == 25);
  CHECK(run.Call<int>(f, 0) == 1001);
  CHECK(run.Call<int>(f, 5) == 55);
  // The try part that was left by return is over.
  CHECK(run.Panic(f, 0).empty());
}

TEST_CASE("blocks see the variables of their makers, two levels up") {
  Tree t;
  const types::Type* block_type = t.types.Callable(types::Kind::kBlock, t.Void(), {}, {});
  TLocal* b = t.Local("b", block_type, true);
  TFunction* twice = t.Function("twice", t.Void(), {b});
  twice->body = t.Body({t.Do(t.Invoke(t.V(b), {})), t.Do(t.Invoke(t.V(b), {}))});
  TFunction* main = t.Function("main", t.Int());
  TLocal* x = t.Local(main, "x", t.Int());
  TFunction* outer = t.Function("main", t.Void(), {}, FunctionRole::kBlock, main);
  TLocal* y = t.Local(outer, "y", t.Int());
  TFunction* inner = t.Function("main", t.Void(), {}, FunctionRole::kBlock, outer);
  inner->body = t.Body({t.Do(t.Compound(BinaryOp::kAdd, t.V(x), t.V(y)))});
  outer->body = t.Body({t.Let(y, t.I(3)), t.Do(t.Call(twice, {t.Block(inner, block_type)})),
                        t.Do(t.Compound(BinaryOp::kMul, t.V(x), t.I(2)))});
  main->body = t.Body({t.Let(x, t.I(1)), t.Do(t.Call(twice, {t.Block(outer, block_type)})), t.Return(t.V(x))});
  Runner run(t);
  CHECK(run.Call<int>(main) == ((1 + 6) * 2 + 6) * 2);
}

TEST_CASE("call words know the place of their call") {
  Tree t;
  TFunction* fib = Fib(t);
  Runner run(t);
  uint32_t calls = 0;
  const exec::FunctionInfo& info = run.code().infos()[fib->index];
  for (uint32_t i = info.first_word; i < info.last_word; ++i) {
    if (exec::OpOf(run.code().words()[i].handler) != exec::Op::kCall) continue;
    calls += 1;
    const TStmt* last = fib->body->statements[1];
    const auto* sum = static_cast<const TBinary*>(static_cast<const TReturn*>(last)->value);
    CHECK(run.code().LocationOf(i) == (calls == 1 ? sum->left : sum->right)->location);
  }
  CHECK(calls == 2);
}

}  // namespace vestige::lower_test
