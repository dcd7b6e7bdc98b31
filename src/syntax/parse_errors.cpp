// What happens at an error, and where parsing goes on behind it. Floor 2 (syntax).

#include "fmt/format.h"
#include "syntax/lexer.h"
#include "syntax/parser_impl.h"

namespace vestige::syntax {

namespace {

constexpr int kCodeUnmatchedBrace = 10200;
constexpr int kCodeUnmatchedBracket = 10202;

bool Opens(TokenKind kind) {
  switch (kind) {
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftBrace:
    case TokenKind::kQuestionBracket:
    case TokenKind::kBangBracket:
    case TokenKind::kBangQuestionBracket:
    case TokenKind::kStringOpen:
      return true;
    default:
      return false;
  }
}

// What an opening bracket is closed by.
TokenKind CloserOf(TokenKind opener) {
  switch (opener) {
    case TokenKind::kLeftParen:
      return TokenKind::kRightParen;
    case TokenKind::kLeftBrace:
      return TokenKind::kRightBrace;
    case TokenKind::kStringOpen:
      return TokenKind::kStringClose;
    default:
      return TokenKind::kRightBracket;
  }
}

bool Closes(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace ||
         kind == TokenKind::kStringClose;
}

}  // namespace

void Parser::Stop() {
  stopped_ = true;
  kind_ = TokenKind::kStop;
}

void Parser::Complain(Place place, int code, std::string message) {
  if (gave_up_) return;
  if (++error_count_ > kMaxErrors) {
    gave_up_ = true;
    message = "too many errors, giving up";
    code = kCodeSyntax;
  }
  if (sink_ != nullptr) sink_->Error(code, place.location, place.length, std::move(message));
}

void Parser::Fail(Place place, int code, std::string message) {
  if (stopped_) return;
  Complain(place, code, std::move(message));
  Stop();
}

bool Parser::FailNesting() {
  if (stopped_) return false;
  Fail(Here(), kCodeNesting, fmt::format("nesting exceeds {} levels", kMaxNesting));
  gave_up_ = true;
  return false;
}

// A closing bracket that nothing opened is a mistake of its own.
void Parser::ReportUnmatched() {
  if (kind_ != TokenKind::kRightBrace && kind_ != TokenKind::kRightParen && kind_ != TokenKind::kRightBracket) return;
  for (size_t i = frames_.size(); i-- > 0;) {
    if (CloserOf(frames_[i].opener) == kind_) return;
    // What is open around a block cannot be closed inside it.
    if (frames_[i].line_end == LineEnd::kSemicolon) break;
  }
  if (kind_ == TokenKind::kRightBrace) {
    Complain(Here(), kCodeUnmatchedBrace, "mismatching curly braces");
  } else if (kind_ == TokenKind::kRightParen) {
    Complain(Here(), kCodeUnmatchedBracket, "mismatching parentheses");
  } else {
    Complain(Here(), kCodeUnmatchedBracket, "mismatching square braces");
  }
}

void Parser::Unexpected(TokenKind expected) {
  if (stopped_) return;
  const Place place = Here();
  if (kind_ == TokenKind::kInvalid) {
    const TokenBuffer::Error& error = tokens_.errors[Payload()];
    return Fail({place.location, error.length}, error.code, error.message);
  }
  ReportUnmatched();
  // A brace that closes a block ends the statement before it, so it is that end which comes unexpected.
  const bool ends_statement = kind_ == TokenKind::kRightBrace && line_end_mode() == LineEnd::kSemicolon &&
                              !frames_.empty() && frames_.back().opener == TokenKind::kLeftBrace;
  std::string found = TokenName(ends_statement ? TokenKind::kNewLine : kind_);
  if (kind_ == TokenKind::kNewLine && line_end_mode() == LineEnd::kComma) found = "\"new line, comma\"";
  std::string message = "syntax error, unexpected " + found;
  if (expected != TokenKind::kStop) message += ", expecting " + TokenName(expected);
  Fail(place, kCodeSyntax, std::move(message));
}

bool Parser::BeginsStatement(uint32_t token) const {
  switch (tokens_.kinds[token]) {
    case TokenKind::kKwLet:
    case TokenKind::kKwVar:
    case TokenKind::kKwReturn:
    case TokenKind::kKwFor:
    case TokenKind::kKwWhile:
    case TokenKind::kKwIf:
    case TokenKind::kKwDelete:
    case TokenKind::kKwBreak:
    case TokenKind::kKwContinue:
      return true;
    default:
      return false;
  }
}

// Whether a line at module level may begin so; others are taken for remains of what was broken.
bool Parser::MayBeginTopLevel(uint32_t token) const {
  switch (tokens_.kinds[token]) {
    case TokenKind::kKwLet:
    case TokenKind::kKwVar:
    case TokenKind::kKwTuple:
    case TokenKind::kKwVariant:
    case TokenKind::kTypeBitfield:
    case TokenKind::kKwExpect:
    case TokenKind::kKwDef:
    case TokenKind::kKwStruct:
    case TokenKind::kKwClass:
    case TokenKind::kKwEnum:
    case TokenKind::kKwRequire:
    case TokenKind::kKwOptions:
    case TokenKind::kKwModule:
    case TokenKind::kKwTypedef:
    case TokenKind::kLeftBracket:
    case TokenKind::kReader:
    case TokenKind::kEndOfFile:
      return true;
    default:
      return false;
  }
}

// At the very beginning of a line nobody writes these words but for a new declaration, whatever is still open.
bool Parser::BeginsDeclaration(uint32_t token) const {
  const uint32_t offset = tokens_.offsets[token];
  if (offset != 0 && text_[offset - 1] != '\n') return false;
  switch (tokens_.kinds[token]) {
    case TokenKind::kKwDef:
    case TokenKind::kKwStruct:
    case TokenKind::kKwClass:
    case TokenKind::kKwEnum:
    case TokenKind::kKwRequire:
    case TokenKind::kKwOptions:
    case TokenKind::kKwModule:
    case TokenKind::kKwTypedef:
      return true;
    case TokenKind::kLeftBracket:
      return tokens_.kinds[token + 1] == TokenKind::kName;
    default:
      return false;
  }
}

namespace {

// The brackets that are open while a recovery looks for the end of the broken item. Closing one that is not the
// innermost drops those inside it; counts by kind keep that linear on any input.
class OpenBrackets {
 public:
  void Open(TokenKind opener) {
    openers_.push_back(opener);
    ++counts_[ClassOf(CloserOf(opener))];
  }
  // False when nothing open is closed by it.
  bool Close(TokenKind closer) {
    if (counts_[ClassOf(closer)] == 0) return false;
    TokenKind popped;
    do {
      popped = CloserOf(openers_.back());
      --counts_[ClassOf(popped)];
      openers_.pop_back();
    } while (popped != closer);
    return true;
  }
  bool empty() const { return openers_.empty(); }
  bool has_brace() const { return counts_[ClassOf(TokenKind::kRightBrace)] != 0; }
  void Clear() { *this = OpenBrackets(); }

