// More functions of text: splitting, joining, padding, counting. Module `strings_boost`, which contains `strings`.
// Floor 5.

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "runtime/print.h"

namespace vestige::builtins {

namespace strings_boost_natives {
namespace {

using runtime::TextBuffer;

// --- Splitting and joining
// --------------------------------------------------------------------------------------------

// The result becomes an array of fresh strings.
void ReturnPieces(NativeCall& call, const std::vector<std::string_view>& pieces) {
  auto& array = *reinterpret_cast<runtime::Array*>(call.result);
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types.back());
  if (!runtime::MakeArray(call.context, array, static_cast<uint32_t>(pieces.size()), shape)) return;
  auto** strings = reinterpret_cast<char**>(array.data);
  for (size_t i = 0; i < pieces.size() && !call.context.has_panic(); ++i) {
    strings[i] = runtime::MakeString(call.context, pieces[i]);
  }
}

// Characters one by one; the empty text is one empty piece.
std::vector<std::string_view> Characters(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (size_t i = 0; i < text.size(); ++i) pieces.push_back(text.substr(i, 1));
  if (pieces.empty()) pieces.push_back({});
  return pieces;
}

// Between all places where `find` sees a delimiter of `length` bytes. Empty pieces count.
template <typename Find>
std::vector<std::string_view> Pieces(std::string_view text, size_t length, Find find) {
  std::vector<std::string_view> pieces;
  for (size_t at = find(text); at != std::string_view::npos; at = find(text)) {
    pieces.push_back(text.substr(0, at));
    text.remove_prefix(at + length);
  }
  pieces.push_back(text);
  return pieces;
}

std::vector<std::string_view> SplitPieces(const NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  const std::string_view delimiter = StringAt(call, 1);
  if (delimiter.empty()) return Characters(text);
  return Pieces(text, delimiter.size(), [&](std::string_view rest) { return rest.find(delimiter); });
}
std::vector<std::string_view> SplitPiecesByCharacters(const NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  const std::string_view delimiters = StringAt(call, 1);
  if (delimiters.empty()) return Characters(text);
  return Pieces(text, 1, [&](std::string_view rest) { return rest.find_first_of(delimiters); });
}

using FindPieces = std::vector<std::string_view> (*)(const NativeCall& call);
template <FindPieces find>
void Split(NativeCall& call) {
  ReturnPieces(call, find(call));
}

// The pieces are gone behind the block, as the type of what it sees says; a panic leaves them to the collector.
template <FindPieces find>
void SplitForBlock(NativeCall& call) {
  std::vector<const char*> strings;
  for (const std::string_view piece : find(call)) {
    strings.push_back(runtime::MakeString(call.context, piece));
    if (call.context.has_panic()) return;
  }
  if (!LendArray(call, 2, reinterpret_cast<char*>(strings.data()), static_cast<uint32_t>(strings.size()))) return;
  for (const char* string : strings) runtime::FreeString(call.context, string);
}

void Join(NativeCall& call) {
  const Elements elements(call);
  const std::string_view separator = StringAt(call, 1);
  TextBuffer text;
  for (uint32_t i = 0; i < elements.count(); ++i) {
    if (i != 0) runtime::AppendText(text, separator);
    runtime::PrintValue(text, elements.type(), elements.at(i), call.context);
  }
  ReturnText(call, text);
}

// --- Padding and trimming
// ---------------------------------------------------------------------------------------------

template <bool left>
void Pad(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  const auto width = static_cast<size_t>(std::max(call.Value<int32_t>(1), 0));
  const char character = static_cast<char>(call.Value<int32_t>(2));
  if (text.size() >= width || character == '\0') return ReturnText(call, text);
  char* result = runtime::NewString(call.context, width);
  call.Return(result);
  if (result == nullptr) return;
  const size_t padding = width - text.size();
  std::memset(left ? result : result + text.size(), character, padding);
  if (!text.empty()) std::memcpy(left ? result + padding : result, text.data(), text.size());
}

void Wide(NativeCall& call) {
  const auto width = static_cast<size_t>(std::max(call.Value<int32_t>(1), 0));
  TextBuffer text;
  runtime::AppendText(text, StringAt(call, 0));
  while (text.size() < width) text.push_back(' ');
  ReturnText(call, text);
}

void TrimPrefix(NativeCall& call) {
  std::string_view text = StringAt(call, 0);
  const std::string_view prefix = StringAt(call, 1);
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  ReturnText(call, text);
}

void TrimSuffix(NativeCall& call) {
  std::string_view text = StringAt(call, 0);
  const std::string_view suffix = StringAt(call, 1);
  if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
  ReturnText(call, text);
}

void Capitalize(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  char* result = runtime::MakeString(call.context, text);
  if (result != nullptr) result[0] = ToUpper(result[0]);
  call.Return(result);
}

// Where several texts fit, the first of the list is taken; what was put in is not looked at again.
void ReplaceMultiple(NativeCall& call) {
  struct Pair {
    const char* text;
    const char* replacement;
  };
  std::string_view source = StringAt(call, 0);
  const auto& array = call.Reference<runtime::Array>(1);
  const std::span<const Pair> pairs(reinterpret_cast<const Pair*>(array.data), array.size);
  TextBuffer result;
  while (!source.empty()) {
    const auto fits = [&](const Pair& pair) {
      const std::string_view text = runtime::TextOf(pair.text);
      return !text.empty() && source.starts_with(text);
    };
    const auto pair = std::find_if(pairs.begin(), pairs.end(), fits);
    if (pair == pairs.end()) {
      result.push_back(source.front());
      source.remove_prefix(1);
    } else {
      runtime::AppendText(result, runtime::TextOf(pair->replacement));
      source.remove_prefix(runtime::StringLength(pair->text));
    }
  }
  ReturnText(call, result);
}

// --- Questions
// --------------------------------------------------------------------------------------------------------

void Contains(NativeCall& call) {
  const std::string_view part = StringAt(call, 1);
  call.Return(!part.empty() && StringAt(call, 0).find(part) != std::string_view::npos);
}

// Without overlaps.
void Count(NativeCall& call) {
  std::string_view text = StringAt(call, 0);
  const std::string_view part = StringAt(call, 1);
  int32_t count = 0;
  if (!part.empty()) {
    for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part)) {
      count += 1;
      text.remove_prefix(at + part.size());
    }
  }
  call.Return(count);
}

