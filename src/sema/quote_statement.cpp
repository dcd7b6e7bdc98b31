// Quoted statements. Floor 3.

#include "sema/quote_builder.h"

namespace vestige::sema {

using syntax::As;

ast::Expression* QuoteBuilder::Block(const syntax::Block* block) {
  auto* made = Make<ast::ExprBlock>(block->place);
  for (const syntax::Stmt* stmt : block->statements) {
    if (stmt->kind != syntax::StmtKind::kPass) ast::Append(made->list, Statement(stmt));
  }
  if (block->finally != nullptr) {
    for (const syntax::Stmt* stmt : block->finally->statements) ast::Append(made->finalList, Statement(stmt));
  }
  return Up(made);
}

namespace {

// `let (a, b) = ..` is one variable of that name.
std::string TupleOf(std::span<const base::Symbol> names) {
  std::string text = "(";
  for (const base::Symbol name : names) text.append(text.size() > 1 ? ", " : "").append(name.text());
  return text + ")";
}

}  // namespace

ast::Variable* QuoteBuilder::VariableOf(const syntax::Variable& variable) {
  auto* made = Make<ast::Variable>(variable.place);
  made->name.Assign(variable.tuple_names.empty() ? std::string(variable.name.text()) : TupleOf(variable.tuple_names));
  made->_aka.Assign(variable.aka.text());
  if (variable.tag != nullptr) {
    const bool is_list = variable.type == nullptr && variable.init == nullptr && variable.name.empty();
    made->tag = Tag(is_list ? 'a' : 'i', variable.tag, variable.place);
  }
  if (variable.type != nullptr) made->_type = Type(variable.type);
  if (made->_type == nullptr && variable.tuple_names.empty()) {
    made->_type = Make<ast::TypeDecl>(variable.place);
    made->_type->baseType = ast::BaseType::autoinfer;
  }
  if (!variable.is_var && made->_type != nullptr) made->_type->flags |= ast::kTypeConstant;
  made->init = Expr(variable.init);
  if (variable.is_var) made->flags |= ast::kVariableIsVar;
  if (variable.init_mode == syntax::InitMode::kMove) made->flags |= ast::kVariableMoves;
  if (variable.init_mode == syntax::InitMode::kClone) made->flags |= ast::kVariableClones;
  return made;
}

ast::Expression* QuoteBuilder::Let(const syntax::LetStmt* stmt) {
  auto* made = Make<ast::ExprLet>(stmt->place);
  if (stmt->is_var) made->letFlags |= ast::kLetIsVar;
  if (stmt->is_inscope) made->letFlags |= ast::kLetInScope;
  for (const syntax::Variable& variable : stmt->variables) {
    ast::Variable* one = VariableOf(variable);
    if (stmt->is_var) one->_type->flags &= ~static_cast<uint32_t>(ast::kTypeConstant);
    ast::Append(made->variables, one);
  }
  return Up(made);
}

ast::Expression* QuoteBuilder::Statement(const syntax::Stmt* stmt) {
  if (const auto* expr = As<syntax::ExprStmt>(stmt)) return Expr(expr->expr);
  if (const auto* let = As<syntax::LetStmt>(stmt)) return Let(let);
  if (ast::Expression* made = Compound(stmt)) return made;
  if (ast::Expression* made = Jump(stmt)) return made;
  return Unknown(stmt->place);
}

ast::Expression* QuoteBuilder::Compound(const syntax::Stmt* stmt) {
  if (const auto* s = As<syntax::IfStmt>(stmt)) {
    auto* made = Make<ast::ExprIfThenElse>(stmt->place);
    made->cond = Expr(s->condition);
    made->if_true = Block(s->then_block);
    if (s->else_block != nullptr) made->if_false = Block(s->else_block);
    if (s->is_static) made->if_flags |= ast::kIfStatic;
    return Up(made);
  }
  if (const auto* s = As<syntax::ForStmt>(stmt)) return Loop(s->head, s->body, stmt->place);
  if (const auto* s = As<syntax::WhileStmt>(stmt)) {
    auto* made = Make<ast::ExprWhile>(stmt->place);
    made->cond = Expr(s->condition);
    made->body = Block(s->body);
    return Up(made);
  }
  if (const auto* s = As<syntax::WithStmt>(stmt)) {
    auto* made = Make<ast::ExprWith>(stmt->place);
    made->_with = Expr(s->object);
    made->body = Block(s->body);
    return Up(made);
  }
  if (const auto* s = As<syntax::WithModuleStmt>(stmt)) {
    auto* made = Make<ast::ExprWith>(stmt->place);
    made->moduleName.Assign(s->module.text());
    made->body = Block(s->body);
    return Up(made);
  }
  if (const auto* s = As<syntax::UnsafeStmt>(stmt)) {
    auto* made = Make<ast::ExprUnsafe>(stmt->place);
    made->body = Block(s->body);
    return Up(made);
  }
  if (const auto* s = As<syntax::TryStmt>(stmt)) {
    auto* made = Make<ast::ExprTryCatch>(stmt->place);
    made->try_block = Block(s->body);
    if (s->recover != nullptr) made->catch_block = Block(s->recover);
    return Up(made);
  }
  if (const auto* s = As<syntax::BlockStmt>(stmt)) return Block(s->block);
  return nullptr;
}

ast::Expression* QuoteBuilder::Jump(const syntax::Stmt* stmt) {
  const auto result = [&](auto* made, const auto* s) {
    made->subexpr = Expr(s->value);
    if (s->moves) made->returnFlags |= ast::kReturnMoves;
    return Up(made);
  };
  if (const auto* s = As<syntax::ReturnStmt>(stmt)) return result(Make<ast::ExprReturn>(stmt->place), s);
  if (const auto* s = As<syntax::YieldStmt>(stmt)) return result(Make<ast::ExprYield>(stmt->place), s);
  switch (stmt->kind) {
    case syntax::StmtKind::kBreak:
      return Up(Make<ast::ExprBreak>(stmt->place));
    case syntax::StmtKind::kContinue:
      return Up(Make<ast::ExprContinue>(stmt->place));
    case syntax::StmtKind::kDelete: {
      auto* made = Make<ast::ExprDelete>(stmt->place);
      made->subexpr = Expr(As<syntax::DeleteStmt>(stmt)->value);
      return Up(made);
    }
    case syntax::StmtKind::kAssume: {
      auto* made = Make<ast::ExprAssume>(stmt->place);
      made->alias.Assign(As<syntax::AssumeStmt>(stmt)->name.text());
      made->subexpr = Expr(As<syntax::AssumeStmt>(stmt)->value);
      return Up(made);
    }
    case syntax::StmtKind::kTypedef: {
      auto* made = Make<ast::ExprAssume>(stmt->place);
      made->alias.Assign(As<syntax::TypedefStmt>(stmt)->name.text());
      made->assumeType = Type(As<syntax::TypedefStmt>(stmt)->type);
      return Up(made);
    }
    case syntax::StmtKind::kLabel: {
      auto* made = Make<ast::ExprLabel>(stmt->place);
      made->labelName = As<syntax::LabelStmt>(stmt)->label;
      return Up(made);
    }
    case syntax::StmtKind::kGoto: {
      auto* made = Make<ast::ExprGoto>(stmt->place);
      made->labelName = As<syntax::GotoStmt>(stmt)->label;
      made->subexpr = Expr(As<syntax::GotoStmt>(stmt)->value);
      return Up(made);
    }
    case syntax::StmtKind::kPass:
      return Up(Make<ast::ExprBlock>(stmt->place));
    default:
      return nullptr;
  }
}

}  // namespace vestige::sema
