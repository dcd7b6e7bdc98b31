// Finalizing without recursion, in two ways: sever.h where no script code can run. Where it can, members are finalized
// in order and every block lives until its members are done; the work list then holds the way back. Floor 3.

#include "runtime/finalize.h"

#include <cstring>

#include "absl/container/inlined_vector.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/counted.h"
#include "runtime/iterator.h"
#include "runtime/lock.h"
#include "runtime/object_type.h"
#include "runtime/owned.h"
#include "runtime/sever.h"
#include "runtime/table.h"
#include "vestige/native.h"

namespace vestige::runtime {
namespace {

using types::Field;
using types::Kind;
using types::Type;

// Pointers among the captures of a closure to values that closures hold.
void DropHeld(ScriptContext& context, const Type* capture_type, void* captures, bool is_lambda) {
  for (const Field& field : capture_type->struct_info->fields) {
    const Type* type = field.type->unqualified;
    if (type->kind != Kind::kPointer || type->is_smart_pointer() || field.do_not_delete) continue;
    if (type->element == nullptr) continue;
    const Type* value = type->element->unqualified;
    if (value->kind != Kind::kStruct || value->struct_info->native == nullptr) continue;
    const NativeType& native = *value->struct_info->native;
    char* place = static_cast<char*>(captures) + field.offset;
    auto* held = base::Load<void*>(place);
    if (native.drop == nullptr || held == nullptr) continue;
    std::memset(place, 0, sizeof(held));
    native.drop(context, held, is_lambda);
  }
}

// For types whose finalizing runs script code: everything in order.
class OrderedFinalizer {
 public:
  explicit OrderedFinalizer(ScriptContext& context) : context_(context) {}

  bool Finalize(const Type* type, char* address) {
    Add(type, address, 1);
    return DoAll();
  }
  // `place` holds the lambda.
  bool FinalizeLambdaAt(char* place) { return FinalizeLambda(place) && DoAll(); }
  ~OrderedFinalizer() {
    // After a panic: what was not freed may be deleted again.
    for (const Step& step : work_) EndHold(step);
  }
  OrderedFinalizer(const OrderedFinalizer&) = delete;
  OrderedFinalizer& operator=(const OrderedFinalizer&) = delete;

 private:
  bool DoAll() {
    while (!work_.empty()) {
      const Step step = work_.back();
      work_.pop_back();
      if (!Do(step)) return false;
    }
    return true;
  }

  enum class Action : uint8_t { kFinalize, kFreeBlock, kFreeArray, kFreeTable, kZero };
  // kFinalize: `number` values of `type`. kFreeBlock: `number` bytes. kZero: `number` bytes. kFreeArray, kFreeTable:
  // the container, locked since its elements were entered so that their finalizers cannot change it; `number` is the
  // address of its buffer.
  struct Step {
    Action action;
    const Type* type;
    char* address;
    uint64_t number;
  };

  void Add(const Type* type, char* address, uint64_t count) {
    if (count != 0 && type->traits().needs_delete) work_.push_back({Action::kFinalize, type, address, count});
  }

  // True when the container is the one that was locked, and its lock is ended.
  static bool EndHold(const Step& step) {
    const auto* buffer = reinterpret_cast<const void*>(step.number);
    if (step.action == Action::kFreeArray) return Unlock(*reinterpret_cast<Array*>(step.address), buffer);
    return step.action == Action::kFreeTable && Unlock(*reinterpret_cast<Table*>(step.address), buffer);
  }

  bool Do(const Step& step) {
    switch (step.action) {
      case Action::kFreeBlock:
        context_.heap().Free(step.address, step.number);
        return true;
      case Action::kFreeArray: {
        auto& array = *reinterpret_cast<Array*>(step.address);
        return EndHold(step) ? FreeArray(context_, array, ShapeOfArray(step.type)) : PanicModified(context_, array);
      }
      case Action::kFreeTable: {
        auto& table = *reinterpret_cast<Table*>(step.address);
        return EndHold(step) ? FreeTable(context_, table, ShapeOfTable(step.type)) : PanicModified(context_, table);
      }
      case Action::kZero:
        std::memset(step.address, 0, step.number);
        return true;
      case Action::kFinalize:
        break;
    }
    if (step.number > 1) Add(step.type, step.address + step.type->size(), step.number - 1);
    return FinalizeOne(step.type->unqualified, step.address);
  }