void LastIndexOf(NativeCall& call) {
  const std::string_view part = StringAt(call, 1);
  call.Return(part.empty() ? -1 : PositionOf(StringAt(call, 0).rfind(part)));
}

// Before `end`, which does not count.
void LastIndexBefore(NativeCall& call) {
  const std::string_view part = StringAt(call, 1);
  const int32_t end = call.Value<int32_t>(2);
  if (part.empty() || end <= 0) return call.Return(-1);
  call.Return(PositionOf(StringAt(call, 0).rfind(part, static_cast<size_t>(end) - 1)));
}

void IsNullOrWhiteSpace(NativeCall& call) { call.Return(StripLeft(StringAt(call, 0)).empty()); }

void IsCharacterAt(NativeCall& call) {
  const std::string_view bytes = TextAt(call, 0);
  const int32_t index = call.Value<int32_t>(1);
  if (index < 0 || static_cast<size_t>(index) >= bytes.size()) {
    call.context.PanicF("array index out of range, {} of {}", index, bytes.size());
    return call.Return(false);
  }
  call.Return(static_cast<uint8_t>(bytes[static_cast<size_t>(index)]) == call.Value<int32_t>(2));
}

// How many characters must be put in, taken out or changed to make one text the other. Row by row of the usual table.
void EditDistance(NativeCall& call) {
  const std::string_view from = StringAt(call, 0);
  const std::string_view to = StringAt(call, 1);
  std::vector<int32_t> row(to.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = static_cast<int32_t>(j);
  for (size_t i = 0; i < from.size(); ++i) {
    int32_t diagonal = row[0];
    row[0] += 1;
    for (size_t j = 0; j < to.size(); ++j) {
      const int32_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  call.Return(row.back());
}

// `*` stands for any text, `?` for any character.
bool MatchesGlob(std::string_view pattern, std::string_view text) {
  constexpr size_t kNone = std::string_view::npos;
  size_t p = 0;
  size_t t = 0;
  // Where to go on after the last `*`, should what follows it not fit.
  size_t star = kNone;
  size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      p += 1;
      t += 1;
    } else if (star != kNone) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == kNone;
}

void GlobMatch(NativeCall& call) { call.Return(MatchesGlob(StringAt(call, 0), StringAt(call, 1))); }

constexpr uint32_t kMakes = sema::kMayAllocate;
constexpr uint32_t kPure = sema::kPure;

constexpr sema::NativeFunction kFunctions[] = {
    {"split", "(text, delimiter : string) : array<string>", &Split<SplitPieces>, kMakes},
    {"split", "(text, delimiter : string; blk : block<(pieces : array<string>#) : void>) : void",
     &SplitForBlock<SplitPieces>, kMakes | sema::kInvokesBlocks},
    {"split_by_chars", "(text, delimiters : string; blk : block<(pieces : array<string>#) : void>) : void",
     &SplitForBlock<SplitPiecesByCharacters>, kMakes | sema::kInvokesBlocks},
    {"split_by_chars", "(text, delimiters : string) : array<string>", &Split<SplitPiecesByCharacters>, kMakes},
    {"join", "(it : array<auto>; separator : string) : string", &Join, kMakes},
    {"join", "(it : auto[]; separator : string) : string", &Join, kMakes},
    {"pad_left", "(text : string; width : int; character : int = 32) : string", &Pad<true>, kMakes},
    {"pad_right", "(text : string; width : int; character : int = 32) : string", &Pad<false>, kMakes},
    {"wide", "(text : string; width : int) : string", &Wide, kMakes},
    {"trim_prefix", "(text, prefix : string) : string", &TrimPrefix, kMakes},
    {"trim_suffix", "(text, suffix : string) : string", &TrimSuffix, kMakes},
    {"capitalize", "(text : string) : string", &Capitalize, kMakes},
    {"replace_multiple", "(source : string; replaces : array<tuple<string; string>>) : string", &ReplaceMultiple,
     kMakes},
    {"replace_multiple", "(source : string; replaces : array<tuple<text : string; replacement : string>>) : string",
     &ReplaceMultiple, kMakes},
    {"contains", "(text, part : string) : bool", &Contains, kPure},
    {"count", "(text, part : string) : int", &Count, kPure},
    {"last_index_of", "(text, part : string) : int", &LastIndexOf, kPure},
    {"last_index_of", "(text, part : string; end : int) : int", &LastIndexBefore, kPure},
    {"is_null_or_whitespace", "(text : string) : bool", &IsNullOrWhiteSpace, kPure},
    {"is_character_at", "(bytes : array<uint8>; index, character : int) : bool", &IsCharacterAt},
    {"levenshtein_distance", "(from, to : string) : int", &EditDistance, kPure},
    {"levenshtein_distance_fast", "(from, to : string) : int", &EditDistance, kPure},
    {"glob_match", "(pattern, text : string) : bool", &GlobMatch, kPure},
};

// What is easier said in the language itself: iterators, and blocks that write.
constexpr std::string_view kPrelude = R"(
require strings public

def join(var it : iterator<auto(T)>; separator : string) : string {
    return build_string() $(var writer) {
        var is_first = true
        for (element in it) {
            if (!is_first) {
                write(writer, separator)
            }
            is_first = false
            write(writer, element)
        }
    }
}

def join(it : array<auto(T)>; separator : string; blk : block<(var writer : StringBuilderWriter; element : T) : void>) : string {
    return build_string() $(var writer) {
        for (element, i in it, count()) {
            if (i > 0) {
                write(writer, separator)
            }
            invoke(blk, writer, element)
        }
    }
}

def jaccard(a, b : table<string>) : float {
    var both = 0
    for (key in keys(a)) {
        if (key_exists(b, key)) {
            both ++
        }
    }
    let either = length(a) + length(b) - both
    return either > 0 ? float(both) / float(either) : 0.
}

def jaccard(a, b : array<string>) : float {
    var left, right : table<string>
    for (text in a) {
        left |> insert(text)
    }
    for (text in b) {
        right |> insert(text)
    }
    let similarity = jaccard(left, right)
    delete left
    delete right
    return similarity
}

def eq(a : string; b : das_string) : bool {
    return b == a
}
def eq(a : das_string; b : string) : bool {
    return a == b
}
)";

}  // namespace
}  // namespace strings_boost_natives

constexpr sema::NativeModule kStringBoostModule = {.name = "strings_boost",
                                                   .alias = "daslib/strings_boost",
                                                   .functions = strings_boost_natives::kFunctions,
                                                   .prelude = strings_boost_natives::kPrelude};

}  // namespace vestige::builtins
