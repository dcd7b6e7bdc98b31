#include "runtime/parcel.h"

#include <atomic>
#include <cstring>

#include "absl/container/inlined_vector.h"
#include "base/load.h"
#include "runtime/array.h"
#include "runtime/string.h"
#include "runtime/table.h"
#include "vestige/native.h"

namespace vestige::runtime {

namespace {

using types::Kind;
using types::Type;

// `count` values of `type`. The target is where they were copied to, pointers and all; null while sizes are added up.
struct PackRun {
  const Type* type;
  const char* source;
  char* target;
  uint64_t count;
};

// Copies values with containers inside, which are whole words. Those of shared variables have counts of locks that
// other threads are changing (lock.h).
void CopyWords(void* target, const void* source, uint64_t bytes) {
  const auto* words = static_cast<const uint64_t*>(source);
  for (uint64_t i = 0; i < bytes / 8; ++i) {
    const std::atomic_ref<uint64_t> word(const_cast<uint64_t&>(words[i]));
    const uint64_t value = word.load(std::memory_order_relaxed);
    std::memcpy(static_cast<char*>(target) + i * 8, &value, 8);
  }
}

template <typename Container>
Container LoadHeader(const char* address) {
  Container header;
  CopyWords(&header, address, sizeof(header));
  return header;
}

// Walks a value twice: to measure the block, and to fill it. Both walks are the same, so the places are.
class Packer {
 public:
  explicit Packer(ScriptContext& context) : context_(context) {}

  bool Pack(const Type* type, const void* source, Parcel* parcel) {
    if (!Walk(type, source)) return false;
    parcel->bytes = used_;
    parcel->block = std::make_unique_for_overwrite<uint64_t[]>((used_ + 7) / 8);
    block_ = reinterpret_cast<char*>(parcel->block.get());
    used_ = 0;
    return Walk(type, source);
  }

 private:
  bool Walk(const Type* type, const void* source) {
    Copy(type, static_cast<const char*>(source), 1);
    while (!work_.empty()) {
      const PackRun run = work_.back();
      work_.pop_back();
      if (!Visit(run)) return false;
    }
    return true;
  }

  // Copies the bits of values to the end of the block, and sees to what they refer to later.
  char* Copy(const Type* type, const char* source, uint64_t count) {
    char* target = Take(source, count * type->size(), 16, !type->traits().can_copy);
    Add({type, source, target, count});
    return target;
  }

  char* Take(const char* source, uint64_t bytes, uint64_t alignment, bool has_containers = false) {
    used_ = (used_ + alignment - 1) & ~(alignment - 1);
    char* target = block_ == nullptr ? nullptr : block_ + used_;
    used_ += bytes;
    if (target == nullptr || bytes == 0) return target;
    const uint64_t odd = (reinterpret_cast<uintptr_t>(source) | bytes) % 8;
    if (has_containers && odd == 0) {
      CopyWords(target, source, bytes);
    } else {
      std::memcpy(target, source, bytes);
    }
    return target;
  }

  void Add(PackRun run) {
    run.type = run.type->unqualified;
    while (run.type->kind == Kind::kFixedArray) {
      run.count *= run.type->dim;
      run.type = run.type->element->unqualified;
    }
    const types::Traits& traits = run.type->traits();
    if (run.count != 0 && !(traits.is_pod && traits.clones_by_bits)) work_.push_back(run);
  }

