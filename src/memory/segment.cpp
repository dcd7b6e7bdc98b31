// Mapping segments, and handing out chunks and spans of them. Floor 2.
#include "memory/segment.h"

#include <sys/mman.h>

#include <bit>
#include <cstdlib>

namespace vestige::memory {

namespace {

// All chunks but the first, which holds the headers.
constexpr uint32_t kAllChunks = 0xFFFE;
constexpr uint64_t kMostChunksInSegment = kChunksPerSegment - 1;

// Address space at a multiple of kSegmentBytes, or null.
void* MapAligned(uint64_t bytes) {
  constexpr int kProtection = PROT_READ | PROT_WRITE;
  // Without MAP_NORESERVE: what the machine can never have is to be refused now, not when it is touched.
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS;
  // Once the first segment stands aligned, the system usually puts the next one right beside it.
  void* plain = mmap(nullptr, bytes, kProtection, kFlags, -1, 0);
  if (plain == MAP_FAILED) return nullptr;
  if (reinterpret_cast<uintptr_t>(plain) % kSegmentBytes == 0) return plain;
  munmap(plain, bytes);

  const uint64_t wide = bytes + kSegmentBytes;
  plain = mmap(nullptr, wide, kProtection, kFlags, -1, 0);
  if (plain == MAP_FAILED) return nullptr;
  const uintptr_t start = reinterpret_cast<uintptr_t>(plain);
  const uintptr_t aligned = (start + kSegmentBytes - 1) & ~uintptr_t{kSegmentBytes - 1};
  if (aligned != start) munmap(plain, aligned - start);
  const uintptr_t end = aligned + bytes;
  if (end != start + wide) munmap(reinterpret_cast<void*>(end), start + wide - end);
  return reinterpret_cast<void*>(aligned);
}

// Lowest bit that starts a run of `count` ones; 32 when there is none.
uint32_t FindRun(uint32_t bits, uint32_t count) {
  for (uint32_t have = 1; have < count && bits != 0; ++have) bits &= bits >> 1;
  return static_cast<uint32_t>(std::countr_zero(bits));
}

uint32_t RunMask(uint32_t first, uint32_t count) { return ((1u << count) - 1) << first; }

uint32_t IndexOf(const Segment* segment, const Chunk* chunk) { return static_cast<uint32_t>(chunk - segment->chunks); }

Segment* SegmentOf(const Chunk* chunk) {
  return reinterpret_cast<Segment*>(reinterpret_cast<uintptr_t>(chunk) & ~uintptr_t{kSegmentBytes - 1});
}

bool IsOversized(const Segment* segment) { return segment->mapped_bytes > kSegmentBytes; }

void MarkRest(Segment* segment, uint32_t first, uint32_t count) {
  for (uint32_t i = first; i < first + count; ++i) segment->chunks[i].kind = Chunk::Kind::kSpanRest;
}

}  // namespace

SegmentStore::~SegmentStore() {
  for (Segment* segment = first_; segment != nullptr;) {
    Segment* next = segment->next;
    munmap(segment, segment->mapped_bytes);
    segment = next;
  }
  std::free(known_storage_);
}

bool SegmentStore::FindSlow(uintptr_t base) const {
  for (uintptr_t slot = base / kSegmentBytes;; ++slot) {
    const uintptr_t entry = known_[slot & known_mask_];
    if (entry == base) return true;
    if (entry == kNothing) return false;
  }
}

bool SegmentStore::Remember(Segment* segment) {
  // At most half full, so that a probe for a foreign address ends soon.
  const uintptr_t size = known_storage_ == nullptr ? 0 : known_mask_ + 1;
  if ((segment_count_ + 1) * 2 > size) {
    const uintptr_t new_size = size == 0 ? 8 : size * 2;
    auto* table = static_cast<uintptr_t*>(std::malloc(new_size * sizeof(uintptr_t)));
    if (table == nullptr) return false;
    for (uintptr_t i = 0; i < new_size; ++i) table[i] = kNothing;
    for (Segment* s = first_; s != nullptr; s = s->next) {
      uintptr_t slot = reinterpret_cast<uintptr_t>(s) / kSegmentBytes;
      while (table[slot & (new_size - 1)] != kNothing) ++slot;
      table[slot & (new_size - 1)] = reinterpret_cast<uintptr_t>(s);
    }
    std::free(known_storage_);
    known_ = known_storage_ = table;
    known_mask_ = new_size - 1;
  }
  uintptr_t slot = reinterpret_cast<uintptr_t>(segment) / kSegmentBytes;
  while (known_storage_[slot & known_mask_] != kNothing) ++slot;
  known_storage_[slot & known_mask_] = reinterpret_cast<uintptr_t>(segment);
  ++segment_count_;
  return true;
}

void SegmentStore::Forget(Segment* segment) {
  uintptr_t hole = reinterpret_cast<uintptr_t>(segment) / kSegmentBytes;
  while (known_storage_[hole & known_mask_] != reinterpret_cast<uintptr_t>(segment)) ++hole;
  // Linear probing without tombstones: whatever comes after the hole and may move into it does.
  for (uintptr_t slot = hole + 1;; ++slot) {
    const uintptr_t entry = known_storage_[slot & known_mask_];
    if (entry == kNothing) break;
    const uintptr_t home = entry / kSegmentBytes;
    if (((slot - home) & known_mask_) < ((slot - hole) & known_mask_)) continue;
    known_storage_[hole & known_mask_] = entry;
    hole = slot;
  }
  known_storage_[hole & known_mask_] = kNothing;
  --segment_count_;
}

Segment* SegmentStore::MapSegment(uint64_t bytes) {
  void* memory = MapAligned(bytes);
  if (memory == nullptr) return nullptr;
  // Fresh pages are zero, which is what an unused header is.
  Segment* segment = static_cast<Segment*>(memory);
  segment->mapped_bytes = bytes;
  segment->free_chunks = kAllChunks;
  segment->ordinal = next_ordinal_;
  if (!Remember(segment)) {
    munmap(memory, bytes);
    return nullptr;
  }
  ++next_ordinal_;
  segment->previous = last_;
  (last_ == nullptr ? first_ : last_->next) = segment;
  last_ = segment;
  mapped_bytes_ += bytes;
  return segment;
}

void SegmentStore::Unmap(Segment* segment) {
  for (Segment*& hint : hints_) {
    if (hint == segment) hint = segment->next;
  }
  (segment->previous == nullptr ? first_ : segment->previous->next) = segment->next;
  (segment->next == nullptr ? last_ : segment->next->previous) = segment->previous;
  Forget(segment);
  mapped_bytes_ -= segment->mapped_bytes;
  munmap(segment, segment->mapped_bytes);
}

Chunk* SegmentStore::TakeFrom(Segment* segment, uint32_t first, uint32_t count) {
  if (segment->free_chunks == kAllChunks && idle_count_ > 0) --idle_count_;
  segment->free_chunks &= ~RunMask(first, count);
  MarkRest(segment, first, count);
  Chunk* chunk = &segment->chunks[first];
  chunk->data = segment->chunk_data(first);
  chunk->span_chunks = count;
  taken_bytes_ += count * kChunkBytes;
  return chunk;
}

Chunk* SegmentStore::Take(uint64_t count) {
  if (count > kMostChunksInSegment) {
    const uint64_t bytes = (kChunkBytes * (count + 1) + kSegmentBytes - 1) & ~(kSegmentBytes - 1);
    Segment* segment = MapSegment(bytes);
    if (segment == nullptr) return nullptr;
    segment->free_chunks = 0;
    MarkRest(segment, 1, kMostChunksInSegment);
    Chunk* chunk = &segment->chunks[1];
    chunk->data = segment->chunk_data(1);
    chunk->span_chunks = static_cast<uint32_t>(count);
    taken_bytes_ += count * kChunkBytes;
    return chunk;
  }
  const uint32_t run = static_cast<uint32_t>(count);
  for (Segment* segment = hints_[run]; segment != nullptr; segment = segment->next) {
    hints_[run] = segment;
    const uint32_t first = FindRun(segment->free_chunks, run);
    if (first < 32) return TakeFrom(segment, first, run);
  }
  hints_[run] = nullptr;
  Segment* segment = MapSegment(kSegmentBytes);
  if (segment == nullptr) return nullptr;
  for (Segment*& hint : hints_) {
    if (hint == nullptr) hint = segment;
  }
  return TakeFrom(segment, 1, run);
}

void SegmentStore::GiveBack(Chunk* chunk) {
  Segment* segment = SegmentOf(chunk);
  taken_bytes_ -= chunk->span_chunks * kChunkBytes;
  if (IsOversized(segment)) {
    Unmap(segment);
    return;
  }
  const uint32_t first = IndexOf(segment, chunk);
  const uint32_t count = chunk->span_chunks;
  for (uint32_t i = first; i < first + count; ++i) {
    segment->chunks[i].kind = Chunk::Kind::kFree;
    segment->chunks[i].block_bytes = 0;
    segment->chunks[i].data_bytes = 0;
  }
  segment->free_chunks |= RunMask(first, count);
  if (segment->free_chunks == kAllChunks) {
    if (idle_count_ > 0) {
      Unmap(segment);
      return;
    }
    ++idle_count_;
  }
  for (Segment*& hint : hints_) {
    if (hint == nullptr || segment->ordinal < hint->ordinal) hint = segment;
  }
}

bool SegmentStore::ResizeInPlace(Chunk* chunk, uint64_t count) {
  Segment* segment = SegmentOf(chunk);
  const uint32_t have = chunk->span_chunks;
  if (IsOversized(segment)) {
    // Shrinking below half gives the memory back by moving.
    if (kChunkBytes * (count + 1) > segment->mapped_bytes || count * 2 < have) return false;
  } else {
    const uint32_t first = IndexOf(segment, chunk);
    if (first + count > kChunksPerSegment) return false;
    const uint32_t want = static_cast<uint32_t>(count);
    if (want > have) {
      const uint32_t more = RunMask(first + have, want - have);
      if ((segment->free_chunks & more) != more) return false;
      segment->free_chunks &= ~more;
      MarkRest(segment, first + have, want - have);
    } else if (want < have) {
      for (uint32_t i = first + want; i < first + have; ++i) segment->chunks[i].kind = Chunk::Kind::kFree;
      segment->free_chunks |= RunMask(first + want, have - want);
      for (Segment*& hint : hints_) {
        if (hint == nullptr || segment->ordinal < hint->ordinal) hint = segment;
      }
    }
  }
  taken_bytes_ = taken_bytes_ - have * kChunkBytes + count * kChunkBytes;
  chunk->span_chunks = static_cast<uint32_t>(count);
  return true;
}

}  // namespace vestige::memory
