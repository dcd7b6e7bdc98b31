// Names, signs, comments and line ends. Floor 2 (syntax).

#include "syntax/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <system_error>

#include "fmt/format.h"

namespace vestige::syntax {

namespace {

struct Sign {
  std::string_view text;
  TokenKind kind = TokenKind::kEndOfFile;
};

constexpr Sign kSigns[] = {
#define VESTIGE_SIGN(Name, text) {text, TokenKind::k##Name},
#include "syntax/token_kind.def"
};

// The signs that begin with each byte, longest first.
struct SignTable {
  static constexpr int kMost = 12;
  std::array<std::array<Sign, kMost>, 128> by_byte{};
  std::array<uint8_t, 128> counts{};

  constexpr SignTable() {
    for (size_t length = 4; length >= 1; --length) {
      for (const Sign& sign : kSigns) {
        if (sign.text.size() != length || sign.kind == TokenKind::kAtField) continue;
        const auto byte = static_cast<unsigned char>(sign.text[0]);
        by_byte[byte][counts[byte]++] = sign;
      }
    }
  }
};
constexpr SignTable kSignTable;

constexpr size_t kCachedWords = 2048;

}  // namespace

TokenBuffer Tokenize(std::string_view text, base::Interner& interner, base::Arena& arena) {
  return Lexer(text, interner, arena).Run();
}

Lexer::Lexer(std::string_view text, base::Interner& interner, base::Arena& arena)
    : start_(text.data()),
      next_(text.data()),
      end_(text.data() + text.size()),
      interner_(interner),
      arena_(arena),
      words_(text.size() > 4096 ? kCachedWords : 64) {
  const size_t guess = text.size() / 5 + 8;
  tokens_.kinds.reserve(guess);
  tokens_.offsets.reserve(guess);
  tokens_.payloads.reserve(guess);
}

TokenBuffer Lexer::Run() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (std::string_view(next_, static_cast<size_t>(end_ - next_)).starts_with(kByteOrderMark)) next_ += 3;
  while (next_ < end_) LexOne();
  if (tokens_.kinds.empty() || tokens_.kinds.back() != TokenKind::kNewLine) Add(TokenKind::kNewLine, end_);
  Add(TokenKind::kEndOfFile, end_);
  return std::move(tokens_);
}

void Lexer::Add(TokenKind kind, const char* at, uint64_t payload) {
  tokens_.kinds.push_back(kind);
  tokens_.offsets.push_back(OffsetOf(at));
  tokens_.payloads.push_back(payload);
}

void Lexer::AddText(TokenKind kind, const char* at, std::string_view kept) {
  Add(kind, at, tokens_.texts.size());
  tokens_.texts.push_back(kept);
}

void Lexer::AddError(const char* at, const char* end, int code, std::string message) {
  tokens_.errors.push_back({OffsetOf(at), static_cast<uint32_t>(end - at), code, false, std::move(message)});
}

void Lexer::AddInvalid(const char* at, const char* end, int code, std::string message) {
  Add(TokenKind::kInvalid, at, tokens_.errors.size());
  tokens_.errors.push_back({OffsetOf(at), static_cast<uint32_t>(end - at), code, true, std::move(message)});
}

void Lexer::LexOne() {
  const char c = *next_;
  if (c == ' ' || c == '\t' || c == '\r') {
    ++next_;
  } else if (HasClass(c, kByteNameStart)) {
    LexWord();
  } else if (c == '\n') {
    LexNewLine();
  } else if (HasClass(c, kByteDigit) || (c == '.' && HasClass(Peek(1), kByteDigit))) {
    LexNumber();
  } else if (c == '"') {
    LexString();
  } else if (c == '/' && (Peek(1) == '/' || Peek(1) == '*')) {
    LexComment();
  } else if (c == '\'') {
    LexCharacter();
  } else if (c == '@') {
    LexAt();
  } else if (c == '\\') {
    // A backslash at the end of a line joins it with the next.
    const char* at = next_ + 1;
    while (at < end_ && (*at == ' ' || *at == '\t' || *at == '\r')) ++at;
    if (at < end_ && *at == '\n') {
      next_ = at + 1;
    } else {
      LexInvalid();
    }
  } else {
    LexSign();
  }
}

// One token for any number of line ends and the comments and spaces between them.
void Lexer::LexNewLine() {
  if (tokens_.kinds.empty() || tokens_.kinds.back() != TokenKind::kNewLine) Add(TokenKind::kNewLine, next_);
  ++next_;
}

void Lexer::LexComment() {
  const char* at = next_;
  if (Peek(1) == '/') {
    if (tokens_.kinds.empty() || tokens_.kinds.back() != TokenKind::kNewLine) Add(TokenKind::kNewLine, at);
    const void* line_end = std::memchr(at, '\n', static_cast<size_t>(end_ - at));
    next_ = line_end == nullptr ? end_ : static_cast<const char*>(line_end) + 1;
    return;
  }
  next_ += 2;
  for (int depth = 1; depth > 0; ++next_) {
    if (end_ - next_ < 2) {
      next_ = end_;
      AddError(at, at + 2, kCodeExceedsFile, "end of file encountered inside c-style comment");
      return;
    }
    if (next_[0] == '*' && next_[1] == '/') {
      --depth;
      ++next_;
    } else if (next_[0] == '/' && next_[1] == '*') {
      ++depth;
      ++next_;
    }
  }
}

