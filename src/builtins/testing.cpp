// What module testing, written in script, cannot do itself: to tell whoever runs the tests, and to compare bits. Module
// testing_core.
//
// Without a listener (a test file run as a program) what tests say goes to the error output. Floor 5.

#include <cmath>
#include <cstring>
#include <string_view>

#include "builtins/tables.h"
#include "exec/context.h"
#include "fmt/format.h"
#include "runtime/string.h"
#include "runtime/test_listener.h"

namespace vestige::builtins {

namespace testing_natives {
namespace {

using sema::NativeCall;

runtime::TestListener* ListenerOf(NativeCall& call) { return call.context.options().tests; }

std::string_view Text(NativeCall& call, size_t index) { return runtime::TextOf(call.Value<const char*>(index)); }

void Log(NativeCall& call) {
  if (auto* listener = ListenerOf(call)) {
    listener->Log(Text(call, 0));
  } else {
    call.context.err().Write(fmt::format("{}\n", Text(call, 0)));
  }
}

void SkipReason(NativeCall& call) {
  if (auto* listener = ListenerOf(call)) listener->SkipReason(Text(call, 0));
}

// Returns the name as a string that lives as long as the program: the listener's, or the argument itself.
void Begin(NativeCall& call) {
  const char* name = call.Value<const char*>(0);
  if (auto* listener = ListenerOf(call)) name = listener->BeginSubTest(runtime::TextOf(name));
  call.Return(name);
}

template <void (runtime::TestListener::*told)()>
void Tell(NativeCall& call) {
  if (auto* listener = ListenerOf(call)) (listener->*told)();
}

void BeginMeasurement(NativeCall& call) {
  if (auto* listener = ListenerOf(call)) listener->BeginMeasurement(Text(call, 0));
}

void EndMeasurement(NativeCall& call) {
  auto* listener = ListenerOf(call);
  if (listener == nullptr) return;
  listener->EndMeasurement({.rounds = call.Value<int32_t>(0),
                            .time_ns = call.Value<int64_t>(1),
                            .allocations = call.Value<uint64_t>(2),
                            .heap_bytes = call.Value<uint64_t>(3),
                            .string_allocations = call.Value<uint64_t>(4),
                            .string_bytes = call.Value<uint64_t>(5)});
}

template <typename T, int lanes>
struct Lanes {
  T values[lanes];
};

template <typename T, int lanes>
void SameBits(NativeCall& call) {
  const auto a = call.Value<Lanes<T, lanes>>(0);
  const auto b = call.Value<Lanes<T, lanes>>(1);
  call.Return(std::memcmp(&a, &b, sizeof(a)) == 0);
}

template <typename T, int lanes>
void SameNumbers(NativeCall& call) {
  const auto a = call.Value<Lanes<T, lanes>>(0);
  const auto b = call.Value<Lanes<T, lanes>>(1);
  bool same = true;
  for (int i = 0; i < lanes; ++i) {
    same = same && (a.values[i] == b.values[i] || (std::isnan(a.values[i]) && std::isnan(b.values[i])));
  }
  call.Return(same);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"test_log", "(message : string) : void", &Log},
    {"test_fail", "() : void", &Tell<&runtime::TestListener::Fail>},
    {"test_skip", "() : void", &Tell<&runtime::TestListener::Skip>},
    {"test_skip_reason", "(reason : string) : void", &SkipReason},
    {"test_begin", "(name : string) : string", &Begin, sema::kNoInScopeReturn},
    {"test_panicked", "() : void", &Tell<&runtime::TestListener::SubTestPanicked>},
    {"test_end", "() : void", &Tell<&runtime::TestListener::EndSubTest>},
    {"benchmark_begin", "(name : string) : void", &BeginMeasurement},
    {"benchmark_end",
     "(rounds : int; time_ns : int64; allocs, heap_bytes, string_allocs, string_heap_bytes : uint64) : void",
     &EndMeasurement},
    {"same_bits", "(a, b : float) : bool", &SameBits<float, 1>, sema::kPure},
    {"same_bits", "(a, b : float2) : bool", &SameBits<float, 2>, sema::kPure},
    {"same_bits", "(a, b : float3) : bool", &SameBits<float, 3>, sema::kPure},
    {"same_bits", "(a, b : float4) : bool", &SameBits<float, 4>, sema::kPure},
    {"same_bits", "(a, b : double) : bool", &SameBits<double, 1>, sema::kPure},
    {"same_numbers", "(a, b : float) : bool", &SameNumbers<float, 1>, sema::kPure},
    {"same_numbers", "(a, b : float2) : bool", &SameNumbers<float, 2>, sema::kPure},
    {"same_numbers", "(a, b : float3) : bool", &SameNumbers<float, 3>, sema::kPure},
    {"same_numbers", "(a, b : float4) : bool", &SameNumbers<float, 4>, sema::kPure},
    {"same_numbers", "(a, b : double) : bool", &SameNumbers<double, 1>, sema::kPure},
};

}  // namespace
}  // namespace testing_natives

constexpr sema::NativeModule kTestingCoreModule = {.name = "testing_core", .functions = testing_natives::kFunctions};

}  // namespace vestige::builtins
