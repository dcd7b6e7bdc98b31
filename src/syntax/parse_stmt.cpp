// Blocks and simple statements. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// { statements } finally { statements }
Block* Parser::ParseBlock() {
  const Nesting nesting(*this);
  Block* block = arena_.New<Block>();
  block->place = Here();
  if (!nesting.Fits()) return block;
  if (!Is(TokenKind::kLeftBrace)) {
    Unexpected(TokenKind::kLeftBrace);
    return block;
  }
  Open(LineEnd::kSemicolon);
  List<Stmt*> statements(*this);
  ParseStatements(statements);
  block->statements = statements.Take();
  if (!stopped_) block->end = LocationOf(pos_);
  Close(TokenKind::kRightBrace);
  if (AcceptBehindLineEnds(TokenKind::kKwFinally)) block->finally = ParseBlock();
  return block;
}

void Parser::ParseStatements(List<Stmt*>& out) {
  const size_t depth = frames_.size();
  while (!Is(TokenKind::kRightBrace) && !Is(TokenKind::kEndOfFile) && !Is(TokenKind::kStop)) {
    if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kSemicolon)) continue;
    Stmt* statement = ParseStatement();
    if (stopped_) {
      Recover(depth);
    } else {
      out.Add(statement);
    }
  }
}

Stmt* Parser::ParseStatement() {
  const Nesting nesting(*this);
  if (!nesting.Fits()) return New<PassStmt>(Here());
  switch (kind_) {
    case TokenKind::kKwLet:
    case TokenKind::kKwVar:
      return ParseLet();
    case TokenKind::kKwIf:
    case TokenKind::kKwStaticIf:
      return ParseIf();
    case TokenKind::kKwFor:
      return ParseFor();
    case TokenKind::kKwWhile:
      return ParseWhile();
    case TokenKind::kKwWith:
      return ParseWith();
    case TokenKind::kKwTry:
      return ParseTry();
    case TokenKind::kKwUnsafe:
      if (PeekKind() == TokenKind::kLeftParen) break;
      return ParseUnsafe();
    case TokenKind::kLeftBrace: {
      BlockStmt* statement = New<BlockStmt>(Here());
      statement->block = ParseBlock();
      return statement;
    }
    default:
      break;
  }
  return ParseKeywordStatement();
}

// Statements that end with a line or a semicolon.
Stmt* Parser::ParseKeywordStatement() {
  const Place place = Here();
  Stmt* statement = nullptr;
  switch (kind_) {
    case TokenKind::kKwDelete: {
      DeleteStmt* del = New<DeleteStmt>(place);
      Next();
      del->is_explicit = Accept(TokenKind::kKwExplicit);
      del->value = ParseExpr();
      statement = del;
      break;
    }
    case TokenKind::kKwAssume: {
      AssumeStmt* assume = New<AssumeStmt>(place);
      Next();
      assume->place = Here();
      assume->name = ExpectName();
      Expect(TokenKind::kEqual);
      assume->value = ParseExpr();
      statement = assume;
      break;
    }
    case TokenKind::kKwTypedef: {
      TypedefStmt* alias = New<TypedefStmt>(place);
      Next();
      alias->place = Here();
      alias->name = ExpectName();
      Expect(TokenKind::kEqual);
      alias->type = ParseType();
      statement = alias;
      break;
    }
    case TokenKind::kKwPass:
      statement = New<PassStmt>(place);
      Next();
      break;
    case TokenKind::kKwLabel:
      statement = ParseLabel();
      break;
    case TokenKind::kKwGoto:
      statement = ParseGoto();
      break;
    default:
      return ParseSimpleStatement();
  }
  ExpectStatementEnd();
  return statement;
}

// Statements that may have an `if` behind them: expressions, return, yield, break, continue.
Stmt* Parser::ParseSimpleStatement() {
  Stmt* statement = ParseOneLiner();
  if (Is(TokenKind::kKwIf)) return ParsePostfixIf(statement);
  auto* expression = As<ExprStmt>(statement);
  if (expression != nullptr && !AtStatementEnd()) expression->expr = ParseAssignment(expression->expr);
  ExpectStatementEnd();
  return statement;
}

// What may stand alone as the branch of an `if`; no assignment, no end.
Stmt* Parser::ParseOneLiner() {
  const Place place = Here();
  switch (kind_) {
    case TokenKind::kKwReturn:
    case TokenKind::kKwYield:
      return ParseReturnOrYield();
    case TokenKind::kKwBreak: {
      BreakStmt* statement = New<BreakStmt>(place);
      Next();
      return statement;
    }
    case TokenKind::kKwContinue: {
      ContinueStmt* statement = New<ContinueStmt>(place);
      Next();
      return statement;
    }
    default: {
      ExprStmt* statement = New<ExprStmt>(place);
      statement->expr = ParseExpr();
      return statement;
    }
  }
}

