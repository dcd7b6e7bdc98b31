// Cycles among lost blocks. Floor 6.

#ifndef VESTIGE_ENGINE_LOST_CYCLES_H_
#define VESTIGE_ENGINE_LOST_CYCLES_H_

#include <vector>

#include "exec/context.h"
#include "vestige/findings.h"

namespace vestige::engine {

// The cycles among the blocks of the object heap that the marking under way did not reach, by shape, most bytes first.
// References are those of types; what has no type that is known refers to nothing.
std::vector<CycleFinding> CyclesOfLost(exec::Context& context);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_LOST_CYCLES_H_
