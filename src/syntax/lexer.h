// The lexer's state, shared by its files; everybody else calls Tokenize. Floor 2 (syntax).
//
// Text inside `{ }` of a string is cut like the rest: a stack of open interpolations tells when a `}` returns to the
// string, and which `:` begins a format.

#ifndef VESTIGE_SYNTAX_LEXER_H_
#define VESTIGE_SYNTAX_LEXER_H_

#include <string>
#include <string_view>
#include <vector>

#include "syntax/token.h"

namespace vestige::syntax {

constexpr int kCodeConstantRange = 10300;
constexpr int kCodeExceedsFile = 10301;
constexpr int kCodeInvalidEscape = 20105;
constexpr int kCodeSyntax = 30151;

// Classes of bytes, one bit each.
constexpr uint8_t kByteNameStart = 1;
constexpr uint8_t kByteName = 2;  // may continue a name
constexpr uint8_t kByteDigit = 4;
constexpr uint8_t kByteHex = 8;
struct ByteClasses {
  uint8_t of[256] = {};
  constexpr ByteClasses() {
    for (int c = 'a'; c <= 'z'; ++c) of[c] = of[c - 'a' + 'A'] = kByteNameStart | kByteName;
    of[static_cast<int>('_')] = kByteNameStart | kByteName;
    of[static_cast<int>('`')] = kByteName;
    for (int c = '0'; c <= '9'; ++c) of[c] = kByteName | kByteDigit | kByteHex;
    for (int c = 'a'; c <= 'f'; ++c) of[c] = of[c - 'a' + 'A'] = kByteNameStart | kByteName | kByteHex;
  }
};
inline constexpr ByteClasses kByteClasses;
inline bool HasClass(char c, uint8_t mask) { return (kByteClasses.of[static_cast<unsigned char>(c)] & mask) != 0; }

class Lexer {
 public:
  Lexer(std::string_view text, base::Interner& interner, base::Arena& arena);

  TokenBuffer Run();

 private:
  // An open `{ }` of a string: brackets opened inside, and `?` that still wait for their `:`.
  struct Interpolation {
    uint32_t brackets = 0;
    uint32_t conditionals = 0;
  };
  // Names seen lately, so that most of them need no look-up in the interner. Keywords are here too.
  struct CachedWord {
    std::string_view text;
    TokenKind kind = TokenKind::kName;
    uint64_t payload = 0;
  };

  char Peek(size_t ahead) const { return ahead < static_cast<size_t>(end_ - next_) ? next_[ahead] : '\0'; }
  uint32_t OffsetOf(const char* at) const { return static_cast<uint32_t>(at - start_); }
  void Add(TokenKind kind, const char* at, uint64_t payload = 0);
  void AddText(TokenKind kind, const char* at, std::string_view kept);
  void AddError(const char* at, const char* end, int code, std::string message);
  // An error that the parser sees as a token.
  void AddInvalid(const char* at, const char* end, int code, std::string message);

  void LexOne();
  void LexNewLine();
  void LexComment();
  void LexWord();
  void LexSign();
  void LexAt();
  void LexInvalid();
  bool LexReader();
  bool LexLineMark();
  void TrackInterpolation(TokenKind kind);
  bool QuestionIsConditional() const;

  void LexNumber();
  void LexHexNumber();
  bool LexRealNumber();
  void LexCharacter();
  void AddInteger(const char* at, std::string_view digits, int radix, std::string_view suffix);

  // String literals: the text up to a `{` or the closing quote.
  void LexString();
  void LexStringText(bool is_start);
  void LexFormat();
  const char* LexEscape(const char* at);

  const char* start_;
  const char* next_;
  const char* end_;
  base::Interner& interner_;
  base::Arena& arena_;
  TokenBuffer tokens_;
  std::vector<Interpolation> interpolations_;
  std::vector<const char*> string_starts_;  // opening quotes of the strings around
  std::string scratch_;
  std::vector<CachedWord> words_;
  bool no_more_readers_ = false;  // there is no `%%` ahead
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_LEXER_H_
