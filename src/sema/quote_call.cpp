// Quoted calls, `new`, casts and traits. Floor 3.

#include <algorithm>

#include "sema/quote_builder.h"

namespace vestige::sema {

using syntax::As;

namespace {

bool IsNamed(const syntax::Argument& argument) { return !argument.name.empty() || argument.tag != nullptr; }

bool AllNamedOrTagged(std::span<const syntax::Argument> arguments) {
  return !arguments.empty() && std::all_of(arguments.begin(), arguments.end(), IsNamed);
}

}  // namespace

void QuoteBuilder::Arguments(ast::List& list, std::span<const syntax::Argument> arguments) {
  for (const syntax::Argument& argument : arguments) {
    if (!IsNamed(argument)) ast::Append(list, Expr(argument.value));
  }
}

ast::MakeStruct* QuoteBuilder::Fields(std::span<const syntax::Argument> arguments) {
  auto* made = lane_.Make<ast::MakeStruct>();
  for (const syntax::Argument& argument : arguments) {
    if (!IsNamed(argument)) continue;
    auto* field = Make<ast::MakeFieldDecl>(argument.place);
    field->name.Assign(argument.name.text());
    if (argument.tag != nullptr) field->tag = Tag('f', argument.tag, argument.place);
    field->value = Expr(argument.value);
    if (argument.mode == syntax::InitMode::kMove) field->flags |= ast::kFieldMoves;
    if (argument.mode == syntax::InitMode::kClone) field->flags |= ast::kFieldClones;
    ast::Append(made->list, field);
  }
  return made;
}

ast::Expression* QuoteBuilder::Call(const syntax::CallExpr* expr) {
  if (AllNamedOrTagged(expr->arguments) && !expr->named_in_brackets) {
    auto* made = Make<ast::ExprMakeStruct>(expr->place);
    made->makeType = expr->type != nullptr ? Type(expr->type) : Named(expr->callee, expr->place);
    ast::Append(made->structs, Fields(expr->arguments));
    return Up(made);
  }
  const auto* basic = As<syntax::BasicTypeExpr>(expr->type);
  const std::string name =
      basic != nullptr ? std::string(syntax::BasicTypeWord(basic->basic)) : QuotedName(expr->callee);
  if (expr->named_in_brackets) {
    auto* made = Make<ast::ExprNamedCall>(expr->place);
    made->name.Assign(name);
    Arguments(made->nonNamedArguments, expr->arguments);
    made->arguments = Fields(expr->arguments);
    return Up(made);
  }
  const auto call = [&](auto* made) {
    made->name.Assign(name);
    if (expr->tag != nullptr) made->tag = Tag('c', expr->tag, expr->place);
    Arguments(made->arguments, expr->arguments);
    return Up(made);
  };
  if (name == "invoke") return call(Make<ast::ExprInvoke>(expr->place));
  if (name == "assert" || name == "verify") return call(Make<ast::ExprAssert>(expr->place));
  if (name == "static_assert") return call(Make<ast::ExprStaticAssert>(expr->place));
  if (name == "debug") return call(Make<ast::ExprDebug>(expr->place));
  if (name == "quote") return call(Make<ast::ExprQuote>(expr->place));
  return call(Make<ast::ExprCall>(expr->place));
}

// a.m(b) is invoke(a.m, b).
ast::Expression* QuoteBuilder::MethodCall(const syntax::MethodCallExpr* expr) {
  auto* made = Make<ast::ExprInvoke>(expr->place);
  made->isInvokeMethod = true;
  made->name.Assign("invoke");
  auto* method = Make<ast::ExprField>(expr->place);
  method->value = Expr(expr->object);
  method->name.Assign(expr->name.text());
  ast::Append(made->arguments, method);
  Arguments(made->arguments, expr->arguments);
  return Up(made);
}

ast::Expression* QuoteBuilder::New(const syntax::NewExpr* expr) {
  if (expr->value == nullptr && !AllNamedOrTagged(expr->arguments)) {
    auto* made = Make<ast::ExprNew>(expr->place);
    made->typeexpr = Type(expr->type);
    made->initializer = expr->has_parentheses;
    Arguments(made->arguments, expr->arguments);
    return Up(made);
  }
  auto* made = Make<ast::ExprAscend>(expr->place);
  if (expr->value != nullptr) {
    made->subexpr = Expr(expr->value);
    return Up(made);
  }
  auto* value = Make<ast::ExprMakeStruct>(expr->place);
  value->makeType = Type(expr->type);
  ast::Append(value->structs, Fields(expr->arguments));
  made->subexpr = Up(value);
  return Up(made);
}

ast::Expression* QuoteBuilder::TypeInfo(const syntax::TypeInfoExpr* expr) {
  auto* made = Make<ast::ExprTypeInfo>(expr->place);
  made->trait.Assign(QuotedName(expr->trait));
  made->subtrait.Assign(expr->name.text());
  made->extratrait.Assign(expr->extra.text());
  if (const auto* type = As<syntax::TypeValueExpr>(expr->argument)) {
    made->typeexpr = Type(type->type);
  } else {
    made->subexpr = Expr(expr->argument);
  }
  return Up(made);
}

ast::Expression* QuoteBuilder::FunctionRef(const syntax::FunctionRefExpr* expr) {
  auto* made = Make<ast::ExprAddr>(expr->place);
  made->target.Assign(QuotedName(expr->name));
  if (expr->signature != nullptr) made->funcType = Type(expr->signature);
  if (expr->tag != nullptr) made->tag = Tag(expr->tag_is_call ? 'c' : 'i', expr->tag, expr->place);
  return Up(made);
}

ast::Expression* QuoteBuilder::Calls(const syntax::Expr* expr) {
  switch (expr->kind) {
    case syntax::ExprKind::kCall:
      return Call(As<syntax::CallExpr>(expr));
    case syntax::ExprKind::kMethodCall:
      return MethodCall(As<syntax::MethodCallExpr>(expr));
    case syntax::ExprKind::kNew:
      return New(As<syntax::NewExpr>(expr));
    case syntax::ExprKind::kCast: {
      const auto* cast = As<syntax::CastExpr>(expr);
      auto* made = Make<ast::ExprCast>(expr->place);
      made->castType = Type(cast->type);
      made->subexpr = Expr(cast->value);
      made->castFlags = static_cast<uint32_t>(cast->form);
      return Up(made);
    }
    case syntax::ExprKind::kAddress: {
      auto* made = Make<ast::ExprRef2Ptr>(expr->place);
      made->subexpr = Expr(As<syntax::AddressExpr>(expr)->value);
      return Up(made);
    }
    case syntax::ExprKind::kUnsafe: {
      ast::Expression* made = Expr(As<syntax::UnsafeExpr>(expr)->value);
      made->genFlags |= ast::kAlwaysSafe;
      return made;
    }
    case syntax::ExprKind::kTypeInfo:
      return TypeInfo(As<syntax::TypeInfoExpr>(expr));
    case syntax::ExprKind::kTypeValue: {
      auto* made = Make<ast::ExprTypeDecl>(expr->place);
      made->typeexpr = Type(As<syntax::TypeValueExpr>(expr)->type);
      return Up(made);
    }
    case syntax::ExprKind::kFunctionRef:
      return FunctionRef(As<syntax::FunctionRefExpr>(expr));
    default:
      return nullptr;
  }
}

}  // namespace vestige::sema
