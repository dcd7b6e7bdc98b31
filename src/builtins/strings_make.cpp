// New text from old: parts, case, replacement, escapes. Part of module `strings`. Floor 5.

#include <cstdint>
#include <string_view>

#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace strings_make_natives {
namespace {

// --- Parts
// ------------------------------------------------------------------------------------------------------------

void ReturnSlice(NativeCall& call, std::string_view text, int64_t from, int64_t to) {
  const size_t begin = WrapIndex(from, text.size());
  const size_t end = WrapIndex(to, text.size());
  ReturnText(call, begin < end ? text.substr(begin, end - begin) : std::string_view());
}

void SliceFrom(NativeCall& call) {
  const std::string_view text = TextAt(call, 0);
  ReturnSlice(call, text, call.Value<int32_t>(1), static_cast<int64_t>(text.size()));
}

void Slice(NativeCall& call) { ReturnSlice(call, TextAt(call, 0), call.Value<int32_t>(1), call.Value<int32_t>(2)); }

// At most `length` characters from `from` on, which does not count from the end.
void Chop(NativeCall& call) {
  const std::string_view text = TextAt(call, 0);
  const size_t from = ClampIndex(call.Value<int32_t>(1), text.size());
  ReturnText(call, text.substr(from, ClampIndex(call.Value<int32_t>(2), text.size())));
}

void Strip(NativeCall& call) { ReturnText(call, StripLeft(StripRight(TextAt(call, 0)))); }
void StripLeftOf(NativeCall& call) { ReturnText(call, StripLeft(TextAt(call, 0))); }
void StripRightOf(NativeCall& call) { ReturnText(call, StripRight(TextAt(call, 0))); }

// Without any of the characters in the second argument at the ends.
template <bool left, bool right>
void TrimCharacters(NativeCall& call) {
  std::string_view text = TextAt(call, 0);
  const std::string_view characters = StringAt(call, 1);
  if (left) text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(characters) + 1);
  ReturnText(call, text);
}

// --- The same size
// ----------------------------------------------------------------------------------------------------

template <char (*change)(char)>
void ChangeEach(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  char* result = runtime::NewString(call.context, text.size());
  if (result != nullptr) std::transform(text.begin(), text.end(), result, change);
  call.Return(result);
}

void Reverse(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  char* result = runtime::NewString(call.context, text.size());
  if (result != nullptr) std::reverse_copy(text.begin(), text.end(), result);
  call.Return(result);
}

// --- Longer
// -----------------------------------------------------------------------------------------------------------

// How large a single string may become, whatever the heap's limit is.
constexpr uint64_t kMaxStringBytes = uint64_t{1} << 31;

void Repeat(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  const int32_t count = call.Value<int32_t>(1);
  call.Return<char*>(nullptr);
  if (text.empty() || count <= 0) return;
  const uint64_t bytes = text.size() * static_cast<uint64_t>(count);
  if (bytes / text.size() != static_cast<uint64_t>(count) || bytes >= kMaxStringBytes) {
    call.context.PanicF("can't repeat a string of {} bytes {} times", text.size(), count);
    return;
  }
  char* result = runtime::NewString(call.context, bytes);
  if (result == nullptr) return;
  for (int32_t i = 0; i < count; ++i)
    std::memcpy(result + text.size() * static_cast<size_t>(i), text.data(), text.size());
  call.Return(result);
}

void Replace(NativeCall& call) {
  std::string_view text = StringAt(call, 0);
  const std::string_view old_part = StringAt(call, 1);
  const std::string_view new_part = StringAt(call, 2);
  if (old_part.empty()) return ReturnText(call, text);
  runtime::TextBuffer result;
  for (size_t at = text.find(old_part); at != std::string_view::npos; at = text.find(old_part)) {
    runtime::AppendText(result, text.substr(0, at));
    runtime::AppendText(result, new_part);
    text.remove_prefix(at + old_part.size());
  }
  runtime::AppendText(result, text);
  ReturnText(call, result);
}

// One byte; none for NUL.
void ToCharacter(NativeCall& call) {
  const char character = static_cast<char>(call.Value<int32_t>(0));
  ReturnText(call, std::string_view(&character, 1));
}

// --- Escapes
// ----------------------------------------------------------------------------------------------------------

void Escape(NativeCall& call) {
  runtime::TextBuffer result;
  AppendEscaped(result, StringAt(call, 0));
  ReturnText(call, result);
}

// Reads escapes off a text. Bad ones are noted and, but for their backslash, kept.
class Unescaper {
 public:
  explicit Unescaper(std::string_view text) : text_(text) {}

  void Run() {
    while (!text_.empty()) {
      const char c = Take();
      if (c == '\\') {
        TakeEscape();
      } else {
        result_.push_back(c);
      }
    }
  }
  bool failed() const { return failed_; }
  const runtime::TextBuffer& result() const { return result_; }

 private:
  char Take() {
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }

