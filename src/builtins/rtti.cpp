// The running context and the classes of objects, as scripts see them. Module `rtti`.
//
// The value this_context() returns carries nothing: its properties ask the context they are read in, unless the value
// is a context that a script made (program_maker.h). A StructInfo of scripts is the compiler's description of a class,
// which objects begin with. Floor 5.

#include <cstring>
#include <string>
#include <string_view>

#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/program_maker.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace rtti_natives {
namespace {

using sema::NativeCall;

// The result is zero already, which is all there is.
void ThisContext(NativeCall&) {}

// The context that argument 0 is; null when it is the one that asks.
runtime::ProgramContext* OtherContext(const NativeCall& call) {
  auto& context = call.Reference<runtime::ProgramContext>(0);
  const void* first;
  std::memcpy(&first, static_cast<const void*>(&context), sizeof(first));
  return first == nullptr ? nullptr : &context;
}

void Name(NativeCall& call) {
  const runtime::ProgramContext* other = OtherContext(call);
  call.Return(runtime::MakeString(call.context, other != nullptr ? other->Name() : call.context.name()));
}

void SetName(NativeCall& call) {
  const std::string_view name = runtime::TextOf(call.Value<const char*>(1));
  if (runtime::ProgramContext* other = OtherContext(call)) {
    other->SetName(name);
  } else {
    call.context.set_name(name);
  }
}

// As reports spell it: with a newline at the end. Empty while nothing was recovered.
void LastException(NativeCall& call) {
  const runtime::ProgramContext* other = OtherContext(call);
  const std::string text = other != nullptr ? other->LastException() : call.context.last_exception();
  call.Return(runtime::MakeString(call.context, text.empty() ? text : text + "\n"));
}

// The description that is behind `__rtti`.
void ClassInfo(NativeCall& call) { call.Return(call.Value<const void*>(0)); }

// An object of the second class is one of the first.
void IsCompatibleCast(NativeCall& call) {
  const auto* wanted = call.Value<const types::StructInfo*>(0);
  const auto* info = call.Value<const types::StructInfo*>(1);
  while (info != nullptr && info != wanted) info = info->parent;
  call.Return(info != nullptr && wanted != nullptr);
}

// The code that a finding of lint begins with: what stands before the first colon, or nothing.
void LintCode(NativeCall& call) {
  const std::string_view text = runtime::TextOf(call.Value<const char*>(0));
  const size_t colon = text.find(':');
  call.Return(runtime::MakeString(call.context, colon == std::string_view::npos ? "" : text.substr(0, colon)));
}

constexpr sema::NativeFunction kFunctions[] = {
    {"extract_lint_code", "(text : string) : string", &LintCode, sema::kMayAllocate},
    {"_builtin_class_info", "(rtti : void? const) : StructInfo const?", &ClassInfo},
    {"is_compatible_cast", "(to : StructInfo const?; from : StructInfo const?) : bool", &IsCompatibleCast},
    {"this_context", "() : Context", &ThisContext},
    {".`name", "(context : Context) : string", &Name, sema::kMayAllocate},
    {".`name`clone", "(context : Context; name : string) : void", &SetName},
    {".`last_exception", "(context : Context) : string", &LastException, sema::kMayAllocate},
    {".`exception", "(context : Context) : string", &LastException, sema::kMayAllocate},
};

constexpr std::string_view kPrelude = R"(
def class_info(object) : StructInfo const? {
    static_if (typeinfo is_pointer(object)) {
        static_if (typeinfo is_class(*object)) {
            return object == null ? null : _builtin_class_info((*object).__rtti)
        } else {
            concept_assert(false, "not a pointer to a class")
            return null
        }
    } static_elif (typeinfo is_class(object)) {
        return _builtin_class_info(object.__rtti)
    } else {
        concept_assert(false, "this type does not have class info, it is not a class")
        return null
    }
}
)";

}  // namespace
}  // namespace rtti_natives

constexpr sema::NativeModule kRttiModule = {
    .name = "rtti", .alias = "daslib/rtti", .functions = rtti_natives::kFunctions, .prelude = rtti_natives::kPrelude};
constexpr sema::NativeModule kRttiCoreModule = {.name = "rtti_core", .prelude = "require rtti public\n"};

}  // namespace vestige::builtins
