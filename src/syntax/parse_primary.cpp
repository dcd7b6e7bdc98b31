// Operands: names, literals and what begins with a word of its own. Floor 2 (syntax).

#include <bit>

#include "syntax/parser_impl.h"

namespace vestige::syntax {

Expr* Parser::ParsePrimary() {
  switch (kind_) {
    case TokenKind::kName:
    case TokenKind::kColonColon:
      return ParseName();
    case TokenKind::kInteger:
    case TokenKind::kUnsignedInteger:
    case TokenKind::kLongInteger:
    case TokenKind::kUnsignedLongInteger:
    case TokenKind::kUnsignedInt8:
    case TokenKind::kFloatNumber:
    case TokenKind::kFloat16Number:
    case TokenKind::kDoubleNumber:
      return ParseNumber();
    case TokenKind::kString:
    case TokenKind::kStringStart:
      return ParseString();
    case TokenKind::kLeftParen:
      return ParseParentheses();
    case TokenKind::kLeftBracket:
      return ParseBrackets();
    case TokenKind::kLeftBrace:
      return ParseBraces();
    case TokenKind::kDollar:
    case TokenKind::kAt:
      return ParseClosure();
    case TokenKind::kAtAt:
      return ParseAtAt();
    case TokenKind::kReader:
      return ParseReader();
    case TokenKind::kTagDollar:
    case TokenKind::kTagE:
      return ParseTag('e');
    case TokenKind::kTagI:
      return ParseTag('i');
    case TokenKind::kTagV:
      return ParseTag('v');
    case TokenKind::kTagB:
      return ParseTag('b');
    case TokenKind::kTagA:
      return ParseTag('a');
    case TokenKind::kTagC: {
      CallExpr* call = New<CallExpr>(Here());
      Next();
      call->tag = ParseParenthesized();
      if (!Is(TokenKind::kLeftParen)) Unexpected(TokenKind::kLeftParen);
      return ParseCall(call);
    }
    case TokenKind::kEllipsis: {
      EllipsisExpr* expr = New<EllipsisExpr>(Here());
      Next();
      return expr;
    }
    default:
      return ParseWordPrimary();
  }
}

// Operands that begin with a keyword.
Expr* Parser::ParseWordPrimary() {
  switch (kind_) {
    case TokenKind::kKwNull: {
      NullExpr* expr = New<NullExpr>(Here());
      Next();
      return expr;
    }
    case TokenKind::kKwTrue:
    case TokenKind::kKwFalse: {
      BoolExpr* expr = New<BoolExpr>(Here());
      expr->value = Is(TokenKind::kKwTrue);
      Next();
      return expr;
    }
    case TokenKind::kKwCast:
      return ParseCast(CastForm::kCast);
    case TokenKind::kKwUpcast:
      return ParseCast(CastForm::kUpcast);
    case TokenKind::kKwReinterpret:
      return ParseCast(CastForm::kReinterpret);
    case TokenKind::kKwAddr:
      return ParseAddress();
    case TokenKind::kKwDeref: {
      UnaryExpr* expr = New<UnaryExpr>(Here());
      expr->op = UnaryOperator::kDereference;
      Next();
      expr->operand = ParseParenthesized();
      return expr;
    }
    case TokenKind::kKwUnsafe: {
      UnsafeExpr* expr = New<UnsafeExpr>(Here());
      Next();
      expr->value = ParseParenthesized();
      return expr;
    }
    case TokenKind::kKwType: {
      TypeValueExpr* expr = New<TypeValueExpr>(Here());
      Next();
      expr->type = ParseAngleType();
      return expr;
    }
    case TokenKind::kKwTypeinfo:
      return ParseTypeInfo();
    case TokenKind::kKwNew:
      return ParseNew();
    case TokenKind::kKwGenerator:
      return ParseGenerator();
    case TokenKind::kKwArray:
      return ParseArrayWord();
    case TokenKind::kKwFixedArray:
      return ParseFixedArrayWord();
    case TokenKind::kKwTable:
      return ParseTableWord();
    case TokenKind::kKwTuple:
      return ParseTupleWord();
    case TokenKind::kKwStruct:
      return ParseStructWord(StructForm::kStruct);
    case TokenKind::kKwClass:
      return ParseStructWord(StructForm::kClass);
    case TokenKind::kKwVariant:
      return ParseStructWord(StructForm::kVariant);
    case TokenKind::kKwDefault:
      return ParseStructWord(StructForm::kDefault);
    default:
      break;
  }
  if (IsBasicType(kind_)) {
    if (PeekKind() == TokenKind::kLeftParen) return ParseName();
    Next();
    Unexpected(TokenKind::kLeftParen);
  } else {
    Unexpected();
  }
  return New<NullExpr>(Place{});
}

// name, mod::name, ::name
QualifiedName Parser::ParseQualifiedName() {
  QualifiedName name;
  if (Accept(TokenKind::kColonColon)) {
    name.is_qualified = true;
    name.name = ExpectName();
    return name;
  }
  name.name = ExpectName();
  if (Accept(TokenKind::kColonColon)) {
    name.is_qualified = true;
    name.module = name.name;
    name.name = ExpectName();
  }
  return name;
}

// A name, or the call that it begins. A type word calls a conversion.
Expr* Parser::ParseName() {
  const Place place = Here();
  if (IsBasicType(kind_)) {
    BasicTypeExpr* type = New<BasicTypeExpr>(place);
    type->basic = BasicTypeOf(kind_);
    CallExpr* call = New<CallExpr>(place);
    call->callee.name = Intern(TokenText(kind_));
    call->type = type;
    Next();
    if (Is(TokenKind::kLeftParen)) return ParseCall(call);
    call->has_parentheses = false;
    return call;
  }
  const uint32_t first = pos_;
  const QualifiedName name = ParseQualifiedName();
  Place full = place;
  if (name.is_qualified && !stopped_) {
    full.length = static_cast<uint32_t>(name.module.text().size() + 2 + name.name.text().size());
  }
  if (Is(TokenKind::kLeftParen) && tokens_.kinds[first] != TokenKind::kEndOfFile) {
    CallExpr* call = New<CallExpr>(full);
    call->callee = name;
    return ParseCall(call);
  }
  NameExpr* expr = New<NameExpr>(full);
  expr->name = name;
  return expr;
}

Expr* Parser::ParseNumber() {
  NumberExpr* expr = New<NumberExpr>(Here());
  expr->bits = Payload();
  switch (kind_) {
    case TokenKind::kInteger:
      expr->type = BasicType::kInt;
      break;
    case TokenKind::kUnsignedInteger:
      expr->type = BasicType::kUInt;
      break;
    case TokenKind::kLongInteger:
      expr->type = BasicType::kInt64;
      break;
    case TokenKind::kUnsignedLongInteger:
      expr->type = BasicType::kUInt64;
      break;
    case TokenKind::kUnsignedInt8:
      expr->type = BasicType::kUInt8;
      break;
    case TokenKind::kFloat16Number:
      expr->type = BasicType::kFloat16;
      break;
    case TokenKind::kDoubleNumber:
      expr->type = BasicType::kDouble;
      break;
    default:
      expr->type = BasicType::kFloat;
      break;
  }
  if (!expr->is_integer()) {
    expr->real = std::bit_cast<double>(Payload());
    expr->bits = 0;
  }
  Next();
  return expr;
}

Expr* Parser::ParseString() {
  const Place place = Here();
  if (Is(TokenKind::kString)) {
    StringExpr* expr = New<StringExpr>(place);
    expr->text = tokens_.texts[Payload()];
    Next();
    return expr;
  }
  InterpolationExpr* expr = New<InterpolationExpr>(place);
  List<InterpolationPart> parts(*this);
  Next();
  while (!Is(TokenKind::kStringEnd) && !Is(TokenKind::kStop)) {
    InterpolationPart part;
    if (Is(TokenKind::kStringText)) {
      part.text = tokens_.texts[Payload()];
      Next();
    } else if (Is(TokenKind::kStringOpen)) {
      Open(LineEnd::kIgnored);
      part.value = ParseExpr();
      if (Is(TokenKind::kStringFormat)) {
        part.format = tokens_.texts[Payload()];
        Next();
      }
      Close(TokenKind::kStringClose);
    } else {
      Unexpected();
    }
    parts.Add(part);
  }
  Expect(TokenKind::kStringEnd);
  expr->parts = parts.Take();
  return expr;
}

// ( expression ), without a trace of the parentheses.
Expr* Parser::ParseParenthesized() {
  if (!Is(TokenKind::kLeftParen)) {
    Unexpected(TokenKind::kLeftParen);
    return New<NullExpr>(Place{});
  }
  Open(LineEnd::kIgnored);
  Expr* expr = ParseExpr();
  Close(TokenKind::kRightParen);
  return expr;
}

}  // namespace vestige::syntax
