// Growing and shrinking blocks. Floor 2.
#include <cstdlib>
#include <cstring>

#include "memory/heap.h"
#include "memory/tool_marks.h"

namespace vestige::memory {

void* Heap::Reallocate(void* pointer, [[maybe_unused]] uint64_t old_bytes, uint64_t new_bytes, BlockInfo info) {
  if (pointer == nullptr) return Allocate(new_bytes, info);
  if (linear_ != nullptr) return ReallocateLinear(pointer, new_bytes, info);
  const Place place = FindLive(pointer);
  // Growing what is not ours cannot be refused sensibly: the caller's container is broken.
  if (place.chunk == nullptr) std::abort();

  const uint64_t requested = place.chunk->requested_bytes(place.slot);
  const uint64_t old_size = RoundUp(requested);
  if (FailsAsPlanned() || new_bytes > kNoLimit / 2 || live_bytes_ - old_size + RoundUp(new_bytes) > max_bytes_) {
    return Refuse(new_bytes, false);
  }
  if (GrowInPlace(place, new_bytes, info)) return pointer;

  // The two blocks are alive together only for the copy, which is no reason to refuse: the old one is taken out of the
  // count meanwhile.
  live_bytes_ -= old_size;
  ++death_count_;
  void* grown = Allocate(new_bytes, info);
  live_bytes_ += old_size;
  --death_count_;
  if (grown == nullptr) {
    refusal_.used = live_bytes_;
    return nullptr;
  }
  std::memcpy(grown, pointer, requested < new_bytes ? requested : new_bytes);
  FreeSlot(place.chunk, place.slot);
  return grown;
}

bool Heap::GrowInPlace(Place place, uint64_t new_bytes, BlockInfo info) {
  Chunk* chunk = place.chunk;
  const uint32_t slot = place.slot;
  const bool is_span = chunk->kind == Chunk::Kind::kSpanStart;
  const bool stays_span = new_bytes > kLargestSlabBlock;
  if (is_span != stays_span || (!is_span && ClassOf(new_bytes) != chunk->size_class)) return false;
  const uint64_t old_bytes = chunk->requested_bytes(slot);
  if (is_span && !segments_.ResizeInPlace(chunk, (new_bytes + kChunkBytes - 1) / kChunkBytes)) return false;

  if (tracking_) TellDeath(chunk->record(slot), old_bytes);
  CountDeath(RoundUp(old_bytes));
  if (chunk->requested != nullptr) {
    chunk->requested[slot] = new_bytes;
  } else {
    info = info.WithSlack(static_cast<uint32_t>(chunk->block_bytes - new_bytes));
  }
  if (is_span) very_large_count_ += (new_bytes >= kVeryLargeBlock) - (old_bytes >= kVeryLargeBlock);
  chunk->set_info(slot, info);
  CountBirth(RoundUp(new_bytes));
  ToolDidResize(chunk->data + size_t{slot} * chunk->block_bytes, old_bytes, new_bytes);
  if (tracking_) RecordBirth(chunk->record(slot), nullptr, new_bytes);
  return true;
}

}  // namespace vestige::memory
