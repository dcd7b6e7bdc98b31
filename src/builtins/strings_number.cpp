// Numbers out of text. Part of module `strings`.
//
// Three families, by what becomes of text that is no number: to_int("x") is 0, int("x") panics, and
// int("x", result, offset) tells. White space before the number is skipped, what follows it is ignored. Floor 5.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "builtins/math_rows.h"
#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace strings_number_natives {
namespace {

// The number at the start of a text, the error (none, invalid_argument or result_out_of_range), and where it ended.
template <typename T>
struct Parsed {
  T value{};
  std::errc error{};
  const char* end = nullptr;
};

bool SkipHexPrefix(std::string_view& text) {
  if (!text.starts_with("0x") && !text.starts_with("0X")) return false;
  text.remove_prefix(2);
  return true;
}

template <typename T>
Parsed<T> Parse(std::string_view text, bool is_hex) {
  Parsed<T> parsed;
  std::from_chars_result result;
  const char* end = text.data() + text.size();
  if constexpr (std::is_floating_point_v<T>) {
    result = std::from_chars(text.data(), end, parsed.value);
  } else {
    result = std::from_chars(text.data(), end, parsed.value, is_hex ? 16 : 10);
  }
  parsed.error = result.ec;
  parsed.end = result.ptr;
  if (parsed.error != std::errc()) parsed.value = T{};
  return parsed;
}

// to_int(text [, hex])
template <typename T>
void ToNumber(NativeCall& call) {
  std::string_view text = StripLeft(StringAt(call, 0));
  bool is_hex = false;
  if constexpr (!std::is_floating_point_v<T>) is_hex = call.Value<bool>(1);
  if (is_hex) SkipHexPrefix(text);
  call.Return(Parse<T>(text, is_hex).value);
}

// int(text), which understands 0x.
template <typename T>
void MustBeNumber(NativeCall& call) {
  std::string_view text = StripLeft(StringAt(call, 0));
  bool is_hex = false;
  if constexpr (!std::is_floating_point_v<T>) is_hex = SkipHexPrefix(text);
  const Parsed<T> parsed = Parse<T>(text, is_hex);
  call.Return(parsed.value);
  if (parsed.error != std::errc()) {
    call.context.PanicF("failed to convert '{}' to number", std::string_view(text.data(), text.size()));
  }
}

// int(text, result, offset [, hex]): `offset` becomes the position behind the number, or the start on failure. In a
// view of bytes it also says where to start.
template <typename T, bool is_view>
void TryNumber(NativeCall& call) {
  const std::string_view whole = TextAt(call, 0);
  auto& outcome = call.Reference<int32_t>(1);
  auto& offset = call.Reference<int32_t>(2);
  if (!is_view) offset = 0;
  call.Return(T{});
  if (offset < 0 || static_cast<size_t>(offset) > whole.size()) {
    outcome = static_cast<int32_t>(std::errc::invalid_argument);
    return;
  }
  std::string_view text = StripLeft(whole.substr(static_cast<size_t>(offset)));
  bool is_hex = false;
  if constexpr (!std::is_floating_point_v<T>) is_hex = call.Value<bool>(3);
  if (is_hex) SkipHexPrefix(text);
  const Parsed<T> parsed = Parse<T>(text, is_hex);
  outcome = static_cast<int32_t>(parsed.error);
  if (parsed.error == std::errc()) offset = PositionOf(static_cast<size_t>(parsed.end - whole.data()));
  call.Return(parsed.value);
}

constexpr std::string_view kFromText = "(text : string) : ";
constexpr std::string_view kFromTextOrHex = "(text : string; hex : bool = false) : ";
constexpr std::string_view kTryText = "(text : string; var result : ConversionResult&; var offset : int&) : ";
constexpr std::string_view kTryTextOrHex =
    "(text : string; var result : ConversionResult&; var offset : int&; hex : bool = false) : ";
constexpr std::string_view kTryBytes = "(bytes : array<uint8>; var result : ConversionResult&; var offset : int&) : ";
constexpr std::string_view kTryBytesOrHex =
    "(bytes : array<uint8>; var result : ConversionResult&; var offset : int&; hex : bool = false) : ";

// `name` is the type's, `to_name` with "to_" in front.
template <typename T, const std::string_view& name, typename List>
constexpr void AddFor(List& list, std::string_view to_name) {
  using row_text::Joined;
  list.Add({name, Joined<kFromText, name>::kText, &MustBeNumber<T>});
  if constexpr (std::is_floating_point_v<T>) {
    list.Add({to_name, Joined<kFromText, name>::kText, &ToNumber<T>, sema::kPure});
    list.Add({name, Joined<kTryText, name>::kText, &TryNumber<T, false>});
    list.Add({name, Joined<kTryBytes, name>::kText, &TryNumber<T, true>});
  } else {
    list.Add({to_name, Joined<kFromTextOrHex, name>::kText, &ToNumber<T>, sema::kPure});
    list.Add({name, Joined<kTryTextOrHex, name>::kText, &TryNumber<T, false>});
    list.Add({name, Joined<kTryBytesOrHex, name>::kText, &TryNumber<T, true>});
  }
}

constexpr std::string_view kInt8 = "int8";
constexpr std::string_view kUInt8 = "uint8";
constexpr std::string_view kInt16 = "int16";
constexpr std::string_view kUInt16 = "uint16";
constexpr std::string_view kInt = "int";
constexpr std::string_view kUInt = "uint";
constexpr std::string_view kInt64 = "int64";
constexpr std::string_view kUInt64 = "uint64";
constexpr std::string_view kFloat = "float";
constexpr std::string_view kDouble = "double";

constexpr auto kList = [] {
  RowList<40> list;
  AddFor<int8_t, kInt8>(list, "to_int8");
  AddFor<uint8_t, kUInt8>(list, "to_uint8");
  AddFor<int16_t, kInt16>(list, "to_int16");
  AddFor<uint16_t, kUInt16>(list, "to_uint16");
  AddFor<int32_t, kInt>(list, "to_int");
  AddFor<uint32_t, kUInt>(list, "to_uint");
  AddFor<int64_t, kInt64>(list, "to_int64");
  AddFor<uint64_t, kUInt64>(list, "to_uint64");
  AddFor<float, kFloat>(list, "to_float");
  AddFor<double, kDouble>(list, "to_double");
  return list;
}();

// The numbers are those of the operating system.
constexpr std::string_view kPrelude = R"(
enum ConversionResult {
    ok = 0
    invalid_argument = 22
    out_of_range = 34
}
)";

}  // namespace
}  // namespace strings_number_natives

constexpr sema::NativeModule kStringNumberModule = {
    .name = "strings", .functions = Rows(strings_number_natives::kList), .prelude = strings_number_natives::kPrelude};

}  // namespace vestige::builtins
