// Quoted literals, comprehensions and closures. Floor 3.

#include "sema/quote_builder.h"

namespace vestige::sema {

using syntax::As;

ast::Expression* QuoteBuilder::Tuple(std::span<const syntax::Argument> elements, bool is_key_value,
                                     syntax::Place place) {
  auto* made = Make<ast::ExprMakeTuple>(place);
  made->isKeyValue = is_key_value;
  bool is_named = false;
  for (const syntax::Argument& element : elements) {
    ast::Append(made->values, Expr(element.value));
    is_named = is_named || !element.name.empty();
  }
  for (const syntax::Argument& element : elements) {
    if (is_named) ast::Append(made->recordNames, element.name.text());
  }
  return Up(made);
}

ast::Expression* QuoteBuilder::Array(std::span<const syntax::Argument> elements, const syntax::TypeExpr* type,
                                     syntax::Place place) {
  auto* made = Make<ast::ExprMakeArray>(place);
  if (type != nullptr) made->makeType = Type(type);
  for (const syntax::Argument& element : elements) ast::Append(made->values, Expr(element.value));
  return Up(made);
}

// [a, b] and array(a, b) own what fixed_array(a, b) is.
ast::Expression* QuoteBuilder::ArrayLiteral(const syntax::ArrayLiteralExpr* expr) {
  ast::Expression* elements = Array(expr->elements, expr->element, expr->place);
  if (expr->form == syntax::ArrayForm::kFixedArray) return elements;
  auto* made = Make<ast::ExprCall>(expr->place);
  made->name.Assign("to_array_move");
  ast::Append(made->arguments, elements);
  return Up(made);
}

ast::Expression* QuoteBuilder::Struct(const syntax::TypeExpr* type, std::span<const std::span<syntax::Argument>> rows,
                                      syntax::Place place) {
  auto* made = Make<ast::ExprMakeStruct>(place);
  made->makeType = Type(type);
  for (std::span<const syntax::Argument> row : rows) ast::Append(made->structs, Fields(row));
  return Up(made);
}

ast::Expression* QuoteBuilder::Loop(const syntax::LoopHead& head, const syntax::Block* body, syntax::Place place) {
  auto* made = Make<ast::ExprFor>(place);
  for (const syntax::LoopVariable& variable : head.variables) {
    ast::Append(made->iterators, variable.name.text());
    ast::Append(made->iteratorsAka, variable.aka.text());
    ast::Append(made->iteratorsTags, variable.tag != nullptr ? Tag('i', variable.tag, variable.place) : nullptr);
  }
  Arguments(made->sources, head.sources);
  if (body != nullptr) made->body = Block(body);
  return Up(made);
}

ast::Expression* QuoteBuilder::Comprehension(const syntax::ComprehensionExpr* expr) {
  auto* made = Make<ast::ExprArrayComprehension>(expr->place);
  made->exprFor = Loop(expr->head, nullptr, expr->place);
  made->subexpr = Expr(expr->value);
  made->exprWhere = Expr(expr->where);
  made->generatorSyntax = expr->form == syntax::ComprehensionForm::kIterator;
  made->tableSyntax = expr->form == syntax::ComprehensionForm::kTable;
  return Up(made);
}

void QuoteBuilder::Captures(ast::TextList& list, std::span<const syntax::Capture> captures) {
  for (const syntax::Capture& capture : captures) {
    constexpr std::string_view kSigns[] = {"= ", "<- ", ":= ", "& "};
    ast::Append(list, std::string(kSigns[static_cast<size_t>(capture.mode)]).append(capture.name.text()));
  }
}

void QuoteBuilder::Parameters(ast::List& list, std::span<const syntax::Variable> parameters) {
  for (const syntax::Variable& parameter : parameters) ast::Append(list, VariableOf(parameter));
}

ast::Expression* QuoteBuilder::ClosureBlock(const syntax::ClosureExpr* expr) {
  ast::Expression* made = Block(expr->body);
  auto* block = reinterpret_cast<ast::ExprBlock*>(made);
  block->blockFlags |= ast::kBlockIsClosure;
  Parameters(block->arguments, expr->parameters);
  if (expr->result != nullptr) block->returnType = Type(expr->result);
  return made;
}

ast::Expression* QuoteBuilder::Closure(const syntax::ClosureExpr* expr) {
  auto* made = Make<ast::ExprMakeBlock>(expr->place);
  made->form = static_cast<int32_t>(expr->form);
  Captures(made->_capture, expr->captures);
  made->_block = ClosureBlock(expr);
  return Up(made);
}

ast::Expression* QuoteBuilder::Generator(const syntax::GeneratorExpr* expr) {
  auto* made = Make<ast::ExprMakeGenerator>(expr->place);
  made->iterType = Type(expr->type);
  Captures(made->_capture, expr->captures);
  ast::Append(made->arguments, expr->body != nullptr ? Block(expr->body) : Expr(expr->source));
  return Up(made);
}

ast::Function* QuoteBuilder::Function(const syntax::ClosureExpr* closure, const syntax::Expr* name) {
  auto* made = Make<ast::Function>(closure->place);
  made->atDecl = made->at;
  Parameters(made->arguments, closure->parameters);
  if (closure->result != nullptr) made->result = Type(closure->result);
  made->body = Block(closure->body);
  holes_.push_back({'n', name, closure->place});
  return made;
}

ast::Variable* QuoteBuilder::Variable(const syntax::Expr* name, const syntax::Expr* init, syntax::Place place) {
  auto* made = Make<ast::Variable>(place);
  made->init = Expr(init);
  holes_.push_back({'n', name, place});
  return made;
}

ast::Expression* QuoteBuilder::Literals(const syntax::Expr* expr) {
  switch (expr->kind) {
    case syntax::ExprKind::kTuple:
      return Tuple(As<syntax::TupleExpr>(expr)->elements, false, expr->place);
    case syntax::ExprKind::kArrayLiteral:
      return ArrayLiteral(As<syntax::ArrayLiteralExpr>(expr));
    case syntax::ExprKind::kTableLiteral: {
      auto* made = Make<ast::ExprCall>(expr->place);
      made->name.Assign("to_table_move");
      ast::Append(made->arguments, Array(As<syntax::TableLiteralExpr>(expr)->entries, nullptr, expr->place));
      return Up(made);
    }
    case syntax::ExprKind::kStructLiteral:
      return Struct(As<syntax::StructLiteralExpr>(expr)->type, As<syntax::StructLiteralExpr>(expr)->rows, expr->place);
    case syntax::ExprKind::kMapTo: {
      const auto* pair = As<syntax::MapToExpr>(expr);
      auto* made = Make<ast::ExprMakeTuple>(expr->place);
      made->isKeyValue = true;
      ast::Append(made->values, Expr(pair->key));
      ast::Append(made->values, Expr(pair->value));
      return Up(made);
    }
    case syntax::ExprKind::kComprehension:
      return Comprehension(As<syntax::ComprehensionExpr>(expr));
    case syntax::ExprKind::kClosure:
      return Closure(As<syntax::ClosureExpr>(expr));
    case syntax::ExprKind::kGenerator:
      return Generator(As<syntax::GeneratorExpr>(expr));
    case syntax::ExprKind::kEllipsis: {
      auto* made = Make<ast::ExprTag>(expr->place);
      made->name.Assign("...");
      made->hole = -1;
      return Up(made);
    }
    default:
      return nullptr;
  }
}

}  // namespace vestige::sema
