// Deep copies by type: what `:=` does. Floor 3.

#ifndef VESTIGE_RUNTIME_CLONE_H_
#define VESTIGE_RUNTIME_CLONE_H_

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

// Makes `target`, an initialised or zeroed value of `type`, a deep copy of `source`: arrays get the same size (their
// buffer is kept when it is large enough) and each element is cloned into what lies there; tables are cleared and
// filled again; structs, tuples and variants member by member; pointers, functions, lambdas and strings are copied as
// they are. A struct's own clone function is called instead where it has one. What the target held before is not freed:
// the language's rule. Needs no native stack for deep values. False on panic; the target is then valid but incomplete.
bool CloneValue(ScriptContext& context, const types::Type* type, void* target, const void* source);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_CLONE_H_
