// Options of a program: the one table of names that `options` lines and the command line share.
//
// Floor 3.

#ifndef VESTIGE_SEMA_OPTIONS_H_
#define VESTIGE_SEMA_OPTIONS_H_

#include <cstdint>
#include <string_view>

#include "sema/typed.h"

namespace vestige::sema {

enum class OptionResult : uint8_t { kOk, kUnknown, kBadValue };

// Sets option `name` from the text of its value: "true", "42", "1.5", any text for names; empty means true. Options of
// the language that do not change how a program runs here are accepted and ignored.
OptionResult SetOption(ProgramOptions& options, std::string_view name, std::string_view value);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_OPTIONS_H_
