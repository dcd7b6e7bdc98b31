// Cutting text into tokens.

#include <bit>

#include "doctest/doctest.h"
#include "syntax/token.h"

namespace vestige::syntax {

namespace {

struct Lexed {
  explicit Lexed(std::string_view text) : tokens(Tokenize(text, interner, arena)) {}
  // Names of the tokens without the line end and end of file that always come last.
  std::string names() const {
    std::string out;
    for (size_t i = 0; i + 2 < tokens.kinds.size(); ++i) out += (i > 0 ? " " : "") + TokenName(tokens.kinds[i]);
    return out;
  }
  base::Interner interner;
  base::Arena arena;
  TokenBuffer tokens;
};

}  // namespace

TEST_CASE("keywords and type words are told from names") {
  CHECK(KeywordKind("struct") == TokenKind::kKwStruct);
  CHECK(KeywordKind("static_elif") == TokenKind::kKwStaticElif);
  CHECK(KeywordKind("int") == TokenKind::kTypeInt);
  CHECK(KeywordKind("ubyte16") == TokenKind::kTypeUByte16);
  CHECK(KeywordKind("match") == TokenKind::kName);
  CHECK(KeywordKind("structs") == TokenKind::kName);
  CHECK(KeywordKind("") == TokenKind::kName);
}

TEST_CASE("the longest sign wins, words in signs end where names do") {
  struct Case {
    std::string_view text;
    std::string_view names;
  };
  for (const Case& c : {
           Case{.text = "a<<<=b", .names = "name <<<= name"},
           Case{.text = "a<-b", .names = "name <- name"},
           Case{.text = "!is x", .names = "!is name"},
           Case{.text = "!isx", .names = "'!' name"},
           Case{.text = "$e(x)", .names = "$e '(' name ')'"},
           Case{.text = "$ex", .names = "'$' name"},
           Case{.text = "@@f @x @capture(=a) @(b)",
           .names = "@@ name @field name '@' capture '(' '=' name ')' '@' '(' name ')'"},
           Case{.text = "a.b..c...", .names = "name '.' name .. name ..."},
           Case{.text = "x?.y ?[ z ?? w", .names = "name ?. name ?[ name ?? name"},
           Case{.text = "Circle`area", .names = "name"},
       }) {
    CAPTURE(c.text);
    CHECK(Lexed(c.text).names() == c.names);
  }
}

TEST_CASE("integers say their type by suffix and radix") {
  struct Case {
    std::string_view text;
    TokenKind kind;
    uint64_t value;
  };
  for (const Case& c : {
           Case{.text = "075", .kind = TokenKind::kInteger, .value = 75},
           Case{.text = "1_000_000", .kind = TokenKind::kInteger, .value = 1000000},
           Case{.text = "2147483647", .kind = TokenKind::kInteger, .value = 2147483647},
           Case{.text = "42u", .kind = TokenKind::kUnsignedInteger, .value = 42},
           Case{.text = "255U8", .kind = TokenKind::kUnsignedInt8, .value = 255},
           Case{.text = "9223372036854775807l", .kind = TokenKind::kLongInteger, .value = 9223372036854775807u},
           Case{.text = "18446744073709551615ul", .kind = TokenKind::kUnsignedLongInteger, .value = ~uint64_t{0}},
           Case{.text = "0xFF", .kind = TokenKind::kUnsignedInteger, .value = 255},
           Case{.text = "0xFFl", .kind = TokenKind::kUnsignedLongInteger, .value = 255},
           Case{.text = "0x10u8", .kind = TokenKind::kUnsignedInt8, .value = 16},
           Case{.text = "'a'", .kind = TokenKind::kInteger, .value = 97},
           Case{.text = "'\\n'u8", .kind = TokenKind::kUnsignedInt8, .value = 10},
           Case{.text = "'\\''u", .kind = TokenKind::kUnsignedInteger, .value = 39},
       }) {
    CAPTURE(c.text);
    const Lexed lexed(c.text);
    CHECK(lexed.tokens.kinds[0] == c.kind);
    CHECK(lexed.tokens.payloads[0] == c.value);
    CHECK(lexed.tokens.kinds[1] == TokenKind::kNewLine);
    CHECK(lexed.tokens.errors.empty());
  }
}

TEST_CASE("real numbers have a point, an exponent or a suffix") {
  struct Case {
    std::string_view text;
    TokenKind kind;
    double value;
  };
  for (const Case& c : {
           Case{.text = "1.", .kind = TokenKind::kFloatNumber, .value = 1},
           Case{.text = ".5", .kind = TokenKind::kFloatNumber, .value = 0.5},
           Case{.text = "1e3", .kind = TokenKind::kFloatNumber, .value = 1000},
           Case{.text = "1.5e-3f", .kind = TokenKind::kFloatNumber, .value = static_cast<double>(1.5e-3f)},
           Case{.text = "2f", .kind = TokenKind::kFloatNumber, .value = 2},
           Case{.text = "3d", .kind = TokenKind::kDoubleNumber, .value = 3},
           Case{.text = "0.1lf", .kind = TokenKind::kDoubleNumber, .value = 0.1},
           Case{.text = "1.5h", .kind = TokenKind::kFloat16Number, .value = 1.5},
       }) {
    CAPTURE(c.text);
    const Lexed lexed(c.text);
    CHECK(lexed.tokens.kinds[0] == c.kind);
    CHECK(std::bit_cast<double>(lexed.tokens.payloads[0]) == c.value);
    CHECK(lexed.tokens.kinds[1] == TokenKind::kNewLine);
  }
  CHECK(Lexed("1..2").names() == "integer constant .. integer constant");
}

TEST_CASE("constants out of range are errors") {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  for (const Case& c : {
           Case{.text = "2147483648", .message = "int constant out of range"},
           Case{.text = "4294967296u", .message = "uint constant out of range"},
           Case{.text = "256u8", .message = "uint8 constant out of range"},
           Case{.text = "0x100000000", .message = "uint constant out of range"},
           Case{.text = "99999999999999999999l", .message = "int64 constant out of range"},
           Case{.text = "1e1000", .message = "float constant out of range"},
           Case{.text = "1e1000lf", .message = "double constant out of range"},
       }) {
    CAPTURE(c.text);
    const Lexed lexed(c.text);
    REQUIRE(lexed.tokens.errors.size() == 1);
    CHECK(lexed.tokens.errors[0].code == 10300);
    CHECK(lexed.tokens.errors[0].message == c.message);
  }
  CHECK(Lexed("1e-1000").tokens.errors.empty());
}

TEST_CASE("escapes of strings are resolved") {
  struct Case {
    std::string_view text;
    std::string_view value;
  };
  for (const Case& c : {
           Case{.text = R"("a\tb\n")", .value = "a\tb\n"},
           Case{.text = R"("\"\\\/\{\}")", .value = "\"\\/{}"},
           Case{.text = R"("\x41\u00e9\U0001F600")", .value = "A\xC3\xA9\xF0\x9F\x98\x80"},
           Case{.text = "\"a\\\nb\"", .value = "ab"},
           Case{.text = "\"a\r\nb\"", .value = "a\nb"},
           Case{.text = "\"\"", .value = ""},
       }) {
    CAPTURE(c.text);
    const Lexed lexed(c.text);
    REQUIRE(lexed.tokens.kinds[0] == TokenKind::kString);
    CHECK(lexed.tokens.texts[lexed.tokens.payloads[0]] == c.value);
  }
  const Lexed wrong(R"("ab\qy")");
  REQUIRE(wrong.tokens.errors.size() == 1);
  CHECK(wrong.tokens.errors[0].code == 20105);
}

