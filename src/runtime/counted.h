// Smart pointers of scripts: values that own a reference to an object of the host.
//
// Unsafe code can make a smart pointer out of any number, so what is released or cloned is looked up among the live
// objects first, and a dead one is a panic. Floor 3.

#ifndef VESTIGE_RUNTIME_COUNTED_H_
#define VESTIGE_RUNTIME_COUNTED_H_

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

// `type` is a smart pointer's everywhere below.

// The part of the object at `address` that counts; null for null.
RefCounted* CountedAt(const types::Type* type, void* address);

// What is about to happen to an object, for who is told that there is none.
enum class CountedUse : bool { kUse, kGiveBack };

// The object of the smart pointer in `slot`, or null when it is null. False after a panic: no live object is there.
bool LiveCounted(ScriptContext& context, const types::Type* type, const void* slot, RefCounted** object,
                 CountedUse use = CountedUse::kUse);

// Gives back the reference that `slot` holds and makes it null; null has nothing to give back. False after a panic.
bool ReleaseCounted(ScriptContext& context, const types::Type* type, void* slot);

// Makes `target`, which is a value, hold what `source` does, too. False after a panic.
bool CloneCounted(ScriptContext& context, const types::Type* type, void* target, const void* source);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_COUNTED_H_
