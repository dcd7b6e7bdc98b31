// Values that can be called, as native code sees them.
//
// A function value is an opaque pointer that exec understands; null is the null function. A lambda value points at a
// heap struct whose first two words are function values; kLambdaHeaderBytes in front of it lie the type of that struct
// and a spare word, so that whoever meets a lambda of unknown make can print, mark and finalize it. Floor 3.

#ifndef VESTIGE_RUNTIME_CALLABLE_H_
#define VESTIGE_RUNTIME_CALLABLE_H_

#include <cstdint>
#include <cstring>

#include "types/type.h"

namespace vestige::runtime {

// In front of every lambda's capture struct. The heap block starts here.
struct LambdaHeader {
  const types::Type* capture_type = nullptr;
  uint64_t spare = 0;
};
inline constexpr uint64_t kLambdaHeaderBytes = sizeof(LambdaHeader);
static_assert(kLambdaHeaderBytes == 16);

// The start of every capture struct; captured values follow.
struct LambdaHead {
  const void* function = nullptr;
  // Called with a reference to the struct before captures are finalized; null when there is nothing to run.
  const void* finalizer = nullptr;
};

// The header of a lambda value that is not null.
inline LambdaHeader& HeaderOf(const void* lambda) {
  return *reinterpret_cast<LambdaHeader*>(static_cast<char*>(const_cast<void*>(lambda)) - kLambdaHeaderBytes);
}

// One argument handed to script code: the bits of a workhorse value, or an address.
struct Argument {
  uint64_t bits[2] = {0, 0};

  // A workhorse value of at most 16 bytes.
  template <typename T>
  static Argument Value(const T& value) {
    static_assert(sizeof(T) <= 16);
    Argument argument;
    std::memcpy(argument.bits, &value, sizeof(T));
    return argument;
  }
  // A ref-type value, or a value for a reference parameter.
  static Argument Reference(const void* address) {
    Argument argument;
    argument.bits[0] = reinterpret_cast<uintptr_t>(address);
    return argument;
  }
  // The value of type `type` that lies at `address`, the way a parameter of that type takes it.
  static Argument Of(const types::Type* type, const void* address) {
    if (type->is_ref() || type->is_ref_type()) return Reference(address);
    Argument argument;
    std::memcpy(argument.bits, address, type->size());
    return argument;
  }
};

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_CALLABLE_H_
