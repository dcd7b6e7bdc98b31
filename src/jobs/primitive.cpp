#include "jobs/primitive.h"

#include <cstring>

#include "fmt/format.h"

namespace vestige::jobs {

std::string_view KindName(PrimitiveKind kind) {
  switch (kind) {
    case PrimitiveKind::kJobStatus:
      return "JobStatus";
    case PrimitiveKind::kChannel:
      return "Channel";
    case PrimitiveKind::kLockBox:
      return "LockBox";
    case PrimitiveKind::kStream:
      return "Stream";
    case PrimitiveKind::kSeqBox:
      return "SeqBox";
    case PrimitiveKind::kAtomic32:
      return "Atomic32";
    case PrimitiveKind::kAtomic64:
      break;
  }
  return "Atomic64";
}

std::string Primitive::Describe() const { return fmt::format("{} #{:x}", KindName(kind_), id_); }

void Channel::VisitFeatures(absl::FunctionRef<void(Feature&)> visit) {
  visit(last);
  for (size_t i = 0; i < values.size(); ++i) visit(values[i]);
}

bool SeqBox::Begin(uint32_t* version) {
  *version = version_.load(std::memory_order_acquire);
  return (*version & 1) == 0 &&
         version_.compare_exchange_strong(*version, *version + 1, std::memory_order_acq_rel, std::memory_order_relaxed);
}

bool SeqBox::Publish(const void* value, uint32_t bytes) {
  uint64_t words[kMaxBytes / 8] = {};
  std::memcpy(words, value, bytes);
  uint32_t version;
  if (!Begin(&version)) return false;
  for (size_t i = 0; i < words_.size(); ++i) words_[i].store(words[i], std::memory_order_release);
  size_.store(bytes, std::memory_order_release);
  version_.store(version + 2, std::memory_order_release);
  return true;
}

bool SeqBox::Read(void* value, uint32_t bytes) const {
  while (true) {
    const uint32_t version = version_.load(std::memory_order_acquire);
    if ((version & 1) != 0) continue;
    uint64_t words[kMaxBytes / 8];
    for (size_t i = 0; i < words_.size(); ++i) words[i] = words_[i].load(std::memory_order_acquire);
    const uint32_t size = size_.load(std::memory_order_acquire);
    if (version_.load(std::memory_order_acquire) != version) continue;
    if (size != bytes) return false;
    std::memcpy(value, words, bytes);
    return true;
  }
}

void SeqBox::Clear() {
  uint32_t version;
  while (!Begin(&version)) {
  }
  size_.store(0, std::memory_order_release);
  version_.store(version + 2, std::memory_order_release);
}

}  // namespace vestige::jobs
