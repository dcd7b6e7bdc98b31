// Deep copies by type: what `:=` does, and what goes from one context to another. Floor 3.

#ifndef VESTIGE_RUNTIME_CLONE_H_
#define VESTIGE_RUNTIME_CLONE_H_

#include <vector>

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

// Makes `target`, an initialised or zeroed value of `type`, a deep copy of `source`: arrays get the same size (their
// buffer is kept when it is large enough) and each element is cloned into what lies there; tables are cleared and
// filled again; structs, tuples and variants member by member; pointers, functions, lambdas and strings are copied as
// they are. A struct's own clone function is called instead where it has one. What the target held before is not freed:
// the language's rule. Needs no native stack for deep values. False on panic; the target is then valid but incomplete.
bool CloneValue(ScriptContext& context, const types::Type* type, void* target, const void* source);

// The same for a `source` that belongs to another context, which stands still meanwhile: strings, those within
// containers too, become strings of `context`, each added to `strings` unless that is null. What belongs to one context
// only (lambdas, iterators, blocks that are not null) begins a panic.
bool CloneAcross(ScriptContext& context, const types::Type* type, void* target, const void* source,
                 std::vector<char*>* strings);

// A lambda of `context` with clones of the captures of `lambda`, which is not null and belongs to another context. Null
// after a panic; what was made until then is freed.
void* CloneLambdaAcross(ScriptContext& context, const void* lambda, std::vector<char*>* strings);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_CLONE_H_
