// Quoted expressions. Floor 3.

#include "sema/quote_builder.h"

namespace vestige::sema {

using syntax::As;

std::string QuotedName(const syntax::QualifiedName& name) {
  std::string text;
  if (name.is_qualified) text = std::string(name.module.text()) + "::";
  return text.append(name.name.text());
}

ast::LineInfo QuoteBuilder::PlaceOf(syntax::Place place) const {
  const diag::Position at = c_.input.sources->Locate(place.location);
  if (at.line == 0) return {};
  return {.file = lane_.registry().File(at.file),
          .column = at.column,
          .line = at.line,
          .last_column = at.column + place.length,
          .last_line = at.line};
}

ast::Expression* QuoteBuilder::Tag(char letter, const syntax::Expr* value, syntax::Place place) {
  auto* tag = Make<ast::ExprTag>(place);
  tag->name.Assign(std::string_view(&letter, 1));
  tag->hole = -1;
  if (fills_) {
    tag->hole = static_cast<int32_t>(holes_.size());
    holes_.push_back({letter, value, place});
  } else {
    tag->subexpr = Expr(value);
  }
  return Up(tag);
}

// Only what readers made has no node.
ast::Expression* QuoteBuilder::Unknown(syntax::Place place) {
  if (!tells_) {
    auto* tag = Make<ast::ExprTag>(place);
    tag->name.Assign("...");
    tag->hole = -1;
    return Up(tag);
  }
  if (!failed_) c_.Error(40100, place, "macros are not supported");
  failed_ = true;
  return Up(Make<ast::ExprConstPtr>(place));
}

ast::Expression* QuoteBuilder::Expr(const syntax::Expr* expr) {
  if (expr == nullptr) return nullptr;
  if (ast::Expression* made = Operators(expr)) return made;
  if (ast::Expression* made = Calls(expr)) return made;
  if (ast::Expression* made = Literals(expr)) return made;
  return Unknown(expr->place);
}

ast::Expression* QuoteBuilder::Number(const syntax::NumberExpr* expr) {
  switch (expr->type) {
    case syntax::BasicType::kUInt: {
      auto* made = Make<ast::ExprConstUInt>(expr->place);
      made->value = static_cast<uint32_t>(expr->bits);
      return Up(made);
    }
    case syntax::BasicType::kUInt8: {
      auto* made = Make<ast::ExprConstUInt8>(expr->place);
      made->value = static_cast<uint8_t>(expr->bits);
      return Up(made);
    }
    case syntax::BasicType::kInt64: {
      auto* made = Make<ast::ExprConstInt64>(expr->place);
      made->value = static_cast<int64_t>(expr->bits);
      return Up(made);
    }
    case syntax::BasicType::kUInt64: {
      auto* made = Make<ast::ExprConstUInt64>(expr->place);
      made->value = expr->bits;
      return Up(made);
    }
    case syntax::BasicType::kFloat:
    case syntax::BasicType::kFloat16: {
      auto* made = Make<ast::ExprConstFloat>(expr->place);
      made->value = static_cast<float>(expr->real);
      return Up(made);
    }
    case syntax::BasicType::kDouble: {
      auto* made = Make<ast::ExprConstDouble>(expr->place);
      made->value = expr->real;
      return Up(made);
    }
    default: {
      auto* made = Make<ast::ExprConstInt>(expr->place);
      made->value = static_cast<int32_t>(expr->bits);
      return Up(made);
    }
  }
}

// "{value:format}" calls fmt.
ast::Expression* QuoteBuilder::Formatted(const syntax::InterpolationPart& part, syntax::Place place) {
  ast::Expression* value = Expr(part.value);
  if (part.format.empty()) return value;
  auto* format = Make<ast::ExprConstString>(place);
  format->value.Assign(std::string(":").append(part.format));
  auto* made = Make<ast::ExprCall>(place);
  made->name.Assign("fmt");
  ast::Append(made->arguments, format);
  ast::Append(made->arguments, value);
  return Up(made);
}

ast::Expression* QuoteBuilder::Interpolation(const syntax::InterpolationExpr* expr) {
  auto* made = Make<ast::ExprStringBuilder>(expr->place);
  for (const syntax::InterpolationPart& part : expr->parts) {
    if (part.value != nullptr) {
      ast::Append(made->elements, Formatted(part, expr->place));
      continue;
    }
    auto* text = Make<ast::ExprConstString>(expr->place);
    text->value.Assign(part.text);
    ast::Append(made->elements, text);
  }
  return Up(made);
}

ast::Expression* QuoteBuilder::Unary(const syntax::UnaryExpr* expr) {
  if (expr->op == syntax::UnaryOperator::kDereference) {
    auto* made = Make<ast::ExprPtr2Ref>(expr->place);
    made->subexpr = Expr(expr->operand);
    return Up(made);
  }
  auto* made = Make<ast::ExprOp1>(expr->place);
  made->op.Assign(syntax::OperatorText(expr->op));
  made->subexpr = Expr(expr->operand);
  return Up(made);
}

ast::Expression* QuoteBuilder::Binary(syntax::Place place, std::string_view op, const syntax::Expr* left,
                                      const syntax::Expr* right) {
  auto* made = Make<ast::ExprOp2>(place);
  made->op.Assign(op);
  made->left = Expr(left);
  made->right = Expr(right);
  return Up(made);
}

ast::Expression* QuoteBuilder::Assign(const syntax::AssignExpr* expr) {
  const auto two = [&](auto* made, std::string_view op) {
    made->op.Assign(op);
    made->left = Expr(expr->target);
    made->right = Expr(expr->value);
    return Up(made);
  };
  switch (expr->form) {
    case syntax::AssignForm::kCopy:
      return two(Make<ast::ExprCopy>(expr->place), "=");
    case syntax::AssignForm::kMove:
      return two(Make<ast::ExprMove>(expr->place), "<-");
    case syntax::AssignForm::kClone:
      return two(Make<ast::ExprClone>(expr->place), ":=");
    case syntax::AssignForm::kCompound:
      break;
  }
  return Binary(expr->place, std::string(syntax::OperatorText(expr->op)) + "=", expr->target, expr->value);
}

ast::Expression* QuoteBuilder::TypeTest(const syntax::TypeTestExpr* expr) {
  if (expr->type != nullptr) {
    auto* made = Make<ast::ExprIs>(expr->place);
    made->subexpr = Expr(expr->value);
    made->typeexpr = Type(expr->type);
    return Up(made);
  }
  const auto test = [&](auto* made) {
    made->value = Expr(expr->value);
    made->name.Assign(expr->name.text());
    if (expr->tag != nullptr) made->tag = Tag('f', expr->tag, expr->place);
    return Up(made);
  };
  switch (expr->form) {
    case syntax::TypeTestForm::kIs:
      return test(Make<ast::ExprIsVariant>(expr->place));
    case syntax::TypeTestForm::kAs:
      return test(Make<ast::ExprAsVariant>(expr->place));
    case syntax::TypeTestForm::kSafeAs:
      break;
  }
  return test(Make<ast::ExprSafeAsVariant>(expr->place));
}

ast::Expression* QuoteBuilder::Field(const syntax::FieldExpr* expr) {
  const auto field = [&](auto* made) {
    made->value = Expr(expr->object);
    made->name.Assign(expr->name.text());
    if (expr->tag != nullptr) made->tag = Tag('f', expr->tag, expr->place);
    return Up(made);
  };
  const bool is_safe = expr->access == syntax::Access::kSafe || expr->is_safe_dot;
  return is_safe ? field(Make<ast::ExprSafeField>(expr->place)) : field(Make<ast::ExprField>(expr->place));
}

ast::Expression* QuoteBuilder::Index(const syntax::IndexExpr* expr) {
  const auto at = [&](auto* made) {
    made->subexpr = Expr(expr->object);
    made->index = Expr(expr->index);
    return Up(made);
  };
  const bool is_safe = expr->access == syntax::Access::kSafe || expr->is_safe_dot;
  return is_safe ? at(Make<ast::ExprSafeAt>(expr->place)) : at(Make<ast::ExprAt>(expr->place));
}

ast::Expression* QuoteBuilder::Operators(const syntax::Expr* expr) {
  switch (expr->kind) {
    case syntax::ExprKind::kNull:
      return Up(Make<ast::ExprConstPtr>(expr->place));
    case syntax::ExprKind::kBool: {
      auto* made = Make<ast::ExprConstBool>(expr->place);
      made->value = As<syntax::BoolExpr>(expr)->value;
      return Up(made);
    }
    case syntax::ExprKind::kNumber:
      return Number(As<syntax::NumberExpr>(expr));
    case syntax::ExprKind::kString: {
      auto* made = Make<ast::ExprConstString>(expr->place);
      made->value.Assign(As<syntax::StringExpr>(expr)->text);
      return Up(made);
    }
    case syntax::ExprKind::kInterpolation:
      return Interpolation(As<syntax::InterpolationExpr>(expr));
    case syntax::ExprKind::kName: {
      auto* made = Make<ast::ExprVar>(expr->place);
      made->name.Assign(QuotedName(As<syntax::NameExpr>(expr)->name));
      return Up(made);
    }
    case syntax::ExprKind::kUnary:
      return Unary(As<syntax::UnaryExpr>(expr));
    case syntax::ExprKind::kBinary: {
      const auto* binary = As<syntax::BinaryExpr>(expr);
      return Binary(expr->place, syntax::OperatorText(binary->op), binary->left, binary->right);
    }
    case syntax::ExprKind::kAssign:
      return Assign(As<syntax::AssignExpr>(expr));
    case syntax::ExprKind::kConditional: {
      const auto* conditional = As<syntax::ConditionalExpr>(expr);
      auto* made = Make<ast::ExprOp3>(expr->place);
      made->op.Assign("?");
      made->subexpr = Expr(conditional->condition);
      made->left = Expr(conditional->then_value);
      made->right = Expr(conditional->else_value);
      return Up(made);
    }
    case syntax::ExprKind::kCoalesce: {
      const auto* coalesce = As<syntax::CoalesceExpr>(expr);
      auto* made = Make<ast::ExprNullCoalescing>(expr->place);
      made->subexpr = Expr(coalesce->value);
      made->defaultValue = Expr(coalesce->fallback);
      return Up(made);
    }
    case syntax::ExprKind::kTypeTest:
      return TypeTest(As<syntax::TypeTestExpr>(expr));
    case syntax::ExprKind::kField:
      return Field(As<syntax::FieldExpr>(expr));
    case syntax::ExprKind::kIndex:
      return Index(As<syntax::IndexExpr>(expr));
    case syntax::ExprKind::kTag:
      return Tag(As<syntax::TagExpr>(expr)->letter, As<syntax::TagExpr>(expr)->value, expr->place);
    default:
      return nullptr;
  }
}

}  // namespace vestige::sema
