// Memory as hosts see it: limits, refusals on request, checkpoints, and how much a run used.
#include <doctest/doctest.h>

#include <string>

#include "vestige/engine.h"

namespace vestige {
namespace {

struct MemoryHost {
  std::string out;
  std::string err;

  EngineOptions Options() {
    EngineOptions options;
    options.out = [this](std::string_view text) { out += text; };
    options.err = [this](std::string_view text) { err += text; };
    return options;
  }
};

constexpr const char* kTooMuch =
    "options gen2\n[export]\ndef main() {\n    var a : array<int>\n    a |> reserve(1000000)\n}\n";
constexpr const char* kLittle =
    "options gen2\n[export]\ndef main() {\n    var a : array<int>\n    a |> reserve(10)\n    print(\"fine\\n\")\n}\n";

bool Tells(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("an engine goes on behind a limit") {
  MemoryHost host;
  EngineOptions options = host.Options();
  options.max_heap_bytes = 1 << 20;
  Engine engine(std::move(options));
  const RunResult refused = engine.RunText("too_much.das", kTooMuch);
  CHECK_FALSE(refused.ok);
  CHECK(refused.exit_code == 1);
  CHECK(refused.exception.starts_with("Error: heap allocation failed (requested 4000000 bytes, heap used: 0 bytes)"));
  CHECK(Tells(host.out, " at too_much.das:5:9\n"));
  CHECK(refused.heap == HeapStats());
  const RunResult fine = engine.RunText("little.das", kLittle);
  CHECK(fine.ok);
  CHECK(Tells(host.out, "fine\n"));
  CHECK(fine.heap.current_blocks == 1);
  CHECK(fine.heap.max_bytes == 48);
}

TEST_CASE("places at a limit may be turned off, types are told all the same") {
  for (const bool has_sites : {false, true}) {
    MemoryHost host;
    EngineOptions options = host.Options();
    options.max_heap_bytes = 1000;
    options.tracking.limit_sites = has_sites;
    Engine engine(std::move(options));
    engine.RunText("fills.das",
                   "options gen2\nvar all : array<array<int>>\n[export]\ndef main() {\n    for (i in range(99)) {\n"
                   "        var a : array<int>\n        a |> reserve(10)\n        all |> emplace(a)\n    }\n}\n");
    CHECK(Tells(host.out, "bytes per location:\n") == has_sites);
    CHECK(Tells(host.out, "bytes per type:\n"));
  }
}

TEST_CASE("the allocation that is to fail is counted over the runs of an engine") {
  MemoryHost host;
  EngineOptions options = host.Options();
  options.fail_allocation_at = 2;
  Engine engine(std::move(options));
  CHECK(engine.RunText("little.das", kLittle).ok);
  CHECK_FALSE(engine.RunText("little.das", kLittle).ok);
  CHECK(engine.RunText("little.das", kLittle).ok);
}

TEST_CASE("allocations of jobs and threads count for the one that is to fail") {
  const char* text =
      "options gen2\nrequire jobque\n[export]\ndef main() {\n    with_job_que() {\n        new_job() @() {\n"
      "            var a : array<int>\n            a |> reserve(1000)\n            delete a\n        }\n    }\n"
      "    new_thread() @() {\n        var a : array<int>\n        a |> reserve(2000)\n        delete a\n    }\n}\n";
  std::string all;
  bool is_ok = false;
  for (uint64_t n = 1; !is_ok; ++n) {
    REQUIRE(n < 100);
    std::string before;
    // The job has ended when the thread is made, so each time the same allocation is the n-th.
    for (int i = 0; i < 2; ++i) {
      MemoryHost host;
      EngineOptions options = host.Options();
      options.fail_allocation_at = n;
      Engine engine(std::move(options));
      is_ok = engine.RunText("jobs.das", text).ok;
      CHECK(is_ok == host.out.empty());
      if (i == 1) CHECK(host.out == before);
      before = host.out;
    }
    all += before;
  }
  CHECK(Tells(all, "JOB EXCEPTION: Error: heap allocation failed (requested 4000 bytes"));
  CHECK(Tells(all, "JOB EXCEPTION: Error: heap allocation failed (requested 8000 bytes"));
}

Engine* the_engine = nullptr;

TEST_CASE("hosts report items, too, and draw") {
  MemoryHost host;
  std::string drawing;
  const NativeFunction functions[] = {{"work", "(items : int) : void", [](NativeCall& call) {
                                         the_engine->DebugProgress(static_cast<uint64_t>(call.Value<int32_t>(0)));
                                       }}};
  const NativeModule module = {.name = "work", .functions = functions};
  const NativeModule* const modules[] = {&module};
  EngineOptions options = host.Options();
  options.modules = modules;
  options.debug_memory = true;
  options.debug_plot = [&drawing](std::string_view text) { drawing += text; };
  Engine engine(std::move(options));
  the_engine = &engine;
  engine.DebugProgress(5);
  CHECK(host.err.empty());
  engine.RunText("works.das",
                 "options gen2\nrequire work\n[export]\ndef main() {\n    for (i in range(3000)) {\n        work(i)\n"
                 "    }\n}\n");
  CHECK(Tells(host.err, "DEBUG: header run=works.das"));
  CHECK(Tells(host.err, "DEBUG: progress items=2000"));
  CHECK(Tells(host.err, " | constant\n"));
  CHECK(drawing.starts_with("<svg "));
  CHECK(drawing.ends_with("</svg>\n"));
}

}  // namespace
}  // namespace vestige
