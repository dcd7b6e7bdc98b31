#include "base/arena.h"

#include <algorithm>

namespace vestige::base {

namespace {
// Chunks grow from the first to the second size, so that a tiny program stays tiny and a large one makes few chunks.
constexpr size_t kFirstChunkBytes = 8 * 1024;
constexpr size_t kLastChunkBytes = 1024 * 1024;
}  // namespace

void* Arena::AllocateSlow(size_t bytes, size_t align) {
  const size_t grown = chunks_.empty() ? kFirstChunkBytes : std::min(kLastChunkBytes, reserved_bytes_);
  const size_t chunk_bytes = std::max(grown, bytes + align);
  chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_bytes));
  reserved_bytes_ += chunk_bytes;
  next_ = reinterpret_cast<uintptr_t>(chunks_.back().get());
  end_ = next_ + chunk_bytes;
  return Allocate(bytes, align);
}

std::string_view Arena::CopyText(std::string_view text) {
  char* copy = static_cast<char*>(Allocate(text.size() + 1, 1));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return {copy, text.size()};
}

}  // namespace vestige::base
