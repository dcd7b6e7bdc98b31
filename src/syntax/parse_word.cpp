// Operands with a form of their own: casts, typeinfo, new, reader macros, tags of quoted code. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// cast<T>(e), upcast<T>(e), reinterpret<T>(e)
Expr* Parser::ParseCast(CastForm form) {
  CastExpr* expr = New<CastExpr>(Here());
  expr->form = form;
  Next();
  expr->type = ParseAngleType();
  expr->value = ParseParenthesized();
  return expr;
}

// addr(e), addr<T?>(e)
Expr* Parser::ParseAddress() {
  AddressExpr* expr = New<AddressExpr>(Here());
  Next();
  if (Is(TokenKind::kLess)) expr->type = ParseAngleType();
  expr->value = ParseParenthesized();
  return expr;
}

// typeinfo trait<name; extra>(argument)
Expr* Parser::ParseTypeInfo() {
  TypeInfoExpr* expr = New<TypeInfoExpr>(Here());
  Next();
  expr->trait = ParseQualifiedName();
  if (Accept(TokenKind::kLess)) {
    expr->name = ExpectName();
    if (AcceptTypeSeparator()) expr->extra = ExpectName();
    ExpectGreater();
  }
  expr->argument = ParseParenthesized();
  return expr;
}

// new T, new T(arguments), new <T>(..), new [..]
Expr* Parser::ParseNew() {
  NewExpr* expr = New<NewExpr>(Here());
  const Nesting nesting(*this);
  Next();
  if (!nesting.Fits()) return expr;
  if (Is(TokenKind::kLess)) {
    expr->type = ParseAngleType();
  } else if (Is(TokenKind::kName) || Is(TokenKind::kColonColon)) {
    NamedTypeExpr* type = New<NamedTypeExpr>(Here());
    type->name = ParseQualifiedName();
    expr->type = type;
  } else {
    expr->value = ParsePrimary();
    return expr;
  }
  if (Is(TokenKind::kLeftParen)) {
    bool in_brackets = false;
    base::Location end;
    expr->has_parentheses = true;
    expr->arguments = ParseArguments(&in_brackets, &expr->is_uninitialized, &end);
  }
  return expr;
}

Expr* Parser::ParseReader() {
  ReaderExpr* expr = New<ReaderExpr>(Here());
  const std::string_view text = tokens_.texts[Payload()];
  const size_t sign = text.find_first_of("~!");
  std::string_view name = text.substr(1, sign - 1);
  if (const size_t colons = name.find("::"); colons != std::string_view::npos) {
    expr->name.is_qualified = true;
    expr->name.module = Intern(name.substr(0, colons));
    name = name.substr(colons + 2);
  }
  expr->name.name = Intern(name);
  expr->is_inline = text[sign] == '!';
  expr->text = text.substr(sign + 1);
  Next();
  return expr;
}

Expr* Parser::ParseTag(char letter) {
  TagExpr* expr = New<TagExpr>(Here());
  expr->letter = letter;
  Next();
  expr->value = ParseParenthesized();
  return expr;
}

}  // namespace vestige::syntax
