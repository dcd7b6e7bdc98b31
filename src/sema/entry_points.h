// What a program keeps: where it can be entered, and everything that is reached from there.
//
// Floor 3, inside sema.

#ifndef VESTIGE_SEMA_ENTRY_POINTS_H_
#define VESTIGE_SEMA_ENTRY_POINTS_H_

#include <span>

#include "sema/checker.h"

namespace vestige::sema {

// Checks [export], [init], [finalize], puts initialisers into their order, finds finalizers and clones of structs, and
// fills TProgram::functions.
void CollectProgram(Checker& c, std::span<FunctionRecord* const> records);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_ENTRY_POINTS_H_