  void TakeEscape() {
    if (text_.empty()) {
      failed_ = true;
      return;
    }
    const char letter = Take();
    const size_t index = runtime::kEscapes.find(letter);
    if (index != std::string_view::npos) return result_.push_back(runtime::kEscaped[index]);
    switch (letter) {
      case '/':
      case '{':
      case '}':
        return result_.push_back(letter);
      case '\n':
        return;
      case '\r':
        if (text_.starts_with('\n')) Take();
        return;
      case 'x':
        return TakeCode(1, 2);
      case 'u':
        return TakeCode(4, 4);
      case 'U':
        return TakeCode(8, 8);
      default:
        failed_ = true;
        result_.push_back(letter);
    }
  }

  // A number of `least` to `most` hexadecimal digits: a byte when two are enough, else a code point.
  void TakeCode(int least, int most) {
    uint32_t code = 0;
    int count = 0;
    for (; count < most && !text_.empty() && IsHexDigit(text_.front()); ++count) {
      const char digit = ToLower(Take());
      code = code << 4 | static_cast<uint32_t>(IsDigit(digit) ? digit - '0' : digit - 'a' + 10);
    }
    if (count < least || code > 0x10ffff) {
      failed_ = true;
    } else if (most == 2) {
      result_.push_back(static_cast<char>(code));
    } else {
      AppendUtf8(code);
    }
  }

  void AppendUtf8(uint32_t code) {
    const auto byte = [this](uint32_t bits) { result_.push_back(static_cast<char>(bits)); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
      byte(0xc0 | code >> 6);
    } else {
      if (code < 0x10000) {
        byte(0xe0 | code >> 12);
      } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3f));
      }
      byte(0x80 | (code >> 6 & 0x3f));
    }
    byte(0x80 | (code & 0x3f));
  }

  std::string_view text_;
  runtime::TextBuffer result_;
  bool failed_ = false;
};

template <bool panics>
void Unescape(NativeCall& call) {
  Unescaper unescaper(StringAt(call, 0));
  unescaper.Run();
  call.Return<char*>(nullptr);
  if (panics && unescaper.failed()) {
    call.context.Panic("invalid escape sequence");
    return;
  }
  ReturnText(call, unescaper.result());
}

constexpr uint32_t kMakes = sema::kMayAllocate;

constexpr sema::NativeFunction kFunctions[] = {
    {"slice", "(text : string; start : int) : string", &SliceFrom, kMakes},
    {"slice", "(text : string; start, end : int) : string", &Slice, kMakes},
    {"slice", "(bytes : array<uint8>; start : int) : string", &SliceFrom, kMakes},
    {"slice", "(bytes : array<uint8>; start, end : int) : string", &Slice, kMakes},
    {"chop", "(text : string; start, length : int) : string", &Chop, kMakes},
    {"chop", "(bytes : array<uint8>; start, length : int) : string", &Chop, kMakes},
    {"strip", "(text : string) : string", &Strip, kMakes},
    {"strip", "(bytes : array<uint8>) : string", &Strip, kMakes},
    {"strip_left", "(text : string) : string", &StripLeftOf, kMakes},
    {"strip_left", "(bytes : array<uint8>) : string", &StripLeftOf, kMakes},
    {"strip_right", "(text : string) : string", &StripRightOf, kMakes},
    {"strip_right", "(bytes : array<uint8>) : string", &StripRightOf, kMakes},
    {"trim", "(text : string) : string", &Strip, kMakes},
    {"trim", "(bytes : array<uint8>) : string", &Strip, kMakes},
    {"trim", "(text, characters : string) : string", &TrimCharacters<true, true>, kMakes},
    {"ltrim", "(text : string) : string", &StripLeftOf, kMakes},
    {"ltrim", "(bytes : array<uint8>) : string", &StripLeftOf, kMakes},
    {"ltrim", "(text, characters : string) : string", &TrimCharacters<true, false>, kMakes},
    {"rtrim", "(text : string) : string", &StripRightOf, kMakes},
    {"rtrim", "(bytes : array<uint8>) : string", &StripRightOf, kMakes},
    {"rtrim", "(text, characters : string) : string", &TrimCharacters<false, true>, kMakes},
    {"rtrim", "(bytes : array<uint8>; characters : string) : string", &TrimCharacters<false, true>, kMakes},
    {"reverse", "(text : string) : string", &Reverse, kMakes},
    {"to_upper", "(text : string) : string", &ChangeEach<ToUpper>, kMakes},
    {"to_lower", "(text : string) : string", &ChangeEach<ToLower>, kMakes},
    {"to_char", "(character : int) : string", &ToCharacter, kMakes},
    {"repeat", "(text : string; count : int) : string", &Repeat, kMakes},
    {"replace", "(text, old, new_text : string) : string", &Replace, kMakes},
    {"escape", "(text : string) : string", &Escape, kMakes},
    {"unescape", "(text : string) : string", &Unescape<true>, kMakes},
    {"safe_unescape", "(text : string) : string", &Unescape<false>, kMakes},
};

}  // namespace
}  // namespace strings_make_natives

constexpr sema::NativeModule kStringMakeModule = {.name = "strings", .functions = strings_make_natives::kFunctions};

}  // namespace vestige::builtins
