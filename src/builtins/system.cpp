// Time, the command line, and what a script runs on. Part of module `$`. Floor 5.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

#include "builtins/tables.h"
#include "exec/context.h"
#include "fmt/format.h"
#include "runtime/array.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace system_natives {
namespace {

using sema::NativeCall;

// Nanoseconds of a clock that never goes back. Its zero means nothing.
int64_t Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// Since a tick count of before; wraps for counts that never were.
int64_t Since(int64_t ticks) {
  return static_cast<int64_t>(static_cast<uint64_t>(Now()) - static_cast<uint64_t>(ticks));
}

void Ticks(NativeCall& call) { call.Return(Now()); }

void MicrosecondsSince(NativeCall& call) {
  const int64_t time = Since(call.Value<int64_t>(0)) / 1000;
  call.Return(static_cast<int32_t>(std::min<int64_t>(time, std::numeric_limits<int32_t>::max())));
}

void NanosecondsSince(NativeCall& call) { call.Return(Since(call.Value<int64_t>(0))); }

// Runs a block `count` times, prints the shortest run, and returns it in seconds.
void Profile(NativeCall& call) {
  const int32_t count = call.Value<int32_t>(0);
  int64_t best = std::numeric_limits<int64_t>::max();
  for (int32_t i = 0; i < count; ++i) {
    const int64_t start = Now();
    if (!call.context.CallBlock(call.Value<const void*>(2), {}, nullptr)) return;
    best = std::min(best, Now() - start);
  }
  const double seconds = count > 0 ? static_cast<double>(best) / 1e9 : 0;
  const std::string_view name = runtime::TextOf(call.Value<const char*>(1));
  call.context.out().Write(fmt::format("\"{}\", {}, {}\n", name, seconds, count));
  call.Return(static_cast<float>(seconds));
}

void CommandLine(NativeCall& call) {
  const std::span<const std::string> words = call.context.options().command_line;
  auto& array = *reinterpret_cast<runtime::Array*>(call.result);
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types.back());
  if (!runtime::MakeArray(call.context, array, static_cast<uint32_t>(words.size()), shape)) return;
  auto** texts = reinterpret_cast<char**>(array.data);
  for (size_t i = 0; i < words.size(); ++i) texts[i] = runtime::MakeString(call.context, words[i]);
}

void DasRoot(NativeCall& call) { call.Return(runtime::MakeString(call.context, call.context.options().das_root)); }

// The version of the language, not of this program.
void Version(NativeCall& call) { call.Return("0.6.4"); }

void PlatformName(NativeCall& call) { call.Return("linux"); }

void ArchitectureName(NativeCall& call) {
#if defined(__x86_64__)
  call.Return("x86_64");
#elif defined(__aarch64__)
  call.Return("arm64");
#else
  call.Return("unknown");
#endif
}

// Whether the processor, and the system for wide registers, knows a feature by the name compilers give it. False for
// names nobody knows and for those of other architectures.
bool ProcessorSupports([[maybe_unused]] std::string_view feature) {
#if defined(__x86_64__)
  // The compiler takes no names but literal ones.
  if (feature == "sse3") return __builtin_cpu_supports("sse3") != 0;
  if (feature == "ssse3") return __builtin_cpu_supports("ssse3") != 0;
  if (feature == "sse4.1") return __builtin_cpu_supports("sse4.1") != 0;
  if (feature == "sse4.2") return __builtin_cpu_supports("sse4.2") != 0;
  if (feature == "popcnt") return __builtin_cpu_supports("popcnt") != 0;
  if (feature == "avx") return __builtin_cpu_supports("avx") != 0;
  if (feature == "avx2") return __builtin_cpu_supports("avx2") != 0;
  if (feature == "fma") return __builtin_cpu_supports("fma") != 0;
  if (feature == "bmi") return __builtin_cpu_supports("bmi") != 0;
  if (feature == "bmi2") return __builtin_cpu_supports("bmi2") != 0;
  if (feature == "avx512f") return __builtin_cpu_supports("avx512f") != 0;
  if (feature == "avx512bw") return __builtin_cpu_supports("avx512bw") != 0;
  if (feature == "avx512vl") return __builtin_cpu_supports("avx512vl") != 0;
  if (feature == "avx512vnni") return __builtin_cpu_supports("avx512vnni") != 0;
#endif
  return false;
}

// Scripts that are for machine code alone ask this first; here everything is interpreted.
void JitEnabled(NativeCall& call) { call.Return(false); }

void CpuSupports(NativeCall& call) { call.Return(ProcessorSupports(runtime::TextOf(call.Value<const char*>(0)))); }

// Where in its function the call stands, from 1 on; 0 unless the collector needs to know such places.
void FramePosition(NativeCall& call) {
  const exec::Code& code = call.context.code();
  const uint32_t word = code.IndexOf(call.context.pc);
  const uint32_t function = code.FunctionAt(word);
  const bool known = call.context.options().gc && function != types::kNoFunction;
  call.Return(known ? static_cast<int32_t>(word - code.IndexOf(code.functions()[function].entry)) + 1 : 0);
}

constexpr uint32_t kConstantText = sema::kPure | sema::kNoInScopeReturn;

constexpr sema::NativeFunction kFunctions[] = {
    {"ref_time_ticks", "() : int64", &Ticks},
    {"get_time_usec", "(ref : int64) : int", &MicrosecondsSince},
    {"get_time_nsec", "(ref : int64) : int64", &NanosecondsSince},
    {"profile", "(count : int; name : string; blk : block<() : void>) : float", &Profile, sema::kInvokesBlocks},
    {"get_command_line_arguments", "() : array<string>", &CommandLine, sema::kMayAllocate},
    {"get_das_root", "() : string", &DasRoot, sema::kMayAllocate},
    {"get_das_version", "() : string", &Version, kConstantText},
    {"get_platform_name", "() : string", &PlatformName, kConstantText},
    {"jit_enabled", "() : bool", &JitEnabled, sema::kPure},
    {"is_jit_function", "(f : auto) : bool", &JitEnabled, sema::kPure},
    {"cpu_supports", "(feature : string) : bool", &CpuSupports},
    {"frame_position", "() : int", &FramePosition},
    {"get_architecture_name", "() : string", &ArchitectureName, kConstantText},
};

}  // namespace
}  // namespace system_natives

constexpr sema::NativeModule kSystemModule = {.name = "$", .functions = system_natives::kFunctions};

}  // namespace vestige::builtins
