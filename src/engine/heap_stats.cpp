// Checks of how much a heap was used: sentences for those that fail. Floor 6.
#include "vestige/heap_stats.h"

#include <string_view>

#include "fmt/format.h"

namespace vestige {

namespace {

// "3 blocks more (+48 bytes)": `now` against `before`.
std::string Difference(uint64_t blocks, uint64_t blocks_before, uint64_t bytes, uint64_t bytes_before) {
  return fmt::format("{:+} blocks, {:+} bytes", static_cast<int64_t>(blocks - blocks_before),
                     static_cast<int64_t>(bytes - bytes_before));
}

std::string AtMost(std::string_view what, uint64_t value, std::string_view unit, uint64_t limit) {
  if (value <= limit) return "";
  return fmt::format("{} are {} {}, more than {}", what, value, unit, limit);
}

}  // namespace

std::string HeapEqual(const HeapStats& before, const HeapStats& now) {
  if (before.current_blocks == now.current_blocks && before.current_bytes == now.current_bytes) return "";
  return fmt::format("alive are {} blocks of {} bytes, not {} of {} as before: {}", now.current_blocks,
                     now.current_bytes, before.current_blocks, before.current_bytes,
                     Difference(now.current_blocks, before.current_blocks, now.current_bytes, before.current_bytes));
}

std::string AtMostBytes(const HeapStats& now, uint64_t bytes) {
  return AtMost("alive", now.current_bytes, "bytes", bytes);
}

std::string AtMostBlocks(const HeapStats& now, uint64_t blocks) {
  return AtMost("alive", now.current_blocks, "blocks", blocks);
}

std::string PeakAtMost(const HeapStats& now, uint64_t bytes) {
  return AtMost("alive at once", now.max_bytes, "bytes", bytes);
}

std::string NoneAllocated(const HeapStats& before, const HeapStats& now) {
  if (before.total_blocks == now.total_blocks && before.total_bytes == now.total_bytes) return "";
  return fmt::format("allocated since: {}",
                     Difference(now.total_blocks, before.total_blocks, now.total_bytes, before.total_bytes));
}

}  // namespace vestige