  bool FinalizeOne(const Type* type, char* address) {
    switch (type->kind) {
      case Kind::kPointer:
        return FinalizePointer(type, address);
      case Kind::kLambda:
        return FinalizeLambda(address);
      case Kind::kIterator:
        if (!CloseIterator(context_, base::Load<Iterator*>(address))) return false;
        std::memset(address, 0, sizeof(void*));
        return !context_.has_panic();
      case Kind::kArray: {
        auto& array = *reinterpret_cast<Array*>(address);
        if (IsLocked(array.lock)) return PanicLocked(context_, array.lock, "can't delete locked array");
        Lock(array);
        work_.push_back({Action::kFreeArray, type, address, reinterpret_cast<uint64_t>(array.data)});
        Add(type->element, array.data, array.size);
        return true;
      }
      case Kind::kTable:
        return FinalizeTable(type, address);
      case Kind::kStruct:
        return FinalizeStruct(type, address);
      case Kind::kTuple:
        Zero(type, address);
        for (size_t i = type->parts.size(); i-- > 0;) Add(type->parts[i], address + type->part_offset(i), 1);
        return true;
      case Kind::kVariant: {
        Zero(type, address);
        const int32_t member = ActiveMember(type, address);
        if (member >= 0) Add(type->parts[static_cast<size_t>(member)], address + type->part_offset(0), 1);
        return true;
      }
      case Kind::kDistinct:
        Add(type->element, address, 1);
        return true;
      case Kind::kFixedArray:
        Add(type->element, address, type->dim);
        return true;
      default:
        return true;
    }
  }

  void Zero(const Type* type, char* address) { work_.push_back({Action::kZero, nullptr, address, type->size()}); }

  bool FinalizePointer(const Type* type, char* address) {
    if (type->is_smart_pointer()) return ReleaseCounted(context_, type, address);
    auto* target = base::Load<char*>(address);
    if (target == nullptr) return true;
    if (const NativeType* native = Releaser(type->element->unqualified)) {
      Zero(type, address);
      return native->release(context_, target);
    }
    if (!MayFree(context_, target)) return false;
    // An object of a class is finalized as what it is, which may be more than the pointer says.
    const Type* object = type->element->unqualified;
    if (object->kind == Kind::kStruct && object->struct_info->is_class) object = ObjectType(context_, object, target);
    // Entered last first: the target is finalized, then freed, then the pointer forgets it.
    work_.push_back({Action::kZero, nullptr, address, sizeof(void*)});
    work_.push_back({Action::kFreeBlock, nullptr, target, object->size()});
    Add(object, target, 1);
    return true;
  }

  // Captures that could be freed only unsafely (raw pointers) stay: several lambdas may share them.
  bool FinalizeLambda(char* address) {
    auto* lambda = base::Load<char*>(address);
    if (lambda == nullptr) return true;
    LambdaHeader& header = HeaderOf(lambda);
    if (!MayFree(context_, &header)) return false;
    const auto& head = *reinterpret_cast<const LambdaHead*>(lambda);
    if (head.finalizer != nullptr) {
      const Argument self[] = {Argument::Reference(lambda)};
      if (!context_.CallFunctionValue(head.finalizer, self, nullptr)) return false;
    }
    const Type* capture = header.capture_type;
    DropHeld(context_, capture, lambda, true);
    work_.push_back({Action::kZero, nullptr, address, sizeof(void*)});
    work_.push_back(
        {Action::kFreeBlock, nullptr, reinterpret_cast<char*>(&header), kLambdaHeaderBytes + capture->size()});
    const std::span<Field> fields = capture->struct_info->fields;
    for (size_t i = fields.size(); i-- > 0;) {
      if (OwnsField(fields[i]) && !fields[i].type->traits().unsafe_delete) {
        Add(fields[i].type, lambda + fields[i].offset, 1);
      }
    }
    return true;
  }

