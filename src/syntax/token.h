// Tokens of one file, and the lexer that makes them. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_TOKEN_H_
#define VESTIGE_SYNTAX_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/location.h"
#include "base/symbol.h"
#include "syntax/ast_type.h"

namespace vestige::syntax {

// Keywords are kKw<Name>, type words kType<Name>.
enum class TokenKind : uint8_t {
#define VESTIGE_TOKEN(Name, text) k##Name,
#define VESTIGE_SIGN(Name, text) k##Name,
#define VESTIGE_KEYWORD(Name, text) kKw##Name,
#include "syntax/token_kind.def"
#define VESTIGE_BASIC_TYPE(Name, word) kType##Name,
#include "syntax/basic_types.def"
  kCount,
};

// How messages call a token: `'}'`, `name`, `struct`.
std::string TokenName(TokenKind kind);

// The spelling of signs, keywords and type words; empty for others.
std::string_view TokenText(TokenKind kind);

inline bool IsBasicType(TokenKind kind) { return kind >= TokenKind::kTypeBool && kind < TokenKind::kCount; }
inline BasicType BasicTypeOf(TokenKind kind) {
  return static_cast<BasicType>(static_cast<int>(kind) - static_cast<int>(TokenKind::kTypeBool));
}

// The keyword or type word that `word` is, or kName.
TokenKind KeywordKind(std::string_view word);

// Structure of arrays: kinds are what the parser looks at all the time, the rest only now and then.
//
// Always true: kinds, offsets and payloads are equally long, and kEndOfFile is the last, with a kNewLine before it.
struct TokenBuffer {
  // What the payload of a kind means: kName and kAtField: see SymbolOf; integers: the value; other numbers: the bits of
  // a double; kString, kStringText, kStringFormat, kReader: index in `texts`; kInvalid: index in `errors`.
  std::vector<TokenKind> kinds;
  std::vector<uint32_t> offsets;  // in the file's text
  std::vector<uint64_t> payloads;
  std::vector<std::string_view> texts;  // in the arena given to Tokenize

  // A lexical error.
  struct Error {
    uint32_t offset;
    uint32_t length;
    int code;
    bool has_token;  // a kInvalid stands for it: reported when the parser comes there
    std::string message;
  };
  std::vector<Error> errors;  // by offset

  // `#line,column,"file"#`: what people call the place at `offset`, which is behind the mark. `file` is in the text.
  struct LineMark {
    uint32_t offset;
    uint32_t line;
    uint32_t column;
    std::string_view file;
  };
  std::vector<LineMark> line_marks;  // by offset

  uint32_t size() const { return static_cast<uint32_t>(kinds.size()); }
};

// Cuts `text` into tokens. Never fails: what cannot be understood becomes an error or a kInvalid. Texts of strings are
// copied into `arena` with their escapes resolved.
TokenBuffer Tokenize(std::string_view text, base::Interner& interner, base::Arena& arena);

// The symbol in a kName's payload, and back.
base::Symbol SymbolOf(uint64_t payload);
uint64_t PayloadOf(base::Symbol symbol);

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_TOKEN_H_
