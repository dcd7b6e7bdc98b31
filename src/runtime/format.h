// Formatted numbers: `{x : 05d}` in strings, `fmt(":05d", x)`.
//
// A spec is the mini language of the fmt library after a colon: [[fill]align][sign][#][0][width][.precision][type].
// Floor 3.

#ifndef VESTIGE_RUNTIME_FORMAT_H_
#define VESTIGE_RUNTIME_FORMAT_H_

#include <string_view>

#include "runtime/script_context.h"
#include "runtime/string.h"
#include "types/type.h"

namespace vestige::runtime {

// Appends the number of `type` (an integer or floating type, or something stored as one) at `value`. `spec` is ":05d",
// the colon may be missing. A spec that does not fit panics with `fmt error: invalid format specifier`; false then.
bool FormatValue(ScriptContext& context, TextBuffer& out, std::string_view spec, const types::Type* type,
                 const void* value);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_FORMAT_H_
