// Functions: heads, bodies, parameters and other groups of variables. Floor 2 (syntax).

#include "absl/container/flat_hash_set.h"
#include "syntax/parser_impl.h"

namespace vestige::syntax {

// def [modifiers] name (parameters) : result body
FunctionDecl* Parser::ParseFunction(std::span<Annotation*> annotations, bool is_method) {
  FunctionDecl* function = New<FunctionDecl>(Here());
  function->annotations = annotations;
  function->keyword = LocationOf(pos_);
  function->is_method = is_method;
  Next();
  ParseModifiers(function);
  ParseFunctionHead(function);
  if (function->is_abstract) {
    ExpectStatementEnd();
    return function;
  }
  SkipLineEnds();
  function->body = ParseBody(&function->has_arrow_body);
  return function;
}

void Parser::ParseModifiers(FunctionDecl* function) {
  while (true) {
    switch (kind_) {
      case TokenKind::kKwPublic:
      case TokenKind::kKwPrivate:
        function->visibility = ParseVisibility();
        continue;
      case TokenKind::kKwTemplate:
        function->is_template = true;
        break;
      case TokenKind::kKwStatic:
        function->is_static = true;
        break;
      case TokenKind::kKwAbstract:
        function->is_abstract = true;
        break;
      case TokenKind::kKwOverride:
        function->is_override = true;
        break;
      case TokenKind::kKwSealed:
        function->is_sealed = true;
        break;
      case TokenKind::kKwConst:
        function->is_const = true;
        break;
      default:
        return;
    }
    Next();
  }
}

void Parser::ParseFunctionHead(FunctionDecl* function) {
  function->place = Here();
  function->name = ParseFunctionName(function);
  if (Is(TokenKind::kLeftParen)) function->parameters = ParseParameters();
  absl::flat_hash_set<base::Symbol> names;
  for (const Variable& parameter : function->parameters) {
    if (parameter.name.empty() || names.insert(parameter.name).second) continue;
    Complain(parameter.place, 20506, "function argument is already declared " + std::string(parameter.name.text()));
  }
  if (Accept(TokenKind::kColon) || Accept(TokenKind::kRightArrow)) function->result = ParseType();
}

base::Symbol Parser::ParseFunctionName(FunctionDecl* function) {
  if (IsBasicType(kind_)) {
    const base::Symbol name = Intern(TokenText(kind_));
    Next();
    return name;
  }
  if (Is(TokenKind::kPlusPlus) || Is(TokenKind::kMinusMinus)) {
    const base::Symbol name = Intern(TokenText(kind_));
    Next();
    Expect(TokenKind::kKwOperator);
    function->is_operator = true;
    return name;
  }
  if (!Is(TokenKind::kKwOperator)) return ExpectName();
  Next();
  function->is_operator = true;
  return Intern(ParseOperatorName());
}

namespace {

bool IsCompoundAssignment(TokenKind kind) {
  return kind >= TokenKind::kPlusEqual && kind <= TokenKind::kCaretCaretEqual;
}

}  // namespace

// What stands behind `operator`, as the name under which it is looked for.
std::string Parser::ParseOperatorName() {
  const TokenKind kind = kind_;
  switch (kind) {
    case TokenKind::kDotDot:
      Next();
      return "interval";
    case TokenKind::kPlusPlus:
      Next();
      return "+++";
    case TokenKind::kMinusMinus:
      Next();
      return "---";
    case TokenKind::kColonEqual:
      Next();
      return "clone";
    case TokenKind::kKwDelete:
      Next();
      return "finalize";
    case TokenKind::kKwIs:
      Next();
      return ParseTestOperatorName("`is");
    case TokenKind::kKwAs:
      Next();
      return ParseTestOperatorName("`as");
    case TokenKind::kQuestion:
      Next();
      Expect(TokenKind::kKwAs);
      return ParseTestOperatorName("?as");
    case TokenKind::kQuestionBracket:
      Next();
      Expect(TokenKind::kRightBracket);
      return "?[]";
    case TokenKind::kLeftBracket: {
      Open(LineEnd::kIgnored);
      Close(TokenKind::kRightBracket);
      std::string name = "[]";
      if (Is(TokenKind::kEqual) || Is(TokenKind::kLeftArrow) || Is(TokenKind::kColonEqual) ||
          IsCompoundAssignment(kind_)) {
        name += TokenText(kind_);
        Next();
      }
      return name;
    }
    case TokenKind::kDot:
    case TokenKind::kQuestionDot: {
      std::string name(TokenText(kind));
      Next();
      if (!Is(TokenKind::kName)) return name;
      name += "`";
      name += ExpectName().text();
      if (kind == TokenKind::kDot && Accept(TokenKind::kColonEqual)) return name + "`clone";
      if (kind == TokenKind::kDot && IsCompoundAssignment(kind_)) {
        name += "`";
        name += TokenText(kind_);
        Next();
      }
      return name;
    }
    default:
      break;
  }
  const bool is_plain = (kind >= TokenKind::kPlus && kind <= TokenKind::kCaretCaret) || IsCompoundAssignment(kind) ||
                        kind == TokenKind::kQuestionQuestion;
  if (!is_plain) {
    Unexpected();
    return "";
  }
  Next();
  return std::string(TokenText(kind));
}

std::string Parser::ParseTestOperatorName(std::string_view prefix) {
  std::string name(prefix);
  if (Is(TokenKind::kName)) {
    name += "`";
    name += ExpectName().text();
  } else if (IsBasicType(kind_)) {
    name += "`";
    name += TokenText(kind_);
    Next();
  }
  return name;
}

// { statements }, => expression, => <- expression. The latter become a block with a return.
Block* Parser::ParseBody(bool* is_arrow) {
  if (!Is(TokenKind::kFatArrow)) return ParseBlock();
  *is_arrow = true;
  Next();
  ReturnStmt* result = New<ReturnStmt>(Here());
  result->moves = Accept(TokenKind::kLeftArrow);
  // `=>` does not associate: a further one belongs to whatever the closure stands in.
  result->value = ParseOperators(2);
  result->place = result->value->place;
  return WrapInBlock(result);
}

std::span<Variable> Parser::ParseParameters() {
  List<Variable> parameters(*this);
  Open(LineEnd::kIgnored);
  while (!Is(TokenKind::kRightParen) && !Is(TokenKind::kStop)) {
    Variable prototype;
    prototype.tags = ParseTags();
    if (Is(TokenKind::kTagA)) {
      prototype.place = Here();
      Next();
      prototype.tag = ParseParenthesized();
      parameters.Add(prototype);
    } else {
      prototype.is_var = Accept(TokenKind::kKwVar);
      prototype.is_let = !prototype.is_var && Accept(TokenKind::kKwLet);
      ParseVariables(parameters, prototype);
    }
    if (!Accept(TokenKind::kSemicolon) && !Accept(TokenKind::kComma)) break;
  }
  Close(TokenKind::kRightParen);
  return parameters.Take();
}

bool Parser::ParseInitMode(InitMode* mode) {
  if (Accept(TokenKind::kEqual)) {
    *mode = InitMode::kCopy;
  } else if (Accept(TokenKind::kLeftArrow)) {
    *mode = InitMode::kMove;
  } else if (Accept(TokenKind::kColonEqual)) {
    *mode = InitMode::kClone;
  } else {
    return false;
  }
  return true;
}

bool Parser::ParseInit(Variable& variable) {
  if (!ParseInitMode(&variable.init_mode)) return false;
  variable.init = ParseExpr();
  return true;
}

// names [: type] [= init], one Variable for each name.
void Parser::ParseVariables(List<Variable>& out, const Variable& prototype) {
  const size_t first = out.size();
  do {
    Variable variable = prototype;
    variable.place = Here();
    variable.joins_previous = out.size() > first;
    if (Accept(TokenKind::kTagI)) {
      variable.tag = ParseParenthesized();
    } else {
      variable.name = ExpectName();
      if (Accept(TokenKind::kKwAka)) variable.aka = ExpectName();
    }
    out.Add(variable);
  } while (Accept(TokenKind::kComma));
  Variable shared;
  if (Accept(TokenKind::kColon)) {
    shared.type = ParseType();
  } else {
    shared.is_reference = Accept(TokenKind::kAmp);
  }
  ParseInit(shared);
  for (size_t i = first; i < out.size(); ++i) {
    out[i].type = shared.type;
    out[i].is_reference = shared.is_reference;
    out[i].init = shared.init;
    out[i].init_mode = shared.init_mode;
  }
}

}  // namespace vestige::syntax