namespace {

// The operator that a compound assignment applies.
bool CompoundOperator(TokenKind kind, BinaryOperator* op) {
  switch (kind) {
    case TokenKind::kPlusEqual:
      *op = BinaryOperator::kAdd;
      return true;
    case TokenKind::kMinusEqual:
      *op = BinaryOperator::kSubtract;
      return true;
    case TokenKind::kStarEqual:
      *op = BinaryOperator::kMultiply;
      return true;
    case TokenKind::kSlashEqual:
      *op = BinaryOperator::kDivide;
      return true;
    case TokenKind::kPercentEqual:
      *op = BinaryOperator::kModulo;
      return true;
    case TokenKind::kAmpEqual:
      *op = BinaryOperator::kBitAnd;
      return true;
    case TokenKind::kPipeEqual:
      *op = BinaryOperator::kBitOr;
      return true;
    case TokenKind::kCaretEqual:
      *op = BinaryOperator::kBitXor;
      return true;
    case TokenKind::kShiftLeftEqual:
      *op = BinaryOperator::kShiftLeft;
      return true;
    case TokenKind::kShiftRightEqual:
      *op = BinaryOperator::kShiftRight;
      return true;
    case TokenKind::kRotateLeftEqual:
      *op = BinaryOperator::kRotateLeft;
      return true;
    case TokenKind::kRotateRightEqual:
      *op = BinaryOperator::kRotateRight;
      return true;
    case TokenKind::kAmpAmpEqual:
      *op = BinaryOperator::kLogicAnd;
      return true;
    case TokenKind::kPipePipeEqual:
      *op = BinaryOperator::kLogicOr;
      return true;
    case TokenKind::kCaretCaretEqual:
      *op = BinaryOperator::kLogicXor;
      return true;
    default:
      return false;
  }
}

}  // namespace

Expr* Parser::ParseAssignment(Expr* target) {
  AssignExpr* assign = New<AssignExpr>(Here());
  assign->target = target;
  InitMode mode = InitMode::kNone;
  if (ParseInitMode(&mode)) {
    assign->form = mode == InitMode::kCopy   ? AssignForm::kCopy
                   : mode == InitMode::kMove ? AssignForm::kMove
                                             : AssignForm::kClone;
  } else if (CompoundOperator(kind_, &assign->op)) {
    assign->form = AssignForm::kCompound;
    Next();
  } else {
    Unexpected();
    return target;
  }
  assign->value = ParseExpr();
  return assign;
}

Stmt* Parser::ParseReturnOrYield() {
  const Place place = Here();
  const bool is_return = Is(TokenKind::kKwReturn);
  Next();
  const bool moves = Accept(TokenKind::kLeftArrow);
  const bool is_bare = is_return && !moves && (AtStatementEnd() || Is(TokenKind::kKwIf) || Is(TokenKind::kKwElse));
  Expr* value = is_bare ? nullptr : ParseExpr();
  if (is_return) {
    ReturnStmt* statement = New<ReturnStmt>(place);
    statement->moves = moves;
    statement->value = value;
    return statement;
  }
  YieldStmt* statement = New<YieldStmt>(place);
  statement->moves = moves;
  statement->value = value;
  return statement;
}

// let / var [inscope] variables, a tuple, or a group in braces.
Stmt* Parser::ParseLet() {
  LetStmt* let = New<LetStmt>(Here());
  let->is_var = Is(TokenKind::kKwVar);
  Next();
  let->is_inscope = Accept(TokenKind::kKwInscope);
  Variable prototype;
  prototype.is_var = let->is_var;
  prototype.tags = ParseTags();
  List<Variable> variables(*this);
  if (Is(TokenKind::kLeftBrace)) {
    let->is_group = true;
    Open(LineEnd::kSemicolon);
    while (!Is(TokenKind::kRightBrace) && !Is(TokenKind::kEndOfFile) && !Is(TokenKind::kStop)) {
      if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kSemicolon)) continue;
      ParseVariables(variables, prototype);
      ExpectStatementEnd();
    }
    Close(TokenKind::kRightBrace);
    let->variables = variables.Take();
    return let;
  }
  if (Is(TokenKind::kLeftParen)) {
    variables.Add(ParseTupleVariable(prototype));
  } else {
    ParseVariables(variables, prototype);
  }
  ExpectStatementEnd();
  let->variables = variables.Take();
  return let;
}

// (a, b, _) : type = init
Variable Parser::ParseTupleVariable(const Variable& prototype) {
  Variable variable = prototype;
  variable.place = Here();
  variable.tuple_names = ParseTupleNames();
  if (Accept(TokenKind::kColon)) {
    variable.type = ParseTypeNoOptions();
  } else {
    variable.is_reference = Accept(TokenKind::kAmp);
  }
  if (!ParseInit(variable)) Unexpected(TokenKind::kEqual);
  return variable;
}

// (a, b, c)
std::span<base::Symbol> Parser::ParseTupleNames() {
  List<base::Symbol> names(*this);
  Open(LineEnd::kIgnored);
  do {
    names.Add(ExpectName());
  } while (Accept(TokenKind::kComma));
  Close(TokenKind::kRightParen);
  return names.Take();
}

}  // namespace vestige::syntax
