// What a script may ask of the process it runs in: ending it, waiting, its environment. Part of module `fio`. Floor 5.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

#include "builtins/tables.h"
#include "exec/context.h"
#include "jobs/system.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace fio_natives {
namespace {

using sema::NativeCall;

// No more script code runs; what ends a run otherwise (finalizers, reports) still happens.
void Exit(NativeCall& call) { call.context.RequestExit(call.Value<int32_t>(0)); }

// Longest time in which a request to stop is not looked at.
constexpr std::chrono::milliseconds kPollInterval{20};

// What was printed appears before the wait. A request to stop the run ends the wait, and the run.
void Sleep(NativeCall& call) {
  using Clock = std::chrono::steady_clock;
  call.context.out().Flush();
  jobs::System* const jobs = call.context.options().jobs;
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(call.Value<uint32_t>(0));
  while (!call.context.TakeStop()) {
    const auto left = end - Clock::now();
    if (left <= Clock::duration::zero()) return;
    const auto pause = std::min<Clock::duration>(left, kPollInterval);
    const timespec time = {.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(pause).count()};
    if (jobs != nullptr) jobs->BeginRest();
    // Cut short by a signal, it is looked at what the signal meant, and the rest is waited for.
    nanosleep(&time, nullptr);
    if (jobs != nullptr) jobs->EndRest();
  }
}

// The value of a variable of the environment; empty when it is not set.
void EnvironmentVariable(NativeCall& call) {
  const char* value = std::getenv(std::string(runtime::TextOf(call.Value<const char*>(0))).c_str());
  call.Return(runtime::MakeString(call.context, value != nullptr ? value : ""));
}

void HasEnvironmentVariable(NativeCall& call) {
  call.Return(std::getenv(std::string(runtime::TextOf(call.Value<const char*>(0))).c_str()) != nullptr);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"get_env_variable", "(name : string) : string", &EnvironmentVariable, sema::kMayAllocate},
    {"has_env_variable", "(name : string) : bool", &HasEnvironmentVariable},
    {"exit", "(code : int) : void", &Exit, sema::kUnsafe},
    {"sleep", "(milliseconds : uint) : void", &Sleep},
};

}  // namespace
}  // namespace fio_natives

constexpr sema::NativeModule kFioCoreModule = {.name = "fio_core", .functions = fio_natives::kFunctions};
constexpr sema::NativeModule kFioModule = {
    .name = "fio", .alias = "daslib/fio", .prelude = "require fio_core public\nrequire strings\nrequire math\n"};

}  // namespace vestige::builtins
