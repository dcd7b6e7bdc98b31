// Where operations go when something is not as usual: panics, stops, the way to whoever handles them.
//
// All have the signature of an operation and are reached by a tail call (VESTIGE_SLOW), so that nothing of them weighs
// on the bodies. What they must know beyond the word, bodies hand over in the accumulators. Floor 4.

#ifndef VESTIGE_EXEC_SLOW_PATHS_H_
#define VESTIGE_EXEC_SLOW_PATHS_H_

#include "exec/word.h"

namespace vestige::exec {

// A panic or exit has begun: goes on at the nearest recover of this dispatch loop, or leaves the loop.
Flow Unwind(VESTIGE_OP_PARAMS);

// Somebody wants the run to stop, or it was a false alarm and the word is run again. For bodies that poll before they
// work.
Flow PollSlow(VESTIGE_OP_PARAMS);

// acc: the index in the low, the size in the high half. Array, fixed array (adds the hint) and vector wording.
Flow ArrayIndexPanic(VESTIGE_OP_PARAMS);
Flow FixedIndexPanic(VESTIGE_OP_PARAMS);
Flow VectorIndexPanic(VESTIGE_OP_PARAMS);
// The same for a 64-bit index: acc the size, facc the bits of the index.
Flow ArrayIndex64Panic(VESTIGE_OP_PARAMS);
Flow FixedIndex64Panic(VESTIGE_OP_PARAMS);

// `dereferencing null pointer` and the hint.
Flow NullPanic(VESTIGE_OP_PARAMS);
// acc: the divisor; zero and minus one are told apart.
Flow DivisionPanic(VESTIGE_OP_PARAMS);
Flow ModuloPanic(VESTIGE_OP_PARAMS);

// The callee's frame does not fit, or somebody wants the run to stop. acc: the callee's Function.
Flow CallSlow(VESTIGE_OP_PARAMS);
Flow NullFunctionPanic(VESTIGE_OP_PARAMS);
Flow NullLambdaPanic(VESTIGE_OP_PARAMS);

// Steps a generator: what IteratorNext does with one. Not slow at all (operations_generator.cpp).
Flow StepGenerator(VESTIGE_OP_PARAMS);

// Both halves of the accumulator of the index panics.
constexpr uint64_t PackIndex(uint32_t index, uint32_t size) { return uint64_t{size} << 32 | index; }

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_SLOW_PATHS_H_
