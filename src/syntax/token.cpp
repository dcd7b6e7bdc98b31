// Names and spellings of tokens, and the keyword table. Floor 2 (syntax).

#include "syntax/token.h"

#include <array>
#include <bit>
#include <cstring>

namespace vestige::syntax {

namespace {

constexpr std::string_view kTexts[] = {
#define VESTIGE_TOKEN(Name, text) text,
#define VESTIGE_SIGN(Name, text) text,
#define VESTIGE_KEYWORD(Name, text) text,
#include "syntax/token_kind.def"
#define VESTIGE_BASIC_TYPE(Name, word) word,
#include "syntax/basic_types.def"
};

constexpr int kTokenCount = 0
#define VESTIGE_TOKEN(Name, text) +1
#include "syntax/token_kind.def"
    ;
constexpr int kSignCount = 0
#define VESTIGE_SIGN(Name, text) +1
#include "syntax/token_kind.def"
    ;
constexpr int kFirstKeyword = kTokenCount + kSignCount;
constexpr int kKindCount = static_cast<int>(TokenKind::kCount);
static_assert(std::size(kTexts) == kKindCount);

// Open addressing; sparse, so that a word that is no keyword is told from its first probe nearly always.
constexpr uint32_t kTableSize = 1024;

constexpr uint32_t HashWord(std::string_view word) {
  const auto at = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(word[i])); };
  const size_t n = word.size();
  return (at(0) * 37 + at(n - 1) * 131 + at(n / 2) * 17 + static_cast<uint32_t>(n) * 251) & (kTableSize - 1);
}

struct KeywordTable {
  std::array<uint8_t, kTableSize> kinds{};  // 0: free, which is no keyword's kind
  size_t longest = 0;

  constexpr KeywordTable() {
    for (int kind = kFirstKeyword; kind < kKindCount; ++kind) {
      uint32_t slot = HashWord(kTexts[kind]);
      while (kinds[slot] != 0) slot = (slot + 1) & (kTableSize - 1);
      kinds[slot] = static_cast<uint8_t>(kind);
      if (kTexts[kind].size() > longest) longest = kTexts[kind].size();
    }
  }
};
constexpr KeywordTable kKeywords;

static_assert(kKindCount < 256);

}  // namespace

std::string TokenName(TokenKind kind) {
  const std::string_view text = kTexts[static_cast<int>(kind)];
  if (text.size() == 1 && kind != TokenKind::kStringOpen && kind != TokenKind::kStringClose) {
    return "'" + std::string(text) + "'";
  }
  return std::string(text);
}

std::string_view TokenText(TokenKind kind) {
  return static_cast<int>(kind) < kTokenCount ? std::string_view() : kTexts[static_cast<int>(kind)];
}

TokenKind KeywordKind(std::string_view word) {
  if (word.empty() || word.size() > kKeywords.longest) return TokenKind::kName;
  for (uint32_t slot = HashWord(word); kKeywords.kinds[slot] != 0; slot = (slot + 1) & (kTableSize - 1)) {
    if (kTexts[kKeywords.kinds[slot]] == word) return static_cast<TokenKind>(kKeywords.kinds[slot]);
  }
  return TokenKind::kName;
}

std::string_view BasicTypeWord(BasicType type) {
  return kTexts[static_cast<int>(TokenKind::kTypeBool) + static_cast<int>(type)];
}

base::Symbol SymbolOf(uint64_t payload) { return std::bit_cast<base::Symbol>(payload); }
uint64_t PayloadOf(base::Symbol symbol) { return std::bit_cast<uint64_t>(symbol); }

}  // namespace vestige::syntax
