// Refuses the first, the second, the third... allocation of a script that uses every construct, and looks how each run
// ends: with a report and a clean shutdown, nothing left but what the statement at fault was making, and an engine that
// runs the next script as if nothing had been.
//
//   vestige_refusal_walk SCRIPT [--count N] [--rounds N]     walks N allocations (300), or all there are
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "vestige/engine.h"
#include "vestige/modules.h"

namespace vestige {
namespace {

constexpr std::string_view kHealthy =
    "options gen2\n[export]\ndef main() {\n    var list : array<string>\n    list |> push(\"alive {1 + 1}\")\n"
    "    print(\"{list[0]}\\n\")\n    delete list\n}\n";

// What a statement was making when it was refused: nobody owns it yet, and no finally part knows it.
constexpr uint64_t kUnowned = 2;

struct End {
  bool was_refused = false;
  bool all_done = false;
  std::string complaint;
};

uint64_t Sum(const std::vector<BlockGroup>& groups) {
  uint64_t count = 0;
  for (const BlockGroup& group : groups) count += group.count;
  return count;
}

// One engine: the script with a refusal, then a healthy one.
End Walk(const std::string& script, uint64_t refused) {
  std::string out;
  EngineOptions options;
  options.tracking.leak_profiler = true;
  options.fail_allocation_at = refused;
  options.modules = UnitTestModules();
  options.out = options.err = [&out](std::string_view text) { out += text; };
  Engine engine(std::move(options));
  const RunResult run = engine.RunText("every_construct.das", script);
  End end;
  end.all_done = run.ok && out.starts_with("done\n");
  end.was_refused = run.exception.starts_with("Error: heap allocation failed");
  if (!end.all_done && !end.was_refused) end.complaint = "it ended neither well nor by the refusal";
  if (end.was_refused && (run.exit_code != 1 || out.find("\nsince the start: heap") == std::string::npos)) {
    end.complaint = "there is no report";
  }
  if (run.contexts.size() != 1 || run.contexts[0].block_count > (end.was_refused ? kUnowned : 0)) {
    end.complaint = "blocks are left";
  } else if (Sum(run.contexts[0].blocks) != run.heap.current_blocks ||
             Sum(run.contexts[0].strings) != run.strings.current_blocks) {
    end.complaint = "the rows are not what is alive";
  }
  std::string told = std::move(out);
  out.clear();
  const RunResult next = engine.RunText("healthy.das", std::string(kHealthy));
  // Behind the last allocation of the script its turn may come.
  if (!end.all_done && (!next.ok || !out.starts_with("alive 2\n")))
    end.complaint = "the engine is not usable afterwards";
  const int code = engine.Close();
  if (end.complaint.empty() && code != (end.was_refused || !next.ok ? 1 : 0))
    end.complaint = "the exit code is another";
  if (out.find("FATAL") != std::string::npos) end.complaint = "objects are left";
  if (!end.complaint.empty()) {
    fmt::print("allocation {}: {}\n{}{}\n", refused, end.complaint, told, out);
    std::fflush(stdout);
  }
  return end;
}

uint64_t NumberAfter(int argc, char** argv, std::string_view flag, uint64_t otherwise) {
  for (int i = 2; i + 1 < argc; ++i) {
    const std::string_view text = argv[i + 1];
    if (argv[i] == flag) std::from_chars(text.data(), text.data() + text.size(), otherwise);
  }
  return otherwise;
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: vestige_refusal_walk SCRIPT [--from N] [--count N] [--rounds N]\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  std::string script((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::string_view rounds = "let ROUNDS = 1\n";
  const size_t at = script.find(rounds);
  if (at == std::string::npos) return 2;
  script.replace(at, rounds.size(), fmt::format("let ROUNDS = {}\n", NumberAfter(argc, argv, "--rounds", 1)));

  const uint64_t first = NumberAfter(argc, argv, "--from", 1);
  const uint64_t count = NumberAfter(argc, argv, "--count", 300);
  uint64_t refused = 0;
  uint64_t recovered = 0;
  uint64_t failures = 0;
  for (uint64_t n = first; n < first + count; ++n) {
    const End end = Walk(script, n);
    failures += end.complaint.empty() ? 0 : 1;
    refused += end.was_refused ? 1 : 0;
    // A recover part of the script may take the panic over; behind the last allocation nothing is refused either.
    recovered += end.all_done ? 1 : 0;
    if (failures >= 5) break;
  }
  fmt::print("{} refused and reported, {} where the script went on, {} wrong\n", refused, recovered, failures);
  return failures == 0 && refused > 0 ? 0 : 1;
}

}  // namespace
}  // namespace vestige

int main(int argc, char** argv) { return vestige::Main(argc, argv); }
