// Deleting by type: what `delete` does.
//
// Finalizing a value lets go of what it owns: arrays free their elements and buffer, tables their values and buffer,
// pointers finalize and free what they point at, lambdas run their finalizer and free their captures, structs, tuples
// and variants do so member by member. A struct's own finalizer replaces that. Strings own nothing: they are collected.
//
// No depth of the value needs native stack. Floor 3.

#ifndef VESTIGE_RUNTIME_FINALIZE_H_
#define VESTIGE_RUNTIME_FINALIZE_H_

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

// Finalizes the value of `type` at `address` and zeroes it; a struct with a finalizer of its own is left as that leaves
// it. A locked container, a pointer that is no live block, and a panic in a finalizer stop the work with a panic:
// false; what was finalized until then is gone.
bool FinalizeValue(ScriptContext& context, const types::Type* type, void* address);

// Frees what `count` values of `type` side by side own, where the context frees what containers drop and `type` has no
// more than containers to free (types::Traits::plain_delete); else does nothing. False after a panic.
bool FinalizeDropped(ScriptContext& context, const types::Type* type, void* first, uint64_t count);

// Deletes a lambda, which may be null: its finalizer runs, its captures are finalized, its block is freed. False after
// a panic, as with FinalizeValue.
bool FinalizeLambda(ScriptContext& context, void* lambda);

// Frees a lambda that nobody will call: no finalizer of it runs; its captures are finalized, and what they hold is
// given back without complaint.
void AbandonLambda(ScriptContext& context, void* lambda);

// The same for a lambda whose raw pointers went elsewhere as they were: what these hold stays held.
void DropLambda(ScriptContext& context, void* lambda);

// Finalizes what the captures of a closure own: all but what could be freed only unsafely (raw pointers, lambdas),
// which several closures may share. A panic stops nothing; the rest is done.
void FinalizeCaptures(ScriptContext& context, const types::Type* capture_type, void* captures);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_FINALIZE_H_
