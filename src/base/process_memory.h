// What memory the operating system says this process has. Floor 0.

#ifndef VESTIGE_BASE_PROCESS_MEMORY_H_
#define VESTIGE_BASE_PROCESS_MEMORY_H_

#include <cstdint>

namespace vestige::base {

struct ProcessMemory {
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
};

// Zeros where the system does not say. About a microsecond.
ProcessMemory ReadProcessMemory();

// The most that was resident since the process began, or since ForgetPeak; zero where the system does not say.
uint64_t PeakResidentBytes();
// The largest growth that a cheap question can see: as PeakResidentBytes, but never forgotten. A quarter of a
// microsecond.
uint64_t LifetimePeakBytes();
// The peak counts from now on. False where the system cannot.
bool ForgetPeak();

}  // namespace vestige::base

#endif  // VESTIGE_BASE_PROCESS_MEMORY_H_