void Lexer::LexWord() {
  const char* at = next_;
  uint32_t hash = 0;
  do {
    hash = hash * 31 + static_cast<unsigned char>(*next_);
    ++next_;
  } while (next_ < end_ && HasClass(*next_, kByteName));
  const std::string_view text(at, static_cast<size_t>(next_ - at));
  CachedWord& cached = words_[(hash ^ (hash >> 11)) & (words_.size() - 1)];
  if (cached.text != text) {
    cached.kind = KeywordKind(text);
    if (cached.kind == TokenKind::kName) {
      const base::Symbol symbol = interner_.Intern(text);
      cached.text = symbol.text();
      cached.payload = PayloadOf(symbol);
    } else {
      cached.text = TokenText(cached.kind);
      cached.payload = 0;
    }
  }
  Add(cached.kind, at, cached.payload);
}

// `#line,column,"file"#`, which tools write into the scripts they make. False, and nothing is read, when it is
// something else.
bool Lexer::LexLineMark() {
  const char* at = next_ + 1;
  uint32_t numbers[2] = {0, 0};
  for (uint32_t& number : numbers) {
    const auto [end, error] = std::from_chars(at, end_, number);
    if (error != std::errc() || end == end_ || *end != ',') return false;
    at = end + 1;
  }
  if (at == end_ || *at != '"') return false;
  const char* name = at + 1;
  const auto* quote = static_cast<const char*>(std::memchr(name, '"', static_cast<size_t>(end_ - name)));
  if (quote == nullptr || quote == name || quote + 1 == end_ || quote[1] != '#') return false;
  next_ = quote + 2;
  tokens_.line_marks.push_back({OffsetOf(next_), std::max(numbers[0], 1u), numbers[1],
                                std::string_view(name, static_cast<size_t>(quote - name))});
  return true;
}

void Lexer::LexSign() {
  const auto byte = static_cast<unsigned char>(*next_);
  if (byte == '%' && LexReader()) return;
  if (byte == '#' && HasClass(Peek(1), kByteDigit) && LexLineMark()) return;
  if (byte < 128) {
    const size_t left = static_cast<size_t>(end_ - next_);
    for (int i = 0; i < kSignTable.counts[byte]; ++i) {
      const Sign& sign = kSignTable.by_byte[byte][static_cast<size_t>(i)];
      const size_t length = sign.text.size();
      if (length > left || std::memcmp(sign.text.data(), next_, length) != 0) continue;
      // `!is` and `$e` end where a name would.
      if (HasClass(sign.text.back(), kByteName) && HasClass(Peek(length), kByteName)) continue;
      const char* at = next_;
      if (!interpolations_.empty()) {
        TrackInterpolation(sign.kind);
        if (next_ != at) return;
      }
      Add(sign.kind, at);
      next_ += length;
      return;
    }
  }
  LexInvalid();
}

// `@`, `@@`, or `@name`: the tag of a field. `@capture` begins a lambda.
void Lexer::LexAt() {
  const char* at = next_++;
  if (next_ < end_ && *next_ == '@') {
    ++next_;
    Add(TokenKind::kAtAt, at);
    return;
  }
  constexpr std::string_view kCapture = "capture";
  const std::string_view rest(next_, static_cast<size_t>(end_ - next_));
  const bool is_capture = rest.starts_with(kCapture) && !HasClass(Peek(kCapture.size()), kByteName);
  Add(next_ < end_ && HasClass(*next_, kByteNameStart) && !is_capture ? TokenKind::kAtField : TokenKind::kAt, at);
}

// Bytes that begin nothing, as many as there are.
void Lexer::LexInvalid() {
  const char* at = next_;
  const auto is_bad = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x7F || (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == '\\' || c == '`';
  };
  do {
    ++next_;
  } while (next_ < end_ && is_bad(*next_));
  const auto byte = static_cast<unsigned char>(*at);
  const std::string shown = byte >= 0x20 && byte < 0x7F ? fmt::format("'{}'", *at) : fmt::format("byte 0x{:02x}", byte);
  AddInvalid(at, next_, kCodeSyntax, "syntax error, unexpected " + shown);
}

// %name~ text %% and %name! text %%: one token from the sign to the closing one.
bool Lexer::LexReader() {
  if (no_more_readers_ || !HasClass(Peek(1), kByteNameStart)) return false;
  const char* at = next_ + 1;
  while (at < end_ && (HasClass(*at, kByteName) || *at == ':')) ++at;
  if (at == end_ || (*at != '~' && *at != '!') || (*at == '!' && at + 1 < end_ && at[1] == '=')) return false;
  const std::string_view rest(at, static_cast<size_t>(end_ - at));
  const size_t close = rest.find("%%");
  if (close == std::string_view::npos) {
    no_more_readers_ = true;
    return false;
  }
  AddText(TokenKind::kReader, next_, arena_.CopyText({next_, static_cast<size_t>(at + close - next_)}));
  next_ = at + close + 2;
  return true;
}

}  // namespace vestige::syntax
