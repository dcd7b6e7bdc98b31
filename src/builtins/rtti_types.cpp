// Types as values: TypeInfo, and what can be asked about the type that it is, or that a variable has. Module `rtti`.
// Floor 5.
//
// A TypeInfo is a type of the program. Fixed arrays are no types of their own to those who ask: `int[2][3]` is an int
// with two dimensions.

#include <cstring>
#include <string>
#include <string_view>

#include "ast/node.h"
#include "builtins/rtti_parts.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "runtime/hash.h"

namespace vestige::builtins {

namespace rtti_types_natives {
namespace {

using ast::BaseType;
using types::DescribedVariable;
using types::Kind;
using types::Type;

// What is asked about: the type that argument 0 is, or has.
struct Asked {
  const Type* type = nullptr;   // as declared
  const Type* inner = nullptr;  // without dimensions and the names of distinct types
  const Description* in = nullptr;
  std::shared_ptr<const Description> keeps;
  explicit operator bool() const { return type != nullptr; }
};

const Type* InnerOf(const Type* type) {
  while (type->kind == Kind::kFixedArray || type->kind == Kind::kDistinct) type = type->element;
  return type;
}

template <typename T>
Asked AskedAt(NativeCall& call, size_t index) {
  LivePart<T> found = PartAt<T>(call, index);
  if (!found) return {};
  const Type* type;
  if constexpr (std::is_same_v<T, Type>) {
    type = found.part;
  } else {
    type = found->type;
  }
  return {type, InnerOf(type), found.in, std::move(found.keeps)};
}

BaseType BySize(const Type* storage, BaseType four, BaseType one, BaseType two, BaseType eight) {
  switch (storage->size()) {
    case 1:
      return one;
    case 2:
      return two;
    case 8:
      return eight;
    default:
      return four;
  }
}

BaseType BaseOf(const Type* type) {
  switch (type->kind) {
    case Kind::kEnum:
      return BySize(types::Representation(type), BaseType::tEnumeration, BaseType::tEnumeration8,
                    BaseType::tEnumeration16, BaseType::tEnumeration64);
    case Kind::kBitfield:
      return BySize(types::Representation(type), BaseType::tBitfield, BaseType::tBitfield8, BaseType::tBitfield16,
                    BaseType::tBitfield64);
    case Kind::kStruct:
      return type->struct_info->native != nullptr ? BaseType::tHandle : BaseType::tStructure;
    case Kind::kPointer:
    case Kind::kNull:
      return BaseType::tPointer;
    case Kind::kFunction:
      return BaseType::tFunction;
    case Kind::kLambda:
      return BaseType::tLambda;
    case Kind::kBlock:
      return BaseType::tBlock;
    case Kind::kIterator:
      return BaseType::tIterator;
    case Kind::kArray:
      return BaseType::tArray;
    case Kind::kTable:
      return BaseType::tTable;
    case Kind::kTuple:
      return BaseType::tTuple;
    case Kind::kVariant:
      return BaseType::tVariant;
    case Kind::kOption:
      return BaseType::option;
    default:
      return ast::BaseTypeOfWord(types::TypeName(type->unqualified));
  }
}

template <typename T>
void BasicType(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) call.Return(static_cast<int32_t>(BaseOf(asked.inner)));
}

// Parts of a type. A table's key comes first; what holds nothing has neither.
template <typename T>
void FirstType(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (!asked) return;
  const Type* first = asked.inner->kind == Kind::kTable ? asked.inner->key : asked.inner->element;
  if (asked.inner->kind == Kind::kBitfield) first = nullptr;
  if (first != nullptr && first->kind == Kind::kVoid && asked.inner->kind == Kind::kPointer) first = nullptr;
  call.Return(first);
}
template <typename T>
void SecondType(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (asked) call.Return(asked.inner->kind == Kind::kTable ? asked.inner->element : nullptr);
}
template <typename T>
void ArgumentCount(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (!asked) return;
  const types::EnumInfo* flags = asked.inner->kind == Kind::kBitfield ? asked.inner->enum_info : nullptr;
  call.Return(flags != nullptr ? flags->flag_count : static_cast<uint32_t>(asked.inner->parts.size()));
}
template <typename T>
void ArgumentTypes(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (asked) call.Return(asked.inner->parts.empty() ? nullptr : asked.inner->parts.data());
}
template <typename T>
void ArgumentNames(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) call.Return(asked.in->NamesOf(asked.inner));
}
template <typename T>
void StructOf(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (asked) call.Return(static_cast<const types::StructInfo*>(asked.inner->struct_info));
}
template <typename T>
void EnumOf(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (asked) call.Return(static_cast<const types::EnumInfo*>(asked.inner->enum_info));
}
template <typename T>
void HostTypeOf(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (!asked) return;
  const types::DescribedMembers* members = asked.in->MembersOf(asked.inner->struct_info);
  call.Return(members != nullptr ? members->host_type : nullptr);
}

uint32_t DimensionsOf(const Type* type) {
  uint32_t count = 0;
  for (; type->kind == Kind::kFixedArray || type->kind == Kind::kDistinct; type = type->element) {
    count += type->kind == Kind::kFixedArray ? 1 : 0;
  }
  return count;
}
template <typename T>
void DimensionCount(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) call.Return(DimensionsOf(asked.type));
}
template <typename T>
void Dimension(NativeCall& call) {
  const Asked asked = AskedAt<T>(call, 0);
  if (!asked) return;
  const auto index = call.Value<int32_t>(1);
  const uint32_t count = DimensionsOf(asked.type);
  if (index < 0 || static_cast<uint32_t>(index) >= count) {
    call.context.PanicF("dimension index out of range, {} of {}", index, count);
    return;
  }
  const Type* type = asked.type;
  for (int32_t left = index; type->kind != Kind::kFixedArray || left > 0; type = type->element) {
    left -= type->kind == Kind::kFixedArray ? 1 : 0;
  }
  call.Return(static_cast<int32_t>(type->dim));
}

