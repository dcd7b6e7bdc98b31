// Cloning with a work list instead of recursion.
//
// A piece of work is a run of equal values to copy. The list is a stack and members are entered last first, so that
// clone functions of scripts run in the order of declaration. Such a function may reach the containers that are being
// copied, so both stay locked until their elements are done. Floor 3.

#include "runtime/clone.h"

#include <cstring>

#include "absl/container/inlined_vector.h"
#include "base/load.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/counted.h"
#include "runtime/finalize.h"
#include "runtime/holders.h"
#include "runtime/lock.h"
#include "runtime/string.h"
#include "runtime/table.h"
#include "vestige/native.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

// None of something: the locks taken last end here.
struct CloneRun {
  const Type* type;
  char* target;
  const char* source;
  uint64_t count;
};

// A container of `type` that is locked, and its buffer at that time.
struct Held {
  const Type* type;
  void* container;
  const void* buffer;
};

class Cloner {
 public:
  explicit Cloner(ScriptContext& context) : context_(context) {}
  // Across contexts.
  Cloner(ScriptContext& context, std::vector<char*>* strings) : context_(context), across_(true), strings_(strings) {}
  ~Cloner() {
    while (!held_.empty()) EndHold();
  }
  Cloner(const Cloner&) = delete;
  Cloner& operator=(const Cloner&) = delete;

