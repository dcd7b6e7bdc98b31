// Statements that contain blocks. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// A statement as a block without braces.
Block* Parser::WrapInBlock(Stmt* statement) {
  Block* block = arena_.New<Block>();
  block->has_braces = false;
  block->place = statement->place;
  block->end = statement->place.location;
  block->statements = arena_.Copy(std::span<Stmt* const>(&statement, 1));
  return block;
}

// if (c) branch elif (c) branch else branch, and the same for static_if.
Stmt* Parser::ParseIf() {
  IfStmt* statement = New<IfStmt>(Here());
  statement->is_static = Is(TokenKind::kKwStaticIf);
  Next();
  SkipLineEnds();
  statement->condition = ParseParenthesized();
  statement->then_block = ParseBranch();
  statement->else_block = ParseElse();
  return statement;
}

// A block, or one statement with its end.
Block* Parser::ParseBranch() {
  SkipLineEnds();
  if (Is(TokenKind::kLeftBrace)) return ParseBlock();
  Stmt* statement = ParseOneLiner();
  ExpectStatementEnd();
  return WrapInBlock(statement);
}

// The rest of an `if`, if there is one; line ends before it do not count. Chains of `elif` nest.
Block* Parser::ParseElse() {
  const TokenKind behind = KindBehindLineEnds();
  if (behind == TokenKind::kKwElse) {
    SkipLineEnds();
    Next();
    return ParseBranch();
  }
  if (behind != TokenKind::kKwElif && behind != TokenKind::kKwStaticElif) return nullptr;
  const Nesting nesting(*this);
  if (!nesting.Fits()) return nullptr;
  SkipLineEnds();
  IfStmt* statement = New<IfStmt>(Here());
  statement->is_static = Is(TokenKind::kKwStaticElif);
  statement->is_elif = true;
  Next();
  statement->condition = ParseParenthesized();
  statement->then_block = ParseBranch();
  statement->else_block = ParseElse();
  return WrapInBlock(statement);
}

// statement if (c) else statement
Stmt* Parser::ParsePostfixIf(Stmt* statement) {
  IfStmt* condition = New<IfStmt>(Here());
  condition->is_postfix = true;
  condition->then_block = WrapInBlock(statement);
  Next();
  condition->condition = ParseParenthesized();
  if (Accept(TokenKind::kKwElse)) condition->else_block = WrapInBlock(ParseOneLiner());
  ExpectStatementEnd();
  return condition;
}

// (x, i in a, b): variables and sources
LoopHead Parser::ParseLoopHead() {
  LoopHead head;
  if (!Is(TokenKind::kLeftParen)) {
    Unexpected(TokenKind::kLeftParen);
    return head;
  }
  Open(LineEnd::kIgnored);
  List<LoopVariable> variables(*this);
  do {
    LoopVariable variable;
    variable.place = Here();
    if (Is(TokenKind::kLeftParen)) {
      variable.tuple_names = ParseTupleNames();
    } else if (Accept(TokenKind::kTagI)) {
      variable.tag = ParseParenthesized();
    } else {
      variable.name = ExpectName();
      if (Accept(TokenKind::kKwAka)) variable.aka = ExpectName();
    }
    variables.Add(variable);
  } while (Accept(TokenKind::kComma));
  Expect(TokenKind::kKwIn);
  List<Argument> sources(*this);
  do {
    sources.Add(ParseArgument());
  } while (Accept(TokenKind::kComma));
  Close(TokenKind::kRightParen);
  head.variables = variables.Take();
  head.sources = sources.Take();
  return head;
}

Stmt* Parser::ParseFor() {
  ForStmt* loop = New<ForStmt>(Here());
  Next();
  SkipLineEnds();
  loop->annotations = ParseLoopAnnotations();
  SkipLineEnds();
  loop->head = ParseLoopHead();
  SkipLineEnds();
  loop->body = ParseBlock();
  return loop;
}

Stmt* Parser::ParseWhile() {
  WhileStmt* loop = New<WhileStmt>(Here());
  Next();
  SkipLineEnds();
  loop->annotations = ParseLoopAnnotations();
  SkipLineEnds();
  loop->condition = ParseParenthesized();
  SkipLineEnds();
  loop->body = ParseBlock();
  return loop;
}

// with (object) { }, with (module a/b) { }
Stmt* Parser::ParseWith() {
  const Place place = Here();
  Next();
  SkipLineEnds();
  if (PeekInside() == TokenKind::kKwModule && Is(TokenKind::kLeftParen)) {
    WithModuleStmt* statement = New<WithModuleStmt>(place);
    Open(LineEnd::kIgnored);
    Next();
    statement->module = ParseModulePath();
    Close(TokenKind::kRightParen);
    SkipLineEnds();
    statement->body = ParseBlock();
    return statement;
  }
  WithStmt* statement = New<WithStmt>(place);
  statement->object = ParseParenthesized();
  SkipLineEnds();
  statement->body = ParseBlock();
  return statement;
}

Stmt* Parser::ParseUnsafe() {
  UnsafeStmt* statement = New<UnsafeStmt>(Here());
  Next();
  SkipLineEnds();
  statement->body = ParseBlock();
  return statement;
}

Stmt* Parser::ParseTry() {
  TryStmt* statement = New<TryStmt>(Here());
  Next();
  SkipLineEnds();
  statement->body = ParseBlock();
  SkipLineEnds();
  Expect(TokenKind::kKwRecover);
  SkipLineEnds();
  statement->recover = ParseBlock();
  return statement;
}

// label 3:
Stmt* Parser::ParseLabel() {
  LabelStmt* statement = New<LabelStmt>(Here());
  Next();
  statement->label = static_cast<int32_t>(Payload());
  Expect(TokenKind::kInteger);
  Expect(TokenKind::kColon);
  return statement;
}

// goto label 3, goto expression
Stmt* Parser::ParseGoto() {
  GotoStmt* statement = New<GotoStmt>(Here());
  Next();
  if (!Accept(TokenKind::kKwLabel)) {
    statement->value = ParseExpr();
    return statement;
  }
  statement->label = static_cast<int32_t>(Payload());
  Expect(TokenKind::kInteger);
  return statement;
}

}  // namespace vestige::syntax
