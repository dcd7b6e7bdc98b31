// Values written out: tuples, arrays, tables, structs, comprehensions. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// (e), (a, b), (a,), (x = 1, y = 2)
Expr* Parser::ParseParentheses() {
  const Place place = Here();
  List<Argument> elements(*this);
  Open(LineEnd::kIgnored);
  bool has_comma = false;
  while (!Is(TokenKind::kRightParen) && !Is(TokenKind::kStop)) {
    elements.Add(ParseArgument());
    if (!Accept(TokenKind::kComma)) break;
    has_comma = true;
  }
  if (elements.size() == 0) Unexpected();
  Close(TokenKind::kRightParen);
  if (stopped_) return New<NullExpr>(place);
  const Argument& first = elements[0];
  if (elements.size() == 1 && !has_comma && first.mode == InitMode::kNone) {
    first.value->in_parentheses = true;
    return first.value;
  }
  TupleExpr* tuple = New<TupleExpr>(place);
  tuple->elements = elements.Take();
  return tuple;
}

// [a, b], [for (..); e], [iterator for (..); e]
Expr* Parser::ParseBrackets() {
  if (PeekInside() == TokenKind::kKwFor) return ParseComprehension(ComprehensionForm::kArray, TokenKind::kRightBracket);
  if (PeekInside() == TokenKind::kKwIterator && PeekInside(2) == TokenKind::kKwFor) {
    return ParseComprehension(ComprehensionForm::kIterator, TokenKind::kRightBracket);
  }
  ArrayLiteralExpr* array = New<ArrayLiteralExpr>(Here());
  List<Argument> elements(*this);
  Open(LineEnd::kIgnored);
  ParseArgumentList(elements, TokenKind::kRightBracket);
  Close(TokenKind::kRightBracket);
  array->elements = elements.Take();
  return array;
}

// { k => v, .. }, { k, .. }, { for (..); k => v }
Expr* Parser::ParseBraces() {
  TableLiteralExpr* table = New<TableLiteralExpr>(Here());
  if (PeekInside() == TokenKind::kKwFor) return ParseComprehension(ComprehensionForm::kTable, TokenKind::kRightBrace);
  List<Argument> entries(*this);
  Open(LineEnd::kIgnored);
  ParseArgumentList(entries, TokenKind::kRightBrace);
  Close(TokenKind::kRightBrace);
  table->entries = entries.Take();
  return table;
}

// The cursor is at the opening bracket.
Expr* Parser::ParseComprehension(ComprehensionForm form, TokenKind close) {
  ComprehensionExpr* expr = New<ComprehensionExpr>(Here());
  expr->form = form;
  Open(LineEnd::kIgnored);
  Accept(TokenKind::kKwIterator);
  Next();
  expr->head = ParseLoopHead();
  Expect(TokenKind::kSemicolon);
  expr->value = ParseExpr();
  if (Accept(TokenKind::kSemicolon)) {
    Expect(TokenKind::kKwWhere);
    expr->where = ParseExpr();
  }
  Close(close);
  return expr;
}

// array(..), array<T>(..), array struct<T>(..), array tuple<..>(..), array variant<..>(..)
Expr* Parser::ParseArrayWord() {
  const Place place = Here();
  const auto rows_of = [&](StructForm form) {
    Next();
    Expr* rows = ParseStructWord(form);
    if (auto* literal = As<StructLiteralExpr>(rows)) literal->is_array = true;
    return rows;
  };
  switch (PeekKind()) {
    case TokenKind::kKwStruct:
      return rows_of(StructForm::kStruct);
    case TokenKind::kKwTuple:
      return rows_of(StructForm::kTuple);
    case TokenKind::kKwVariant:
      return rows_of(StructForm::kVariant);
    default:
      break;
  }
  Next();
  return FinishArrayWord(place, ArrayForm::kArray);
}

// fixed_array(..), fixed_array<T>(..)
Expr* Parser::ParseFixedArrayWord() {
  const Place place = Here();
  Next();
  return FinishArrayWord(place, ArrayForm::kFixedArray);
}

Expr* Parser::FinishArrayWord(Place place, ArrayForm form) {
  ArrayLiteralExpr* array = New<ArrayLiteralExpr>(place);
  array->form = form;
  if (Is(TokenKind::kLess)) array->element = ParseAngleType();
  array->elements = ParseElements();
  return array;
}

// (a, b, ..)
std::span<Argument> Parser::ParseElements() {
  List<Argument> elements(*this);
  if (!Is(TokenKind::kLeftParen)) {
    Unexpected(TokenKind::kLeftParen);
    return {};
  }
  Open(LineEnd::kIgnored);
  ParseArgumentList(elements, TokenKind::kRightParen);
  Close(TokenKind::kRightParen);
  return elements.Take();
}

// table(..), table<K>(..), table<K; V>(..)
Expr* Parser::ParseTableWord() {
  TableLiteralExpr* table = New<TableLiteralExpr>(Here());
  table->is_call = true;
  Next();
  if (Accept(TokenKind::kLess)) {
    table->key = ParseType();
    if (AcceptTypeSeparator()) table->value = ParseType();
    ExpectGreater();
  }
  table->entries = ParseElements();
  return table;
}

// tuple(a, b), tuple<a : int; b : float>(a = 1)
Expr* Parser::ParseTupleWord() {
  if (PeekKind() == TokenKind::kLess) return ParseStructWord(StructForm::kTuple);
  TupleExpr* tuple = New<TupleExpr>(Here());
  Next();
  tuple->elements = ParseElements();
  return tuple;
}

// struct<T>(..), class<T>(..), tuple<..>(..), variant<..>(..), variant type<T>(..), default<T>
Expr* Parser::ParseStructWord(StructForm form) {
  StructLiteralExpr* literal = New<StructLiteralExpr>(Here());
  literal->form = form;
  if (form == StructForm::kTuple || (form == StructForm::kVariant && PeekKind() == TokenKind::kLess)) {
    literal->type = ParseTupleType(form == StructForm::kVariant);
  } else {
    Next();
    if (form == StructForm::kVariant) Expect(TokenKind::kKwType);
    literal->type = ParseAngleType();
  }
  if (form == StructForm::kDefault) {
    literal->is_uninitialized = Accept(TokenKind::kKwUninitialized);
    return literal;
  }
  return ParseStructRows(literal);
}

// (a = 1, b = 2), ((a = 1), (a = 2)), (uninitialized ..)
Expr* Parser::ParseStructRows(StructLiteralExpr* literal) {
  if (!Is(TokenKind::kLeftParen)) {
    Unexpected(TokenKind::kLeftParen);
    return literal;
  }
  List<std::span<Argument>> rows(*this);
  Open(LineEnd::kIgnored);
  literal->is_uninitialized = Accept(TokenKind::kKwUninitialized);
  if (Is(TokenKind::kLeftParen)) {
    do {
      if (Is(TokenKind::kRightParen)) break;
      rows.Add(ParseElements());
    } while (Accept(TokenKind::kComma));
  } else if (!Is(TokenKind::kRightParen)) {
    List<Argument> fields(*this);
    ParseArgumentList(fields, TokenKind::kRightParen);
    rows.Add(fields.Take());
  }
  Close(TokenKind::kRightParen);
  literal->rows = rows.Take();
  return literal;
}

}  // namespace vestige::syntax
