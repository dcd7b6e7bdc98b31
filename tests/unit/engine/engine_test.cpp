// The public interface, used as a host uses it.
#include "vestige/engine.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "fmt/format.h"

namespace vestige {
namespace {

// A host that keeps everything an engine says.
struct Host {
  std::string out;
  std::string err;
  std::string reports;

  EngineOptions Options() {
    EngineOptions options;
    options.out = [this](std::string_view text) { out += text; };
    options.err = [this](std::string_view text) { err += text; };
    options.reports = [this](std::string_view text) { reports += text; };
    return options;
  }
};

constexpr const char* kLeaky = R"(options gen2
struct Node {
    id : int
}
var keep : Node?
def make(id : int) {
    keep = new Node(id = id)
}
[export]
def main() {
    make(1)
    make(2)
    print("made {keep.id}\n")
}
)";

TEST_CASE("a script's output goes to the host, and its end is told") {
  Host host;
  Engine engine(host.Options());
  const RunResult result = engine.RunText(
      "seven.das", "options gen2\n[export]\ndef main() : int {\n    print(\"seven\\n\")\n    return 7\n}\n");
  CHECK(result.ok);
  CHECK(result.exit_code == 7);
  CHECK(host.out == "seven\n");
  CHECK(host.err.empty());
  CHECK(engine.Close() == 7);
}

TEST_CASE("findings are data before they are text") {
  Host host;
  EngineOptions options = host.Options();
  options.tracking.leak_profiler = true;
  options.tracking.extended = true;
  Engine engine(std::move(options));
  const RunResult result = engine.RunText("leaky.das", kLeaky);
  REQUIRE(result.contexts.size() == 1);
  const ContextFindings& context = result.contexts[0];
  CHECK(context.block_count == 2);
  CHECK(context.block_bytes == 8);
  REQUIRE(context.blocks.size() == 2);
  CHECK(context.blocks[0].reach == "lost");
  CHECK(context.blocks[1].reach == "reachable from keep");
  CHECK(host.out == "made 2\n");
  CHECK(host.reports.find("  at make leaky.das:7\n  at main leaky.das:11\n") != std::string::npos);
}

TEST_CASE("nothing is reported of what was not asked about") {
  Host host;
  Engine engine(host.Options());
  const RunResult result = engine.RunText("leaky.das", kLeaky);
  CHECK(result.contexts.empty());
  CHECK(host.reports.empty());
}

TEST_CASE("survivors change the exit code only when the host wants it") {
  Host host;
  EngineOptions options = host.Options();
  options.tracking.leak_profiler = true;
  options.leak_exit = 9;
  Engine engine(std::move(options));
  CHECK(engine.RunText("leaky.das", kLeaky).exit_code == 9);
}

TEST_CASE("a panic is a result, not an end of the process") {
  Host host;
  Engine engine(host.Options());
  const RunResult result = engine.RunText("boom.das", "options gen2\n[export]\ndef main() {\n    panic(\"boom\")\n}\n");
  CHECK_FALSE(result.ok);
  CHECK(result.exit_code == 1);
  CHECK(result.exception == "boom");
  CHECK(host.out == "EXCEPTION: boom\n at boom.das:4:4\n");
}

TEST_CASE("source that does not compile is told and fails") {
  Host host;
  Engine engine(host.Options());
  const RunResult result = engine.RunText("bad.das", "options gen2\n[export]\ndef main() {\n    let x = \n}\n");
  CHECK_FALSE(result.ok);
  CHECK(result.exit_code == 1);
  CHECK(host.out.find("error[30151]") == 0);
}

TEST_CASE("a missing file is told and fails") {
  Host host;
  Engine engine(host.Options());
  CHECK(engine.RunFile("no/such/file.das").exit_code == 1);
  CHECK(host.out == "error[20605]: missing prerequisite 'no/such/file.das'; file not found\n\n");
}

TEST_CASE("one engine runs many scripts, and remembers that one failed") {
  Host host;
  Engine engine(host.Options());
  for (int i = 0; i < 50; ++i) {
    CHECK(engine.RunText("fine.das", "options gen2\n[export]\ndef main() {\n    pass\n}\n").exit_code == 0);
  }
  CHECK(engine.RunText("two.das", "options gen2\n[export]\ndef main() : int {\n    return 2\n}\n").exit_code == 2);
  CHECK(engine.RunText("fine.das", "options gen2\n[export]\ndef main() {\n    pass\n}\n").exit_code == 0);
  CHECK(engine.Close() == 2);
}

TEST_CASE("what a module of the cache does wrong is told in each program with its place") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  const std::string module = (folder / "vestige_cached_module.das").string();
  const std::string main = (folder / "vestige_cached_main.das").string();
  const std::string head = "options gen2\nrequire vestige_cached_module\n[export]\ndef main() {\n";
  std::ofstream(module) << "options gen2\ndef fail(i : int) {\n    panic(\"failed {i}\")\n}\n";
  Host host;
  Engine engine(host.Options());
  for (int i = 0; i < 2; ++i) {
    host.out.clear();
    CHECK_FALSE(engine.RunText(main, head + fmt::format("    fail({})\n}}\n", i)).ok);
    CHECK(host.out == fmt::format("EXCEPTION: failed {}\n at {}:3:4\n", i, module));
    host.out.clear();
    CHECK_FALSE(engine.RunText(main, head + "    fail(\"text\")\n}\n").ok);
    CHECK(host.out.find(module + ":2:4") != std::string::npos);  // the candidate
  }
  std::filesystem::remove(module);
}

