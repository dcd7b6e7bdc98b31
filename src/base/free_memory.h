// Memory that was freed and that the system's allocator keeps for later. Floor 0.

#ifndef VESTIGE_BASE_FREE_MEMORY_H_
#define VESTIGE_BASE_FREE_MEMORY_H_

namespace vestige::base {

// Gives it back to the system, where the allocator can (glibc's). Takes about a millisecond for 10 MB: for after work
// that needed much more memory than what comes next.
void ReturnFreeMemory();

}  // namespace vestige::base

#endif  // VESTIGE_BASE_FREE_MEMORY_H_
