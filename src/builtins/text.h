// What natives that work on text share. Floor 5.
//
// Most functions of module `strings` take a string or a view of bytes (array<uint8>): one native serves both rows, and
// asks its argument's type. Views may hold any bytes, NUL among them: a string that is made of them holds them all, but
// reads as what stands before the first NUL.

#ifndef VESTIGE_BUILTINS_TEXT_H_
#define VESTIGE_BUILTINS_TEXT_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "exec/context.h"
#include "runtime/array.h"
#include "runtime/escape.h"
#include "runtime/string.h"
#include "sema/native.h"

namespace vestige::builtins {

using runtime::AppendEscaped;
using sema::NativeCall;

// A string argument.
inline std::string_view StringAt(const NativeCall& call, size_t index) {
  return runtime::TextOf(call.Value<const char*>(index));
}

// A string argument or the bytes of an array argument.
inline std::string_view TextAt(const NativeCall& call, size_t index) {
  if (call.types[index]->kind == types::Kind::kString) return StringAt(call, index);
  const auto& bytes = call.Reference<runtime::Array>(index);
  return bytes.size == 0 ? std::string_view() : std::string_view(bytes.data, bytes.size);
}

// The result is a fresh string with this text, which may lie in an argument.
inline void ReturnText(NativeCall& call, std::string_view text) {
  call.Return(runtime::MakeString(call.context, text));
}
inline void ReturnText(NativeCall& call, const runtime::TextBuffer& text) {
  ReturnText(call, std::string_view(text.data(), text.size()));
}

// A position in a text as the language counts them: an int, or -1 for none and for what an int can't say.
inline int32_t PositionOf(size_t index) { return index > INT32_MAX ? -1 : static_cast<int32_t>(index); }

// `index`, from the end when negative, brought into [0, size].
inline size_t WrapIndex(int64_t index, size_t size) {
  const auto limit = static_cast<int64_t>(size);
  return static_cast<size_t>(std::clamp<int64_t>(index < 0 ? index + limit : index, 0, limit));
}
// `index` brought into [0, size].
inline size_t ClampIndex(int64_t index, size_t size) {
  return static_cast<size_t>(std::clamp<int64_t>(index, 0, static_cast<int64_t>(size)));
}

// Of ASCII only, whatever the system's language is.
constexpr bool IsSpace(int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool IsDigit(int32_t c) { return c >= '0' && c <= '9'; }
constexpr bool IsUpper(int32_t c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsLower(int32_t c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsLetter(int32_t c) { return IsUpper(c) || IsLower(c); }
constexpr bool IsHexDigit(int32_t c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char ToUpper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// The part between white space.
inline std::string_view StripLeft(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return text;
}
inline std::string_view StripRight(std::string_view text) {
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_TEXT_H_
