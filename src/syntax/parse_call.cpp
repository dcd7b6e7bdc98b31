// Calls, their arguments, and closures. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// The cursor is at the opening parenthesis.
Expr* Parser::ParseCall(CallExpr* call) {
  call->arguments = ParseArguments(&call->named_in_brackets, &call->is_uninitialized, &call->end);
  call->arguments = ParseTrailingClosure(call->arguments);
  return call;
}

namespace {

bool IsInitSign(TokenKind kind) {
  return kind == TokenKind::kEqual || kind == TokenKind::kLeftArrow || kind == TokenKind::kColonEqual;
}

}  // namespace

bool Parser::AtNamedArgument() const {
  return Is(TokenKind::kTagF) || (Is(TokenKind::kName) && IsInitSign(PeekKind()));
}

// e, <- e, name = e, name <- e, name := e, $f(x) = e
Argument Parser::ParseArgument() {
  Argument argument;
  argument.place = Here();
  if (!AtNamedArgument()) {
    if (Accept(TokenKind::kLeftArrow)) argument.mode = InitMode::kMove;
    argument.value = ParseExpr();
    return argument;
  }
  if (Accept(TokenKind::kTagF)) {
    argument.tag = ParseParenthesized();
  } else {
    argument.name = ExpectName();
  }
  if (!ParseInitMode(&argument.mode)) Unexpected(TokenKind::kEqual);
  argument.value = ParseExpr();
  return argument;
}

// Arguments separated by commas up to (not including) `close`; one comma may follow the last.
void Parser::ParseArgumentList(List<Argument>& out, TokenKind close) {
  bool named = false;
  while (!Is(close) && !Is(TokenKind::kStop)) {
    // Positional arguments come first.
    if (named && !AtNamedArgument()) return Unexpected(TokenKind::kName);
    const Argument argument = ParseArgument();
    named = !argument.name.empty() || argument.tag != nullptr;
    out.Add(argument);
    if (!Accept(TokenKind::kComma)) break;
  }
}

// (a, b), (a, name = b), ([name = a]), (a, [name = b]), (uninitialized), (uninitialized name = a)
std::span<Argument> Parser::ParseArguments(bool* in_brackets, bool* is_uninitialized, base::Location* end) {
  List<Argument> arguments(*this);
  Open(LineEnd::kIgnored);
  *is_uninitialized = Accept(TokenKind::kKwUninitialized);
  bool named = false;
  while (!Is(TokenKind::kRightParen) && !Is(TokenKind::kStop)) {
    if (Is(TokenKind::kLeftBracket) && PeekKind() == TokenKind::kName && IsInitSign(PeekKind(2))) {
      *in_brackets = true;
      Open(LineEnd::kIgnored);
      ParseArgumentList(arguments, TokenKind::kRightBracket);
      Close(TokenKind::kRightBracket);
      break;
    }
    if (named && !AtNamedArgument()) {
      Unexpected(TokenKind::kName);
      break;
    }
    const Argument argument = ParseArgument();
    named = !argument.name.empty() || argument.tag != nullptr;
    arguments.Add(argument);
    if (!Accept(TokenKind::kComma)) break;
  }
  if (!stopped_) *end = LocationOf(pos_);
  Close(TokenKind::kRightParen);
  return arguments.Take();
}

bool Parser::AtTrailingClosure() const {
  return Is(TokenKind::kDollar) || Is(TokenKind::kAt) || Is(TokenKind::kAtAt) || Is(TokenKind::kLeftBrace);
}

// A closure right behind a call is one argument more.
std::span<Argument> Parser::ParseTrailingClosure(std::span<Argument> arguments) {
  if (!AtTrailingClosure()) return arguments;
  List<Argument> all(*this);
  for (const Argument& argument : arguments) all.Add(argument);
  Argument closure;
  closure.place = Here();
  closure.is_trailing = true;
  if (Is(TokenKind::kLeftBrace)) {
    ClosureExpr* bare = New<ClosureExpr>(Here());
    bare->is_bare = true;
    bare->body = ParseBlock();
    closure.value = bare;
  } else {
    closure.value = ParseClosure();
  }
  all.Add(closure);
  return all.Take();
}

