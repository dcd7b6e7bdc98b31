// The report at a memory limit is made without allocating: this program counts every allocation between the refusal and
// the report's last line, whoever makes it, and measures how long the report takes.
//
//   vestige_no_allocation [BLOCKS]     so many live blocks (100000)
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "vestige/engine.h"

namespace {

bool is_forbidden = false;
int allocation_count = 0;

void* Counted(void* block) {
  if (is_forbidden) ++allocation_count;
  return block;
}

}  // namespace

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
void* malloc(size_t size) { return Counted(__libc_malloc(size)); }
void* calloc(size_t count, size_t size) { return Counted(__libc_calloc(count, size)); }
void* realloc(void* block, size_t size) { return Counted(__libc_realloc(block, size)); }
}

namespace vestige {
namespace {

using Clock = std::chrono::steady_clock;

// Text in memory that is there before.
struct Told {
  char text[1 << 16];
  size_t size = 0;
  Clock::time_point start;
  Clock::time_point end;

  void Add(std::string_view more) {
    const size_t bytes = std::min(more.size(), sizeof(text) - size);
    std::memcpy(text + size, more.data(), bytes);
    size += bytes;
    // The report's last line.
    if (more.starts_with("since the")) {
      end = Clock::now();
      is_forbidden = false;
    }
  }
};

constexpr std::string_view kScript = R"(options gen2
options persistent_heap
require no_allocation
struct Node {
    value : int
}
class Other {
    text : string
}
var nodes : array<Node?>
var others : array<Other?>
var lists : array<array<int>>
def fill(count : int) {
    nodes |> reserve(count)
    for (i in range(count)) {
        nodes |> push(new Node(value = i))
        if (i % 10 == 0) {
            others |> push(new Other(text = "number {i}"))
        }
    }
}
[export]
def main() {
    fill(BLOCKS)
    from_here()
    lists |> reserve(2000000000)
}
)";

int Main(int argc, char** argv) {
  std::string_view blocks = argc > 1 ? argv[1] : "100000";
  std::string script(kScript);
  script.replace(script.find("BLOCKS"), 6, blocks);
  static Told told;
  const NativeFunction functions[] = {{"from_here", "() : void", [](NativeCall&) {
                                         told.start = Clock::now();
                                         is_forbidden = true;
                                       }}};
  const NativeModule module = {.name = "no_allocation", .functions = functions};
  const NativeModule* const modules[] = {&module};
  EngineOptions options;
  options.max_heap_bytes = uint64_t{1} << 30;
  options.modules = modules;
  options.out = options.err = [](std::string_view text) { told.Add(text); };
  Engine engine(std::move(options));
  const RunResult result = engine.RunText("no_allocation.das", script);
  is_forbidden = false;
  fmt::print("{}", std::string_view(told.text, told.size));
  const double milliseconds = std::chrono::duration<double, std::milli>(told.end - told.start).count();
  fmt::print("{} blocks and {} strings alive, {} allocations, {:.1f} ms\n", result.heap.current_blocks,
             result.strings.current_blocks, allocation_count, milliseconds);
  const std::string_view text(told.text, told.size);
  const bool tells_all = text.find("bytes per location:") != std::string_view::npos &&
                         text.find("bytes per type:") != std::string_view::npos &&
                         text.find(" at no_allocation.das:26:") != std::string_view::npos;
  if (!tells_all || milliseconds <= 0) fmt::print("the report is not whole\n");
  if (allocation_count != 0) fmt::print("the report allocates\n");
  return tells_all && milliseconds > 0 && allocation_count == 0 ? 0 : 1;
}

}  // namespace
}  // namespace vestige

int main(int argc, char** argv) { return vestige::Main(argc, argv); }
