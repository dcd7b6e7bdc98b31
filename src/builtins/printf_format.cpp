#include "builtins/printf_format.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "builtins/text.h"

namespace vestige::builtins {

namespace {

constexpr uint32_t kMaxWidth = 1000;

// A conversion taken apart: "%-08.3lld" is flags "-0", width "8", precision ".3", letter 'd'.
struct Conversion {
  std::string_view flags;
  std::string_view width;
  std::string_view precision;
  char letter = '\0';
  size_t length = 0;  // of its text, the percent sign included
};

bool IsSmall(std::string_view digits) {
  uint32_t number = 0;
  for (const char c : digits) {
    if (c != '.') number = number * 10 + static_cast<uint32_t>(c - '0');
    if (number > kMaxWidth) return false;
  }
  return true;
}

// The part of `text` from `at` on that consists of `allowed`; `at` moves behind it.
std::string_view TakeWhile(std::string_view text, size_t& at, std::string_view allowed) {
  const size_t begin = at;
  while (at < text.size() && allowed.find(text[at]) != std::string_view::npos) ++at;
  return text.substr(begin, at - begin);
}

// What `text` starts with, a percent sign first. False when it is no conversion of a number, or too wide.
bool TakeConversion(std::string_view text, Conversion* found) {
  size_t at = 1;
  found->flags = TakeWhile(text, at, "-+ #0");
  found->width = TakeWhile(text, at, "0123456789");
  if (at < text.size() && text[at] == '.') {
    const size_t begin = at++;
    TakeWhile(text, at, "0123456789");
    found->precision = text.substr(begin, at - begin);
  }
  TakeWhile(text, at, "hlLqjzt");
  if (at == text.size()) return false;
  found->letter = text[at];
  found->length = at + 1;
  return found->flags.size() <= 5 && IsSmall(found->width) && IsSmall(found->precision);
}

// Only a format that was put together here reaches snprintf, with the argument it asks for.
template <typename T>
void Print(runtime::TextBuffer& out, const Conversion& conversion, const char* length, T value) {
  std::string format = "%";
  format.append(conversion.flags).append(conversion.width).append(conversion.precision).append(length);
  format.push_back(conversion.letter);
  // A double has up to 309 digits before its point.
  char text[2 * kMaxWidth + 400];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  const int count = std::snprintf(text, sizeof(text), format.c_str(), value);
#pragma GCC diagnostic pop
  if (count > 0) runtime::AppendText(out, std::string_view(text, static_cast<size_t>(count)));
}

// The bits of a signed number of `bytes` bytes, its sign in front.
int64_t SignedOf(const types::Type* type, const void* value) {
  if (type->size() == 8) {
    int64_t number;
    std::memcpy(&number, value, sizeof(number));
    return number;
  }
  int32_t number;
  std::memcpy(&number, value, sizeof(number));
  return number;
}
uint64_t UnsignedOf(const types::Type* type, const void* value) {
  const auto bits = static_cast<uint64_t>(SignedOf(type, value));
  return type->size() == 8 ? bits : bits & 0xffffffff;
}
double RealOf(const types::Type* type, const void* value) {
  if (type->kind == types::Kind::kDouble) {
    double number;
    std::memcpy(&number, value, sizeof(number));
    return number;
  }
  float number;
  std::memcpy(&number, value, sizeof(number));
  return static_cast<double>(number);
}

// False when the number is of the other sort.
bool PrintNumber(runtime::TextBuffer& out, const Conversion& conversion, const types::Type* type, const void* value) {
  constexpr std::string_view kSigned = "di";
  constexpr std::string_view kUnsigned = "uxXo";
  constexpr std::string_view kReal = "fFeEgGaA";
  if (type->is_floating()) {
    if (kReal.find(conversion.letter) == std::string_view::npos) return false;
    Print(out, conversion, "", RealOf(type, value));
  } else if (kSigned.find(conversion.letter) != std::string_view::npos) {
    const int64_t number = type->is_unsigned() ? static_cast<int64_t>(UnsignedOf(type, value)) : SignedOf(type, value);
    Print(out, conversion, "ll", static_cast<long long>(number));
  } else if (kUnsigned.find(conversion.letter) != std::string_view::npos) {
    Print(out, conversion, "ll", static_cast<unsigned long long>(UnsignedOf(type, value)));
  } else {
    return false;
  }
  return true;
}

}  // namespace

void AppendPrintf(runtime::TextBuffer& out, std::string_view format, const types::Type* type, const void* value) {
  bool is_printed = false;
  while (!format.empty()) {
    const size_t percent = std::min(format.find('%'), format.size());
    runtime::AppendText(out, format.substr(0, percent));
    format.remove_prefix(percent);
    if (format.empty()) return;
    Conversion conversion;
    size_t taken = 1;
    if (format.substr(0, 2) == "%%") {
      taken = 2;
      out.push_back('%');
    } else if (!is_printed && TakeConversion(format, &conversion) && PrintNumber(out, conversion, type, value)) {
      taken = conversion.length;
      is_printed = true;
    } else {
      out.push_back('%');
    }
    format.remove_prefix(taken);
  }
}

}  // namespace vestige::builtins
