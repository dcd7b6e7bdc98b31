// Blocks of a linear heap: bump chunks, each with a list of what was carved from it.
//
// Only the newest block is really freed; another one that dies keeps its place and is only marked dead. Chunks double
// in size. Entries are in order of address and of birth at once, so a pointer is found by bisection and nothing maps
// addresses. Floor 2, part of Heap; counting is the heap's.

#ifndef VESTIGE_MEMORY_LINEAR_STORE_H_
#define VESTIGE_MEMORY_LINEAR_STORE_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include "absl/functional/function_ref.h"
#include "memory/block.h"
#include "memory/segment.h"

namespace vestige::memory {

// Items in a row that grow by doubling and report the system's refusal instead of ending the process.
template <typename T>
class GrowingRow {
 public:
  static_assert(std::is_trivially_copyable_v<T>);
  GrowingRow() = default;
  ~GrowingRow() { std::free(items_); }
  GrowingRow(const GrowingRow&) = delete;
  GrowingRow& operator=(const GrowingRow&) = delete;

  // False when the system refuses.
  bool PushBack(T item) {
    if (!ReserveOne()) return false;
    items_[size_++] = item;
    return true;
  }
  bool Reserve(size_t capacity) {
    if (capacity <= capacity_) return true;
    void* grown = std::realloc(static_cast<void*>(items_), capacity * sizeof(T));
    if (grown == nullptr) return false;
    items_ = static_cast<T*>(grown);
    capacity_ = capacity;
    return true;
  }
  // Room for one more; then PushBack succeeds.
  bool ReserveOne() { return size_ < capacity_ || Reserve(capacity_ == 0 ? 64 : capacity_ * 2); }
  void PopBack() { --size_; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return items_[i]; }
  const T& operator[](size_t i) const { return items_[i]; }
  size_t own_bytes() const { return capacity_ * sizeof(T); }

 private:
  T* items_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

class LinearStore {
 public:
  // What is kept of a block, tracked or not. Its end is where the next one starts.
  struct Entry {
    // In kUnit bytes from the chunk's start.
    uint32_t offset;
    uint32_t info;
  };
  // What tracking adds. `id_step` counts from the chunk's first id.
  struct Birth {
    ledger::NodeId node;
    uint32_t id_step;
  };
  struct Chunk {
    char* data = nullptr;
    uint64_t bytes = 0;
    uint64_t used = 0;
    ledger::BirthId first_id = 0;
    GrowingRow<Entry> entries;
    GrowingRow<Birth> births;
    // What a profile adds.
    GrowingRow<ProfileBirth> profiles;
    // One byte per entry while marks are valid, else null.
    uint8_t* marks = nullptr;
    Chunk* older = nullptr;
    Chunk* newer = nullptr;

    ~Chunk() {
      std::free(marks);
      std::free(data);
    }
  };
  // One block; chunk is null for "no live block".
  struct Place {
    Chunk* chunk = nullptr;
    size_t index = 0;
  };

  // `profiles` implies `tracks`.
  LinearStore(uint64_t first_chunk_bytes, bool tracks, bool profiles = false)
      : first_chunk_bytes_(first_chunk_bytes == 0 ? kDefaultChunk : first_chunk_bytes),
        tracks_(tracks),
        profiles_(profiles) {}
  ~LinearStore();
  LinearStore(const LinearStore&) = delete;
  LinearStore& operator=(const LinearStore&) = delete;

  // Room for `size` bytes, a multiple of the granule, of which `requested` are asked for. The place's chunk is null
  // when the system refuses. `id` is the birth's.
  Place Allocate(uint64_t requested, uint64_t size, BlockInfo info, ledger::BirthId id);
  // The live block that starts at `pointer`.
  Place FindLive(const void* pointer) const;
  // The block is gone. True when its room can be used again, which only the newest block's can.
  bool Free(Place place);
  // Whether the newest block may become `size` bytes; then it is.
  bool ResizeNewest(Place place, uint64_t requested, uint64_t size);

  char* PointerOf(Place place) const {
    return place.chunk->data + uint64_t{place.chunk->entries[place.index].offset} * kUnit;
  }
  uint64_t SizeOf(Place place) const;
  BlockInfo InfoOf(Place place) const { return BlockInfo::FromBits(place.chunk->entries[place.index].info); }
  // Node and, if kept, the profile's birth; the id is there already.
  void set_birth(Place place, const ProfiledRecord& record) {
    place.chunk->births[place.index].node = record.record.node;
    if (profiles_) place.chunk->profiles[place.index] = record.birth;
  }
  // What tracking keeps of the block; zeros when it does not.
  ProfiledRecord RecordOf(Place place) const;
  ledger::BirthId IdOf(Place place) const;
  // Empty for a null place.
  LiveBlock Describe(Place place) const;
  bool SetComment(Place place, Comment comment);
  // The block starts a new life with another id.
  bool Rename(Place place, BlockInfo info, ledger::BirthId id);

  void ForEachLive(absl::FunctionRef<void(const LiveBlock&)> visit) const;
  void ForEachLiveIn(const Chunk& chunk, absl::FunctionRef<void(const LiveBlock&)> visit) const;

  bool BeginMark();
  bool Mark(Place place);
  void EndMark();

  const Chunk* newest() const { return newest_; }
  uint64_t reserved_bytes() const { return reserved_bytes_; }
  uint32_t chunk_count() const { return chunk_count_; }
  uint64_t tracking_bytes() const;
  // Aborts when entries and chunks do not agree.
  void Verify() const;

 private:
  static constexpr uint64_t kUnit = 4;
  static constexpr uint64_t kDefaultChunk = 64 * 1024;
  // Offsets in units have 32 bits.
  static constexpr uint64_t kLargestChunk = kUnit << 32;
  // Doubling stops here.
  static constexpr uint64_t kLargestDoubling = uint64_t{1} << 28;

  Chunk* MakeChunk(uint64_t at_least, ledger::BirthId first_id);

  Chunk* newest_ = nullptr;
  Chunk* oldest_ = nullptr;
  uint64_t first_chunk_bytes_;
  uint64_t reserved_bytes_ = 0;
  uint32_t chunk_count_ = 0;
  bool tracks_;
  bool profiles_;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_LINEAR_STORE_H_
