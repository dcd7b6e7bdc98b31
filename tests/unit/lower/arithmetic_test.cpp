// Scalars: every operand form gives the same result as the plain one.

#include <doctest/doctest.h>

#include "runner.h"

namespace vestige::lower_test {

TEST_CASE("arithmetic on arguments, constants and both sides") {
  Tree t;
  TLocal* x = t.Local("x", t.Int());
  TLocal* y = t.Local("y", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x, y});
  // (x + 3) * (10 - y) - x * y
  f->body = t.Body({t.Return(t.Binary(
      BinaryOp::kSub,
      t.Binary(BinaryOp::kMul, t.Binary(BinaryOp::kAdd, t.V(x), t.I(3)), t.Binary(BinaryOp::kSub, t.I(10), t.V(y))),
      t.Binary(BinaryOp::kMul, t.V(x), t.V(y))))});
  Runner run(t);
  for (int a : {-7, 0, 5, 1000}) {
    for (int b : {-3, 0, 9}) CHECK(run.Call<int>(f, a, b) == (a + 3) * (10 - b) - a * b);
  }
}

TEST_CASE("a multiplication feeding an addition in every operand place") {
  Tree t;
  TLocal* x = t.Local("x", t.Double());
  TLocal* y = t.Local("y", t.Double());
  TLocal* z = t.Local("z", t.Double());
  TFunction* f = t.Function("f", t.Double(), {x, y, z});
  const auto mul = [&](TExpr* a, TExpr* b) { return t.Binary(BinaryOp::kMul, a, b); };
  const auto add = [&](TExpr* a, TExpr* b) { return t.Binary(BinaryOp::kAdd, a, b); };
  f->body = t.Body({t.Return(add(mul(t.V(x), t.V(y)), add(t.V(z), mul(t.V(y), t.V(z)))))});
  Runner run(t);
  CHECK(run.Call<double>(f, 2.0, 3.0, 4.0) == 6.0 + (4.0 + 12.0));
}

TEST_CASE("constants that fit no immediate") {
  Tree t;
  TLocal* x = t.Local("x", t.Double());
  TLocal* n = t.Local("n", t.Long());
  TFunction* f = t.Function("f", t.Double(), {x});
  f->body = t.Body({t.Return(t.Binary(BinaryOp::kMul, t.V(x), t.D(0.1)))});
  TFunction* g = t.Function("g", t.Long(), {n});
  g->body = t.Body({t.Return(t.Binary(BinaryOp::kAdd, t.L(0x123456789abcdef), t.V(n)))});
  Runner run(t);
  CHECK(run.Call<double>(f, 3.0) == 3.0 * 0.1);
  CHECK(run.Call<int64_t>(g, int64_t{1}) == 0x123456789abcdf0);
}

TEST_CASE("the left operand keeps its value while the right side changes the variable") {
  Tree t;
  TLocal* x = t.Local("x", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x});
  f->body = t.Body({t.Return(t.Binary(BinaryOp::kMul, t.V(x), t.Step(t.V(x), true, true)))});
  Runner run(t);
  CHECK(run.Call<int>(f, 6) == 42);
}

TEST_CASE("steps give the new or the old value") {
  for (bool prefix : {true, false}) {
    Tree t;
    TLocal* x = t.Local("x", t.Int());
    TFunction* f = t.Function("f", t.Int(), {x});
    TLocal* y = t.Local(f, "y", t.Int());
    f->body = t.Body({t.Let(y, t.Step(t.V(x), false, prefix)),
                      t.Return(t.Binary(BinaryOp::kAdd, t.V(y), t.Binary(BinaryOp::kMul, t.V(x), t.I(100))))});
    Runner run(t);
    CHECK(run.Call<int>(f, 8) == (prefix ? 707 : 708));
  }
}

