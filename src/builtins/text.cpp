// What every script can do with strings without requiring `strings`: asking their length, copying them, formatting
// numbers. Part of module `$`. Floor 5.

#include "builtins/text.h"

#include <iterator>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/format.h"

namespace vestige::builtins {

namespace text_natives {
namespace {

using runtime::TextBuffer;

template <typename Result>
void Length(NativeCall& call) {
  call.Return(static_cast<Result>(StringAt(call, 0).size()));
}

void Empty(NativeCall& call) { call.Return(StringAt(call, 0).empty()); }

// What others write around a string that they mean to be short-lived. Here such strings are found without help.
void Same(NativeCall& call) { call.Return(call.Value<const char*>(0)); }

void Copy(NativeCall& call) { ReturnText(call, StringAt(call, 0)); }

// string(x, hex)
template <typename T, typename Shown = T>
void NumberToString(NativeCall& call) {
  TextBuffer text;
  const Shown value = call.Value<T>(0);
  if (call.Value<bool>(1)) {
    fmt::format_to(std::back_inserter(text), "{:#x}", value);
  } else {
    fmt::format_to(std::back_inserter(text), "{}", value);
  }
  ReturnText(call, text);
}

// fmt(":05d", x)
void Format(NativeCall& call) {
  TextBuffer text;
  call.Return<char*>(nullptr);
  if (runtime::FormatValue(call.context, text, StringAt(call, 0), call.types[1], ValueAddress(call, 1))) {
    ReturnText(call, text);
  }
}

constexpr uint32_t kMakes = sema::kMayAllocate;
constexpr uint32_t kKeeps = sema::kCapturesStrings | sema::kNoInScopeReturn;

constexpr sema::NativeFunction kFunctions[] = {
    {"length", "(text : string) : int", &Length<int32_t>, sema::kPure},
    {"long_length", "(text : string) : int64", &Length<int64_t>, sema::kPure},
    {"empty", "(text : string) : bool", &Empty, sema::kPure},
    {"string", "(text : string) : string", &Copy, kMakes},
    {"_temp_string_result", "(text : string) : string", &Same, kKeeps},
    {"clone_string", "(text : string) : string", &Copy, kMakes},
    {"string", "(x : int8; hex : bool) : string", &NumberToString<int8_t, int>, kMakes},
    {"string", "(x : uint8; hex : bool) : string", &NumberToString<uint8_t, unsigned>, kMakes},
    {"string", "(x : int16; hex : bool) : string", &NumberToString<int16_t, int>, kMakes},
    {"string", "(x : uint16; hex : bool) : string", &NumberToString<uint16_t, unsigned>, kMakes},
    {"string", "(x : int; hex : bool) : string", &NumberToString<int32_t>, kMakes},
    {"string", "(x : uint; hex : bool) : string", &NumberToString<uint32_t>, kMakes},
    {"string", "(x : int64; hex : bool) : string", &NumberToString<int64_t>, kMakes},
    {"string", "(x : uint64; hex : bool) : string", &NumberToString<uint64_t>, kMakes},
    {"fmt", "(format : string; value : int8) : string", &Format, kMakes},
    {"fmt", "(format : string; value : uint8) : string", &Format, kMakes},
    {"fmt", "(format : string; value : int16) : string", &Format, kMakes},
    {"fmt", "(format : string; value : uint16) : string", &Format, kMakes},
    {"fmt", "(format : string; value : int) : string", &Format, kMakes},
    {"fmt", "(format : string; value : uint) : string", &Format, kMakes},
    {"fmt", "(format : string; value : int64) : string", &Format, kMakes},
    {"fmt", "(format : string; value : uint64) : string", &Format, kMakes},
    {"fmt", "(format : string; value : float) : string", &Format, kMakes},
    {"fmt", "(format : string; value : double) : string", &Format, kMakes},
};

}  // namespace
}  // namespace text_natives

constexpr sema::NativeModule kTextModule = {.name = "$", .functions = text_natives::kFunctions};

}  // namespace vestige::builtins
