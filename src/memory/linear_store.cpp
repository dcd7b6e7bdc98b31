// Carving, finding and marking the blocks of a linear heap. Floor 2.
#include "memory/linear_store.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <new>

#include "memory/tool_marks.h"

namespace vestige::memory {

LinearStore::~LinearStore() {
  while (newest_ != nullptr) {
    Chunk* older = newest_->older;
    ToolWillRelease(newest_->data, newest_->bytes);
    delete newest_;
    newest_ = older;
  }
}

LinearStore::Chunk* LinearStore::MakeChunk(uint64_t at_least, ledger::BirthId first_id) {
  uint64_t bytes = newest_ == nullptr ? first_chunk_bytes_ : std::min(newest_->bytes * 2, kLargestDoubling);
  bytes = (std::max(bytes, at_least) + 15) & ~uint64_t{15};
  if (bytes > kLargestChunk) return nullptr;
  Chunk* chunk = new (std::nothrow) Chunk();
  if (chunk == nullptr) return nullptr;
  chunk->data = static_cast<char*>(std::malloc(bytes));
  if (chunk->data == nullptr) {
    delete chunk;
    return nullptr;
  }
  ToolDidReserve(chunk->data, bytes);
  chunk->bytes = bytes;
  chunk->first_id = first_id;
  chunk->older = newest_;
  (newest_ == nullptr ? oldest_ : newest_->newer) = chunk;
  newest_ = chunk;
  reserved_bytes_ += bytes;
  ++chunk_count_;
  return chunk;
}

LinearStore::Place LinearStore::Allocate(uint64_t requested, uint64_t size, BlockInfo info, ledger::BirthId id) {
  Chunk* chunk = newest_;
  if (chunk == nullptr || chunk->bytes - chunk->used < size ||
      id - chunk->first_id > std::numeric_limits<uint32_t>::max()) {
    chunk = MakeChunk(size, id);
    if (chunk == nullptr) return {};
  }
  const Entry entry{static_cast<uint32_t>(chunk->used / kUnit),
                    info.WithSlack(static_cast<uint32_t>(size - requested)).bits()};
  // Room in all rows first, so that none of them is longer than the others after a refusal.
  if ((tracks_ && !chunk->births.ReserveOne()) || (profiles_ && !chunk->profiles.ReserveOne()) ||
      !chunk->entries.ReserveOne()) {
    return {};
  }
  if (tracks_) chunk->births.PushBack(Birth{ledger::kNoNode, static_cast<uint32_t>(id - chunk->first_id)});
  if (profiles_) chunk->profiles.PushBack({});
  chunk->entries.PushBack(entry);
  ToolDidOpen(chunk->data + chunk->used, size);
  chunk->used += size;
  return {chunk, chunk->entries.size() - 1};
}

LinearStore::Place LinearStore::FindLive(const void* pointer) const {
  const uintptr_t number = reinterpret_cast<uintptr_t>(pointer);
  for (Chunk* chunk = newest_; chunk != nullptr; chunk = chunk->older) {
    const uint64_t offset = number - reinterpret_cast<uintptr_t>(chunk->data);
    if (offset >= chunk->used) continue;
    if (offset % kUnit != 0) return {};
    // The first entry that is not before the pointer.
    size_t low = 0;
    size_t high = chunk->entries.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (chunk->entries[middle].offset < offset / kUnit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == chunk->entries.size() || chunk->entries[low].offset != offset / kUnit) return {};
    const Place place{chunk, low};
    return InfoOf(place).is_dead() ? Place() : place;
  }
  return {};
}

bool LinearStore::Free(Place place) {
  Chunk* chunk = place.chunk;
  ToolDidReserve(PointerOf(place), SizeOf(place));
  if (chunk == newest_ && place.index + 1 == chunk->entries.size()) {
    chunk->used = uint64_t{chunk->entries[place.index].offset} * kUnit;
    chunk->entries.PopBack();
    if (tracks_) chunk->births.PopBack();
    if (profiles_) chunk->profiles.PopBack();
    return true;
  }
  chunk->entries[place.index].info = InfoOf(place).AsDead().bits();
  return false;
}

bool LinearStore::ResizeNewest(Place place, uint64_t requested, uint64_t size) {
  Chunk* chunk = place.chunk;
  if (chunk != newest_ || place.index + 1 != chunk->entries.size()) return false;
  Entry& entry = chunk->entries[place.index];
  const uint64_t start = uint64_t{entry.offset} * kUnit;
  if (chunk->bytes - start < size) return false;
  if (start + size > chunk->used) {
    ToolDidOpen(chunk->data + chunk->used, start + size - chunk->used);
  } else {
    ToolDidReserve(chunk->data + start + size, chunk->used - start - size);
  }
  chunk->used = start + size;
  entry.info = InfoOf(place).WithSlack(static_cast<uint32_t>(size - requested)).bits();
  return true;
}

bool LinearStore::Rename(Place place, BlockInfo info, ledger::BirthId id) {
  const uint64_t step = id - place.chunk->first_id;
  if (step > std::numeric_limits<uint32_t>::max()) return false;
  place.chunk->entries[place.index].info = info.WithSlack(InfoOf(place).slack()).bits();
  if (tracks_) place.chunk->births[place.index].id_step = static_cast<uint32_t>(step);
  return true;
}

uint64_t LinearStore::SizeOf(Place place) const {
  const Chunk* chunk = place.chunk;
  const uint64_t start = uint64_t{chunk->entries[place.index].offset} * kUnit;
  const uint64_t end =
      place.index + 1 < chunk->entries.size() ? uint64_t{chunk->entries[place.index + 1].offset} * kUnit : chunk->used;
  return end - start;
}

ledger::BirthId LinearStore::IdOf(Place place) const {
  return tracks_ ? place.chunk->first_id + place.chunk->births[place.index].id_step : 0;
}

ProfiledRecord LinearStore::RecordOf(Place place) const {
  ProfiledRecord record{};
  record.record.info = InfoOf(place).bits();
  record.record.id = IdOf(place);
  if (tracks_) record.record.node = place.chunk->births[place.index].node;
  if (profiles_) record.birth = place.chunk->profiles[place.index];
  return record;
}

LiveBlock LinearStore::Describe(Place place) const {
  LiveBlock block;
  if (place.chunk == nullptr) return block;
  const BlockInfo info = InfoOf(place);
  block.pointer = PointerOf(place);
  block.size = SizeOf(place);
  block.requested = block.size - info.slack();
  block.id = IdOf(place);
  if (tracks_) block.node = place.chunk->births[place.index].node;
  block.comment = info.comment();
  block.type = info.type();
  block.marked = place.chunk->marks != nullptr && place.chunk->marks[place.index] != 0;
  return block;
}

bool LinearStore::SetComment(Place place, Comment comment) {
  if (place.chunk == nullptr) return false;
  place.chunk->entries[place.index].info = InfoOf(place).WithComment(comment).bits();
  return true;
}

void LinearStore::ForEachLive(absl::FunctionRef<void(const LiveBlock&)> visit) const {
  for (const Chunk* chunk = oldest_; chunk != nullptr; chunk = chunk->newer) ForEachLiveIn(*chunk, visit);
}

void LinearStore::ForEachLiveIn(const Chunk& chunk, absl::FunctionRef<void(const LiveBlock&)> visit) const {
  for (size_t i = 0; i < chunk.entries.size(); ++i) {
    const Place place{const_cast<Chunk*>(&chunk), i};
    if (!InfoOf(place).is_dead()) visit(Describe(place));
  }
}

bool LinearStore::BeginMark() {
  for (Chunk* chunk = newest_; chunk != nullptr; chunk = chunk->older) {
    std::free(chunk->marks);
    chunk->marks = static_cast<uint8_t*>(std::calloc(chunk->entries.size() + 1, 1));
    if (chunk->marks == nullptr) {
      EndMark();
      return false;
    }
  }
  return true;
}

bool LinearStore::Mark(Place place) {
  if (place.chunk == nullptr || place.chunk->marks[place.index] != 0) return false;
  place.chunk->marks[place.index] = 1;
  return true;
}

void LinearStore::EndMark() {
  for (Chunk* chunk = newest_; chunk != nullptr; chunk = chunk->older) {
    std::free(chunk->marks);
    chunk->marks = nullptr;
  }
}

uint64_t LinearStore::tracking_bytes() const {
  uint64_t bytes = 0;
  for (const Chunk* chunk = newest_; chunk != nullptr; chunk = chunk->older) {
    bytes += chunk->births.own_bytes() + chunk->profiles.own_bytes();
  }
  return bytes;
}

void LinearStore::Verify() const {
  const auto require = [](bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "linear heap: %s\n", what);
    std::abort();
  };
  for (const Chunk* chunk = newest_; chunk != nullptr; chunk = chunk->older) {
    require(chunk->used <= chunk->bytes, "a chunk is fuller than it can be");
    require(!tracks_ || chunk->births.size() == chunk->entries.size(), "a block lost its birth");
    uint64_t end = 0;
    for (size_t i = 0; i < chunk->entries.size(); ++i) {
      const Place place{const_cast<Chunk*>(chunk), i};
      require(uint64_t{chunk->entries[i].offset} * kUnit == end, "blocks overlap or leave gaps");
      require(SizeOf(place) > 0, "a block is empty");
      require(i == 0 || !tracks_ || IdOf(place) > IdOf(Place{place.chunk, i - 1}), "ids are out of order");
      end += SizeOf(place);
    }
    require(end == chunk->used, "a chunk's use is not the sum of its blocks");
  }
}

}  // namespace vestige::memory