// --- questions with a yes or no

using Question = bool (*)(const Type* type);
template <typename T, Question kQuestion>
void Ask(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) call.Return(kQuestion(asked.type));
}
bool IsRef(const Type* type) { return type->is_ref(); }
bool IsRefType(const Type* type) { return type->is_ref_type(); }
bool IsRefValue(const Type* type) { return type->is_ref() && !type->is_ref_type(); }
bool IsConst(const Type* type) { return type->is_const(); }
bool IsTemp(const Type* type) { return type->is_temp(); }
bool IsImplicit(const Type* type) { return (type->qualifiers & types::kImplicit) != 0; }
bool CanCopy(const Type* type) { return !type->is_generic() && type->traits().can_copy; }
bool IsPod(const Type* type) { return !type->is_generic() && type->traits().is_pod; }
bool IsRawPod(const Type* type) { return !type->is_generic() && type->traits().is_raw && type->traits().is_pod; }

// Of a value, not of a reference to one; of a pattern there is none.
uint32_t SizeOf(const Type* type) { return type->is_generic() ? 0 : type->unqualified->size(); }
template <typename T>
void Size(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) call.Return(SizeOf(asked.type));
}
void TypeSize(NativeCall& call) {
  if (const Asked asked = AskedAt<Type>(call, 0)) call.Return(static_cast<int32_t>(SizeOf(asked.type)));
}
void TypeAlign(NativeCall& call) {
  const Asked asked = AskedAt<Type>(call, 0);
  if (asked) call.Return(asked.type->is_generic() ? 0 : static_cast<int32_t>(asked.type->unqualified->align()));
}

// Equal in every program and run.
template <typename T>
void Hash(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) call.Return(runtime::HashText(types::TypeName(asked.type).c_str()));
}
template <typename T>
void Describe(NativeCall& call) {
  if (const Asked asked = AskedAt<T>(call, 0)) ReturnText(call, types::TypeName(asked.type));
}

// The offset of member `index` of a tuple (variants: all share one).
template <Kind kKind>
void PartOffset(NativeCall& call) {
  const Asked asked = AskedAt<Type>(call, 0);
  if (!asked) return;
  const auto index = call.Value<int32_t>(1);
  if (asked.inner->kind != kKind || index < 0 || static_cast<size_t>(index) >= asked.inner->parts.size()) {
    call.context.PanicF("{} has no member {}", types::TypeName(asked.type), index);
    return;
  }
  call.Return(static_cast<int32_t>(asked.inner->part_offset(static_cast<size_t>(index))));
}

// Types of two programs are the same when they read the same.
void IsSameType(NativeCall& call) {
  const Asked a = AskedAt<Type>(call, 0);
  if (!a) return;
  const Asked b = AskedAt<Type>(call, 1);
  if (!b) return;
  const bool same = a.in == b.in ? a.type->unqualified == b.type->unqualified
                                 : types::TypeName(a.type->unqualified) == types::TypeName(b.type->unqualified);
  types::Qualifiers matter = 0;
  if (call.Value<int32_t>(2) != 0) matter |= types::kRef;
  if (call.Value<int32_t>(3) != 0) matter |= types::kConst;
  if (call.Value<int32_t>(4) != 0) matter |= types::kTemp;
  call.Return(same && ((a.type->qualifiers ^ b.type->qualifiers) & matter) == 0);
}

constexpr std::string_view kBaseTypeNames[] = {
#define VESTIGE_BASE_TYPE(name, word) #name,
#include "ast/base_types.def"
};

