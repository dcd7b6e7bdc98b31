// Cycles through job primitives: a channel inside of its own message. Floor 6.

#ifndef VESTIGE_ENGINE_PRIMITIVE_CYCLES_H_
#define VESTIGE_ENGINE_PRIMITIVE_CYCLES_H_

#include <vector>

#include "exec/context.h"
#include "jobs/account.h"
#include "vestige/findings.h"

namespace vestige::engine {

// Primitives that are alive and whose values lead back to them, directly or through objects of the context's heap, by
// shape. Of a program that runs no more; nobody uses the primitives meanwhile.
std::vector<PrimitiveCycleFinding> CyclesThroughPrimitives(exec::Context& context, jobs::Account& account);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_PRIMITIVE_CYCLES_H_
