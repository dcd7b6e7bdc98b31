// Declarations as values: StructInfo, EnumInfo, FuncInfo, and their annotations. Module `rtti`. Floor 5.
//
// One record serves what scripts know as AnnotationInfo, Annotation, AnnotationArguments, TypeAnnotation and
// BasicStructureAnnotation.

#include <cstring>
#include <string>
#include <string_view>

#include "builtins/rtti_parts.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "runtime/hash.h"

namespace vestige::builtins {

namespace rtti_declarations_natives {
namespace {

using types::DescribedAnnotation;
using types::DescribedArgument;
using types::DescribedFunction;
using types::DescribedVariable;
using types::EnumInfo;
using types::EnumValue;
using types::StructInfo;
using types::Type;

template <typename T>
void Name(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnName(call, info->name);
}
// `info?.name`: where the name is; null of null.
template <typename T>
void SafeName(NativeCall& call) {
  call.Return(static_cast<const void*>(nullptr));
  if (call.Value<const void*>(0) == nullptr) return;
  const auto info = PartAt<T>(call, 0);
  const types::DescribedMembers* members = info ? info.in->MembersOf(info.part) : nullptr;
  if (members != nullptr) call.Return(&members->name);
}
template <typename T>
void Module(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnName(call, info->module);
}

// --- what a declaration consists of

template <typename T>
struct Parts;
template <>
struct Parts<StructInfo> {
  using Item = DescribedVariable;
  static std::span<const Item> Of(const LivePart<StructInfo>& info) { return FieldsOf(info); }
};
template <>
struct Parts<EnumInfo> {
  using Item = EnumValue;
  static std::span<const Item> Of(const LivePart<EnumInfo>& info) { return info->values; }
};
template <>
struct Parts<DescribedFunction> {
  using Item = DescribedVariable;
  static std::span<const Item> Of(const LivePart<DescribedFunction>& info) { return info->arguments; }
};

template <typename T>
void Count(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) call.Return(static_cast<uint32_t>(Parts<T>::Of(info).size()));
}
template <typename T>
void Each(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnEach(call, Parts<T>::Of(info));
}
template <typename T>
void At(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnAt(call, Parts<T>::Of(info), 1);
}
// The first of them; null: there is none.
template <typename T>
void Fields(NativeCall& call) {
  const auto info = PartAt<T>(call, 0);
  if (info) call.Return(Parts<T>::Of(info).empty() ? nullptr : Parts<T>::Of(info).data());
}

// --- annotations

template <typename T>
std::span<const DescribedAnnotation> AnnotationsOf(const LivePart<T>& info) {
  if constexpr (std::is_same_v<T, DescribedFunction>) {
    return info->annotations;
  } else {
    const types::DescribedMembers* members = info.in->MembersOf(info.part);
    return members == nullptr ? std::span<const DescribedAnnotation>() : members->annotations;
  }
}
template <typename T>
void AnnotationCount(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) call.Return(static_cast<uint32_t>(AnnotationsOf(info).size()));
}
template <typename T>
void EachAnnotation(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnEach(call, AnnotationsOf(info));
}
template <typename T>
void AnnotationAt(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnAt(call, AnnotationsOf(info), 1);
}

// Their arguments; those of a variable stand behind `@`.
inline std::span<const DescribedArgument> ArgumentsOf(const LivePart<DescribedAnnotation>& info) {
  return info->arguments;
}
inline std::span<const DescribedArgument> ArgumentsOf(const LivePart<DescribedVariable>& info) { return info->tags; }
template <typename T>
void ArgumentCount(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) call.Return(static_cast<uint32_t>(ArgumentsOf(info).size()));
}
void ArgumentLength(NativeCall& call) {
  if (const auto info = PartAt<DescribedAnnotation>(call, 0)) call.Return(static_cast<int32_t>(info->arguments.size()));
}
template <typename T>
void EachArgument(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnEach(call, ArgumentsOf(info));
}
template <typename T>
void ArgumentAt(NativeCall& call) {
  if (const auto info = PartAt<T>(call, 0)) ReturnAt(call, ArgumentsOf(info), 1);
}
void ArgumentValue(NativeCall& call) {
  if (const auto argument = PartAt<DescribedArgument>(call, 0)) ReturnConstant(call, argument->value);
}

