// Variables as values: fields of structs, arguments of functions, variables of modules; and the constants that
// declarations name. Module `rtti`. Floor 5.

#include <cstring>
#include <string_view>

#include "builtins/rtti_parts.h"
#include "builtins/tables.h"

namespace vestige::builtins {

using types::DescribedVariable;
using types::Kind;
using types::Type;

void ReturnConstant(NativeCall& call, const types::ConstantValue& value) {
  // The members of RttiValue, in their order; the last stands for everything else.
  constexpr Kind kMembers[] = {Kind::kBool,   Kind::kInt,   Kind::kUInt,   Kind::kInt64,
                               Kind::kUInt64, Kind::kFloat, Kind::kDouble, Kind::kString};
  const Type* result = call.types.back();
  auto member = static_cast<int32_t>(std::size(kMembers));
  if (value.type != nullptr) {
    const Type* type = value.type->kind == Kind::kBitfield ? types::Representation(value.type) : value.type;
    for (size_t i = 0; i < std::size(kMembers); ++i) {
      if (kMembers[i] == type->kind) member = static_cast<int32_t>(i);
    }
    const char* text = value.text.text().data();
    const void* bits = type->kind == Kind::kString ? static_cast<const void*>(&text) : &value.bits;
    if (static_cast<size_t>(member) < std::size(kMembers)) {
      const auto part = static_cast<size_t>(member);
      std::memcpy(call.result + result->part_offset(part), bits, result->parts[part]->size());
    }
  }
  std::memcpy(call.result, &member, sizeof(member));
}

namespace rtti_variables_natives {
namespace {

void VariableName(NativeCall& call) {
  if (const auto variable = PartAt<DescribedVariable>(call, 0)) ReturnName(call, variable->name);
}
void VariableOffset(NativeCall& call) {
  if (const auto variable = PartAt<DescribedVariable>(call, 0)) call.Return(variable->offset);
}
void IsPrivate(NativeCall& call) {
  if (const auto variable = PartAt<DescribedVariable>(call, 0)) call.Return(variable->is_private);
}
void IsMethod(NativeCall& call) {
  if (const auto variable = PartAt<DescribedVariable>(call, 0)) call.Return(variable->is_method);
}
void TypeOfVariable(NativeCall& call) {
  if (const auto variable = PartAt<DescribedVariable>(call, 0)) call.Return(variable->type);
}

void VariableValue(NativeCall& call) {
  if (const auto variable = PartAt<DescribedVariable>(call, 0)) ReturnConstant(call, variable->value);
}

constexpr sema::NativeFunction kFunctions[] = {
    {".`name", "(info : VarInfo) : string", &VariableName, sema::kNoInScopeReturn},
    {".`offset", "(info : VarInfo) : uint", &VariableOffset},
    {".`isPrivate", "(info : VarInfo) : bool", &IsPrivate},
    {".`isMethod", "(info : VarInfo) : bool", &IsMethod},
    {"type_info", "(info : VarInfo) : TypeInfo const?", &TypeOfVariable},
    {"get_variable_value", "(info : VarInfo) : RttiValue", &VariableValue},
};

constexpr NativeType kTypes[] = {PartType<DescribedVariable>("VarInfo")};

constexpr std::string_view kPrelude = R"(
struct VarInfo { }
variant RttiValue {
    tBool : bool
    tInt : int
    tUInt : uint
    tInt64 : int64
    tUInt64 : uint64
    tFloat : float
    tDouble : double
    tString : string
    nothing : float4
}

def each_dim(info : TypeInfo|VarInfo) {
    unsafe {
        let asked = addr(info)
        return <- generator<int>() {
            for (i in range(int(asked.dimSize))) {
                yield get_dim(*asked, i)
            }
            return false
        }
    }
}
def arg_types(info : TypeInfo|VarInfo) {
    unsafe {
        let asked = addr(info)
        return <- generator<TypeInfo const&>() {
            if (asked.argTypes != null) {
                for (i in range(int(asked.argCount))) {
                    unsafe {
                        yield *(asked.argTypes[i])
                    }
                }
            }
            return false
        }
    }
}
def arg_names(info : TypeInfo|VarInfo) {
    unsafe {
        let asked = addr(info)
        return <- generator<string>() {
            if (asked.argNames != null) {
                for (i in range(int(asked.argCount))) {
                    unsafe {
                        yield asked.argNames[i]
                    }
                }
            }
            return false
        }
    }
}
)";

}  // namespace
}  // namespace rtti_variables_natives

constexpr sema::NativeModule kRttiVariablesModule = {.name = "rtti",
                                                     .functions = rtti_variables_natives::kFunctions,
                                                     .prelude = rtti_variables_natives::kPrelude,
                                                     .types = rtti_variables_natives::kTypes};

}  // namespace vestige::builtins
