// What jobs talk and wait through: statuses, channels, boxes, streams and atomics.
//
// Scripts hold them by pointer, and say themselves who holds how many references; Account (account.h) makes them and
// frees them with the last one. Members below the mutex's line are guarded by it. Floor 3.

#ifndef VESTIGE_JOBS_PRIMITIVE_H_
#define VESTIGE_JOBS_PRIMITIVE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"
#include "jobs/waiting.h"
#include "types/type.h"
#include "vestige/findings.h"

namespace vestige::jobs {

enum class PrimitiveKind : uint8_t { kJobStatus, kChannel, kLockBox, kStream, kSeqBox, kAtomic32, kAtomic64 };

// "JobStatus", "Channel", ...
std::string_view KindName(PrimitiveKind kind);

// Where something came into being.
struct Origin {
  Place place;
  std::string lane;  // of who made it
  Birthplace stack;  // zeros while nobody records stacks
};

// One queued or stored value, in memory of its own (runtime/parcel.h). Without a block it is an empty place for one,
// which a channel and a box have from birth.
struct Feature {
  uint64_t id = 0;
  uint64_t owner = 0;  // id of the primitive; zero while empty
  std::unique_ptr<uint64_t[]> block;
  uint64_t bytes = 0;                 // of the block
  const types::Type* type = nullptr;  // of the value; the program's
  base::Location sent_at;             // in the program
  std::string from;                   // lane of who sent it
  // Set when the program ends before the value, instead of what refers to it.
  struct Spelled {
    std::string type_name;
    Place place;
  };
  std::unique_ptr<Spelled> spelled;
};

// First in, first out. Values are added to one vector and taken out of another one, and the two change places, so that
// nothing is allocated while a channel's mutex is held, unless the queue grows.
class FeatureQueue {
 public:
  bool empty() const { return size() == 0; }
  size_t size() const { return old_.size() - taken_ + new_.size(); }
  // The oldest one is number 0.
  Feature& operator[](size_t index) {
    const size_t old = old_.size() - taken_;
    return index < old ? old_[taken_ + index] : new_[index - old];
  }
  void Add(Feature feature) { new_.push_back(std::move(feature)); }
  // The oldest one; there is one.
  Feature Take() {
    if (taken_ == old_.size()) {
      old_.clear();
      // What a long queue took is given back.
      if (old_.capacity() > kMostKept) old_.shrink_to_fit();
      old_.swap(new_);
      taken_ = 0;
    }
    return std::move(old_[taken_++]);
  }

 private:
  static constexpr size_t kMostKept = 1024;

  std::vector<Feature> old_;
  size_t taken_ = 0;
  std::vector<Feature> new_;
};

class Primitive : public Waitable {
 public:
  Primitive(PrimitiveKind kind, uint64_t id) : kind_(kind), id_(id) {}

  PrimitiveKind kind() const { return kind_; }
  uint64_t id() const { return id_; }
  const Origin& origin() const { return origin_; }
  bool is_live() const { return is_live_.load(std::memory_order_acquire); }
  int32_t references() const { return references_.load(std::memory_order_acquire); }
  std::string Describe() const override;

  // How many notifications are missing until it is ready.
  int32_t remaining = 0;

 protected:
  friend class Account;
  // What it holds is freed; it waits to be reused as memory.
  virtual void Empty() {}
  // Every place for a value, used or not.
  virtual void VisitFeatures(absl::FunctionRef<void(Feature&)>) {}

 private:
  const PrimitiveKind kind_;
  const uint64_t id_;
  Origin origin_;
  std::atomic<int32_t> references_{0};
  std::atomic<bool> is_live_{true};
  // A with_* scope has it and ends its life, whatever the count says until then.
  bool is_scoped_ = false;
};

class JobStatus final : public Primitive {
 public:
  static constexpr PrimitiveKind kKind = PrimitiveKind::kJobStatus;
  explicit JobStatus(uint64_t id) : Primitive(kKind, id) {}
};

class Channel final : public Primitive {
 public:
  static constexpr PrimitiveKind kKind = PrimitiveKind::kChannel;
  explicit Channel(uint64_t id) : Primitive(kKind, id) {}

  FeatureQueue values;
  Feature last;  // the place of the value that was taken last

 private:
  void Empty() override { values = {}; }
  void VisitFeatures(absl::FunctionRef<void(Feature&)> visit) override;
};

class LockBox final : public Primitive {
 public:
  static constexpr PrimitiveKind kKind = PrimitiveKind::kLockBox;
  explicit LockBox(uint64_t id) : Primitive(kKind, id) {}

  Feature value;
  bool is_locked = false;  // somebody looks at the value

 private:
  void Empty() override { value.block.reset(); }
  void VisitFeatures(absl::FunctionRef<void(Feature&)> visit) override { visit(value); }
};

class Stream final : public Primitive {
 public:
  static constexpr PrimitiveKind kKind = PrimitiveKind::kStream;
  explicit Stream(uint64_t id) : Primitive(kKind, id) {}

  std::deque<std::vector<uint8_t>> messages;

 private:
  void Empty() override { std::deque<std::vector<uint8_t>>().swap(messages); }
};

// The latest of some bytes. Nobody waits for anybody: a writer that finds another one at work gives up, a reader tries
// again.
class SeqBox final : public Primitive {
 public:
  static constexpr PrimitiveKind kKind = PrimitiveKind::kSeqBox;
  static constexpr uint32_t kMaxBytes = 64;
  explicit SeqBox(uint64_t id) : Primitive(kKind, id) {}

  // False: another writer was at work.
  bool Publish(const void* value, uint32_t bytes);
  // False: there is nothing, or something of another size.
  bool Read(void* value, uint32_t bytes) const;
  void Clear();
  bool has_value() const { return size_.load(std::memory_order_acquire) != 0; }

 private:
  bool Begin(uint32_t* version);

  std::atomic<uint32_t> version_{0};  // odd while somebody writes
  std::atomic<uint32_t> size_{0};
  std::array<std::atomic<uint64_t>, kMaxBytes / 8> words_ = {};
};

template <typename T, PrimitiveKind the_kind>
class AtomicNumber final : public Primitive {
 public:
  static constexpr PrimitiveKind kKind = the_kind;
  explicit AtomicNumber(uint64_t id) : Primitive(kKind, id) {}

  std::atomic<T> value{0};
};

using Atomic32 = AtomicNumber<int32_t, PrimitiveKind::kAtomic32>;
using Atomic64 = AtomicNumber<int64_t, PrimitiveKind::kAtomic64>;

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_PRIMITIVE_H_
