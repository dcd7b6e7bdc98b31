// A value on its way from one context to another: a deep copy in one block of memory that belongs to no context.
//
// Strings, arrays and tables inside lie in the same block, so whoever sends it may change, free or end, and giving it
// up is one call. A parcel is read like any value and never changed; the receiver clones it (CloneAcross). Floor 3.

#ifndef VESTIGE_RUNTIME_PARCEL_H_
#define VESTIGE_RUNTIME_PARCEL_H_

#include <cstdint>
#include <memory>

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

struct Parcel {
  // The value is at its start, aligned to 16 bytes.
  std::unique_ptr<uint64_t[]> block;
  uint64_t bytes = 0;
};

// A copy of the value of `type` at `source`, without running script code: a struct's own clone function is the
// receiver's to run. Raw pointers are copied as they are. False after a panic: lambdas, iterators and blocks belong to
// their context, objects with a count and values of the host to the thread that has them.
bool Pack(ScriptContext& context, const types::Type* type, const void* source, Parcel* parcel);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_PARCEL_H_
