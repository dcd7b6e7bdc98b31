// Parts of a program's description as arguments of natives (types/description.h). Floor 5.
//
// What scripts know as TypeInfo, StructInfo, EnumInfo and EnumValueInfo are the program's types themselves; VarInfo,
// FuncInfo, AnnotationInfo, AnnotationArgumentInfo and Module are parts of its description. Scripts hold addresses of
// them, perhaps longer than the program is there: a native looks at nothing that it did not get from LivePart.

#ifndef VESTIGE_BUILTINS_RTTI_PARTS_H_
#define VESTIGE_BUILTINS_RTTI_PARTS_H_

#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "exec/context.h"
#include "runtime/iterator.h"
#include "runtime/program_maker.h"
#include "sema/native.h"
#include "types/description.h"

namespace vestige::builtins {

using sema::NativeCall;
using types::Description;

template <typename T>
struct PartRow;
template <>
struct PartRow<types::Type> {
  static constexpr auto kPart = Description::Part::kType;
  static constexpr std::string_view kName = "TypeInfo";
};
template <>
struct PartRow<types::StructInfo> {
  static constexpr auto kPart = Description::Part::kStruct;
  static constexpr std::string_view kName = "StructInfo";
};
template <>
struct PartRow<types::EnumInfo> {
  static constexpr auto kPart = Description::Part::kEnum;
  static constexpr std::string_view kName = "EnumInfo";
};
template <>
struct PartRow<types::EnumValue> {
  static constexpr auto kPart = Description::Part::kEnumValue;
  static constexpr std::string_view kName = "EnumValueInfo";
};
template <>
struct PartRow<types::DescribedVariable> {
  static constexpr auto kPart = Description::Part::kVariable;
  static constexpr std::string_view kName = "VarInfo";
};
template <>
struct PartRow<types::DescribedFunction> {
  static constexpr auto kPart = Description::Part::kFunction;
  static constexpr std::string_view kName = "FuncInfo";
};
template <>
struct PartRow<types::DescribedAnnotation> {
  static constexpr auto kPart = Description::Part::kAnnotation;
  static constexpr std::string_view kName = "AnnotationInfo";
};
template <>
struct PartRow<types::DescribedArgument> {
  static constexpr auto kPart = Description::Part::kArgument;
  static constexpr std::string_view kName = "AnnotationArgumentInfo";
};
template <>
struct PartRow<types::DescribedModule> {
  static constexpr auto kPart = Description::Part::kModule;
  static constexpr std::string_view kName = "Module";
};

// A part whose program is there as long as this object is. Null after a panic.
template <typename T>
struct LivePart {
  const T* part = nullptr;
  const Description* in = nullptr;
  std::shared_ptr<const Description> keeps;  // null: it is of the running program

  const T* operator->() const { return part; }
  explicit operator bool() const { return part != nullptr; }
};

// The part at `part`. Null, without a panic, when there is none.
template <typename T>
LivePart<T> FindPart(runtime::ScriptContext& context, const T* part) {
  const Description* own = context.options().description;
  if (own != nullptr && own->Knows(PartRow<T>::kPart, part)) return {part, own, nullptr};
  runtime::ProgramMaker* programs = context.options().programs;
  if (programs == nullptr) return {};
  std::shared_ptr<const Description> found = programs->Find(PartRow<T>::kPart, part);
  if (found == nullptr) return {};
  const Description* in = found.get();
  return {part, in, std::move(found)};
}

template <typename T>
bool PanicGone(runtime::ScriptContext& context) {
  return context.PanicF("the {} is of no program that is still there", PartRow<T>::kName);
}

// The part that argument `index`, a pointer or a reference, is of.
template <typename T>
LivePart<T> PartAt(NativeCall& call, size_t index) {
  const T* part = call.Value<const T*>(index);
  if (part == nullptr) {
    call.context.PanicF("the {} is null", PartRow<T>::kName);
    return {};
  }
  LivePart<T> found = FindPart(call.context, part);
  if (!found) PanicGone<T>(call.context);
  return found;
}

// A name lives as long as the engine's programs do.
inline void ReturnName(const NativeCall& call, base::Symbol name) { call.Return(name.text().data()); }

// Goes through parts in a row by address. It keeps nothing: each is asked for again.
template <typename T>
class EachPart final : public runtime::Iterator {
 public:
  EachPart(uint32_t bytes, std::span<const T> parts) : Iterator(bytes, true), parts_(parts) {}
  bool First(runtime::ScriptContext& context, void* place) override { return Next(context, place); }
  bool Next(runtime::ScriptContext& context, void* place) override {
    if (next_ == parts_.size()) return false;
    const T* part = &parts_[next_++];
    if (!FindPart(context, part)) return PanicGone<T>(context);
    std::memcpy(place, &part, sizeof(part));
    return true;
  }
  void Close(runtime::ScriptContext&) override {}

 private:
  std::span<const T> parts_;
  size_t next_ = 0;
};

template <typename T>
void ReturnEach(NativeCall& call, std::span<const T> parts) {
  call.Return(static_cast<runtime::Iterator*>(
      runtime::NewIterator<EachPart<T>>(call.context, memory::Comment::kIterator, parts)));
}

// The address of the part at argument `index`, for a native that returns a reference. False after a panic.
template <typename T>
void ReturnAt(NativeCall& call, std::span<const T> parts, size_t index) {
  const auto at = call.Value<int32_t>(index);
  if (at < 0 || static_cast<size_t>(at) >= parts.size()) {
    call.context.PanicF("{} index out of range, {} of {}", PartRow<T>::kName, at, parts.size());
    return;
  }
  call.Return(&parts[static_cast<size_t>(at)]);
}

// A native type that scripts have the address of only.
template <typename T>
constexpr NativeType PartType(std::string_view name) {
  return {.name = name, .size = sizeof(T), .align = alignof(T), .can_copy = false};
}

// The fields of a struct, with what types do not know.
inline std::span<const types::DescribedVariable> FieldsOf(const LivePart<types::StructInfo>& info) {
  const types::DescribedMembers* members = info.in->MembersOf(info.part);
  return members == nullptr ? std::span<const types::DescribedVariable>() : members->fields;
}

// Another context than the one that asks; null: it is that one (rtti.cpp has why).
inline const runtime::ProgramContext* OtherContext(const runtime::ProgramContext& context) {
  const void* first;
  std::memcpy(&first, static_cast<const void*>(&context), sizeof(first));
  return first == nullptr ? nullptr : &context;
}

// program_for_each_module(program, block).
void ForEachModuleOfProgram(NativeCall& call);

// The result, an RttiValue, is this constant. rtti_variables.cpp.
void ReturnConstant(NativeCall& call, const types::ConstantValue& value);

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_RTTI_PARTS_H_
