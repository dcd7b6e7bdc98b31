// What one call of each kind costs a script: a million of them in a loop, the loop included.

#include <benchmark/benchmark.h>

#include <string>

#include "vestige/engine.h"

namespace vestige {
namespace {

constexpr int kCalls = 1'000'000;

// `declarations`, and a main that says `prepare` once and `step`, which adds to `sum`, for each `i`.
std::string Script(const std::string& declarations, const std::string& prepare, const std::string& step) {
  return "options gen2\n" + declarations + "\n[export]\ndef main() {\n  var sum = 0\n" + prepare +
         "\n  for (i in range(" + std::to_string(kCalls) + ")) {\n    " + step + "\n  }\n  print(\"{sum}\\n\")\n}\n";
}

// Runs the script; compiling it, which takes less than a hundredth of the time, is measured with it.
void RunCalls(benchmark::State& state, const std::string& script) {
  for (auto _ : state) {
    EngineOptions options;
    options.out = [](std::string_view) {};
    Engine engine(options);
    if (!engine.RunText("bench.das", script).ok) state.SkipWithError("the script failed");
    engine.Close();
  }
  state.SetItemsProcessed(state.iterations() * kCalls);
  state.counters["call"] = benchmark::Counter(
      static_cast<double>(kCalls), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_CallFunction(benchmark::State& state) {
  RunCalls(state, Script("[never_inline]\ndef add(a, b : int) { return a + b }", "", "sum = add(sum, i)"));
}
BENCHMARK(BM_CallFunction)->Unit(benchmark::kMillisecond);

void BM_CallMethodOfSealedClass(benchmark::State& state) {
  RunCalls(state, Script("class sealed Adder {\n  more : int\n  def add(a : int) : int { return a + more }\n}",
                         "  var adder = new Adder(more = 3)", "sum = adder.add(sum)"));
}
BENCHMARK(BM_CallMethodOfSealedClass)->Unit(benchmark::kMillisecond);

void BM_CallVirtualMethod(benchmark::State& state) {
  RunCalls(state,
           Script("class Adder {\n  more : int\n  def abstract add(a : int) : int\n}\n"
                  "class Three : Adder {\n  def override add(a : int) : int { return a + more + 3 }\n}\n"
                  "class Five : Adder {\n  def override add(a : int) : int { return a + more + 5 }\n}\n",
                  "  var adders <- [unsafe(reinterpret<Adder?>(new Three())), unsafe(reinterpret<Adder?>(new Five()))]",
                  "sum = adders[i & 1].add(sum)"));
}
BENCHMARK(BM_CallVirtualMethod)->Unit(benchmark::kMillisecond);

void BM_CallBlock(benchmark::State& state) {
  RunCalls(state, Script("[never_inline]\ndef apply(a : int; code : block<(a : int) : int>) { return invoke(code, a) }",
                         "", "sum = apply(sum) $(a : int) { return a + i }"));
}
BENCHMARK(BM_CallBlock)->Unit(benchmark::kMillisecond);

void BM_CallLambda(benchmark::State& state) {
  RunCalls(state, Script("", "  let more = 3\n  var add <- @ capture(= more) (a : int) : int { return a + more }",
                         "sum = invoke(add, sum)"));
}
BENCHMARK(BM_CallLambda)->Unit(benchmark::kMillisecond);

void BM_StepGenerator(benchmark::State& state) {
  RunCalls(state, Script("",
                         "  var numbers <- generator<int> {\n    var n = 0\n    while (true) {\n      yield n\n  "
                         "    n++\n    }\n    return false\n  }\n  var number = 0",
                         "next(numbers, number)\n    sum += number & 7"));
}
BENCHMARK(BM_StepGenerator)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vestige
