// Annotations, field tags and their arguments. Floor 2 (syntax).

#include <bit>
#include <string>
#include <string_view>

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// [a, b(c = 1), !d && e]
std::span<Annotation*> Parser::ParseAnnotations() {
  List<Annotation*> annotations(*this);
  Open(LineEnd::kIgnored);
  do {
    annotations.Add(ParseAnnotation(0));
  } while (Accept(TokenKind::kComma));
  Close(TokenKind::kRightBracket);
  return annotations.Take();
}

Annotation* Parser::ParseAnnotation(int precedence) {
  const Nesting nesting(*this);
  if (!nesting.Fits()) return arena_.New<Annotation>();
  Annotation* left = ParseAnnotationOperand();
  for (int length = 1;; ++length) {
    if (nesting_ + length > kMaxNesting) FailNesting();
    int strength = 0;
    AnnotationForm form = AnnotationForm::kPlain;
    switch (kind_) {
      case TokenKind::kPipePipe:
        strength = 1;
        form = AnnotationForm::kOr;
        break;
      case TokenKind::kCaretCaret:
        strength = 2;
        form = AnnotationForm::kXor;
        break;
      case TokenKind::kAmpAmp:
        strength = 3;
        form = AnnotationForm::kAnd;
        break;
      default:
        return left;
    }
    if (strength <= precedence) return left;
    Annotation* both = arena_.New<Annotation>();
    both->form = form;
    both->place = Here();
    Next();
    both->left = left;
    both->right = ParseAnnotation(strength);
    left = both;
  }
}

Annotation* Parser::ParseAnnotationOperand() {
  Accept(TokenKind::kPipeRight);
  Annotation* annotation = arena_.New<Annotation>();
  annotation->place = Here();
  if (Accept(TokenKind::kBang)) {
    annotation->form = AnnotationForm::kNot;
    annotation->left = ParseAnnotation(3);
    return annotation;
  }
  if (Is(TokenKind::kLeftParen)) {
    Open(LineEnd::kIgnored);
    annotation = ParseAnnotation(0);
    Close(TokenKind::kRightParen);
    return annotation;
  }
  if (Is(TokenKind::kKwRequire) || Is(TokenKind::kKwPrivate) || Is(TokenKind::kKwTemplate)) {
    annotation->name.name = Intern(TokenText(kind_));
    Next();
  } else {
    annotation->name = ParseQualifiedName();
  }
  if (Is(TokenKind::kLeftParen)) {
    Open(LineEnd::kIgnored);
    if (!Is(TokenKind::kRightParen)) annotation->arguments = ParseAnnotationArguments();
    Close(TokenKind::kRightParen);
  }
  return annotation;
}

std::span<AnnotationArgument> Parser::ParseAnnotationArguments() {
  List<AnnotationArgument> arguments(*this);
  do {
    arguments.Add(ParseAnnotationArgument());
  } while (Accept(TokenKind::kComma));
  return arguments.Take();
}

// name, name = value, name = (values)
AnnotationArgument Parser::ParseAnnotationArgument() {
  AnnotationArgument argument;
  argument.place = Here();
  // Some keywords are in use as names here.
  if (Is(TokenKind::kKwType) || Is(TokenKind::kKwIn) || Is(TokenKind::kKwDefault)) {
    argument.name = Intern(TokenText(kind_));
    Next();
  } else {
    argument.name = ExpectName();
  }
  if (!Accept(TokenKind::kEqual)) return argument;
  if (!Is(TokenKind::kLeftParen)) {
    ParseAnnotationValue(argument);
    return argument;
  }
  List<AnnotationArgument> values(*this);
  Open(LineEnd::kIgnored);
  do {
    AnnotationArgument value;
    value.place = Here();
    ParseAnnotationValue(value);
    values.Add(value);
  } while (Accept(TokenKind::kComma));
  Close(TokenKind::kRightParen);
  argument.kind = AnnotationValue::kList;
  argument.list = values.Take();
  return argument;
}

namespace {

// The string that `text` begins with, up to its quotation mark. Texts of annotations are read by other tools, too, and
// keep their escapes but that of the quotation mark.
std::string AsWritten(std::string_view text) {
  std::string written;
  for (size_t at = 0; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      if (text[at + 1] != '"') written += text[at];
      ++at;
    }
    written += text[at];
  }
  return written;
}

}  // namespace

void Parser::ParseAnnotationValue(AnnotationArgument& argument) {
  const bool is_negative = Accept(TokenKind::kMinus);
  switch (kind_) {
    case TokenKind::kInteger:
      argument.kind = AnnotationValue::kInt;
      argument.integer = static_cast<int32_t>(Payload());
      if (is_negative) argument.integer = -argument.integer;
      break;
    case TokenKind::kFloatNumber:
      argument.kind = AnnotationValue::kFloat;
      argument.real = static_cast<float>(std::bit_cast<double>(Payload()));
      if (is_negative) argument.real = -argument.real;
      break;
    case TokenKind::kString:
      argument.kind = AnnotationValue::kString;
      argument.text = Intern(AsWritten(text_.substr(tokens_.offsets[pos_] + 1)));
      break;
    case TokenKind::kName:
      argument.kind = AnnotationValue::kName;
      argument.text = SymbolOf(Payload());
      break;
    case TokenKind::kKwTrue:
    case TokenKind::kKwFalse:
      argument.kind = AnnotationValue::kBool;
      argument.boolean = Is(TokenKind::kKwTrue);
      break;
    case TokenKind::kAtAt:
      Next();
      argument.kind = AnnotationValue::kFunction;
      argument.text = ExpectName();
      return;
    default:
      return Unexpected();
  }
  Next();
}

// @name, @name = value, any number of them; on fields each may have a line of its own.
std::span<AnnotationArgument> Parser::ParseTags() {
  if (!Is(TokenKind::kAtField)) return {};
  List<AnnotationArgument> tags(*this);
  while (Accept(TokenKind::kAtField)) {
    tags.Add(ParseAnnotationArgument());
    SkipLineEnds();
  }
  return tags.Take();
}

// for [hint] (..), for @hint (..)
std::span<AnnotationArgument> Parser::ParseLoopAnnotations() {
  if (!Is(TokenKind::kLeftBracket)) return ParseTags();
  Open(LineEnd::kIgnored);
  const std::span<AnnotationArgument> arguments = ParseAnnotationArguments();
  Close(TokenKind::kRightBracket);
  return arguments;
}

}  // namespace vestige::syntax
