// The typed program as text, for `-log` and tests: every call names the instance it reaches, conversions and default
// values are written out. Floor 3.

#ifndef VESTIGE_SEMA_PRINT_H_
#define VESTIGE_SEMA_PRINT_H_

#include <string>

#include "sema/typed.h"

namespace vestige::sema {

// All globals and functions, in the order of the program.
std::string PrintProgram(const TProgram& program);
// Head and body.
std::string PrintFunction(const TFunction& function);
// One line.
std::string PrintExpr(const TExpr* expr);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_PRINT_H_
