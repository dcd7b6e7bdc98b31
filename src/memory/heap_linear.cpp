// The linear model of a heap: what the store keeps, the heap counts. Floor 2.
#include <cstdlib>
#include <cstring>

#include "memory/heap.h"
#include "memory/linear_store.h"

namespace vestige::memory {

void* Heap::AllocateLinear(uint64_t bytes, BlockInfo info) {
  const uint64_t size = RoundUp(bytes);
  const LinearStore::Place place = linear_->Allocate(bytes, size, info, births_.last() + 1);
  if (place.chunk == nullptr) return Refuse(bytes, true);
  if (bytes >= kVeryLargeBlock) ++very_large_count_;
  CountBirth(size);
  if (tracking_) {
    ProfiledRecord record{};
    RecordBirth(&record.record, nullptr, bytes);
    linear_->set_birth(place, record);
  }
  return linear_->PointerOf(place);
}

bool Heap::FreeLinear(void* pointer) {
  const LinearStore::Place place = linear_->FindLive(pointer);
  if (place.chunk == nullptr) return false;
  const uint64_t size = linear_->SizeOf(place);
  const uint64_t requested = size - linear_->InfoOf(place).slack();
  if (tracking_) {
    const ProfiledRecord record = linear_->RecordOf(place);
    TellDeath(&record.record, requested);
  }
  if (requested >= kVeryLargeBlock) --very_large_count_;
  CountDeath(size);
  // A dead block that keeps its place still uses it.
  if (!linear_->Free(place)) {
    live_bytes_ += size;
    dead_bytes_ += size;
  }
  return true;
}

void* Heap::ReallocateLinear(void* pointer, uint64_t new_bytes, BlockInfo info) {
  const LinearStore::Place place = linear_->FindLive(pointer);
  if (place.chunk == nullptr) std::abort();
  const uint64_t old_size = linear_->SizeOf(place);
  const uint64_t new_size = RoundUp(new_bytes);
  const BlockInfo old_info = linear_->InfoOf(place);
  const uint64_t requested = old_size - old_info.slack();
  const ProfiledRecord old_record = linear_->RecordOf(place);
  if (FailsAsPlanned() || (new_size > old_size && live_bytes_ - old_size + new_size > max_bytes_)) {
    return Refuse(new_bytes, false);
  }

  if (linear_->ResizeNewest(place, new_bytes, new_size)) {
    if (tracking_) TellDeath(&old_record.record, requested);
    CountDeath(old_size);
    CountBirth(new_size);
    very_large_count_ += (new_bytes >= kVeryLargeBlock) - (requested >= kVeryLargeBlock);
    linear_->Rename(place, info, births_.last());
    if (tracking_) {
      ProfiledRecord record{};
      RecordBirth(&record.record, nullptr, new_bytes);
      linear_->set_birth(place, record);
    }
    return pointer;
  }
  void* grown = Allocate(new_bytes, info);
  if (grown == nullptr) return nullptr;
  std::memcpy(grown, pointer, requested < new_bytes ? requested : new_bytes);
  FreeLinear(pointer);
  return grown;
}

}  // namespace vestige::memory
