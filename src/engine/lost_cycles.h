// Cycles among lost blocks: objects that keep each other, which nobody frees by freeing what he holds. Floor 6.

#ifndef VESTIGE_ENGINE_LOST_CYCLES_H_
#define VESTIGE_ENGINE_LOST_CYCLES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "exec/context.h"
#include "vestige/findings.h"

namespace vestige::engine {

// The cycles among the blocks of the object heap that the marking under way did not reach, by shape, most bytes first.
// References are those of types; what has no type that is known refers to nothing. For n places of blocks and m
// references among lost ones it takes 12n + 4m bytes and linear time.
std::vector<CycleFinding> CyclesOfLost(exec::Context& context);

// Leaves the shortest row whose repetition is the whole cycle, neighbours that are equal told once, the last and the
// first of the cycle too: what two cycles have in common that go through the same fields.
void FoldCycle(std::vector<uint64_t>& steps);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_LOST_CYCLES_H_
