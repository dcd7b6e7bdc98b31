// Strings at run time: NUL-terminated text on the string heap, without a header; null is the empty string.
//
// A string value may also point at a constant of the program or at text of the host, so only who made a string knows
// whether it can be freed: lowering frees temporaries it made itself. Floor 3.

#ifndef VESTIGE_RUNTIME_STRING_H_
#define VESTIGE_RUNTIME_STRING_H_

#include <cstdint>
#include <cstring>
#include <string_view>

#include "fmt/format.h"
#include "memory/block.h"
#include "runtime/script_context.h"
#include "types/type_table.h"

namespace vestige::runtime {

// Where text is put together before it becomes a string.
using TextBuffer = fmt::memory_buffer;

// What every string block is told as.
inline constexpr memory::BlockInfo kStringInfo(memory::Comment::kString, types::BasicTypeId(types::Kind::kString));

// The text of a string value.
inline std::string_view TextOf(const char* string) { return string == nullptr ? std::string_view() : string; }

inline uint64_t StringLength(const char* string) { return string == nullptr ? 0 : std::strlen(string); }

// By bytes, as unsigned; <0, 0, >0.
inline int CompareStrings(const char* a, const char* b) {
  if (a == b) return 0;
  return std::strcmp(a == nullptr ? "" : a, b == nullptr ? "" : b);
}
inline bool EqualStrings(const char* a, const char* b) { return CompareStrings(a, b) == 0; }

// A fresh string of `size` bytes and a NUL, the bytes not initialised. Null when size is 0, and on panic.
char* NewString(ScriptContext& context, uint64_t size);
// A fresh string with this text; null when it is empty, and on panic. `text` may lie in another string.
char* MakeString(ScriptContext& context, std::string_view text);
// a + b, fresh; null when both are empty, and on panic.
char* ConcatStrings(ScriptContext& context, const char* a, const char* b);
inline char* MakeString(ScriptContext& context, const TextBuffer& buffer) {
  return MakeString(context, std::string_view(buffer.data(), buffer.size()));
}

// Gives a string that the caller made and nobody else kept back to the heap; null is fine. A string that is not a block
// of the heap (a constant) stays as it is.
inline void FreeString(ScriptContext& context, const char* string) {
  if (string != nullptr) context.string_heap().Free(const_cast<char*>(string), std::strlen(string) + 1);
}

// The text itself up to the end: for `to + text` writers.
inline void AppendText(TextBuffer& buffer, std::string_view text) {
  buffer.append(text.data(), text.data() + text.size());
}

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_STRING_H_
