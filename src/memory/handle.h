// Handles as this library calls them; what they are is told in include/vestige/handles.h. Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_H_
#define VESTIGE_MEMORY_HANDLE_H_

#include "vestige/handles.h"

namespace vestige::memory {

using vestige::Handle;
using vestige::HandleValue;

// Where a handle was acquired.
using HandleOrigin = Birthplace;

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_H_