// One sort of argument; of the others it is zero.
template <types::Kind kKind, typename V>
void ArgumentAs(NativeCall& call) {
  const auto argument = PartAt<DescribedArgument>(call, 0);
  if (!argument) return;
  V value = {};
  const types::ConstantValue& constant = argument->value;
  if (constant.type != nullptr && constant.type->kind == kKind) std::memcpy(&value, &constant.bits, sizeof(value));
  call.Return(value);
}
void ArgumentText(NativeCall& call) {
  if (const auto argument = PartAt<DescribedArgument>(call, 0)) ReturnName(call, argument->value.text);
}

template <DescribedAnnotation::Of kOf>
void IsOf(NativeCall& call) {
  if (const auto info = PartAt<DescribedAnnotation>(call, 0)) call.Return(info->of == kOf);
}
// The same record, as the one that is behind it in scripts.
void Itself(NativeCall& call) {
  if (const auto info = PartAt<DescribedAnnotation>(call, 0)) call.Return(info.part);
}
// Calls block 1 with the annotation, once as such and once as what its arguments are.
void ForEachAnnotation(NativeCall& call) {
  const auto info = PartAt<StructInfo>(call, 0);
  if (!info) return;
  for (const DescribedAnnotation& annotation : AnnotationsOf(info)) {
    const runtime::Argument arguments[] = {runtime::Argument::Reference(&annotation),
                                           runtime::Argument::Reference(&annotation)};
    if (!call.context.CallBlock(call.Value<const void*>(1), arguments, nullptr)) return;
  }
}

// --- types of the host

LivePart<DescribedAnnotation> HostTypeAt(NativeCall& call) {
  auto info = PartAt<DescribedAnnotation>(call, 0);
  if (!info || info->type != nullptr) return info;
  call.context.PanicF("'{}' is no type of the host", info->name.text());
  return {};
}
void HostFieldCount(NativeCall& call) {
  if (const auto info = HostTypeAt(call)) call.Return(static_cast<int32_t>(info->type->fields.size()));
}
// Block 1 gets each field's name, its name in C++, type and offset.
void ForEachHostField(NativeCall& call) {
  const auto info = HostTypeAt(call);
  if (!info) return;
  for (const types::Field& field : info->type->fields) {
    const char* name = field.name.text().data();
    const runtime::Argument arguments[] = {runtime::Argument::Value(name), runtime::Argument::Value(name),
                                           runtime::Argument::Reference(field.type),
                                           runtime::Argument::Value(field.offset)};
    if (!call.context.CallBlock(call.Value<const void*>(1), arguments, nullptr)) return;
  }
}

// --- structs, values of enums, functions

void StructSize(NativeCall& call) {
  if (const auto info = PartAt<StructInfo>(call, 0)) call.Return(info->size);
}
void IsClass(NativeCall& call) {
  if (const auto info = PartAt<StructInfo>(call, 0)) call.Return(info->is_class);
}
void ParentOf(NativeCall& call) {
  if (const auto info = PartAt<StructInfo>(call, 0)) call.Return(static_cast<const StructInfo*>(info->parent));
}
template <typename T>
void HashOfName(NativeCall& call) {
  const auto info = PartAt<T>(call, 0);
  if (!info) return;
  call.Return(runtime::HashText((std::string(info->module.text()) + "::" + std::string(info->name.text())).c_str()));
}
void HashOfFunction(NativeCall& call) {
  const auto info = PartAt<DescribedFunction>(call, 0);
  if (!info) return;
  call.Return(runtime::HashText((std::string(info->module.text()) + "::" + std::string(info->mangled.text())).c_str()));
}

void ValueOf(NativeCall& call) {
  if (const auto info = PartAt<EnumValue>(call, 0)) call.Return(info->value);
}

void MangledName(NativeCall& call) {
  if (const auto info = PartAt<DescribedFunction>(call, 0)) ReturnName(call, info->mangled);
}
void ResultOf(NativeCall& call) {
  if (const auto info = PartAt<DescribedFunction>(call, 0)) call.Return(info->result);
}
template <bool DescribedFunction::*kMember>
void Flag(NativeCall& call) {
  if (const auto info = PartAt<DescribedFunction>(call, 0)) call.Return(info.part->*kMember);
}