  bool FinalizeTable(const Type* type, char* address) {
    auto& table = *reinterpret_cast<Table*>(address);
    if (IsLocked(table.lock)) return PanicLocked(context_, table.lock, "can't delete locked table");
    Lock(table);
    work_.push_back({Action::kFreeTable, type, address, reinterpret_cast<uint64_t>(table.data)});
    const TableShape shape = ShapeOfTable(type);
    for (uint32_t i = table.capacity; i-- > 0;) {
      if (IsLiveSlot(table, shape, i)) Add(type->element, ValueAt(table, shape, i), 1);
    }
    return true;
  }

  // Some ancestor declares a finalizer: each class of the chain then answers for its own fields only.
  static bool IsChained(const types::StructInfo& info) {
    if (!info.is_class) return false;
    for (const types::StructInfo* parent = info.parent; parent != nullptr; parent = parent->parent) {
      if (parent->finalize_function != types::kNoFunction) return true;
    }
    return false;
  }

  bool FinalizeStruct(const Type* type, char* address) {
    const types::StructInfo& info = *type->struct_info;
    if (info.finalize_function != types::kNoFunction) {
      const Argument self[] = {Argument::Reference(address)};
      return context_.CallFunction(info.finalize_function, self, nullptr);
    }
    DestroyNative(info, address);
    Zero(type, address);
    const bool chained = IsChained(info);
    const size_t first = chained ? info.parent->fields.size() : 0;
    if (chained) Add(info.parent->type, address, 1);
    for (size_t i = info.fields.size(); i-- > first;) {
      if (OwnsField(info.fields[i])) Add(info.fields[i].type, address + info.fields[i].offset, 1);
    }
    return true;
  }

  ScriptContext& context_;
  absl::InlinedVector<Step, 8> work_;
};

}  // namespace

bool FinalizeValue(ScriptContext& context, const Type* type, void* address) {
  type = type->unqualified;
  const types::Traits& traits = type->traits();
  if (!traits.needs_delete) {
    std::memset(address, 0, type->size());
    return true;
  }
  auto* place = static_cast<char*>(address);
  return traits.runs_script ? OrderedFinalizer(context).Finalize(type, place) : SeverValue(context, type, place);
}

bool FinalizeDropped(ScriptContext& context, const Type* type, void* first, uint64_t count) {
  const types::Traits& traits = type->traits();
  if (!context.options().frees_dropped || !traits.plain_delete || !traits.needs_delete || type->is_const()) return true;
  for (uint64_t i = 0; i < count; ++i) {
    if (!FinalizeValue(context, type, static_cast<char*>(first) + i * type->size())) return false;
  }
  return true;
}

bool FinalizeLambda(ScriptContext& context, void* lambda) {
  // A capture that has not been released begins a panic, but stops nothing.
  return OrderedFinalizer(context).FinalizeLambdaAt(reinterpret_cast<char*>(&lambda)) && !context.has_panic();
}

void AbandonLambda(ScriptContext& context, void* lambda) {
  LambdaHeader& header = HeaderOf(lambda);
  const Type* type = header.capture_type;
  FinalizeCaptures(context, type, lambda);
  context.heap().Free(&header, kLambdaHeaderBytes + type->size());
}

void DropLambda(ScriptContext& context, void* lambda) {
  for (const Field& field : HeaderOf(lambda).capture_type->struct_info->fields) {
    char* at = static_cast<char*>(lambda) + field.offset;
    if (field.type->kind == Kind::kPointer && !field.type->is_smart_pointer()) std::memset(at, 0, sizeof(void*));
  }
  AbandonLambda(context, lambda);
}

void FinalizeCaptures(ScriptContext& context, const Type* capture_type, void* captures) {
  DropHeld(context, capture_type, captures, false);
  for (const Field& field : capture_type->struct_info->fields) {
    if (!OwnsField(field) || field.type->traits().unsafe_delete) continue;
    FinalizeValue(context, field.type, static_cast<char*>(captures) + field.offset);
  }
}

}  // namespace vestige::runtime
