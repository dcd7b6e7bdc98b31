// Calls, their arguments, and closures.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

namespace {

const Expr* FirstExpr(const Parsed& parsed) {
  return As<ExprStmt>(parsed.decl<FunctionDecl>().body->statements[0])->expr;
}

}  // namespace

TEST_CASE("arguments keep how they are passed") {
  const Parsed parsed(InFunction("f(a, <- b, [n = 1, m <- c, k := d])"));
  REQUIRE(parsed.ok());
  const auto* call = As<CallExpr>(FirstExpr(parsed));
  REQUIRE(call != nullptr);
  REQUIRE(call->arguments.size() == 5);
  CHECK(call->named_in_brackets);
  CHECK(call->arguments[0].mode == InitMode::kNone);
  CHECK(call->arguments[1].mode == InitMode::kMove);
  CHECK(call->arguments[2].name.text() == "n");
  CHECK(call->arguments[2].mode == InitMode::kCopy);
  CHECK(call->arguments[3].mode == InitMode::kMove);
  CHECK(call->arguments[4].mode == InitMode::kClone);
}

TEST_CASE("a closure behind a call is its last argument") {
  for (std::string_view text :
       {"f(a) $(x) { pass }", "f(a) { pass }", "f(a) @(x) => x", "f(a) @@(x) => x", "f(a) <| $(x) { pass }"}) {
    CAPTURE(text);
    const Parsed parsed(InFunction(text));
    REQUIRE(parsed.ok());
    const auto* call = As<CallExpr>(FirstExpr(parsed));
    REQUIRE(call != nullptr);
    REQUIRE(call->arguments.size() == 2);
    CHECK(call->arguments[1].is_trailing);
    CHECK(call->arguments[1].value->kind == ExprKind::kClosure);
  }
}

TEST_CASE("a piped argument is the first one") {
  const Parsed parsed(InFunction("a |> f(b) $ { pass }"));
  REQUIRE(parsed.ok());
  const auto* call = As<CallExpr>(FirstExpr(parsed));
  REQUIRE(call != nullptr);
  REQUIRE(call->arguments.size() == 3);
  CHECK(call->arguments[0].is_piped);
  CHECK_FALSE(call->arguments[1].is_piped);
  CHECK(call->arguments[2].is_trailing);
}

TEST_CASE("methods are called in three ways, and by type words") {
  struct Case {
    std::string_view text;
    std::string_view name;
    MethodForm form;
    size_t arguments;
  };
  for (const Case& c : {
           Case{.text = "o.m(1)", .name = "m", .form = MethodForm::kDot, .arguments = 1},
           Case{.text = "o->m()", .name = "m", .form = MethodForm::kArrow, .arguments = 0},
           Case{.text = "o!.m(1, 2)", .name = "m", .form = MethodForm::kRaw, .arguments = 2},
           Case{.text = "o.int()", .name = "int", .form = MethodForm::kDot, .arguments = 0},
           Case{.text = "o.each() $(x) { pass }", .name = "each", .form = MethodForm::kDot, .arguments = 1},
       }) {
    CAPTURE(c.text);
    const Parsed parsed(InFunction(c.text));
    REQUIRE(parsed.ok());
    const auto* call = As<MethodCallExpr>(FirstExpr(parsed));
    REQUIRE(call != nullptr);
    CHECK(call->name.text() == c.name);
    CHECK(call->form == c.form);
    CHECK(call->arguments.size() == c.arguments);
  }
}

TEST_CASE("type words call conversions") {
  const Parsed parsed(InFunction("float3(1, 2, 3)"));
  REQUIRE(parsed.ok());
  const auto* call = As<CallExpr>(FirstExpr(parsed));
  REQUIRE(call != nullptr);
  REQUIRE(As<BasicTypeExpr>(call->type) != nullptr);
  CHECK(As<BasicTypeExpr>(call->type)->basic == BasicType::kFloat3);
}

TEST_CASE("positional arguments do not follow named ones") {
  CHECK(Parsed(InFunction("f(a = 1, 13)")).summary() ==
        std::vector<std::string>{"30151 2:9 syntax error, unexpected integer constant, expecting name"});
}

TEST_CASE("closures keep captures, parameters and result") {
  const Parsed parsed(
      InFunction("let l <- @ capture(= a, <- b, := c, & d, clone(e)) (x, y : int; z = 1) : int { return 1 }"));
  REQUIRE(parsed.ok());
  const auto* let = As<LetStmt>(parsed.decl<FunctionDecl>().body->statements[0]);
  const auto* closure = As<ClosureExpr>(let->variables[0].init);
  REQUIRE(closure != nullptr);
  CHECK(closure->form == ClosureForm::kLambda);
  REQUIRE(closure->captures.size() == 5);
  CHECK(closure->captures[0].mode == CaptureMode::kCopy);
  CHECK(closure->captures[1].mode == CaptureMode::kMove);
  CHECK(closure->captures[2].mode == CaptureMode::kClone);
  CHECK(closure->captures[3].mode == CaptureMode::kReference);
  CHECK(closure->captures[4].mode == CaptureMode::kClone);
  REQUIRE(closure->parameters.size() == 3);
  CHECK(closure->parameters[1].joins_previous);
  CHECK(closure->parameters[0].type == closure->parameters[1].type);
  CHECK(closure->parameters[2].init != nullptr);
  CHECK(closure->result != nullptr);
}

TEST_CASE("generators have a body or a source") {
  const Parsed parsed(
      "let a <- generator<int> capture(= n) { yield 1 }\nlet b <- generator<int>() <| $() { yield 2 }\n");
  REQUIRE(parsed.ok());
  const auto* a = As<GeneratorExpr>(parsed.decl<GlobalsDecl>(0).variables[0].init);
  const auto* b = As<GeneratorExpr>(parsed.decl<GlobalsDecl>(1).variables[0].init);
  REQUIRE(a != nullptr);
  REQUIRE(b != nullptr);
  CHECK(a->body != nullptr);
  CHECK(a->captures.size() == 1);
  CHECK(b->source != nullptr);
}

}  // namespace vestige::syntax
