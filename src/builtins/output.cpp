// What a script says, and how it ends: print, error, to_log, panic. Part of module `$`. Floor 5.

#include <string>
#include <string_view>

#include "builtins/tables.h"
#include "exec/context.h"
#include "fmt/format.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace output_natives {
namespace {

using sema::NativeCall;

std::string_view Text(const NativeCall& call, size_t index) { return runtime::TextOf(call.Value<const char*>(index)); }

// Standard error is not buffered with standard output: what was printed before appears before.
void WriteError(NativeCall& call, std::string_view text) {
  call.context.out().Flush();
  call.context.err().Write(text);
  call.context.err().Flush();
}

void Print(NativeCall& call) { call.context.out().Write(Text(call, 0)); }

void Error(NativeCall& call) { WriteError(call, Text(call, 0)); }

// Prints nothing, but counts as having an effect.
void Feint(NativeCall&) {}

void Panic(NativeCall& call) { call.context.Panic(Text(call, 0)); }

// Levels of the language's log; larger is graver.
enum LogLevel {
  kLogTrace = 0,
  kLogDebug = 10000,
  kLogInfo = 20000,
  kLogWarning = 30000,
  kLogError = 40000,
  kLogCritical = 50000
};

void ToLog(NativeCall& call) {
  const int level = call.Value<int32_t>(0);
  const std::string_view text = Text(call, 1);
  if (level >= kLogError) {
    WriteError(call, text);
  } else {
    call.context.out().Write(level >= kLogWarning ? "[W] " : level >= kLogInfo ? "[I] " : "");
    call.context.out().Write(text);
  }
}

constexpr sema::NativeFunction kFunctions[] = {
    {"print", "(text : string) : void", &Print},
    {"error", "(text : string) : void", &Error},
    {"feint", "(text : string) : void", &Feint},
    {"panic", "(text : string = \"\") : void", &Panic},
    {"to_log", "(level : int; text : string) : void", &ToLog},
};

constexpr sema::NativeConstant kConstants[] = {
    {"LOG_CRITICAL", "int", {kLogCritical}}, {"LOG_ERROR", "int", {kLogError}}, {"LOG_WARNING", "int", {kLogWarning}},
    {"LOG_INFO", "int", {kLogInfo}},         {"LOG_DEBUG", "int", {kLogDebug}}, {"LOG_TRACE", "int", {kLogTrace}},
};

}  // namespace
}  // namespace output_natives

constexpr sema::NativeModule kOutputModule = {
    .name = "$", .functions = output_natives::kFunctions, .constants = output_natives::kConstants};

}  // namespace vestige::builtins
