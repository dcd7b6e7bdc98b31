// Native modules that come with the engine as its clients: a host passes those it wants in EngineOptions::modules.

#ifndef VESTIGE_MODULES_H_
#define VESTIGE_MODULES_H_

#include <span>

#include "vestige/native.h"

namespace vestige {

// `UnitTest`: types, enums and functions of C++ for scripts that test the binding of natives. modules/unit_test.
std::span<const NativeModule* const> UnitTestModules();

}  // namespace vestige

#endif  // VESTIGE_MODULES_H_
