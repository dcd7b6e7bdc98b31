// Where a part of a value stands. Floor 3.

#ifndef VESTIGE_RUNTIME_PART_H_
#define VESTIGE_RUNTIME_PART_H_

#include <cstddef>

namespace vestige::runtime {

// `offset` bytes into the value at `base`.
inline const char* At(const void* base, size_t offset) { return static_cast<const char*>(base) + offset; }

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_PART_H_
