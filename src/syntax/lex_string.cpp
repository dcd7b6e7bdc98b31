// String literals and what is interpolated into them. Floor 2 (syntax).

#include <cstring>

#include "syntax/lexer.h"

namespace vestige::syntax {

namespace {

void AppendUtf8(std::string& out, uint32_t c) {
  const auto add = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | (c >> 6));
    add(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    add(0xE0 | (c >> 12));
    add(0x80 | ((c >> 6) & 0x3F));
    add(0x80 | (c & 0x3F));
  } else {
    add(0xF0 | ((c >> 18) & 7));
    add(0x80 | ((c >> 12) & 0x3F));
    add(0x80 | ((c >> 6) & 0x3F));
    add(0x80 | (c & 0x3F));
  }
}

}  // namespace

void Lexer::LexString() {
  string_starts_.push_back(next_++);
  LexStringText(true);
}

// From inside a string to its next `{` or its end. A string without interpolation is one kString.
void Lexer::LexStringText(bool is_start) {
  const char* quote = string_starts_.back();
  const char* from = next_;
  scratch_.clear();
  while (true) {
    const char* plain = next_;
    while (next_ < end_ && *next_ != '"' && *next_ != '{' && *next_ != '\\' && *next_ != '\r') ++next_;
    scratch_.append(plain, next_);
    if (next_ == end_) {
      AddError(quote, quote + 1, kCodeExceedsFile, "string constant exceeds file");
      break;
    }
    if (*next_ == '"' || *next_ == '{') break;
    if (*next_ == '\r') {
      ++next_;
    } else {
      next_ = LexEscape(next_);
    }
  }
  const bool opens = next_ < end_ && *next_ == '{';
  if (is_start && !opens) {
    AddText(TokenKind::kString, quote, arena_.CopyText(scratch_));
  } else {
    if (is_start) Add(TokenKind::kStringStart, quote);
    if (!scratch_.empty()) AddText(TokenKind::kStringText, from, arena_.CopyText(scratch_));
    Add(opens ? TokenKind::kStringOpen : TokenKind::kStringEnd, next_);
  }
  if (next_ < end_) ++next_;
  if (opens) {
    interpolations_.emplace_back();
  } else {
    string_starts_.pop_back();
  }
}

// The escape at `at` (a backslash), appended to scratch_; returns the place behind it.
const char* Lexer::LexEscape(const char* at) {
  if (end_ - at < 2) return end_;
  const char letter = at[1];
  constexpr std::string_view kLetters = "\"\\/bfnrtv{}";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t\v{}";
  const size_t which = kLetters.find(letter);
  if (which != std::string_view::npos) {
    scratch_ += kValues[which];
    return at + 2;
  }
  if (letter == '\n') return at + 2;
  if (letter == '\r' && end_ - at > 2 && at[2] == '\n') return at + 3;
  const int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  uint32_t value = 0;
  const char* to = at + 2;
  while (to < end_ && to < at + 2 + digits && HasClass(*to, kByteHex)) {
    value = value * 16 + static_cast<uint32_t>(*to <= '9' ? *to - '0' : (*to | 0x20) - 'a' + 10);
    ++to;
  }
  if (digits == 0 || to != at + 2 + digits) {
    AddError(at, at + 2, kCodeInvalidEscape, "invalid escape sequence");
    return at + 2;
  }
  if (digits == 2) {
    scratch_ += static_cast<char>(value);
  } else {
    AppendUtf8(scratch_, value);
  }
  return to;
}

// Keeps count of what is open inside `{ }`. When the sign ends the value or begins its format, that is lexed here and
// next_ moves.
void Lexer::TrackInterpolation(TokenKind kind) {
  Interpolation& open = interpolations_.back();
  switch (kind) {
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftBrace:
    case TokenKind::kQuestionBracket:
    case TokenKind::kBangBracket:
    case TokenKind::kBangQuestionBracket:
      ++open.brackets;
      break;
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
      if (open.brackets > 0) --open.brackets;
      break;
    case TokenKind::kRightBrace:
      if (open.brackets > 0) {
        --open.brackets;
        break;
      }
      interpolations_.pop_back();
      Add(TokenKind::kStringClose, next_);
      ++next_;
      LexStringText(false);
      break;
    case TokenKind::kQuestion:
      if (open.brackets == 0 && QuestionIsConditional()) ++open.conditionals;
      break;
    case TokenKind::kColon:
      if (open.brackets > 0) break;
      if (open.conditionals > 0) {
        --open.conditionals;
      } else {
        LexFormat();
      }
      break;
    default:
      break;
  }
}

// Whether the `?` at next_ is that of `a ? b : c`: not `?as`, nor the end of a pointer type.
bool Lexer::QuestionIsConditional() const {
  const char* at = next_ + 1;
  while (at < end_ && (*at == ' ' || *at == '\t')) ++at;
  if (at == end_ || std::strchr(">),;]}&#?", *at) != nullptr) return false;
  return !(end_ - at > 2 && at[0] == 'a' && at[1] == 's' && !HasClass(at[2], kByteName));
}

// `:` and everything up to the brace that closes the value.
void Lexer::LexFormat() {
  const char* at = next_++;
  const char* from = next_;
  while (next_ < end_ && *next_ != '}' && *next_ != '\n') ++next_;
  if (next_ == end_) AddError(at, at + 1, kCodeExceedsFile, "string format exceeds file");
  AddText(TokenKind::kStringFormat, at, arena_.CopyText({from, static_cast<size_t>(next_ - from)}));
}

}  // namespace vestige::syntax
