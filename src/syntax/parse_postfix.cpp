// What follows an operand: fields, elements, methods. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

constexpr int kCodeCannotPipeBlock = 30347;

// `with_arrow`: also `->`, which binds less tightly than a dereference in front.
Expr* Parser::ParsePostfix(Expr* expr, bool with_arrow) {
  const int outer_nesting = nesting_;
  while (true) {
    if (++nesting_ > kMaxNesting) FailNesting();
    switch (kind_) {
      case TokenKind::kDot:
        expr = ParseDotted(expr);
        continue;
      case TokenKind::kQuestionDot:
        expr = ParseMember(expr, {.access = Access::kSafe}, MethodForm::kDot, false);
        continue;
      case TokenKind::kBangDot:
        expr = ParseMember(expr, {.is_raw = true}, MethodForm::kRaw, true);
        continue;
      case TokenKind::kBangQuestionDot:
        expr = ParseMember(expr, {.access = Access::kSafe, .is_raw = true}, MethodForm::kRaw, false);
        continue;
      case TokenKind::kLeftBracket:
        expr = ParseIndex(expr, {});
        continue;
      case TokenKind::kQuestionBracket:
        expr = ParseIndex(expr, {.access = Access::kSafe});
        continue;
      case TokenKind::kBangBracket:
        expr = ParseIndex(expr, {.is_raw = true});
        continue;
      case TokenKind::kBangQuestionBracket:
        expr = ParseIndex(expr, {.access = Access::kSafe, .is_raw = true});
        continue;
      case TokenKind::kRightArrow:
        if (!with_arrow) break;
        expr = ParseArrow(expr);
        continue;
      default:
        break;
    }
    nesting_ = outer_nesting;
    return expr;
  }
}

// Everything that begins with a single `.`.
Expr* Parser::ParseDotted(Expr* object) {
  switch (PeekKind()) {
    case TokenKind::kDot:
      Next();
      return ParseMember(object, {.access = Access::kDot}, MethodForm::kDot, false);
    case TokenKind::kQuestionDot:
      Next();
      return ParseMember(object, {.access = Access::kDot, .is_safe_dot = true}, MethodForm::kDot, false);
    case TokenKind::kLeftBracket:
      Next();
      return ParseIndex(object, {.access = Access::kDot});
    case TokenKind::kQuestionBracket:
      Next();
      return ParseIndex(object, {.access = Access::kDot, .is_safe_dot = true});
    default:
      return ParseMember(object, {}, MethodForm::kDot, true);
  }
}

// A field or method call; the cursor is at the sign before the name. The prototype says which sign.
Expr* Parser::ParseMember(Expr* object, MemberSign sign, MethodForm form, bool may_call) {
  Next();
  const Place place = Here();
  if (Accept(TokenKind::kTagF)) {
    FieldExpr* tagged = New<FieldExpr>(place);
    tagged->access = sign.access;
    tagged->is_safe_dot = sign.is_safe_dot;
    tagged->is_raw = sign.is_raw;
    tagged->object = object;
    tagged->tag = ParseParenthesized();
    return tagged;
  }
  // Type words are names of methods: `x.int()`.
  const bool is_type_word = may_call && IsBasicType(kind_) && PeekKind() == TokenKind::kLeftParen;
  base::Symbol name;
  if (is_type_word) {
    name = Intern(TokenText(kind_));
    Next();
  } else {
    name = ExpectName();
  }
  if (may_call && Is(TokenKind::kLeftParen)) {
    MethodCallExpr* call = New<MethodCallExpr>(place);
    call->form = form;
    call->object = object;
    call->name = name;
    return FinishMethodCall(call);
  }
  FieldExpr* field = New<FieldExpr>(place);
  field->access = sign.access;
  field->is_safe_dot = sign.is_safe_dot;
  field->is_raw = sign.is_raw;
  field->object = object;
  field->name = name;
  if (may_call && AtTrailingClosure()) {
    Complain(Here(), kCodeCannotPipeBlock, "piped block requires a function call");
    ParseTrailingClosure({});
  }
  return field;
}

// The arguments of a method call, and the closure that may follow.
Expr* Parser::FinishMethodCall(MethodCallExpr* call) {
  bool is_uninitialized = false;
  call->arguments = ParseArguments(&call->named_in_brackets, &is_uninitialized, &call->end);
  call->arguments = ParseTrailingClosure(call->arguments);
  return call;
}

// object->method(arguments)
Expr* Parser::ParseArrow(Expr* object) {
  Next();
  MethodCallExpr* call = New<MethodCallExpr>(Here());
  call->form = MethodForm::kArrow;
  call->object = object;
  call->name = ExpectName();
  if (!Is(TokenKind::kLeftParen)) {
    Unexpected(TokenKind::kLeftParen);
    return call;
  }
  return FinishMethodCall(call);
}

Expr* Parser::ParseIndex(Expr* object, MemberSign sign) {
  IndexExpr* index = New<IndexExpr>(Here());
  index->access = sign.access;
  index->is_safe_dot = sign.is_safe_dot;
  index->is_raw = sign.is_raw;
  index->object = object;
  Open(LineEnd::kIgnored);
  index->index = ParseExpr();
  Close(TokenKind::kRightBracket);
  return index;
}

}  // namespace vestige::syntax