  bool Clone(const CloneRun& run) {
    Add(run);
    while (!work_.empty()) {
      CloneRun& top = work_.back();
      if (top.count == 0) {
        work_.pop_back();
        const bool source_is_same = EndHold();
        if (!EndHold() || !source_is_same) return false;
        continue;
      }
      const CloneRun one = {top.type, top.target, top.source, 1};
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
  // Until the elements that are entered next are copied, neither container changes.
  void Hold(const CloneRun& run) {
    BeginHold(run.type, run.target);
    BeginHold(run.type, const_cast<char*>(run.source));
    work_.push_back({run.type, nullptr, nullptr, 0});
  }
  void BeginHold(const Type* type, char* container) {
    if (type->kind == Kind::kArray) {
      auto& array = *reinterpret_cast<Array*>(container);
      held_.push_back({type, container, array.data});
      Lock(array);
    } else {
      auto& table = *reinterpret_cast<Table*>(container);
      held_.push_back({type, container, table.data});
      Lock(table);
    }
  }
  // The last one. False after a panic, because it is another container by now.
  bool EndHold() {
    const Held held = held_.back();
    held_.pop_back();
    if (held.type->kind == Kind::kArray) {
      auto& array = *static_cast<Array*>(held.container);
      return Unlock(array, held.buffer) || PanicModified(context_, array);
    }
    auto& table = *static_cast<Table*>(held.container);
    return Unlock(table, held.buffer) || PanicModified(context_, table);
  }

  bool IsBits(const Type* type) const {
    const types::Traits& traits = type->traits();
    return traits.clones_by_bits && (!across_ || traits.is_pod);
  }

  // What is copied by bits is done at once.
  void Add(CloneRun run) {
    run.type = run.type->unqualified;
    while (run.type->kind == Kind::kFixedArray || run.type->kind == Kind::kDistinct) {
      if (run.type->kind == Kind::kFixedArray) run.count *= run.type->dim;
      run.type = run.type->element->unqualified;
    }
    if (run.count == 0 || run.target == run.source) return;
    if (IsBits(run.type)) {
      std::memmove(run.target, run.source, run.count * run.type->size());
    } else {
      work_.push_back(run);
    }
  }

  bool CloneOne(const CloneRun& run) {
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
      case Kind::kPointer:
        if (run.type->is_smart_pointer()) return CloneCounted(context_, run.type, run.target, run.source);
        [[fallthrough]];
      default:
        return across_ ? CloneAcross(run) : CopyBits(run);
    }
  }

  static bool CopyBits(const CloneRun& run) {
    std::memcpy(run.target, run.source, run.type->size());
    return true;
  }

  // Something that is no container.
  bool CloneAcross(const CloneRun& run) {
    const auto source = base::Load<const char*>(run.source);
    switch (run.type->kind) {
      case Kind::kString:
        CloneText(run.target, run.source);
        return !context_.has_panic();
      case Kind::kLambda:
      case Kind::kIterator:
      case Kind::kBlock:
        if (source == nullptr) return CopyBits(run);
        return context_.Panic("a lambda, iterator or block belongs to its context and can't go to another one");
      default:
        return CopyBits(run);
    }
  }
  void CloneText(void* target, const void* source) {
    char* text = MakeString(context_, TextOf(base::Load<const char*>(source)));
    if (text != nullptr && strings_ != nullptr) strings_->push_back(text);
    std::memcpy(target, &text, sizeof(text));
  }

  void AddMember(const CloneRun& run, const Type* type, uint32_t offset) {
    Add({type, run.target + offset, run.source + offset, 1});
  }

  bool CloneStruct(const CloneRun& run) {
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

  bool CloneVariant(const CloneRun& run) {
    int32_t index;
    std::memcpy(&index, run.source, sizeof(index));
    // What lies there belongs to another member, and is no value to clone into.
    if (std::memcmp(run.target, run.source, sizeof(index)) != 0) std::memset(run.target, 0, run.type->size());
    std::memcpy(run.target, &index, sizeof(index));
    const auto member = static_cast<size_t>(index);
    if (member < run.type->parts.size()) AddMember(run, run.type->parts[member], run.type->part_offset(member));
    return true;
  }

  bool CloneArray(const CloneRun& run) {
    auto& target = *reinterpret_cast<Array*>(run.target);
    const auto& source = *reinterpret_cast<const Array*>(run.source);
    if (!MakeRoom(target, source, ShapeOfArray(run.type))) return false;
    if (!run.type->element->traits().clones_by_bits) Hold(run);
    Add({run.type->element, target.data, source.data, source.size});
    return true;
  }

  // The source may lie in an element of the target.
  bool MakeRoom(Array& target, const Array& source, ArrayShape shape) {
    const runtime::Hold<Array> hold(context_, const_cast<Array&>(source));
    return ReserveArray(context_, target, source.size, shape) &&
           ResizeArray(context_, target, source.size, shape, true);
  }
  bool FillKeys(Table& target, const Table& source, const TableShape& shape) {
    const runtime::Hold<Table> hold(context_, const_cast<Table&>(source));
    if (!ClearTable(context_, target, shape)) return false;
    for (uint32_t i = NextLiveSlot(source, shape, 0); i < source.capacity; i = NextLiveSlot(source, shape, i + 1)) {
      if (!InsertKey(target, shape, KeyAt(source, shape, i))) return false;
    }
    return true;
  }

  bool InsertKey(Table& target, const TableShape& shape, const void* key) {
    char* text = nullptr;
    if (across_ && shape.is_string_keyed) {
      CloneText(&text, key);
      key = &text;
    }
    return !context_.has_panic() && InsertIntoTable(context_, target, shape, key) != kNoSlot;
  }

  // Keys go in one after the other, so that the copy grows and is ordered like any table filled in this order.
  bool CloneTable(const CloneRun& run) {
    auto& target = *reinterpret_cast<Table*>(run.target);
    const auto& source = *reinterpret_cast<const Table*>(run.source);
    const TableShape shape = ShapeOfTable(run.type);
    if (!FillKeys(target, source, shape)) return false;
    if (shape.value_size == 0) return true;
    if (!run.type->element->traits().clones_by_bits) Hold(run);
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
  const bool across_ = false;
  std::vector<char*>* const strings_ = nullptr;
  absl::InlinedVector<CloneRun, 8> work_;
  absl::InlinedVector<Held, 4> held_;
};

}  // namespace

bool CloneValue(ScriptContext& context, const Type* type, void* target, const void* source) {
  if (!Cloner(context).Clone({type, static_cast<char*>(target), static_cast<const char*>(source), 1})) return false;
  NoteCloned(context, type, target);
  return true;
}

bool CloneAcross(ScriptContext& context, const Type* type, void* target, const void* source,
                 std::vector<char*>* strings) {
  return Cloner(context, strings).Clone({type, static_cast<char*>(target), static_cast<const char*>(source), 1});
}

void* CloneLambdaAcross(ScriptContext& context, const void* lambda, std::vector<char*>* strings) {
  const Type* type = HeaderOf(lambda).capture_type;
  const uint64_t bytes = kLambdaHeaderBytes + type->size();
  const memory::BlockInfo info(memory::Comment::kLambda, type->unqualified->id);
  auto* block = static_cast<char*>(context.AllocateOrPanic(bytes, info));
  if (block == nullptr) return nullptr;
  std::memset(block, 0, bytes);
  char* captures = block + kLambdaHeaderBytes;
  HeaderOf(captures).capture_type = type;
  std::memcpy(captures, lambda, sizeof(LambdaHead));
  const auto* source = static_cast<const char*>(lambda);
  for (const types::Field& field : type->struct_info->fields) {
    if (field.offset < sizeof(LambdaHead)) continue;
    if (CloneAcross(context, field.type, captures + field.offset, source + field.offset, strings)) continue;
    // What raw pointers hold is still the source's.
    DropLambda(context, captures);
    return nullptr;
  }
  return captures;
}

}  // namespace vestige::runtime