constexpr uint32_t kName = sema::kNoInScopeReturn;
constexpr uint32_t kMakes = sema::kMayAllocate;

#define VESTIGE_DECLARATION(T, Info, Item)                                                                    \
  {".`name", "(info : " Info ") : string", &Name<T>, kName},                                                  \
      {".`module_name", "(info : " Info ") : string", &Module<T>, kName},                                     \
      {".`count", "(info : " Info ") : uint", &Count<T>},                                                     \
      {"each", "(info : " Info ") : iterator<" Item " const&>", &Each<T>, kMakes},                            \
      {"[]", "(info : " Info "; index : int) : " Item " const&", &At<T>},                                     \
      {".`fields", "(info : " Info ") : " Item " const?", &Fields<T>},                                        \
      {".`annotation_count", "(info : " Info ") : uint", &AnnotationCount<T>},                                \
      {"each_annotation", "(info : " Info ") : iterator<AnnotationInfo const&>", &EachAnnotation<T>, kMakes}, \
      {"get_annotation", "(info : " Info "; index : int) : AnnotationInfo const&", &AnnotationAt<T>},
#define VESTIGE_ARGUMENTS(T, Info)                                                                              \
  {"each_annotation_argument", "(info : " Info ") : iterator<AnnotationArgumentInfo const&>", &EachArgument<T>, \
   kMakes},                                                                                                     \
      {"get_annotation_argument", "(info : " Info "; index : int) : AnnotationArgumentInfo const&", &ArgumentAt<T>},

