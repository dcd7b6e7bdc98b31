// Text as a string literal has it. Floor 3.

#ifndef VESTIGE_RUNTIME_ESCAPE_H_
#define VESTIGE_RUNTIME_ESCAPE_H_

#include <string_view>

#include "runtime/string.h"

namespace vestige::runtime {

// Characters that are written as a backslash and a letter, and those letters.
inline constexpr std::string_view kEscaped = "\"\\\b\v\f\n\r\t";
inline constexpr std::string_view kEscapes = "\"\\bvfnrt";

// Appends the text as a literal has it, without the quotes around.
void AppendEscaped(TextBuffer& out, std::string_view text);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_ESCAPE_H_
