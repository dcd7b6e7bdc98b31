// Entry points, and the parser's walk over the tokens. Floor 2 (syntax).

#include "syntax/parser.h"

#include "syntax/lexer.h"
#include "syntax/parser_impl.h"

namespace vestige::syntax {

Module* ParseModule(const diag::SourceFile& file, base::Interner& interner, base::Arena& arena,
                    diag::DiagnosticSink& sink, IncludeReader* includes) {
  return Parser(file, interner, arena, &sink, includes).ParseModule();
}

FunctionDecl* ParseSignature(std::string_view text, base::Interner& interner, base::Arena& arena) {
  return Parser(text, 0, false, interner, arena, nullptr).ParseSignature();
}

TypeExpr* ParseTypeText(std::string_view text, base::Interner& interner, base::Arena& arena) {
  return Parser(text, 0, false, interner, arena, nullptr).ParseLoneType();
}

Parser::Parser(const diag::SourceFile& file, base::Interner& interner, base::Arena& arena, diag::DiagnosticSink* sink,
               IncludeReader* includes)
    : Parser(file.text(), file.base(), true, interner, arena, sink, includes) {
  for (const TokenBuffer::LineMark& mark : tokens_.line_marks)
    file.Renumber(mark.offset, mark.file, mark.line, mark.column);
}

Parser::Parser(std::string_view text, uint32_t base, bool has_places, base::Interner& interner, base::Arena& arena,
               diag::DiagnosticSink* sink, IncludeReader* includes)
    : text_(text),
      base_(base),
      has_places_(has_places),
      interner_(interner),
      arena_(arena),
      sink_(sink),
      includes_(includes),
      tokens_(Tokenize(text, interner, arena)) {
  for (const TokenBuffer::Error& error : tokens_.errors) {
    if (error.has_token) continue;
    Complain({{base_ + error.offset}, error.length}, error.code, error.message);
  }
  Settle();
}

FunctionDecl* Parser::ParseSignature() {
  Accept(TokenKind::kKwDef);
  FunctionDecl* function = New<FunctionDecl>(Here());
  ParseFunctionHead(function);
  SkipLineEnds();
  if (!Is(TokenKind::kEndOfFile)) Unexpected();
  return error_count_ == 0 ? function : nullptr;
}

TypeExpr* Parser::ParseLoneType() {
  TypeExpr* type = ParseType();
  SkipLineEnds();
  if (!Is(TokenKind::kEndOfFile)) Unexpected();
  return error_count_ == 0 ? type : nullptr;
}

void Parser::Settle() {
  if (stopped_) {
    kind_ = TokenKind::kStop;
    return;
  }
  kind_ = tokens_.kinds[pos_];
  // The last two tokens are a line end and the end of the file, so there is always one more.
  if (kind_ == TokenKind::kNewLine && line_end_mode() == LineEnd::kIgnored) kind_ = tokens_.kinds[++pos_];
}

void Parser::Next() {
  if (kind_ == TokenKind::kStop || kind_ == TokenKind::kEndOfFile) return;
  ++pos_;
  Settle();
}

TokenKind Parser::PeekKind(uint32_t ahead) const {
  uint32_t at = pos_;
  while (ahead > 0) {
    if (tokens_.kinds[at] == TokenKind::kEndOfFile) return TokenKind::kEndOfFile;
    ++at;
    if (tokens_.kinds[at] == TokenKind::kNewLine && line_end_mode() == LineEnd::kIgnored) ++at;
    --ahead;
  }
  return tokens_.kinds[at];
}

TokenKind Parser::PeekInside(uint32_t ahead) const {
  uint32_t at = pos_;
  while (ahead-- > 0) {
    if (tokens_.kinds[at] == TokenKind::kEndOfFile) return TokenKind::kEndOfFile;
    ++at;
    if (tokens_.kinds[at] == TokenKind::kNewLine) ++at;
  }
  return tokens_.kinds[at];
}

bool Parser::Accept(TokenKind kind) {
  if (kind_ != kind) return false;
  Next();
  return true;
}

bool Parser::Expect(TokenKind kind) {
  if (Accept(kind)) return true;
  Unexpected(kind);
  return false;
}

// Steps into the bracket at the cursor.
void Parser::Open(LineEnd line_end) {
  if (stopped_) return;
  frames_.push_back({kind_, line_end});
  Next();
}

// Steps out of the innermost bracket. The frame goes first: the token behind the bracket belongs to the one around.
void Parser::Close(TokenKind kind) {
  if (kind_ != kind) return Unexpected(kind);
  frames_.pop_back();
  Next();
}

void Parser::SkipLineEnds() {
  while (kind_ == TokenKind::kNewLine) Next();
}

TokenKind Parser::KindBehindLineEnds() const {
  if (kind_ != TokenKind::kNewLine) return kind_;
  return tokens_.kinds[pos_ + 1];
}

bool Parser::AcceptBehindLineEnds(TokenKind kind) {
  if (KindBehindLineEnds() != kind) return false;
  SkipLineEnds();
  return Accept(kind);
}

// Turns a sign that begins with `>` into the rest of it, as if the `>` had been a token of its own.
bool Parser::SplitGreater() {
  TokenKind rest = TokenKind::kStop;
  switch (kind_) {
    case TokenKind::kShiftRight:
      rest = TokenKind::kGreater;
      break;
    case TokenKind::kRotateRight:
      rest = TokenKind::kShiftRight;
      break;
    case TokenKind::kGreaterEqual:
      rest = TokenKind::kEqual;
      break;
    case TokenKind::kShiftRightEqual:
      rest = TokenKind::kGreaterEqual;
      break;
    case TokenKind::kRotateRightEqual:
      rest = TokenKind::kShiftRightEqual;
      break;
    default:
      return false;
  }
  tokens_.kinds[pos_] = rest;
  ++tokens_.offsets[pos_];
  Settle();
  return true;
}

// The `>` that ends a list of types.
void Parser::ExpectGreater() {
  if (Accept(TokenKind::kGreater) || SplitGreater()) return;
  Unexpected(TokenKind::kGreater);
}

base::Location Parser::LocationOf(uint32_t token) const {
  return has_places_ ? base::Location{base_ + tokens_.offsets[token]} : base::Location{};
}

Place Parser::PlaceOf(uint32_t token) const { return {LocationOf(token), LengthOf(token)}; }

uint32_t Parser::LengthOf(uint32_t token) const {
  const TokenKind kind = tokens_.kinds[token];
  if (kind == TokenKind::kName) return static_cast<uint32_t>(SymbolOf(tokens_.payloads[token]).text().size());
  if (kind == TokenKind::kAtField) return 1;
  const std::string_view spelling = TokenText(kind);
  if (!spelling.empty()) return static_cast<uint32_t>(spelling.size());
  if (kind >= TokenKind::kInteger && kind <= TokenKind::kDoubleNumber) {
    const uint32_t from = tokens_.offsets[token];
    uint32_t to = from + 1;
    while (to < text_.size() && (HasClass(text_[to], kByteName) || text_[to] == '.' || text_[to] == '\'')) ++to;
    return to - from;
  }
  return 1;
}

base::Symbol Parser::ExpectName() {
  if (kind_ != TokenKind::kName) {
    Unexpected(TokenKind::kName);
    return {};
  }
  const base::Symbol name = SymbolOf(Payload());
  Next();
  return name;
}

bool Parser::AtStatementEnd() const {
  return kind_ == TokenKind::kNewLine || kind_ == TokenKind::kSemicolon || kind_ == TokenKind::kRightBrace ||
         kind_ == TokenKind::kEndOfFile || kind_ == TokenKind::kStop;
}

// A closing brace and the end of the file end a statement too, and stay.
void Parser::ExpectStatementEnd() {
  if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kSemicolon) || AtStatementEnd()) return;
  Unexpected();
}

}  // namespace vestige::syntax
