// Telling tools that watch memory where a heap's blocks begin and end: they see one large mapping otherwise.
//
// A build for AddressSanitizer with VESTIGE_POISON poisons what is free, so that the use of a deleted block is an error
// where it happens. A build with VESTIGE_VALGRIND tells valgrind's tools (memcheck, massif, dhat) and heaptrack of each
// block as of one of malloc. In other builds all of this is nothing. Floor 2, for the library's own sources only: what
// a header did would have to be the same in all of the program.

#ifndef VESTIGE_MEMORY_TOOL_MARKS_H_
#define VESTIGE_MEMORY_TOOL_MARKS_H_

#include <cstddef>

#if VESTIGE_POISON
#include <sanitizer/asan_interface.h>
#elif VESTIGE_VALGRIND
#include <heaptrack_api.h>
#include <valgrind/memcheck.h>
#endif

namespace vestige::memory {

// Whether tools have to hear of every birth and death.
#if VESTIGE_POISON || VESTIGE_VALGRIND
inline constexpr bool kTellsTools = true;
#else
inline constexpr bool kTellsTools = false;
#endif

// Of a block, what tools count as its own: the engine zeroes blocks in whole granules of 16 bytes.
constexpr size_t WholeGranules(size_t bytes) { return (bytes + 15) & ~size_t{15}; }

#if VESTIGE_POISON
// `bytes` bytes at `block` are a live block from now on.
inline void ToolDidAllocate(const void* block, size_t bytes) {
  ASAN_UNPOISON_MEMORY_REGION(block, WholeGranules(bytes));
}
// The live block is gone; it has room for `bytes` bytes.
inline void ToolDidFree(const void* block, size_t bytes) { ASAN_POISON_MEMORY_REGION(block, WholeGranules(bytes)); }
// Memory that blocks will be carved from; nobody may use it until then.
inline void ToolDidReserve(const void* memory, size_t bytes) { ASAN_POISON_MEMORY_REGION(memory, bytes); }
// A part of such memory may be used, but is no block of its own.
inline void ToolDidOpen(const void* memory, size_t bytes) { ASAN_UNPOISON_MEMORY_REGION(memory, bytes); }
// The memory goes back to where it came from.
inline void ToolWillRelease(const void* memory, size_t bytes) { ASAN_UNPOISON_MEMORY_REGION(memory, bytes); }
// The live block stays where it is with another size.
inline void ToolDidResize(const void* block, size_t old_bytes, size_t new_bytes) {
  if (new_bytes < old_bytes) ASAN_POISON_MEMORY_REGION(block, WholeGranules(old_bytes));
  ASAN_UNPOISON_MEMORY_REGION(block, WholeGranules(new_bytes));
}
#elif VESTIGE_VALGRIND
inline void ToolDidAllocate(void* block, size_t bytes) {
  VALGRIND_MALLOCLIKE_BLOCK(block, WholeGranules(bytes), 0, 0);
  if (heaptrack_malloc != nullptr) heaptrack_malloc(block, bytes);
}
inline void ToolDidFree(void* block, size_t) {
  VALGRIND_FREELIKE_BLOCK(block, 0);
  if (heaptrack_free != nullptr) heaptrack_free(block);
}
inline void ToolDidReserve(void* memory, size_t bytes) { VALGRIND_MAKE_MEM_NOACCESS(memory, bytes); }
inline void ToolDidOpen(void* memory, size_t bytes) { VALGRIND_MAKE_MEM_UNDEFINED(memory, bytes); }
inline void ToolWillRelease(void* memory, size_t bytes) { VALGRIND_MAKE_MEM_DEFINED(memory, bytes); }
inline void ToolDidResize(void* block, size_t old_bytes, size_t new_bytes) {
  VALGRIND_RESIZEINPLACE_BLOCK(block, WholeGranules(old_bytes), WholeGranules(new_bytes), 0);
  if (heaptrack_realloc != nullptr) heaptrack_realloc(block, new_bytes, block);
}
#else
inline void ToolDidAllocate(const void*, size_t) {}
inline void ToolDidFree(const void*, size_t) {}
inline void ToolDidReserve(const void*, size_t) {}
inline void ToolDidOpen(const void*, size_t) {}
inline void ToolWillRelease(const void*, size_t) {}
inline void ToolDidResize(const void*, size_t, size_t) {}
#endif

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_TOOL_MARKS_H_
