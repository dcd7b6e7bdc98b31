// Finalizing where no script code can run (types::Traits::runs_script): order cannot be observed, so owned things are
// taken over by value. A block's pointers and buffers go to the work list, the block is freed at once, and a list of
// any length needs a work list of one. Floor 3.

#ifndef VESTIGE_RUNTIME_SEVER_H_
#define VESTIGE_RUNTIME_SEVER_H_

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

// Finalizes and zeroes the value of `type`, whose finalizing runs no script, as FinalizeValue promises.
bool SeverValue(ScriptContext& context, const types::Type* type, char* address);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_SEVER_H_
