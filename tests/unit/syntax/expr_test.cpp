// Operators: what belongs to what.

#include "doctest/doctest.h"
#include "parse_helper.h"

namespace vestige::syntax {

namespace {

// An expression with every operation in parentheses.
std::string Structure(const Expr* expr) {
  if (const auto* e = As<BinaryExpr>(expr)) {
    return "(" + Structure(e->left) + " " + std::string(OperatorText(e->op)) + " " + Structure(e->right) + ")";
  }
  if (const auto* e = As<UnaryExpr>(expr)) return "(" + std::string(OperatorText(e->op)) + Structure(e->operand) + ")";
  if (const auto* e = As<ConditionalExpr>(expr)) {
    return "(" + Structure(e->condition) + " ? " + Structure(e->then_value) + " : " + Structure(e->else_value) + ")";
  }
  if (const auto* e = As<CoalesceExpr>(expr)) return "(" + Structure(e->value) + " ?? " + Structure(e->fallback) + ")";
  if (const auto* e = As<MapToExpr>(expr)) return "(" + Structure(e->key) + " => " + Structure(e->value) + ")";
  if (const auto* e = As<TypeTestExpr>(expr)) {
    constexpr std::string_view kForms[] = {" is ", " as ", " ?as "};
    return "(" + Structure(e->value) + std::string(kForms[static_cast<int>(e->form)]) + std::string(e->name.text()) +
           ")";
  }
  if (const auto* e = As<FieldExpr>(expr)) {
    return "(" + Structure(e->object) + (e->access == Access::kSafe ? "?." : ".") + std::string(e->name.text()) + ")";
  }
  if (const auto* e = As<IndexExpr>(expr)) return "(" + Structure(e->object) + "[" + Structure(e->index) + "])";
  if (const auto* e = As<CallExpr>(expr)) {
    std::string text = std::string(e->callee.name.text()) + "(";
    for (const Argument& argument : e->arguments) text += (text.back() == '(' ? "" : ", ") + Structure(argument.value);
    return text + ")";
  }
  if (const auto* e = As<MethodCallExpr>(expr)) {
    return "(" + Structure(e->object) + (e->form == MethodForm::kArrow ? "->" : ".") + std::string(e->name.text()) +
           "())";
  }
  return Print(*expr);
}

std::string StructureOf(std::string_view text) {
  const Parsed parsed("let x = " + std::string(text) + "\n");
  if (!parsed.ok()) return parsed.errors();
  return Structure(parsed.decl<GlobalsDecl>().variables[0].init);
}

}  // namespace

TEST_CASE("operators bind as the language's table of precedence says") {
  struct Case {
    std::string_view text;
    std::string_view structure;
  };
  for (const Case& c : {
           Case{.text = "1 + 2 * 3", .structure = "(1 + (2 * 3))"},
           Case{.text = "1 - 2 - 3", .structure = "((1 - 2) - 3)"},
           Case{.text = "1 + 2 << 3", .structure = "((1 + 2) << 3)"},
           Case{.text = "x & 1 == 0", .structure = "(x & (1 == 0))"},
           Case{.text = "a || b && c ^^ d", .structure = "(a || ((b && c) ^^ d))"},
           Case{.text = "a | b ^ c & d", .structure = "(a | (b ^ (c & d)))"},
           Case{.text = "2 * 3 |> f", .structure = "(2 * f(3))"},
           Case{.text = "-3 |> f", .structure = "(-f(3))"},
           Case{.text = "p ?? 2 * 10", .structure = "((p ?? 2) * 10)"},
           Case{.text = "p ?? q ?? r", .structure = "(p ?? (q ?? r))"},
           Case{.text = "!v is i", .structure = "(!(v is i))"},
           Case{.text = "v ?as i ?? 3", .structure = "((v ?as i) ?? 3)"},
           Case{.text = "a == b ?as c", .structure = "((a == b) ?as c)"},
           Case{.text = "v as a[i]", .structure = "((v as a)[i])"},
           Case{.text = "a ? b : c ? d : e", .structure = "(a ? b : (c ? d : e))"},
           Case{.text = "a + 1 .. b - 1", .structure = "((a + 1) .. (b - 1))"},
           Case{.text = "a => b + 1", .structure = "(a => (b + 1))"},
           Case{.text = "*p.x", .structure = "(*(p.x))"},
           Case{.text = "*p++", .structure = "(+++(*p))"},
           Case{.text = "*p->m()", .structure = "((*p)->m())"},
           Case{.text = "-x++", .structure = "(-(+++x))"},
           Case{.text = "a |> back ++", .structure = "(+++back(a))"},
           Case{.text = "p?.a.b[1]", .structure = "(((p?.a).b)[1])"},
           Case{.text = "(1 + 2) * 3", .structure = "((1 + 2) * 3)"},
           Case{.text = "a |> f(b) |> g", .structure = "g(f(a, b))"},
           Case{.text = "f(a) <| b", .structure = "f(a, b)"},
           Case{.text = "a |> f().x", .structure = "(f(a).x)"},
           Case{.text = "- -x", .structure = "(-(-x))"},
           Case{.text = "~a % b", .structure = "((~a) % b)"},
       }) {
    CAPTURE(c.text);
    CHECK(StructureOf(c.text) == c.structure);
  }
}

TEST_CASE("operators that do not associate are errors in a row") {
  CHECK_FALSE(Parsed("let x = a .. b .. c\n").ok());
  CHECK_FALSE(Parsed("let x = a => b => c\n").ok());
}

TEST_CASE("pipes need a call") {
  CHECK(Parsed("let x = a |> !b\n").summary() ==
        std::vector<std::string>{"30922 1:10 can't rpipe into operator. the piped argument would be discarded"});
  CHECK(Parsed("let x = a |> 3\n").summary() ==
        std::vector<std::string>{"30922 1:10 can only rpipe into a function call"});
}

TEST_CASE("printed expressions mean the same") {
  struct Case {
    std::string_view text;
    std::string_view printed;
  };
  for (const Case& c : {
           Case{.text = "(1+2)*3", .printed = "(1 + 2) * 3"},
           Case{.text = "((1))", .printed = "1"},
           Case{.text = "a-(b-c)", .printed = "a - (b - c)"},
           Case{.text = "-(-x)", .printed = "-(-x)"},
           Case{.text = "*p", .printed = "deref(p)"},
           Case{.text = "(x as a).b", .printed = "(x as a).b"},
           Case{.text = "0xff", .printed = "255u"},
           Case{.text = "1.50", .printed = "1.5f"},
           Case{.text = "2lf", .printed = "2lf"},
           Case{.text = "\"a{b+1:05d}\\n\"", .printed = "\"a{(b + 1):05d}\\n\""},
           Case{.text = "(1,)", .printed = "(1,)"},
           Case{.text = "(a=1,b<-c)", .printed = "(a = 1, b <- c)"},
           Case{.text = "[for (x in a); x * 2; where x > 1]", .printed = "[for (x in a); x * 2; where x > 1]"},
           Case{.text = "{ for (x, i in a, b); x => i }", .printed = "{ for (x, i in a, b); x => i }"},
           Case{.text = "{ 1 => \"a\", 2 => \"b\" }", .printed = "{1 => \"a\", 2 => \"b\"}"},
           Case{.text = "new Foo(a=1)", .printed = "new Foo(a = 1)"},
           Case{.text = "new <int>", .printed = "new <int>"},
           Case{.text = "new [1,2]", .printed = "new [1, 2]"},
           Case{.text = "cast<Foo>(x)", .printed = "cast<Foo>(x)"},
           Case{.text = "typeinfo struct_get_annotation_argument<a;b>(type<T>)",
           .printed = "typeinfo struct_get_annotation_argument<a;b>(type<T>)"},
           Case{.text = "x is type<int?>", .printed = "x is type<int?>"},
           Case{.text = "@@<(a:int):float> f", .printed = "@@<(a : int):float>f"},
           Case{.text = "a!.b ![1] !?? c", .printed = "a!.b![1] !?? c"},
           Case{.text = "p. .x", .printed = "p. .x"},
           Case{.text = "array struct<Foo>((a=1),(a=2))", .printed = "array struct<Foo>((a = 1), (a = 2))"},
           Case{.text = "table<string;int>()", .printed = "table<string;int>()"},
           Case{.text = "fixed_array<int>(1,2)", .printed = "fixed_array<int>(1, 2)"},
           Case{.text = "default<Foo>", .printed = "default<Foo>"},
           Case{.text = "variant<i:int;f:float>(i=1)", .printed = "variant<i:int;f:float>(i = 1)"},
           Case{.text = "unsafe(addr(x))", .printed = "unsafe(addr(x))"},
       }) {
    CAPTURE(c.text);
    CHECK(PrintTwice("let x <- " + std::string(c.text) + "\n") == "let x <- " + std::string(c.printed) + "\n");
  }
}

}  // namespace vestige::syntax
