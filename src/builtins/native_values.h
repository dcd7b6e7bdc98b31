// Arguments of natives whose types are known only at run time: generic containers and the like. Floor 5.

#ifndef VESTIGE_BUILTINS_NATIVE_VALUES_H_
#define VESTIGE_BUILTINS_NATIVE_VALUES_H_

#include <cstring>
#include <optional>

#include "exec/context.h"
#include "runtime/array.h"
#include "runtime/clone.h"
#include "runtime/holders.h"
#include "runtime/lock.h"
#include "runtime/table.h"
#include "sema/native.h"
#include "types/type.h"

namespace vestige::builtins {

using sema::NativeCall;

// Where the value of argument `index` lies: its slot for workhorse values, what the slot points at for ref types. Not
// for parameters declared `T&`, which are always addresses (NativeCall::Reference).
inline char* ValueAddress(const NativeCall& call, size_t index) {
  char* slot = call.arguments + call.offsets[index];
  if (!call.types[index]->is_ref_type()) return slot;
  char* address;
  std::memcpy(&address, slot, sizeof(address));
  return address;
}

// The address in the slot of argument `index`.
inline char* ReferenceAddress(const NativeCall& call, size_t index) { return call.Value<char*>(index); }

inline const types::Type* ResultType(const NativeCall& call) { return call.types.back(); }

// Says who holds the smart pointers of an element that now lies in `slot` (runtime/holders.h).
inline void NoteElement(NativeCall& call, const types::Type* type, void* slot, const void* from) {
  if (!type->traits().holds_counted || !runtime::TracksHolders(call.context)) return;
  const types::Type* container = call.types[0];
  if (container->element == nullptr || container->element->unqualified != type->unqualified) {
    container = ResultType(call);
  }
  const bool is_known = container->element != nullptr && container->element->unqualified == type->unqualified;
  runtime::NoteElement(call.context, is_known ? container->unqualified : nullptr, type, slot, from);
}

// Puts a copy of the bits of a value where a new value of that type belongs; what cannot be copied is cloned.
inline bool CopyInto(NativeCall& call, const types::Type* type, void* target, const void* source) {
  if (type->traits().can_copy) {
    std::memcpy(target, source, type->size());
    return true;
  }
  std::memset(target, 0, type->size());
  if (!runtime::CloneValue(call.context, type, target, source)) return false;
  NoteElement(call, type, target, target);
  return true;
}

// The same of a value that is the result of the call.
inline bool CopyToResult(NativeCall& call, const types::Type* type, const void* source) {
  if (type->traits().can_copy) {
    std::memcpy(call.result, source, type->size());
    return true;
  }
  std::memset(call.result, 0, type->size());
  if (!runtime::CloneValue(call.context, type, call.result, source)) return false;
  if (type->is_smart_pointer()) runtime::NoteHolder(call.context, {.type = type}, call.result, call.result);
  return true;
}

// Puts a deep copy there.
inline bool CloneInto(NativeCall& call, const types::Type* type, void* target, const void* source) {
  std::memset(target, 0, type->size());
  if (!runtime::CloneValue(call.context, type, target, source)) return false;
  NoteElement(call, type, target, target);
  return true;
}

// Moves the value there and zeroes its source; after a panic the new place is zero.
inline bool MoveInto(NativeCall& call, const types::Type* type, void* target, void* source) {
  if (!runtime::MayMove(call.context, type, source)) {
    std::memset(target, 0, type->size());
    return false;
  }
  std::memcpy(target, source, type->size());
  NoteElement(call, type, target, source);
  std::memset(source, 0, type->size());
  return true;
}

// a == b as the language compares two values of a workhorse type; other types are compared by their bits.
bool EqualValues(const types::Type* type, const void* a, const void* b);
// a < b for numbers and strings, a total order: NaN comes last. Other types are ordered by their bits.
bool LessValues(const types::Type* type, const void* a, const void* b);

// A row of elements: a dynamic array (locked while this lives, so that blocks cannot change it; there is a panic in the
// end when they replaced it) or a fixed one.
class Elements {
 public:
  // Of the container that is argument `index`.
  explicit Elements(NativeCall& call, size_t index = 0)
      : element_(call.types[index]->element), stride_(element_->size()) {
    const types::Type* type = call.types[index];
    char* container = ReferenceAddress(call, index);
    if (type->kind == types::Kind::kFixedArray) {
      data_ = container;
      count_ = type->dim;
      return;
    }
    auto& array = *reinterpret_cast<runtime::Array*>(container);
    data_ = array.data;
    count_ = array.size;
    hold_.emplace(call.context, array);
  }
  Elements(const Elements&) = delete;
  Elements& operator=(const Elements&) = delete;

  const types::Type* type() const { return element_; }
  uint32_t count() const { return count_; }
  uint32_t stride() const { return stride_; }
  char* data() const { return data_; }
  char* at(size_t index) const { return data_ + index * stride_; }

 private:
  const types::Type* element_;
  uint32_t stride_;
  uint32_t count_ = 0;
  char* data_ = nullptr;
  std::optional<runtime::Hold<runtime::Array>> hold_;
};

// Calls a block whose value is argument `block_index` with one element; `result` as in ScriptContext. The block's own
// parameter type says whether it takes the value or its address.
bool CallWithElement(NativeCall& call, size_t block_index, const void* element, void* result);

// Calls a block whose value is argument `block_index` with an array over `size` elements at `data`, which cannot change
// its size and which nobody frees. False when there is a panic.
bool LendArray(NativeCall& call, size_t block_index, char* data, uint32_t size);

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_NATIVE_VALUES_H_
