// Cloning with a work list instead of recursion.
//
// A piece of work is a run of equal values to copy. The list is a stack and members are entered last first, so that
// clone functions of scripts run in the order of declaration. Floor 3.

#include "runtime/clone.h"

#include <cstring>

#include "absl/container/inlined_vector.h"
#include "runtime/array.h"
#include "runtime/table.h"
#include "vestige/native.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

struct Run {
  const Type* type;
  char* target;
  const char* source;
  uint64_t count;
};

class Cloner {
 public:
  explicit Cloner(ScriptContext& context) : context_(context) {}

  bool Clone(const Run& run) {
    Add(run);
    while (!work_.empty()) {
      Run& top = work_.back();
      const Run one = {top.type, top.target, top.source, 1};
      if (--top.count == 0) {
        work_.pop_back();
      } else {
        const uint32_t stride = top.type->size();
        top.target += stride;
        top.source += stride;
      }
      if (!CloneOne(one)) return false;
    }
    return true;
  }

 private:
  // What is copied by bits is done at once.
  void Add(Run run) {
    run.type = run.type->unqualified;
    while (run.type->kind == Kind::kFixedArray || run.type->kind == Kind::kDistinct) {
      if (run.type->kind == Kind::kFixedArray) run.count *= run.type->dim;
      run.type = run.type->element->unqualified;
    }
    if (run.count == 0 || run.target == run.source) return;
    if (run.type->traits().clones_by_bits) {
      std::memmove(run.target, run.source, run.count * run.type->size());
    } else {
      work_.push_back(run);
    }
  }

  bool CloneOne(const Run& run) {
    switch (run.type->kind) {
      case Kind::kArray:
        return CloneArray(run);
      case Kind::kTable:
        return CloneTable(run);
      case Kind::kStruct:
        return CloneStruct(run);
      case Kind::kTuple: {
        for (size_t i = run.type->parts.size(); i-- > 0;) AddMember(run, run.type->parts[i], run.type->part_offset(i));
        return true;
      }
      case Kind::kVariant:
        return CloneVariant(run);
      default:
        std::memcpy(run.target, run.source, run.type->size());
        return true;
    }
  }

  void AddMember(const Run& run, const Type* type, uint32_t offset) {
    Add({type, run.target + offset, run.source + offset, 1});
  }

  bool CloneStruct(const Run& run) {
    const types::StructInfo& info = *run.type->struct_info;
    if (info.clone_function != types::kNoFunction) {
      const Argument arguments[] = {Argument::Reference(run.target), Argument::Reference(run.source)};
      return context_.CallFunction(info.clone_function, arguments, nullptr);
    }
    if (info.native != nullptr && info.native->clone != nullptr) {
      info.native->clone(run.target, run.source);
      return true;
    }
    for (size_t i = info.fields.size(); i-- > 0;) AddMember(run, info.fields[i].type, info.fields[i].offset);
    return true;
  }

  bool CloneVariant(const Run& run) {
    int32_t index;
    std::memcpy(&index, run.source, sizeof(index));
    // What lies there belongs to another member, and is no value to clone into.
    if (std::memcmp(run.target, run.source, sizeof(index)) != 0) std::memset(run.target, 0, run.type->size());
    std::memcpy(run.target, &index, sizeof(index));
    const auto member = static_cast<size_t>(index);
    if (member < run.type->parts.size()) AddMember(run, run.type->parts[member], run.type->part_offset(member));
    return true;
  }

  bool CloneArray(const Run& run) {
    auto& target = *reinterpret_cast<Array*>(run.target);
    const auto& source = *reinterpret_cast<const Array*>(run.source);
    const ArrayShape shape = ShapeOfArray(run.type);
    if (!ReserveArray(context_, target, source.size, shape)) return false;
    if (!ResizeArray(context_, target, source.size, shape, true)) return false;
    Add({run.type->element, target.data, source.data, source.size});
    return true;
  }

  // Keys go in one after the other, so that the copy grows and is ordered like any table filled in this order.
  bool CloneTable(const Run& run) {
    auto& target = *reinterpret_cast<Table*>(run.target);
    const auto& source = *reinterpret_cast<const Table*>(run.source);
    const TableShape shape = ShapeOfTable(run.type);
    if (!ClearTable(context_, target, shape)) return false;
    for (uint32_t i = NextLiveSlot(source, shape, 0); i < source.capacity; i = NextLiveSlot(source, shape, i + 1)) {
      if (InsertIntoTable(context_, target, shape, KeyAt(source, shape, i)) == kNoSlot) return false;
    }
    if (shape.value_size == 0) return true;
    for (uint32_t i = source.capacity; i-- > 0;) {
      if (!IsLiveSlot(source, shape, i)) continue;
      const int64_t slot = FindInTable(target, shape, KeyAt(source, shape, i));
      // A key that is not equal to itself (NaN) is not found again.
      if (slot == kNoSlot) continue;
      Add({run.type->element, ValueAt(target, shape, static_cast<uint32_t>(slot)), ValueAt(source, shape, i), 1});
    }
    return true;
  }

  ScriptContext& context_;
  absl::InlinedVector<Run, 8> work_;
};

}  // namespace

bool CloneValue(ScriptContext& context, const Type* type, void* target, const void* source) {
  return Cloner(context).Clone({type, static_cast<char*>(target), static_cast<const char*>(source), 1});
}

}  // namespace vestige::runtime