TEST_CASE("division panics as the language says") {
  Tree t;
  TLocal* x = t.Local("x", t.Int());
  TLocal* y = t.Local("y", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x, y});
  f->body = t.Body({t.Return(t.Binary(BinaryOp::kDiv, t.V(x), t.V(y)))});
  TFunction* g = t.Function("g", t.Int());
  g->body = t.Body({t.Return(t.Binary(BinaryOp::kMod, t.I(1), t.I(0)))});
  Runner run(t);
  CHECK(run.Call<int>(f, -7, 2) == -3);
  CHECK(run.Panic(f, 1, 0) == "division by zero");
  CHECK(run.Panic(f, INT32_MIN, -1) == "division overflow");
  CHECK(run.Panic(g) == "division by zero in modulo");
}

TEST_CASE("comparisons as values, with the constant on either side") {
  Tree t;
  TLocal* x = t.Local("x", t.Int());
  TFunction* f = t.Function("f", t.Bool(), {x});
  f->body = t.Body(
      {t.Return(t.Logic(true, t.Binary(BinaryOp::kGt, t.V(x), t.I(3)), t.Binary(BinaryOp::kGe, t.I(9), t.V(x))))});
  Runner run(t);
  for (int v = 0; v < 12; ++v) CHECK(run.Call<bool>(f, v) == (v > 3 && 9 >= v));
}

TEST_CASE("casts between numbers") {
  Tree t;
  TLocal* x = t.Local("x", t.Double());
  TFunction* f = t.Function("f", t.Int(), {x});
  f->body = t.Body({t.Return(t.Binary(BinaryOp::kAdd, t.Cast(t.Int(), t.V(x)), t.I(1)))});
  TLocal* i = t.Local("i", t.Int());
  TFunction* g = t.Function("g", t.Double(), {i});
  g->body = t.Body({t.Return(t.Binary(BinaryOp::kDiv, t.Cast(t.Double(), t.V(i)), t.D(4)))});
  Runner run(t);
  CHECK(run.Call<int>(f, 41.9) == 42);
  CHECK(run.Call<double>(g, 10) == 2.5);
}

TEST_CASE("compound assignment of locals, fields behind references and globals") {
  Tree t;
  TGlobal* total = t.Global("total", t.Int(), t.I(5));
  TLocal* x = t.Local("x", t.Int());
  TFunction* f = t.Function("f", t.Int(), {x});
  f->body = t.Body(
      {t.Do(t.Compound(BinaryOp::kAdd, t.V(total), t.V(x))), t.Do(t.Compound(BinaryOp::kMul, t.V(x), t.V(total))),
       t.Do(t.Compound(BinaryOp::kAdd, t.V(x), t.Binary(BinaryOp::kMul, t.V(x), t.V(x)))), t.Return(t.V(x))});
  TLocal* p = t.Local("p", t.types.Pointer(t.Int()));
  TFunction* g = t.Function("g", t.Int(), {p});
  g->body = t.Body({t.Do(t.Compound(BinaryOp::kSub, t.Deref(t.V(p), "p is null"), t.I(2))), t.Return(t.Deref(t.V(p)))});
  Runner run(t);
  CHECK(run.Call<int>(f, 2) == 14 + 14 * 14);
  int cell = 44;
  CHECK(run.Call<int>(g, &cell) == 42);
  int* null = nullptr;
  CHECK(run.Panic(g, null) == "dereferencing null pointer, p is null");
}

TEST_CASE("not a number is neither less nor not less") {
  Tree t;
  TLocal* x = t.Local("x", t.Double());
  TFunction* f = t.Function("f", t.Int(), {x});
  f->body = t.Body({t.If(t.Unary(UnaryOp::kNot, t.Binary(BinaryOp::kLt, t.V(x), t.D(1))), t.Body({t.Return(t.I(1))})),
                    t.Return(t.I(0))});
  Runner run(t);
  CHECK(run.Call<int>(f, 0.5) == 0);
  CHECK(run.Call<int>(f, 1.5) == 1);
  CHECK(run.Call<int>(f, __builtin_nan("")) == 1);
}

}  // namespace vestige::lower_test
