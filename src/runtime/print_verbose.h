// Values as people look for mistakes in them: `debug` and `sprint` show names, quotes, suffixes of types, addresses.
//
// What is added to the short form (print.h) is chosen by flags. With names, structures and containers of structures are
// written over several lines, indented by their nesting. Floor 3.

#ifndef VESTIGE_RUNTIME_PRINT_VERBOSE_H_
#define VESTIGE_RUNTIME_PRINT_VERBOSE_H_

#include <cstdint>

#include "runtime/script_context.h"
#include "runtime/string.h"
#include "types/type.h"

namespace vestige::runtime {

// As scripts pass them to `sprint`.
enum PrintFlags : uint32_t {
  kEscapeString = 1 << 0,        // strings in quotes, with escapes
  kNamesAndDimensions = 1 << 1,  // names of structures and fields, several lines
  kTypeQualifiers = 1 << 2,      // 5u, 5l, 1.5f
  kRefAddresses = 1 << 3,        // where references and containers lie
  kSingleLine = 1 << 4,          // names, but on one line
  kFixedPoint = 1 << 5,          // 1.500000 instead of the shortest text
  kFullTypeInfo = 1 << 6,        // types of containers, enums with their names
  kDebuggerFlags = kEscapeString | kNamesAndDimensions | kTypeQualifiers | kRefAddresses | kFixedPoint,
};

// Appends the value of `type` at `value`, as PrintValue does.
void PrintVerbose(TextBuffer& out, const types::Type* type, const void* value, const ScriptContext& context,
                  uint32_t flags);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_PRINT_VERBOSE_H_
