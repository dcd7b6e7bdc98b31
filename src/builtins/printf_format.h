// Formats in the style of printf, of a format that comes from the script. Floor 5.

#ifndef VESTIGE_BUILTINS_PRINTF_FORMAT_H_
#define VESTIGE_BUILTINS_PRINTF_FORMAT_H_

#include <string_view>

#include "runtime/string.h"
#include "types/type.h"

namespace vestige::builtins {

// Appends `format` with the number of `type` (int, uint, int64, uint64, float or double) at `value` in place of its
// first conversion. The letters of length (l, ll, h) do not matter: the number's type is known. A conversion that does
// not fit the number, or asks for more than 1000 characters, is text like everything else; `%%` is a percent sign.
void AppendPrintf(runtime::TextBuffer& out, std::string_view format, const types::Type* type, const void* value);

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_PRINTF_FORMAT_H_
