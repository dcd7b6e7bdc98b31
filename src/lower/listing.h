// Code as text, for people who debug code generation and for tests that look at what was generated. Floor 5.

#ifndef VESTIGE_LOWER_LISTING_H_
#define VESTIGE_LOWER_LISTING_H_

#include <string>

#include "exec/code.h"

namespace vestige::lower {

// The words of function `number`, one per line: index, operation, operands a b c d, and cd as a number; jumps show
// where they lead. Slow: names are found by handler address.
std::string ListFunction(const exec::Code& code, uint32_t number);
// All functions.
std::string ListCode(const exec::Code& code);

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_LISTING_H_
