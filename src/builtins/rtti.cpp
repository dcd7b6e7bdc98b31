// The running context as scripts see it. Module `rtti`.
//
// A script has one context, so the value this_context() returns carries nothing: its properties ask the context they
// are read in. Floor 5.

#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace {

using sema::NativeCall;

// The result is zero already, which is all there is.
void ThisContext(NativeCall&) {}

void Name(NativeCall& call) { call.Return(runtime::MakeString(call.context, call.context.name())); }

void SetName(NativeCall& call) { call.context.set_name(runtime::TextOf(call.Value<const char*>(1))); }

// As reports spell it: with a newline at the end. Empty while nothing was recovered.
void LastException(NativeCall& call) {
  const std::string& text = call.context.last_exception();
  call.Return(runtime::MakeString(call.context, text.empty() ? text : text + "\n"));
}

constexpr sema::NativeFunction kFunctions[] = {
    {"this_context", "() : Context", &ThisContext},
    {".`name", "(context : Context) : string", &Name, sema::kMayAllocate},
    {".`name`clone", "(context : Context; name : string) : void", &SetName},
    {".`last_exception", "(context : Context) : string", &LastException, sema::kMayAllocate},
    {".`exception", "(context : Context) : string", &LastException, sema::kMayAllocate},
};

}  // namespace

constexpr sema::NativeModule kRttiModule = {.name = "rtti", .alias = "daslib/rtti", .functions = kFunctions};
constexpr sema::NativeModule kRttiCoreModule = {.name = "rtti_core", .prelude = "require rtti public\n"};

}  // namespace vestige::builtins
