#include "base/address_reserve.h"

#include <sys/mman.h>

namespace vestige::base {

AddressReserve::AddressReserve(size_t bytes) : bytes_(bytes) {
  void* start = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start != MAP_FAILED) start_ = start;
}

void AddressReserve::GiveBack() {
  if (start_ == nullptr) return;
  munmap(start_, bytes_);
  start_ = nullptr;
}

}  // namespace vestige::base