TEST_CASE("interpolation is cut like other text") {
  CHECK(Lexed(R"("a{b}c{d:05d}")").names() ==
        "start of the string string text { name } string text { name ':' } end of the string");
  // A conditional has a colon of its own.
  CHECK(Lexed(R"("{a ? b : c}")").names() == "start of the string { name '?' name ':' name } end of the string");
  CHECK(Lexed(R"("{a == "x"}")").names() == "start of the string { name == start of the string } end of the string");
}

TEST_CASE("comments nest, and those that end a line are part of the line end") {
  CHECK(Lexed("a /* x /* y */ z */ b").names() == "name name");
  CHECK(Lexed("a // c\n\n // d\nb").names() == "name \"new line, semicolon\" name");
  CHECK(Lexed("a \\\n b").names() == "name name");
  const Lexed open("a /* b");
  REQUIRE(open.tokens.errors.size() == 1);
  CHECK(open.tokens.errors[0].code == 10301);
}

TEST_CASE("every file ends with a line end and the end of the file") {
  for (std::string_view text : {"", "a", "a\n", "\"open", "\"{", "/*", "'", "\\"}) {
    CAPTURE(text);
    const Lexed lexed(text);
    REQUIRE(lexed.tokens.kinds.size() >= 2);
    CHECK(lexed.tokens.kinds[lexed.tokens.kinds.size() - 2] == TokenKind::kNewLine);
    CHECK(lexed.tokens.kinds.back() == TokenKind::kEndOfFile);
    CHECK(lexed.tokens.kinds.size() == lexed.tokens.offsets.size());
    CHECK(lexed.tokens.kinds.size() == lexed.tokens.payloads.size());
  }
}

}  // namespace vestige::syntax