// $ [annotations] capture(..) (parameters) : result body, and the same with @ and @@.
ClosureExpr* Parser::ParseClosure() {
  ClosureExpr* closure = New<ClosureExpr>(Here());
  closure->form = Is(TokenKind::kDollar) ? ClosureForm::kBlock
                  : Is(TokenKind::kAt)   ? ClosureForm::kLambda
                                         : ClosureForm::kLocalFunction;
  const Nesting nesting(*this);
  Next();
  if (!nesting.Fits()) return closure;
  if (Is(TokenKind::kLeftBracket)) closure->annotations = ParseAnnotations();
  closure->captures = ParseCaptures();
  if (Is(TokenKind::kLeftParen)) closure->parameters = ParseParameters();
  if (Accept(TokenKind::kColon) || Accept(TokenKind::kRightArrow)) closure->result = ParseType();
  SkipLineEnds();
  closure->body = ParseBody(&closure->has_arrow_body);
  return closure;
}

// capture(= a, <- b, := c, & d, copy(e))
std::span<Capture> Parser::ParseCaptures() {
  if (!Accept(TokenKind::kKwCapture)) return {};
  List<Capture> captures(*this);
  if (!Is(TokenKind::kLeftParen)) {
    Unexpected(TokenKind::kLeftParen);
    return {};
  }
  Open(LineEnd::kIgnored);
  do {
    Capture capture;
    if (Accept(TokenKind::kAmp)) {
      capture.mode = CaptureMode::kReference;
    } else if (Accept(TokenKind::kLeftArrow)) {
      capture.mode = CaptureMode::kMove;
    } else if (Accept(TokenKind::kColonEqual)) {
      capture.mode = CaptureMode::kClone;
    } else if (!Accept(TokenKind::kEqual)) {
      const std::string_view word = Is(TokenKind::kName) ? SymbolOf(Payload()).text() : std::string_view();
      if (word == "ref") {
        capture.mode = CaptureMode::kReference;
      } else if (word == "move") {
        capture.mode = CaptureMode::kMove;
      } else if (word == "clone") {
        capture.mode = CaptureMode::kClone;
      } else if (word != "copy") {
        Unexpected();
      }
      Next();
      if (!Is(TokenKind::kLeftParen)) Unexpected(TokenKind::kLeftParen);
      Open(LineEnd::kIgnored);
      capture.place = Here();
      capture.name = ExpectName();
      Close(TokenKind::kRightParen);
      captures.Add(capture);
      continue;
    }
    capture.place = Here();
    capture.name = ExpectName();
    captures.Add(capture);
  } while (Accept(TokenKind::kComma));
  Close(TokenKind::kRightParen);
  return captures.Take();
}

// @@name, @@<signature> name, @@$i(e), @@$c(e), or a local function.
Expr* Parser::ParseAtAt() {
  const TokenKind behind = PeekKind();
  const bool is_reference = behind == TokenKind::kName || behind == TokenKind::kColonColon ||
                            behind == TokenKind::kLess || behind == TokenKind::kTagI || behind == TokenKind::kTagC;
  if (!is_reference) return ParseClosure();
  FunctionRefExpr* expr = New<FunctionRefExpr>(Here());
  Next();
  if (Accept(TokenKind::kLess)) {
    if (Is(TokenKind::kLeftParen) || Is(TokenKind::kColon) || Is(TokenKind::kRightArrow)) {
      CallableTypeExpr* signature = New<CallableTypeExpr>(Here());
      signature->form = CallableForm::kFunction;
      ParseSignatureType(signature);
      expr->signature = signature;
    } else {
      expr->signature = ParseType();
    }
    ExpectGreater();
  }
  if (Is(TokenKind::kTagI) || Is(TokenKind::kTagC)) {
    expr->tag_is_call = Is(TokenKind::kTagC);
    Next();
    expr->tag = ParseParenthesized();
    return expr;
  }
  expr->place = Here();
  expr->name = ParseQualifiedName();
  return expr;
}

// generator<T> capture(..) { .. }, generator<T>(), generator<T>(lambda)
Expr* Parser::ParseGenerator() {
  GeneratorExpr* expr = New<GeneratorExpr>(Here());
  Next();
  expr->type = ParseAngleType();
  expr->captures = ParseCaptures();
  if (Is(TokenKind::kLeftParen)) {
    Open(LineEnd::kIgnored);
    const bool is_empty = Is(TokenKind::kRightParen);
    if (!is_empty) expr->source = ParseExpr();
    Close(TokenKind::kRightParen);
    // `generator<T>() { .. }` and `generator<T>() <| $ { .. }` mean the same.
    if (!is_empty || !Is(TokenKind::kLeftBrace)) return expr;
  }
  SkipLineEnds();
  expr->body = ParseBlock();
  return expr;
}

}  // namespace vestige::syntax
