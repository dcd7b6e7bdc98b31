// Saying where smart pointers of scripts are, while holders are tracked (memory/hold_list.h); otherwise nothing here
// does anything.
//
// Scripts move values as bytes. So whoever moves bytes that may have smart pointers inside says so afterwards: code by
// an operation, containers and natives by these functions. Always true between two operations: the hold of each smart
// pointer that a script can reach has its address; that of a value in flight has none. Floor 3.

#ifndef VESTIGE_RUNTIME_HOLDERS_H_
#define VESTIGE_RUNTIME_HOLDERS_H_

#include "runtime/script_context.h"
#include "types/type.h"
#include "vestige/ref_counted.h"

namespace vestige::runtime {

inline bool TracksHolders(ScriptContext& context) {
  const memory::ObjectAccount* objects = context.options().objects;
  return objects != nullptr && objects->tracks_holders();
}

// Whether a value of `type` has smart pointers inside itself; elements of a container lie outside of it.
bool HasCountedParts(const types::Type* type);

// What code knows of a holder when it stores a value there; lives as long as the code.
struct HolderNote {
  const types::Type* type = nullptr;
  HolderKind kind = HolderKind::kScript;
  const char* name = nullptr;  // "local access"; null: in flight, nobody's yet
};

// A value of the note's type now lies in `slot`; its smart pointers came from `from`, which is `slot` itself when they
// were taken there, or were in flight when it is null. Parts of a value are named by its type.
void NoteHolder(ScriptContext& context, const HolderNote& note, void* slot, const void* from);

// The same of an element of a container of type `container`, which may be null.
void NoteElement(ScriptContext& context, const types::Type* container, const types::Type* type, void* slot,
                 const void* from);

// `count` values of `type` that were at `from` are at `to` now, by the same names. Both may overlap.
void NoteMoved(ScriptContext& context, const types::Type* type, const void* from, void* to, uint64_t count);

// `count` values of `type` at `address` are given up without being finalized.
void NoteLost(ScriptContext& context, const types::Type* type, void* address, uint64_t count);

// All that was cloned into `target` is held there, also by elements of its containers.
void NoteCloned(ScriptContext& context, const types::Type* type, void* target);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_HOLDERS_H_
