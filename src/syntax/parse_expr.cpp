// Operators, by precedence climbing. Floor 2 (syntax).
//
// Levels are those of levels.h and operators.def. `?as` really is as loose as it says there: `a == b ?as c` is
// `(a == b) ?as c`; and steps are looser than pipes, so that `a |> back ++` steps what the call returns.

#include <array>

#include "syntax/levels.h"
#include "syntax/lexer.h"
#include "syntax/parser_impl.h"

namespace vestige::syntax {

namespace {

constexpr int kCodeCannotPipe = 30922;

struct Infix {
  uint8_t level = 0;  // 0: no infix operator
  bool is_binary = false;
  BinaryOperator op{};
};

struct SignText {
  std::string_view text;
  TokenKind kind;
};
constexpr SignText kSignTexts[] = {
#define VESTIGE_SIGN(Name, text) {text, TokenKind::k##Name},
#include "syntax/token_kind.def"
};

constexpr std::string_view kBinaryTexts[] = {
#define VESTIGE_BINARY_OPERATOR(Name, text, precedence) text,
#include "syntax/operators.def"
};
constexpr std::string_view kUnaryTexts[] = {
#define VESTIGE_UNARY_OPERATOR(Name, text) text,
#include "syntax/operators.def"
};

struct InfixTable {
  std::array<Infix, 256> of{};

  constexpr void Add(std::string_view text, BinaryOperator op, int level) {
    for (const SignText& sign : kSignTexts) {
      if (sign.text == text) of[static_cast<size_t>(sign.kind)] = {static_cast<uint8_t>(level), true, op};
    }
  }
  constexpr void Add(TokenKind kind, int level) { of[static_cast<size_t>(kind)].level = static_cast<uint8_t>(level); }