  bool Visit(PackRun run) {
    if (run.count > 1) {
      const uint32_t stride = run.type->size();
      work_.push_back(
          {run.type, run.source + stride, run.target == nullptr ? nullptr : run.target + stride, run.count - 1});
    }
    switch (run.type->kind) {
      case Kind::kString:
        PackString(run.source, run.target);
        return true;
      case Kind::kArray:
        PackArray(run);
        return true;
      case Kind::kTable:
        PackTable(run);
        return true;
      case Kind::kStruct:
        return PackStruct(run);
      case Kind::kTuple:
        for (size_t i = 0; i < run.type->parts.size(); ++i)
          AddMember(run, run.type->parts[i], run.type->part_offset(i));
        return true;
      case Kind::kVariant:
        return PackVariant(run);
      case Kind::kLambda:
      case Kind::kIterator:
      case Kind::kBlock:
        if (base::Load<const void*>(run.source) == nullptr) return true;
        return context_.Panic("a lambda, iterator or block belongs to its context and can't go to another one");
      case Kind::kPointer:
        if (!run.type->is_smart_pointer() || base::Load<const void*>(run.source) == nullptr) return true;
        return context_.Panic("an object behind a smart pointer belongs to its thread and can't go to another one");
      default:
        return true;
    }
  }

  void AddMember(const PackRun& run, const Type* type, uint32_t offset) {
    Add({type, run.source + offset, run.target == nullptr ? nullptr : run.target + offset, 1});
  }

  void PackString(const char* source, char* target) {
    const auto* text = base::Load<const char*>(source);
    if (text == nullptr) return;
    const char* copy = Take(text, StringLength(text) + 1, 1);
    if (target != nullptr) std::memcpy(target, &copy, sizeof(copy));
  }

  void PackArray(const PackRun& run) {
    auto array = LoadHeader<Array>(run.source);
    array.data = array.size == 0 ? nullptr : Copy(run.type->element, array.data, array.size);
    array.capacity = array.size;
    array.lock = 0;
    array.flags = kArrayBorrowed;
    if (run.target != nullptr) std::memcpy(run.target, &array, sizeof(array));
  }

  // The buffer is copied slot by slot, so keys keep their places.
  void PackTable(const PackRun& run) {
    const auto source = LoadHeader<Table>(run.source);
    const TableShape shape = ShapeOfTable(run.type);
    Table table = source;
    table.lock = 0;
    table.flags = 0;
    if (source.capacity != 0) {
      table.data =
          Take(source.data, uint64_t{source.capacity} * shape.value_size, 16, !run.type->element->traits().can_copy);
      table.keys = Take(source.keys, uint64_t{source.capacity} * shape.key_size, 16);
      table.marks = Take(source.marks, source.capacity * shape.MarkBytes(source.capacity), 8);
      for (uint32_t i = NextLiveSlot(source, shape, 0); i < source.capacity; i = NextLiveSlot(source, shape, i + 1)) {
        char* value = table.data == nullptr ? nullptr : ValueAt(table, shape, i);
        if (shape.is_string_keyed) {
          PackString(KeyAt(source, shape, i), table.keys == nullptr ? nullptr : KeyAt(table, shape, i));
        }
        if (run.type->element->kind != Kind::kVoid) Add({run.type->element, ValueAt(source, shape, i), value, 1});
      }
    }
    if (run.target != nullptr) std::memcpy(run.target, &table, sizeof(table));
  }

  bool PackStruct(const PackRun& run) {
    const types::StructInfo& info = *run.type->struct_info;
    if (info.native != nullptr && (info.native->destroy != nullptr || !info.native->can_copy)) {
      return context_.PanicF("a value of type {} belongs to the host and can't go to another context",
                             info.name.text());
    }
    for (const types::Field& field : info.fields) AddMember(run, field.type, field.offset);
    return true;
  }

  bool PackVariant(const PackRun& run) {
    const auto member = static_cast<size_t>(base::Load<int32_t>(run.source));
    if (member < run.type->parts.size()) AddMember(run, run.type->parts[member], run.type->part_offset(member));
    return true;
  }

  ScriptContext& context_;
  char* block_ = nullptr;
  uint64_t used_ = 0;
  absl::InlinedVector<PackRun, 8> work_;
};

}  // namespace

bool Pack(ScriptContext& context, const Type* type, const void* source, Parcel* parcel) {
  return Packer(context).Pack(type->unqualified, source, parcel);
}

}  // namespace vestige::runtime