// "int" of tInt, "pointer" of tPointer.
void NameOfBaseType(NativeCall& call) {
  const auto type = call.Value<int32_t>(0);
  if (type < 0 || static_cast<size_t>(type) >= std::size(kBaseTypeNames)) return ReturnText(call, "");
  std::string name(ast::BaseTypeWord(static_cast<BaseType>(type)));
  if (name.empty()) {
    name = kBaseTypeNames[type];
    if (name[0] == 't' && IsUpper(name[1])) name.erase(0, 1);
    for (char& letter : name) letter = ToLower(letter);
  }
  ReturnText(call, name);
}

constexpr uint32_t kText = sema::kMayAllocate;

#define VESTIGE_ASK(T, Name, name, question) {".`" name, "(info : " Name ") : bool", &Ask<T, &question>},
#define VESTIGE_ABOUT_TYPE(T, Name)                                                                         \
  {".`basicType", "(info : " Name ") : Type", &BasicType<T>},                                               \
      {".`firstType", "(info : " Name ") : TypeInfo const?", &FirstType<T>},                                \
      {".`secondType", "(info : " Name ") : TypeInfo const?", &SecondType<T>},                              \
      {".`argCount", "(info : " Name ") : uint", &ArgumentCount<T>},                                        \
      {".`argTypes", "(info : " Name ") : TypeInfo const? const?", &ArgumentTypes<T>},                      \
      {".`argNames", "(info : " Name ") : string const?", &ArgumentNames<T>},                               \
      {".`structType", "(info : " Name ") : StructInfo const?", &StructOf<T>},                              \
      {".`enumType", "(info : " Name ") : EnumInfo const?", &EnumOf<T>},                                    \
      {".`annotation", "(info : " Name ") : TypeAnnotation const?", &HostTypeOf<T>},                        \
      {".`dimSize", "(info : " Name ") : uint", &DimensionCount<T>},                                        \
      {"get_dim", "(info : " Name "; index : int) : int", &Dimension<T>},                                   \
      {".`size", "(info : " Name ") : uint", &Size<T>}, {".`hash", "(info : " Name ") : uint64", &Hash<T>}, \
      {"describe", "(info : " Name ") : string", &Describe<T>, kText},                                      \
      VESTIGE_ASK(T, Name, "isRef", IsRef) VESTIGE_ASK(T, Name, "isRefType", IsRefType)                     \
          VESTIGE_ASK(T, Name, "isRefValue", IsRefValue) VESTIGE_ASK(T, Name, "isConst", IsConst)           \
              VESTIGE_ASK(T, Name, "isTemp", IsTemp) VESTIGE_ASK(T, Name, "isImplicit", IsImplicit)         \
                  VESTIGE_ASK(T, Name, "canCopy", CanCopy) VESTIGE_ASK(T, Name, "isPod", IsPod)             \
                      VESTIGE_ASK(T, Name, "isRawPod", IsRawPod)

constexpr sema::NativeFunction kFunctions[] = {
    VESTIGE_ABOUT_TYPE(Type, "TypeInfo")
        VESTIGE_ABOUT_TYPE(DescribedVariable, "VarInfo"){"get_type_size", "(info : TypeInfo const?) : int", &TypeSize},
    {"get_type_align", "(info : TypeInfo const?) : int", &TypeAlign},
    {"get_tuple_field_offset", "(info : TypeInfo const?; index : int) : int", &PartOffset<Kind::kTuple>},
    {"get_variant_field_offset", "(info : TypeInfo const?; index : int) : int", &PartOffset<Kind::kVariant>},
    {"is_same_type",
     "(a, b : TypeInfo; refMatters : RefMatters = RefMatters.yes; constMatters : ConstMatters = ConstMatters.yes;"
     " temporaryMatters : TemporaryMatters = TemporaryMatters.yes) : bool",
     &IsSameType},
    {"get_das_type_name", "(t : Type) : string", &NameOfBaseType, kText},
};
#undef VESTIGE_ABOUT_TYPE
#undef VESTIGE_ASK

constexpr NativeType kTypes[] = {
    PartType<Type>("TypeInfo"),
};

constexpr std::string_view kPrelude =
    "enum Type {\n"
#define VESTIGE_BASE_TYPE(name, word) "    " #name "\n"
#include "ast/base_types.def"
    "}\n"
    R"(
enum RefMatters {
    no
    yes
}
enum ConstMatters {
    no
    yes
}
enum TemporaryMatters {
    no
    yes
}
struct TypeInfo { }
)";

}  // namespace
}  // namespace rtti_types_natives

constexpr sema::NativeModule kRttiTypesModule = {.name = "rtti",
                                                 .functions = rtti_types_natives::kFunctions,
                                                 .prelude = rtti_types_natives::kPrelude,
                                                 .types = rtti_types_natives::kTypes};

}  // namespace vestige::builtins