  constexpr InfixTable() {
#define VESTIGE_BINARY_OPERATOR(Name, text, precedence) Add(text, BinaryOperator::k##Name, precedence);
#include "syntax/operators.def"
    Add(TokenKind::kFatArrow, kLevelInterval);
    Add(TokenKind::kQuestion, kLevelConditional);
    Add(TokenKind::kBangQuestionAs, kLevelTypeTest);
    Add(TokenKind::kQuestionQuestion, kLevelCoalesce);
    Add(TokenKind::kBangQuestionQuestion, kLevelCoalesce);
    Add(TokenKind::kPlusPlus, kLevelPrefix);
    Add(TokenKind::kMinusMinus, kLevelPrefix);
    Add(TokenKind::kKwIs, kLevelTypeTest);
    Add(TokenKind::kKwAs, kLevelTypeTest);
    Add(TokenKind::kBangIs, kLevelTypeTest);
    Add(TokenKind::kBangAs, kLevelTypeTest);
    Add(TokenKind::kPipeRight, kLevelPipe);
    Add(TokenKind::kPipeLeft, kLevelPipe);
  }
};
constexpr InfixTable kInfix;

}  // namespace

std::string_view OperatorText(BinaryOperator op) { return kBinaryTexts[static_cast<int>(op)]; }
std::string_view OperatorText(UnaryOperator op) { return kUnaryTexts[static_cast<int>(op)]; }

// An operand and all operators behind it that bind at least as tightly as `precedence`.
Expr* Parser::ParseOperators(int precedence) {
  const Nesting nesting(*this);
  if (!nesting.Fits()) return New<NullExpr>(Here());
  Expr* left = ParsePrefix();
  const int outer_nesting = nesting_;
  for (uint8_t level = 0; (level = kInfix.of[static_cast<size_t>(kind_)].level) != 0 && level >= precedence;) {
    // A chain leans to the left: each operator makes the tree one deeper.
    if (++nesting_ > kMaxNesting) FailNesting();
    left = ParseOperator(left, level);
    if (level == kLevelInterval && kInfix.of[static_cast<size_t>(kind_)].level == kLevelInterval) Unexpected();
  }
  nesting_ = outer_nesting;
  return left;
}

// The operator at the cursor, whose left operand is known.
Expr* Parser::ParseOperator(Expr* left, int level) {
  const TokenKind kind = kind_;
  const Infix infix = kInfix.of[static_cast<size_t>(kind)];
  const Place place = Here();
  Next();
  if (infix.is_binary) {
    BinaryExpr* expr = New<BinaryExpr>(place);
    expr->op = infix.op;
    expr->left = left;
    expr->right = ParseOperators(level + 1);
    return expr;
  }
  switch (kind) {
    case TokenKind::kFatArrow: {
      MapToExpr* expr = New<MapToExpr>(place);
      expr->key = left;
      expr->value = ParseOperators(level + 1);
      return expr;
    }
    case TokenKind::kQuestion:
      if (Accept(TokenKind::kKwAs)) return ParseTypeTest(left, TypeTestForm::kSafeAs, false);
      return ParseConditional(left);
    case TokenKind::kQuestionQuestion:
    case TokenKind::kBangQuestionQuestion: {
      CoalesceExpr* expr = New<CoalesceExpr>(place);
      expr->is_raw = kind == TokenKind::kBangQuestionQuestion;
      expr->value = left;
      expr->fallback = ParseOperators(level);
      return expr;
    }
    case TokenKind::kPlusPlus:
    case TokenKind::kMinusMinus: {
      UnaryExpr* expr = New<UnaryExpr>(place);
      expr->op = kind == TokenKind::kPlusPlus ? UnaryOperator::kPostIncrement : UnaryOperator::kPostDecrement;
      expr->operand = left;
      return expr;
    }
    case TokenKind::kKwIs:
      return ParseTypeTest(left, TypeTestForm::kIs, false);
    case TokenKind::kKwAs:
      return ParseTypeTest(left, TypeTestForm::kAs, false);
    case TokenKind::kBangIs:
      return ParseTypeTest(left, TypeTestForm::kIs, true);
    case TokenKind::kBangAs:
      return ParseTypeTest(left, TypeTestForm::kAs, true);
    case TokenKind::kBangQuestionAs:
      return ParseTypeTest(left, TypeTestForm::kSafeAs, true);
    case TokenKind::kPipeRight: {
      Expr* callee =
          IsBasicType(kind_) && PeekKind() != TokenKind::kLeftParen ? ParseName() : ParseOperators(level + 1);
      return PipeInto(left, callee, place);
    }
    default:
      return AppendPiped(left, ParseOperators(level + 1), place);
  }
}

// c ? a : b, behind the `?`.
Expr* Parser::ParseConditional(Expr* condition) {
  ConditionalExpr* expr = New<ConditionalExpr>(PlaceOf(pos_ == 0 ? 0 : pos_ - 1));
  expr->condition = condition;
  expr->then_value = ParseOperators(0);
  Expect(TokenKind::kColon);
  expr->else_value = ParseOperators(kLevelConditional);
  return expr;
}

// What stands behind `is`, `as`, `?as`: a name, a type word, type<T>, or $f(e).
Expr* Parser::ParseTypeTest(Expr* value, TypeTestForm form, bool is_raw) {
  TypeTestExpr* expr = New<TypeTestExpr>(Here());
  expr->form = form;
  expr->is_raw = is_raw;
  expr->value = value;
  if (Is(TokenKind::kName)) {
    expr->name = ExpectName();
  } else if (Accept(TokenKind::kKwType)) {
    expr->type = ParseAngleType();
  } else if (Accept(TokenKind::kTagF)) {
    expr->tag = ParseParenthesized();
  } else if (IsBasicType(kind_)) {
    BasicTypeExpr* type = New<BasicTypeExpr>(Here());
    type->basic = BasicTypeOf(kind_);
    Next();
    expr->type = type;
  } else {
    Unexpected();
  }
  return ParsePostfix(expr, true);
}

namespace {

// A closure behind `<|` is as good as one written right behind the call.
std::span<Argument> WithArgument(base::Arena& arena, std::span<Argument> old, Expr* value, bool in_front) {
  const std::span<Argument> all(static_cast<Argument*>(arena.Allocate((old.size() + 1) * sizeof(Argument))),
                                old.size() + 1);
  size_t at = in_front ? 1 : 0;
  for (const Argument& argument : old) all[at++] = argument;
  Argument& added = in_front ? all.front() : all.back();
  added = Argument{};
  added.value = value;
  added.is_piped = true;
  added.is_trailing = !in_front && value->kind == ExprKind::kClosure;
  added.place = value->place;
  return all;
}

}  // namespace

// argument |> callee
Expr* Parser::PipeInto(Expr* argument, Expr* callee, Place at) {
  if (stopped_) return callee;
  if (auto* call = As<CallExpr>(callee)) {
    call->arguments = WithArgument(arena_, call->arguments, argument, true);
  } else if (auto* method = As<MethodCallExpr>(callee)) {
    method->arguments = WithArgument(arena_, method->arguments, argument, true);
  } else if (auto* name = As<NameExpr>(callee)) {
    CallExpr* call_by_name = New<CallExpr>(name->place);
    call_by_name->callee = name->name;
    call_by_name->has_parentheses = false;
    call_by_name->end = name->place.location;
    call_by_name->arguments = WithArgument(arena_, {}, argument, true);
    return call_by_name;
  } else if (auto* field = As<FieldExpr>(callee)) {
    field->object = PipeInto(argument, field->object, at);
  } else if (callee->kind == ExprKind::kUnary || callee->kind == ExprKind::kBinary) {
    Complain(at, kCodeCannotPipe, "can't rpipe into operator. the piped argument would be discarded");
  } else {
    Complain(at, kCodeCannotPipe, "can only rpipe into a function call");
  }
  return callee;
}

// callee <| argument
Expr* Parser::AppendPiped(Expr* callee, Expr* argument, Place at) {
  if (stopped_) return callee;
  if (auto* call = As<CallExpr>(callee)) {
    call->arguments = WithArgument(arena_, call->arguments, argument, false);
  } else if (auto* method = As<MethodCallExpr>(callee)) {
    method->arguments = WithArgument(arena_, method->arguments, argument, false);
  } else if (auto* name = As<NameExpr>(callee)) {
    return PipeInto(argument, name, at);
  } else if (auto* generator = As<GeneratorExpr>(callee); generator != nullptr && generator->body == nullptr) {
    generator->source = argument;
  } else {
    Complain(at, kCodeCannotPipe, "can only pipe into function call or make type");
  }
  return callee;
}

Expr* Parser::ParsePrefix() {
  UnaryOperator op;
  switch (kind_) {
    case TokenKind::kMinus:
      op = UnaryOperator::kNegate;
      break;
    case TokenKind::kPlus:
      op = UnaryOperator::kPlus;
      break;
    case TokenKind::kBang:
      op = UnaryOperator::kNot;
      break;
    case TokenKind::kTilde:
      op = UnaryOperator::kBitNot;
      break;
    case TokenKind::kPlusPlus:
      op = UnaryOperator::kPreIncrement;
      break;
    case TokenKind::kMinusMinus:
      op = UnaryOperator::kPreDecrement;
      break;
    case TokenKind::kStar:
      return ParsePostfix(ParseDereference(), true);
    default:
      return ParsePostfix(ParsePrimary(), true);
  }
  UnaryExpr* expr = New<UnaryExpr>(Here());
  expr->op = op;
  Next();
  expr->operand = ParseOperators(kLevelPrefix);
  return expr;
}

// `*p.x` is `*(p.x)`, `*p++` is `(*p)++`, `*p->m()` is `(*p)->m()`.
Expr* Parser::ParseDereference() {
  const Nesting nesting(*this);
  UnaryExpr* expr = New<UnaryExpr>(Here());
  expr->op = UnaryOperator::kDereference;
  Next();
  if (!nesting.Fits()) {
    expr->operand = New<NullExpr>(Here());
  } else if (Is(TokenKind::kStar)) {
    expr->operand = ParseDereference();
  } else if (Is(TokenKind::kMinus) || Is(TokenKind::kPlus) || Is(TokenKind::kBang) || Is(TokenKind::kTilde) ||
             Is(TokenKind::kPlusPlus) || Is(TokenKind::kMinusMinus)) {
    expr->operand = ParsePrefix();
  } else {
    expr->operand = ParsePostfix(ParsePrimary(), false);
  }
  return expr;
}

}  // namespace vestige::syntax