constexpr sema::NativeFunction kFunctions[] = {
    VESTIGE_DECLARATION(StructInfo, "StructInfo", "VarInfo") VESTIGE_DECLARATION(EnumInfo, "EnumInfo", "EnumValueInfo")
        VESTIGE_DECLARATION(DescribedFunction, "FuncInfo", "VarInfo")
            VESTIGE_ARGUMENTS(DescribedAnnotation, "AnnotationInfo")
                VESTIGE_ARGUMENTS(DescribedVariable, "VarInfo"){".`size", "(info : StructInfo) : uint", &StructSize},
    {".`isClass", "(info : StructInfo) : bool", &IsClass},
    {".`parent", "(info : StructInfo) : StructInfo const?", &ParentOf},
    {"?.`name", "(info : StructInfo const?) : string const?", &SafeName<StructInfo>},
    {"?.`name", "(info : EnumInfo const?) : string const?", &SafeName<EnumInfo>},
    {".`hash", "(info : StructInfo) : uint64", &HashOfName<StructInfo>},
    {".`hash", "(info : EnumInfo) : uint64", &HashOfName<EnumInfo>},
    {".`hash", "(info : FuncInfo) : uint64", &HashOfFunction},
    {".`name", "(info : EnumValueInfo) : string", &Name<EnumValue>, kName},
    {".`value", "(info : EnumValueInfo) : int64", &ValueOf},
    {".`cppName", "(info : FuncInfo) : string", &MangledName, kName},
    {".`result", "(info : FuncInfo) : TypeInfo const?", &ResultOf},
    {".`isInit", "(info : FuncInfo) : bool", &Flag<&DescribedFunction::is_init>},
    {".`isShutdown", "(info : FuncInfo) : bool", &Flag<&DescribedFunction::is_finalize>},
    {".`isPrivate", "(info : FuncInfo) : bool", &Flag<&DescribedFunction::is_private>},
    {".`isBuiltin", "(info : FuncInfo) : bool", &Flag<&DescribedFunction::is_native>},
    {".`name", "(info : AnnotationInfo) : string", &Name<DescribedAnnotation>, kName},
    {".`count", "(info : AnnotationInfo) : uint", &ArgumentCount<DescribedAnnotation>},
    {".`annotation_argument_count", "(info : VarInfo) : uint", &ArgumentCount<DescribedVariable>},
    {".`name", "(info : AnnotationArgumentInfo) : string", &Name<DescribedArgument>, kName},
    {".`bValue", "(info : AnnotationArgumentInfo) : bool", &ArgumentAs<types::Kind::kBool, bool>},
    {".`iValue", "(info : AnnotationArgumentInfo) : int", &ArgumentAs<types::Kind::kInt, int32_t>},
    {".`fValue", "(info : AnnotationArgumentInfo) : float", &ArgumentAs<types::Kind::kFloat, float>},
    {".`sValue", "(info : AnnotationArgumentInfo) : string", &ArgumentText, kName},
    {"get_annotation_argument_value", "(info : AnnotationArgumentInfo) : RttiValue", &ArgumentValue},
    {"resolve_annotation", "(info : AnnotationInfo) : Annotation const?", &Itself},
    {".`name", "(annotation : Annotation) : string", &Name<DescribedAnnotation>, kName},
    {".`isStructureAnnotation", "(annotation : Annotation) : bool", &IsOf<DescribedAnnotation::Of::kStruct>},
    {".`isEnumerationAnnotation", "(annotation : Annotation) : bool", &IsOf<DescribedAnnotation::Of::kEnum>},
    {".`isFunctionAnnotation", "(annotation : Annotation) : bool", &IsOf<DescribedAnnotation::Of::kFunction>},
    {".`isTypeAnnotation", "(annotation : Annotation) : bool", &IsOf<DescribedAnnotation::Of::kHostType>},
    {".`isBasicStructureAnnotation", "(annotation : Annotation) : bool", &IsOf<DescribedAnnotation::Of::kHostType>},
    {"length", "(arguments : AnnotationArguments) : int", &ArgumentLength},
    {"each", "(arguments : AnnotationArguments) : iterator<AnnotationArgumentInfo const&>",
     &EachArgument<DescribedAnnotation>, kMakes},
    {"structure_for_each_annotation",
     "(info : StructInfo; blk : block<(ann : Annotation; args : AnnotationArguments) : void>) : void",
     &ForEachAnnotation, sema::kInvokesBlocks},
    {".`name", "(info : TypeAnnotation) : string", &Name<DescribedAnnotation>, kName},
    {".`cppName", "(info : TypeAnnotation) : string", &Name<DescribedAnnotation>, kName},
    {".`name", "(info : BasicStructureAnnotation) : string", &Name<DescribedAnnotation>, kName},
    {".`cppName", "(info : BasicStructureAnnotation) : string", &Name<DescribedAnnotation>, kName},
    {".`fieldCount", "(info : BasicStructureAnnotation) : int", &HostFieldCount},
    {"basic_struct_for_each_field",
     "(info : BasicStructureAnnotation;"
     " blk : block<(name, cppName : string; xtype : TypeInfo; offset : uint) : void>) : void",
     &ForEachHostField, sema::kInvokesBlocks},
};
#undef VESTIGE_DECLARATION
#undef VESTIGE_ARGUMENTS

constexpr NativeType kTypes[] = {
    PartType<StructInfo>("StructInfo"),
    PartType<EnumInfo>("EnumInfo"),
    PartType<EnumValue>("EnumValueInfo"),
    PartType<DescribedFunction>("FuncInfo"),
    PartType<DescribedAnnotation>("AnnotationInfo"),
    PartType<DescribedAnnotation>("Annotation"),
    PartType<DescribedAnnotation>("AnnotationArguments"),
    PartType<DescribedAnnotation>("TypeAnnotation"),
    PartType<DescribedAnnotation>("BasicStructureAnnotation"),
    PartType<DescribedArgument>("AnnotationArgumentInfo"),
};

constexpr std::string_view kPrelude = R"(
struct StructInfo { }
struct EnumInfo { }
struct EnumValueInfo { }
struct FuncInfo { }
struct AnnotationInfo { }
struct AnnotationArgumentInfo { }
struct Annotation { }
struct AnnotationArguments { }
struct TypeAnnotation { }
struct BasicStructureAnnotation { }
)";

}  // namespace
}  // namespace rtti_declarations_natives

constexpr sema::NativeModule kRttiDeclarationsModule = {.name = "rtti",
                                                        .functions = rtti_declarations_natives::kFunctions,
                                                        .prelude = rtti_declarations_natives::kPrelude,
                                                        .types = rtti_declarations_natives::kTypes};

}  // namespace vestige::builtins
