// Numeric and character literals. Floor 2 (syntax).

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "fmt/format.h"
#include "syntax/lexer.h"

namespace vestige::syntax {

namespace {

struct IntegerForm {
  std::string_view suffix;  // lower case
  TokenKind kind;
  uint64_t largest;
  std::string_view name;
};

constexpr IntegerForm kDecimalForms[] = {
    {"", TokenKind::kInteger, 0x7fffffff, "int"},
    {"u", TokenKind::kUnsignedInteger, 0xffffffff, "uint"},
    {"u8", TokenKind::kUnsignedInt8, 0xff, "uint8"},
    {"l", TokenKind::kLongInteger, 0x7fffffffffffffff, "int64"},
    {"ul", TokenKind::kUnsignedLongInteger, 0xffffffffffffffff, "uint64"},
};
// Hexadecimal literals are bits, so they are unsigned with and without a suffix.
constexpr IntegerForm kHexForms[] = {
    {"", TokenKind::kUnsignedInteger, 0xffffffff, "uint"},
    {"u", TokenKind::kUnsignedInteger, 0xffffffff, "uint"},
    {"u8", TokenKind::kUnsignedInt8, 0xff, "uint8"},
    {"l", TokenKind::kUnsignedLongInteger, 0xffffffffffffffff, "int64"},
    {"ul", TokenKind::kUnsignedLongInteger, 0xffffffffffffffff, "uint64"},
};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

void Lexer::AddInteger(const char* at, std::string_view digits, int radix, std::string_view suffix) {
  scratch_.clear();
  for (char c : suffix) scratch_ += Lower(c);
  const IntegerForm* form = radix == 16 ? kHexForms : kDecimalForms;
  while (form->suffix != scratch_) ++form;
  uint64_t value = 0;
  bool fits = true;
  for (char c : digits) {
    if (c == '_') continue;
    const char lower = Lower(c);
    const auto digit = static_cast<uint64_t>(lower >= 'a' ? lower - 'a' + 10 : lower - '0');
    if (value > (form->largest - digit) / static_cast<uint64_t>(radix)) fits = false;
    if (fits) value = value * static_cast<uint64_t>(radix) + digit;
  }
  if (!fits) AddError(at, next_, kCodeConstantRange, fmt::format("{} constant out of range", form->name));
  Add(form->kind, at, value);
}

void Lexer::LexNumber() {
  const char* at = next_;
  if (*at == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && HasClass(Peek(2), kByteHex)) return LexHexNumber();
  if (LexRealNumber()) return;
  while (next_ < end_ && (HasClass(*next_, kByteDigit) || *next_ == '_')) ++next_;
  const std::string_view digits(at, static_cast<size_t>(next_ - at));
  const char* suffix = next_;
  if (Lower(Peek(0)) == 'u') {
    ++next_;
    if (Lower(Peek(0)) == 'l' || Peek(0) == '8') ++next_;
  } else if (Lower(Peek(0)) == 'l') {
    ++next_;
  }
  AddInteger(at, digits, 10, {suffix, static_cast<size_t>(next_ - suffix)});
}

void Lexer::LexHexNumber() {
  const char* at = next_;
  next_ += 2;
  const char* digits = next_;
  while (next_ < end_ && (HasClass(*next_, kByteHex) || *next_ == '_')) ++next_;
  const char* suffix = next_;
  if (Lower(Peek(0)) == 'u') {
    ++next_;
    if (Lower(Peek(0)) == 'l' || Peek(0) == '8') ++next_;
  } else if (Lower(Peek(0)) == 'l') {
    ++next_;
  }
  AddInteger(at, {digits, static_cast<size_t>(suffix - digits)}, 16, {suffix, static_cast<size_t>(next_ - suffix)});
}

// Digits with a point, an exponent or a suffix that makes them real; false when they are an integer's. `1..2` begins
// with an integer.
bool Lexer::LexRealNumber() {
  const char* at = next_;
  const char* to = at;
  const auto digits = [&] {
    const char* before = to;
    while (to < end_ && HasClass(*to, kByteDigit)) ++to;
    return to != before;
  };
  digits();
  bool is_real = false;
  bool has_exponent = false;
  if (to < end_ && *to == '.' && !(to + 1 < end_ && to[1] == '.')) {
    is_real = true;
    ++to;
    digits();
  }
  if (to < end_ && Lower(*to) == 'e') {
    const char* before = to++;
    if (to < end_ && (*to == '+' || *to == '-')) ++to;
    if (digits()) {
      is_real = has_exponent = true;
    } else {
      to = before;
    }
  }
  const char suffix = to < end_ ? Lower(*to) : '\0';
  TokenKind kind = TokenKind::kFloatNumber;
  const char* last = to;
  if (suffix == 'f') {
    ++last;
  } else if (suffix == 'h') {
    kind = TokenKind::kFloat16Number;
    ++last;
  } else if (to < end_ && *to == 'd') {
    kind = TokenKind::kDoubleNumber;
    ++last;
  } else if (end_ - to >= 2 && to[0] == 'l' && to[1] == 'f') {
    kind = TokenKind::kDoubleNumber;
    last += 2;
  } else if (!is_real) {
    return false;
  }
  next_ = last;
  double value = 0;
  bool fits = true;
  if (kind == TokenKind::kDoubleNumber) {
    fits = std::from_chars(at, to, value).ec != std::errc::result_out_of_range;
  } else {
    float narrow = 0;
    fits = std::from_chars(at, to, narrow).ec != std::errc::result_out_of_range;
    value = narrow;
  }
  if (!fits) {
    // Too small is zero and no error; too large shows in the digits before the exponent or in its sign.
    double wide = 0;
    const bool wide_fits = std::from_chars(at, to, wide).ec != std::errc::result_out_of_range;
    const std::string_view text(at, static_cast<size_t>(to - at));
    const bool is_tiny = wide_fits ? std::abs(wide) < 1 : text.find('-') != std::string_view::npos;
    const std::string_view name = kind == TokenKind::kDoubleNumber    ? "double"
                                  : kind == TokenKind::kFloat16Number ? "float16"
                                                                      : "float";
    // Only what says so by an exponent is told; digits that go on for too long are infinite.
    if (!is_tiny && has_exponent) AddError(at, last, kCodeConstantRange, fmt::format("{} constant out of range", name));
    value = is_tiny ? 0 : std::numeric_limits<double>::infinity();
  }
  Add(kind, at, std::bit_cast<uint64_t>(value));
  return true;
}

// 'a', '\n', with a suffix u or u8.
void Lexer::LexCharacter() {
  const char* at = next_;
  int value = -1;
  size_t length = 0;
  if (Peek(1) == '\\' && Peek(3) == '\'') {
    constexpr std::string_view kLetters = "btnfr\\'";
    constexpr std::string_view kValues = "\b\t\n\f\r\\'";
    const size_t which = kLetters.find(Peek(2));
    if (which != std::string_view::npos) value = kValues[which];
    length = 4;
  } else if (Peek(1) != '\n' && Peek(2) == '\'' && end_ - next_ >= 3) {
    value = static_cast<signed char>(Peek(1));
    length = 3;
  }
  if (value == -1 && length != 3) {
    next_ += length == 0 ? 1 : length;
    AddInvalid(at, next_, kCodeSyntax, "syntax error, unexpected character constant");
    return;
  }
  next_ += length;
  TokenKind kind = TokenKind::kInteger;
  if (Lower(Peek(0)) == 'u') {
    kind = Peek(1) == '8' ? TokenKind::kUnsignedInt8 : TokenKind::kUnsignedInteger;
    next_ += Peek(1) == '8' ? 2 : 1;
  }
  uint64_t bits = static_cast<uint64_t>(static_cast<int64_t>(value));
  if (kind == TokenKind::kUnsignedInt8) bits &= 0xff;
  if (kind == TokenKind::kUnsignedInteger) bits &= 0xffffffff;
  Add(kind, at, bits);
}

}  // namespace vestige::syntax
