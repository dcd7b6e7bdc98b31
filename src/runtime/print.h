// Values as text, by type: what interpolation, `write` and `print` show.
//
//   int 5 · uint 0x5 · float 1.5 · vectors 1,2.5 · string raw · enum by name · named bitfield (a|b)
//   struct and tuple ( 1, x) · array [ 1, 2] · table { 1 => a, 2 => b} · pointer: what it points at, or null
//
// A struct that is being printed already appears as `~loop at 0x.. Name~`; below kMaxPrintDepth levels `...` stands for
// the rest, so that no value can exhaust the native stack. Floor 3.

#ifndef VESTIGE_RUNTIME_PRINT_H_
#define VESTIGE_RUNTIME_PRINT_H_

#include "runtime/script_context.h"
#include "runtime/string.h"
#include "types/type.h"

namespace vestige::runtime {

inline constexpr int kMaxPrintDepth = 1000;

// Appends the value of `type` at `value`. The context names functions; nothing is allocated on its heaps.
void PrintValue(TextBuffer& out, const types::Type* type, const void* value, const ScriptContext& context);

// Scalars, for code that knows the type.
void PrintInt(TextBuffer& out, int64_t value);
void PrintHex(TextBuffer& out, uint64_t value);
void PrintFloat(TextBuffer& out, float value);
void PrintDouble(TextBuffer& out, double value);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_PRINT_H_
