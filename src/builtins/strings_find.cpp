// Looking into text: searching, comparing, classes of characters. Part of module `strings`. Floor 5.

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace strings_find_natives {
namespace {

// --- Searching
// --------------------------------------------------------------------------------------------------------

// The empty text is nowhere.
int32_t Find(std::string_view text, std::string_view part, size_t from) {
  return part.empty() ? -1 : PositionOf(text.find(part, from));
}

void FindText(NativeCall& call) { call.Return(Find(TextAt(call, 0), StringAt(call, 1), 0)); }

void FindTextFrom(NativeCall& call) {
  const std::string_view text = TextAt(call, 0);
  call.Return(Find(text, StringAt(call, 1), ClampIndex(call.Value<int32_t>(2), text.size())));
}

// What is not a byte is nowhere.
int32_t FindByte(std::string_view text, int32_t byte, size_t from) {
  if (byte < 0 || byte > 255) return -1;
  return PositionOf(text.find(static_cast<char>(byte), from));
}

void FindCharacter(NativeCall& call) { call.Return(FindByte(TextAt(call, 0), call.Value<int32_t>(1), 0)); }

void FindCharacterFrom(NativeCall& call) {
  const std::string_view text = TextAt(call, 0);
  call.Return(FindByte(text, call.Value<int32_t>(1), WrapIndex(call.Value<int32_t>(2), text.size())));
}

void FindLast(NativeCall& call) {
  const std::string_view part = StringAt(call, 1);
  call.Return(part.empty() ? -1 : PositionOf(TextAt(call, 0).rfind(part)));
}

// From `from` backwards; before the start there is nothing.
void FindLastFrom(NativeCall& call) {
  const std::string_view part = StringAt(call, 1);
  const int32_t from = call.Value<int32_t>(2);
  call.Return(part.empty() || from < 0 ? -1 : PositionOf(TextAt(call, 0).rfind(part, static_cast<size_t>(from))));
}

// --- Comparing
// --------------------------------------------------------------------------------------------------------

void EndsWith(NativeCall& call) { call.Return(TextAt(call, 0).ends_with(StringAt(call, 1))); }

void StartsWith(NativeCall& call) { call.Return(TextAt(call, 0).starts_with(StringAt(call, 1))); }

// With the first `length` characters of the prefix.
void StartsWithPart(NativeCall& call) {
  call.Return(TextAt(call, 0).starts_with(StringAt(call, 1).substr(0, call.Value<uint32_t>(2))));
}

bool HasAt(std::string_view text, int32_t offset, std::string_view part) {
  if (offset < 0 || static_cast<size_t>(offset) >= text.size()) return false;
  return text.substr(static_cast<size_t>(offset)).starts_with(part);
}

void HasTextAt(NativeCall& call) { call.Return(HasAt(TextAt(call, 0), call.Value<int32_t>(1), StringAt(call, 2))); }

void HasPartAt(NativeCall& call) {
  const std::string_view part = StringAt(call, 2).substr(0, call.Value<uint32_t>(3));
  call.Return(HasAt(TextAt(call, 0), call.Value<int32_t>(1), part));
}

// The difference of the first characters that differ, of upper case as of lower.
void CompareIgnoringCase(NativeCall& call) {
  const std::string_view a = StringAt(call, 0);
  const std::string_view b = StringAt(call, 1);
  for (size_t i = 0; i < a.size() || i < b.size(); ++i) {
    const int32_t left = i < a.size() ? ToLower(a[i]) : 0;
    const int32_t right = i < b.size() ? ToLower(b[i]) : 0;
    if (left != right) return call.Return(left - right);
  }
  call.Return(0);
}

// --- Characters
// -------------------------------------------------------------------------------------------------------

void CharacterAt(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  const int32_t index = call.Value<int32_t>(1);
  if (index < 0 || static_cast<size_t>(index) >= text.size()) {
    call.context.PanicF("string character index out of range, {}", static_cast<uint32_t>(index));
    return call.Return(0);
  }
  call.Return(int32_t{static_cast<uint8_t>(text[static_cast<size_t>(index)])});
}

// Without a check, so the caller promises that the index is in range.
void UncheckedCharacterAt(NativeCall& call) {
  const char* text = call.Value<const char*>(0);
  call.Return(text == nullptr ? 0 : int32_t{static_cast<uint8_t>(text[call.Value<int32_t>(1)])});
}

// 0 of the empty string.
void FirstCharacter(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  call.Return(text.empty() ? 0 : int32_t{static_cast<uint8_t>(text.front())});
}

// The position of the first character from `from` on that is no white space; the size when there is none.
void SkipWhiteSpace(NativeCall& call) {
  const std::string_view text = TextAt(call, 0);
  const size_t from = ClampIndex(call.Value<int32_t>(1), text.size());
  call.Return(static_cast<int32_t>(text.size() - StripLeft(text.substr(from)).size()));
}

template <bool (*test)(int32_t)>
void Is(NativeCall& call) {
  call.Return(test(call.Value<int32_t>(0)));
}

constexpr bool IsLetterOrDigit(int32_t c) { return IsLetter(c) || IsDigit(c); }
constexpr bool IsTabOrSpace(int32_t c) { return c == ' ' || c == '\t'; }
constexpr bool IsNewLine(int32_t c) { return c == '\n' || c == '\r'; }

// A set of characters is 256 bits in eight words.
void IsInSet(NativeCall& call) {
  const int32_t c = call.Value<int32_t>(0);
  const auto* words = call.Value<const uint32_t*>(1);
  call.Return(c >= 0 && c <= 255 && (words[c >> 5] >> (c & 31) & 1) != 0);
}

// How many bytes a set has.
void SetSize(NativeCall& call) {
  const auto& set = call.Reference<std::array<uint32_t, 8>>(0);
  uint32_t count = 0;
  for (const uint32_t word : set) count += static_cast<uint32_t>(std::popcount(word));
  call.Return(count);
}

// The byte that `index` others of the set are smaller than; 0 when the set has no more.
void SetElement(NativeCall& call) {
  const auto& set = call.Reference<std::array<uint32_t, 8>>(1);
  int32_t left = call.Value<int32_t>(0);
  for (int32_t byte = 0; byte < 256; ++byte) {
    const bool is_member = (set[static_cast<size_t>(byte) / 32] >> (byte % 32) & 1) != 0;
    if (is_member && left-- == 0) return call.Return(byte);
  }
  call.Return(int32_t{0});
}

constexpr uint32_t kPure = sema::kPure;

constexpr sema::NativeFunction kFunctions[] = {
    {"find", "(text, part : string) : int", &FindText, kPure},
    {"find", "(text, part : string; start : int) : int", &FindTextFrom, kPure},
    {"find", "(text : string; character : int) : int", &FindCharacter, kPure},
    {"find", "(text : string; character : int; start : int) : int", &FindCharacterFrom, kPure},
    {"find", "(bytes : array<uint8>; part : string) : int", &FindText},
    {"find", "(bytes : array<uint8>; part : string; start : int) : int", &FindTextFrom},
    {"find", "(bytes : array<uint8>; character : int) : int", &FindCharacter},
    {"find", "(bytes : array<uint8>; character : int; start : int) : int", &FindCharacterFrom},
    {"rfind", "(text, part : string) : int", &FindLast, kPure},
    {"rfind", "(text, part : string; start : int) : int", &FindLastFrom, kPure},
    {"rfind", "(bytes : array<uint8>; part : string) : int", &FindLast},
    {"rfind", "(bytes : array<uint8>; part : string; start : int) : int", &FindLastFrom},
    {"ends_with", "(text, part : string) : bool", &EndsWith, kPure},
    {"ends_with", "(bytes : array<uint8>; part : string) : bool", &EndsWith},
    {"starts_with", "(text, part : string) : bool", &StartsWith, kPure},
    {"starts_with", "(text, part : string; length : uint) : bool", &StartsWithPart, kPure},
    {"starts_with", "(text : string; offset : int; part : string) : bool", &HasTextAt, kPure},
    {"starts_with", "(text : string; offset : int; part : string; length : uint) : bool", &HasPartAt, kPure},
    {"starts_with", "(bytes : array<uint8>; part : string) : bool", &StartsWith},
    {"starts_with", "(bytes : array<uint8>; part : string; length : uint) : bool", &StartsWithPart},
    {"starts_with", "(bytes : array<uint8>; offset : int; part : string) : bool", &HasTextAt},
    {"starts_with", "(bytes : array<uint8>; offset : int; part : string; length : uint) : bool", &HasPartAt},
    {"compare_ignore_case", "(a, b : string) : int", &CompareIgnoringCase, kPure},
    {"character_at", "(text : string; index : int) : int", &CharacterAt},
    {"character_uat", "(text : string; index : int) : int", &UncheckedCharacterAt, sema::kUnsafe},
    {"first_character", "(text : string) : int", &FirstCharacter, kPure},
    {"skip_white_space", "(text : string; start : int) : int", &SkipWhiteSpace, kPure},
    {"skip_white_space", "(bytes : array<uint8>; start : int) : int", &SkipWhiteSpace},
    {"is_alpha", "(character : int) : bool", &Is<IsLetter>, kPure},
    {"is_alnum", "(character : int) : bool", &Is<IsLetterOrDigit>, kPure},
    {"is_hex", "(character : int) : bool", &Is<IsHexDigit>, kPure},
    {"is_number", "(character : int) : bool", &Is<IsDigit>, kPure},
    {"is_white_space", "(character : int) : bool", &Is<IsSpace>, kPure},
    {"is_tab_or_space", "(character : int) : bool", &Is<IsTabOrSpace>, kPure},
    {"is_new_line", "(character : int) : bool", &Is<IsNewLine>, kPure},
    {"is_char_in_set", "(character : int; set : uint[8]) : bool", &IsInSet},
    {"set_total", "(set : uint[8]) : uint", &SetSize},
    {"set_element", "(index : int; set : uint[8]) : int", &SetElement},
};

}  // namespace
}  // namespace strings_find_natives

constexpr sema::NativeModule kStringFindModule = {.name = "strings", .functions = strings_find_natives::kFunctions};

}  // namespace vestige::builtins