 private:
  static size_t ClassOf(TokenKind closer) {
    return closer == TokenKind::kRightParen    ? 0
           : closer == TokenKind::kRightBrace  ? 1
           : closer == TokenKind::kStringClose ? 2
                                               : 3;
  }
  std::vector<TokenKind> openers_;
  size_t counts_[4] = {0, 0, 0, 0};
};

}  // namespace

void Parser::Recover(size_t depth) {
  if (gave_up_) pos_ = tokens_.size() - 1;
  OpenBrackets open;
  for (size_t i = depth; i < frames_.size(); ++i) open.Open(frames_[i].opener);
  const bool is_line_start = pos_ > 0 && tokens_.kinds[pos_ - 1] == TokenKind::kNewLine;
  if (depth > 0 && is_line_start && !open.has_brace() && BeginsStatement(pos_) && pos_ != last_recovery_) {
    // A bracket was left open on the line before; the statement here is not to blame.
    open.Clear();
    last_recovery_ = pos_;
    frames_.resize(depth);
    stopped_ = false;
    return Settle();
  }
  for (; tokens_.kinds[pos_] != TokenKind::kEndOfFile; ++pos_) {
    const TokenKind kind = tokens_.kinds[pos_];
    if (BeginsDeclaration(pos_)) {
      // Still stopped: lists further in end, the one of declarations goes on from here.
      if (depth > 0) return;
      break;
    }
    const bool ends_line = kind == TokenKind::kNewLine;
    if (ends_line && !open.has_brace() && BeginsStatement(pos_ + 1)) open.Clear();
    if (open.empty() && (ends_line || kind == TokenKind::kSemicolon)) {
      if (depth > 0 || MayBeginTopLevel(pos_ + 1)) break;
    } else if (Opens(kind)) {
      open.Open(kind);
    } else if (Closes(kind) && !open.Close(kind) && kind == TokenKind::kRightBrace && depth > 0) {
      break;
    }
  }
  frames_.resize(depth);
  stopped_ = false;
  Settle();
}

}  // namespace vestige::syntax
