// Values shown to people who look for mistakes: sprint, debug. Part of module `$`. Floor 5.

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "fmt/format.h"
#include "runtime/print_verbose.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace show_natives {
namespace {

using runtime::TextBuffer;

// "TYPE = VALUE" of argument `index`.
void AppendValue(const NativeCall& call, size_t index, uint32_t flags, TextBuffer& text) {
  runtime::AppendText(text, types::TypeName(call.types[index]->unqualified));
  runtime::AppendText(text, " = ");
  runtime::PrintVerbose(text, call.types[index], ValueAddress(call, index), call.context, flags);
}

void Sprint(NativeCall& call) {
  TextBuffer text;
  AppendValue(call, 0, call.Value<uint32_t>(1), text);
  call.Return(runtime::MakeString(call.context, text));
}

// Prints the value with the text in front of it and the place behind it.
void Debug(NativeCall& call) {
  TextBuffer text;
  const std::string_view message = runtime::TextOf(call.Value<const char*>(1));
  runtime::AppendText(text, message);
  if (!message.empty()) text.push_back(' ');
  AppendValue(call, 0, runtime::kDebuggerFlags, text);
  runtime::AppendText(text, " at ");
  runtime::AppendText(text, runtime::TextOf(call.Value<const char*>(2)));
  text.push_back('\n');
  call.context.out().Write({text.data(), text.size()});
}

constexpr sema::NativeFunction kFunctions[] = {
    {"sprint", "(value : auto; flags : print_flags) : string", &Sprint, sema::kMayAllocate},
    // What `debug` becomes.
    {"_builtin_debug", "(value : auto; message, place : string) : void", &Debug},
};

constexpr std::string_view kPrelude = R"(
bitfield print_flags {
    escapeString
    namesAndDimensions
    typeQualifiers
    refAddresses
    singleLine
    fixedPoint
    fullTypeInfo
}
)";

constexpr sema::NativeConstant kConstants[] = {
    {"print_flags_debugger",
     "bitfield",
     {runtime::kEscapeString | runtime::kNamesAndDimensions | runtime::kTypeQualifiers | runtime::kRefAddresses}},
};

}  // namespace
}  // namespace show_natives

constexpr sema::NativeModule kShowModule = {.name = "$",
                                            .functions = show_natives::kFunctions,
                                            .constants = show_natives::kConstants,
                                            .prelude = show_natives::kPrelude};

}  // namespace vestige::builtins
