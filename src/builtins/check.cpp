// assert and verify. Part of module `$`.
//
// A condition that does not hold is told on the error sink with the script's stack, then becomes a panic, so that a
// recover block can go on and the run fails otherwise. verify differs in intent only: its condition may have effects.
// Floor 5.

#include <string>
#include <string_view>

#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace check_natives {
namespace {

using sema::NativeCall;

[[gnu::noinline]] void Fail(NativeCall& call, std::string_view text) {
  std::string message = "assert failed";
  if (!text.empty()) message.append(", ").append(text);
  call.context.out().Flush();
  if (const auto& report = call.context.options().report_assertion) report(message);
  call.context.Panic(message);
}

void Assert(NativeCall& call) {
  if (!call.Value<bool>(0)) Fail(call, {});
}

void AssertWithText(NativeCall& call) {
  if (!call.Value<bool>(0)) Fail(call, runtime::TextOf(call.Value<const char*>(1)));
}

constexpr sema::NativeFunction kFunctions[] = {
    {"assert", "(condition : bool) : void", &Assert},
    {"assert", "(condition : bool; text : string) : void", &AssertWithText},
    {"verify", "(condition : bool) : void", &Assert},
    {"verify", "(condition : bool; text : string) : void", &AssertWithText},
};

}  // namespace
}  // namespace check_natives

constexpr sema::NativeModule kCheckModule = {.name = "$", .functions = check_natives::kFunctions};

}  // namespace vestige::builtins