TEST_CASE("another thread can stop a script that would run for ever") {
  Host host;
  EngineOptions options = host.Options();
  options.tracking.leak_profiler = true;
  Engine engine(std::move(options));
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    engine.RequestStop(15);
  });
  const RunResult result = engine.RunText("forever.das", R"(options gen2
var nums : array<int>
[export]
def main() {
    nums |> push(1)
    while (true) {
        nums[0]++
    }
}
)");
  stopper.join();
  CHECK_FALSE(result.ok);
  CHECK_FALSE(result.go_on);
  CHECK(result.exit_code == 143);
  CHECK(host.reports.find("at main forever.das:5") != std::string::npos);
}

TEST_CASE("engines on several threads do not know each other") {
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  std::vector<std::string> reports(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&reports, i] {
      Host host;
      EngineOptions options = host.Options();
      options.tracking.leak_profiler = true;
      Engine engine(std::move(options));
      engine.RunText("leaky.das", kLeaky);
      reports[i] = host.reports;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(reports[0].empty());
  for (int i = 1; i < kThreads; ++i) CHECK(reports[i] == reports[0]);
}

TEST_CASE("a memory limit is an exception that the host survives") {
  Host host;
  EngineOptions options = host.Options();
  options.max_heap_bytes = 1 << 20;
  options.tracking.leak_profiler = true;
  Engine engine(std::move(options));
  const RunResult result = engine.RunText("greedy.das", R"(options gen2
struct Node {
    next : Node?
}
var head : Node?
[export]
def main() {
    while (true) {
        head = new Node(next = head)
    }
}
)");
  CHECK(result.exit_code == 1);
  CHECK(result.exception.find("Error: heap allocation failed (requested 8 bytes, heap used: 1048576 bytes)") == 0);
  CHECK(host.out.find("large (>=256KB) allocs: 0\n at greedy.das:9:") != std::string::npos);
  CHECK(host.reports.find("[leak] size=0x8 bytes x65536 (0x80000 bytes)\n  at main greedy.das:9\n") !=
        std::string::npos);
  CHECK(engine.RunText("leaky.das", kLeaky).exit_code == 0);
}

}  // namespace
}  // namespace vestige
