// Which addresses are objects now, asked without a lock.
//
// Open addressing over atomic slots. A slot once used is never empty again, only free, so a reader that looks for what
// is there finds it whatever writers do meanwhile. A table that became too small stays mapped until the set goes, for
// readers that still look at it; together the old ones are smaller than the present one. Only a question about what is
// not there may have to look at every slot, and whoever asks that is about to report a mistake. Floor 2.

#ifndef VESTIGE_MEMORY_LIVE_SET_H_
#define VESTIGE_MEMORY_LIVE_SET_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace vestige::memory {

// One writer at a time, any number of readers.
class LiveSet {
 public:
  LiveSet() = default;
  LiveSet(const LiveSet&) = delete;
  LiveSet& operator=(const LiveSet&) = delete;

  // `address` is not null and not in the set.
  void Insert(const void* address);
  // `address` is in the set.
  void Erase(const void* address);

  bool Contains(const void* address) const {
    const Table* table = table_.load(std::memory_order_acquire);
    const auto number = reinterpret_cast<uintptr_t>(address);
    return number > kFree && table != nullptr && table->Find(number) != nullptr;
  }

 private:
  using Slot = std::atomic<uintptr_t>;
  static constexpr uintptr_t kEmpty = 0;
  static constexpr uintptr_t kFree = 1;
  static constexpr size_t kFirstCapacity = 64;

  struct Table {
    explicit Table(size_t capacity) : mask(capacity - 1), slots(new Slot[capacity]()) {}

    // Where the search for `address` begins. Objects are granules of the host's allocator.
    size_t Start(uintptr_t address) const { return ((address >> 4) * 0x9e3779b97f4a7c15) >> 32 & mask; }
    Slot* Find(uintptr_t address) const {
      const size_t start = Start(address);
      for (size_t i = 0; i <= mask; ++i) {
        Slot& slot = slots[(start + i) & mask];
        const uintptr_t found = slot.load(std::memory_order_relaxed);
        if (found == address) return &slot;
        if (found == kEmpty) return nullptr;
      }
      return nullptr;
    }
    // There is room.
    void Insert(uintptr_t address) {
      size_t at = Start(address);
      while (slots[at & mask].load(std::memory_order_relaxed) > kFree) ++at;
      slots[at & mask].store(address, std::memory_order_relaxed);
    }

    const size_t mask;
    const std::unique_ptr<Slot[]> slots;
  };

  std::atomic<Table*> table_{nullptr};
  std::vector<std::unique_ptr<Table>> tables_;
  size_t count_ = 0;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_LIVE_SET_H_
