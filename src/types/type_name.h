// Names of types where nothing may be allocated. types::TypeName (types/type.h) is for everybody else. Floor 2.

#ifndef VESTIGE_TYPES_TYPE_NAME_H_
#define VESTIGE_TYPES_TYPE_NAME_H_

#include <cstddef>
#include <span>

#include "types/type.h"

namespace vestige::types {

// Writes what TypeName tells into `room`, cut to what fits, without allocating; returns the bytes written.
size_t WriteTypeName(const Type* type, std::span<char> room);

}  // namespace vestige::types

#endif  // VESTIGE_TYPES_TYPE_NAME_H_
