// Lambdas in contexts of their own, on threads of the test: no job queue is involved.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "exec/context.h"
#include "jobs/task.h"
#include "vestige/engine.h"

namespace vestige {
namespace {

class Entity : public RefCounted {
 public:
  std::string ReportName() const override { return "Entity"; }
};

// Threads that were started; joined by the test.
struct Threads {
  std::mutex mutex;
  std::vector<std::thread> running;
  std::vector<std::unique_ptr<jobs::Task>> held;

  void Join() {
    for (;;) {
      std::thread thread;
      {
        const std::lock_guard lock(mutex);
        if (running.empty()) return;
        thread = std::move(running.back());
        running.pop_back();
      }
      thread.join();
    }
  }
};
Threads threads;

std::unique_ptr<jobs::Task> TaskOf(NativeCall& call) {
  return call.context.options().spawner->MakeTask(call.context, call.Value<void*>(0), jobs::TaskKind::kThread);
}
void Start(NativeCall& call) {
  std::unique_ptr<jobs::Task> task = TaskOf(call);
  if (task == nullptr) return;
  const std::lock_guard lock(threads.mutex);
  threads.running.emplace_back([task = std::move(task)] { task->Run(); });
}
void RunHere(NativeCall& call) {
  if (std::unique_ptr<jobs::Task> task = TaskOf(call)) task->Run();
}
void Drop(NativeCall& call) { TaskOf(call); }
void Nap(NativeCall&) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }
void MakeEntity(NativeCall& call) { call.ReturnCounted(call.Make<Entity>()); }

constexpr NativeCounted kCounted = CountedType<Entity>();
constexpr NativeType kTypes[] = {
    {.name = "Entity", .size = sizeof(Entity), .align = alignof(Entity), .counted = &kCounted}};
constexpr NativeFunction kFunctions[] = {{"start", "(var job : lambda<() : void>) : void", &Start, kMayAllocate},
                                         {"run_here", "(var job : lambda<() : void>) : void", &RunHere, kMayAllocate},
                                         {"drop", "(var job : lambda<() : void>) : void", &Drop, kMayAllocate},
                                         {"nap", "() : void", &Nap},
                                         {"make_entity", "() : smart_ptr<Entity>", &MakeEntity, kMayAllocate}};
constexpr NativeModule kModule = {
    .name = "forks", .functions = kFunctions, .prelude = "struct Entity { }\n", .types = kTypes};
constexpr const NativeModule* kModules[] = {&kModule};

struct ForkHost {
  std::string out;
  std::string reports;

  EngineOptions Options() {
    EngineOptions options;
    options.modules = kModules;
    options.tracking.leak_profiler = true;
    options.out = [this](std::string_view text) { out += text; };
    options.reports = [this](std::string_view text) { reports += text; };
    return options;
  }
  RunResult Run(const std::string& script) {
    Engine engine(Options());
    RunResult result = engine.RunText("forks.das", "options gen2\nrequire forks\nrequire daslib/fio\n" + script);
    threads.Join();
    result.exit_code = engine.Close();
    return result;
  }
};

TEST_CASE("a fork has globals of its own, initialised anew, and shares the shared ones") {
  ForkHost host;
  const RunResult result = host.Run(R"(
var own = 1
var shared common = 10
[export]
def main() {
    own = 5
    common += 1
    let number = 7
    run_here(@() {
        print("{own} {common} {number}\n")
        own = 100
        common += 1
    })
    print("{own} {common}\n")
}
)");
  CHECK(host.out == "1 11 7\n5 12\n");
  CHECK(result.exit_code == 0);
}

TEST_CASE("containers and strings among captures are cloned, and nothing of them is left") {
  ForkHost host;
  host.Run(R"(
[export]
def main() {
    var names <- ["one", "two"]
    var counts <- { "a" => 1, "b" => 2 }
    var text = "x{length(names)}"
    run_here(@capture(<- names, <- counts, := text) () {
        names |> push("three")
        print("{names} {counts["b"]} {text}\n")
    })
}
)");
  CHECK(host.out == "[ one, two, three] 2 x2\n");
  // The text that main made is its own.
  CHECK(host.reports.find("clone of") == std::string::npos);
}

TEST_CASE("what a fork leaves is told by its own block, before that of its creator") {
  ForkHost host;
  const RunResult result = host.Run(R"(
options never_inline
require rtti
var kept : array<int>
def fill(n : int) {
    for (i in range(n)) {
        kept |> push(i)
    }
}
[export]
def main() {
    this_context().name := "game"
    for (i in range(3)) {
        let n = i + 1
        start(@() {
            fill(n)
            run_here(@() {
                fill(100)
            })
        })
    }
    fill(1)
}
)");
  REQUIRE(result.contexts.size() == 7);
  CHECK(result.contexts[0].context_name == "game");
  CHECK(result.contexts[1].lane == "main/1");
  CHECK(result.contexts[1].context_name == "clone of game");
  CHECK(result.contexts[2].lane == "main/1/1");
  CHECK(result.contexts[2].context_name == "clone of clone of game");
  CHECK(result.contexts[6].lane == "main/3/1");
  const std::string first = host.reports.substr(0, host.reports.find("[leak]"));
  CHECK(first.find("=== Memory leaks in context 'clone of game' (1 allocations") == 0);
  CHECK(host.reports.find("at _lambda_thismodule_") != std::string::npos);
  CHECK(host.reports.find("context 'game'") > host.reports.rfind("context 'clone of game'"));
}

TEST_CASE("objects are numbered within their fork") {
  std::string reports[2];
  for (std::string& told : reports) {
    ForkHost host;
    host.Run(R"(
[export]
def main() {
    for (i in range(4)) {
        start(@() {
            unsafe {
                var lost <- make_entity()
                nap()
                var other <- make_entity()
                print("{lost == other}\n")
            }
        })
    }
    unsafe {
        var lost <- make_entity()
        print("{lost == null}\n")
    }
}
)");
    told = host.reports.substr(host.reports.find('\n'));
  }
  // Addresses differ.
  for (const char* id :
       {"(rc=1, id=1) Entity created at forks.das:18:", "(rc=1, id=main/1:1) Entity created at forks.das:10:",
        "(rc=1, id=main/1:2) Entity", "(rc=1, id=main/4:2) Entity"}) {
    CAPTURE(id);
    CHECK(reports[0].find(id) != std::string::npos);
    CHECK(reports[1].find(id) != std::string::npos);
  }
  CHECK(reports[0].find("id=main/2:1") < reports[0].find("id=main/2:2"));
  CHECK(reports[0].find("id=main/2:2") < reports[0].find("id=main/3:1"));
}

TEST_CASE("a panic in a fork is told, the others go on, and the exit code is 1") {
  ForkHost host;
  const RunResult result = host.Run(R"(
[export]
def main() {
    run_here(@() {
        panic("boom")
    })
    print("on\n")
}
)");
  CHECK(host.out == "JOB EXCEPTION: boom\n at forks.das:8:8\non\n");
  CHECK(result.exception == "boom");
  CHECK(result.exit_code == 1);
}

TEST_CASE("a stack overflow and a memory limit end the fork only") {
  ForkHost host;
  EngineOptions options = host.Options();
  options.max_heap_bytes = 1 << 20;
  Engine engine(options);
  engine.RunText("forks.das", R"(options gen2
require forks
options no_unused_function_arguments = false
def deep(n : int) : int {
    return n + deep(n + 1)
}
[export]
def main() {
    run_here(@() {
        print("{deep(0)}\n")
    })
    run_here(@() {
        var all : array<int>
        all |> resize(10000000)
    })
    print("on\n")
}
)");
  CHECK(host.out.find("JOB EXCEPTION: stack overflow while calling deep") != std::string::npos);
  CHECK(host.out.find("JOB EXCEPTION: ") != host.out.rfind("JOB EXCEPTION: "));
  CHECK(host.out.ends_with("on\n"));
  CHECK(engine.Close() == 1);
}

TEST_CASE("exit in a fork ends all contexts, with all reports") {
  ForkHost host;
  const RunResult result = host.Run(R"(
var kept : array<int>
[export]
def main() {
    kept |> push(1)
    for (i in range(3)) {
        start(@() {
            while (true) {
                nap()
            }
        })
    }
    start(@() {
        unsafe {
            exit(9)
        }
    })
    while (true) {
        nap()
    }
}
)");
  CHECK(result.exit_code == 9);
  CHECK(host.reports.find("context '<unnamed>' (1 allocations") != std::string::npos);
}

TEST_CASE("a request to stop reaches every fork") {
  ForkHost host;
  Engine engine(host.Options());
  std::thread stopper([&engine] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    engine.RequestStop(2);
  });
  engine.RunText("forks.das", R"(options gen2
require forks
[export]
def main() {
    for (i in range(3)) {
        start(@() {
            while (true) {
                nap()
            }
        })
    }
}
)");
  threads.Join();
  stopper.join();
  CHECK(engine.Close() == 130);
}

TEST_CASE("a lambda that is never run leaves nothing") {
  ForkHost host;
  const RunResult result = host.Run(R"(
[export]
def main() {
    var numbers <- [1, 2, 3]
    drop(@capture(<- numbers) () {
        print("{length(numbers)}\n")
    })
}
)");
  CHECK(host.reports.empty());
  CHECK(result.exit_code == 0);
}

TEST_CASE("a lambda that cannot be cloned is a panic of its creator") {
  ForkHost host;
  const RunResult result = host.Run(R"(
[export]
def main() {
    var inner <- @() {
        print("inner\n")
    }
    try {
        run_here(@capture(<- inner) () {
            invoke(inner)
        })
    } recover {
        print("no\n")
    }
}
)");
  CHECK(host.out == "no\n");
  CHECK(result.exit_code == 0);
}

TEST_CASE("lines of forks are whole, and every line is there") {
  ForkHost host;
  host.Run(R"(
[export]
def main() {
    for (i in range(8)) {
        start(@() {
            for (k in range(50)) {
                print("a")
                print("b")
                print("c\n")
            }
        })
    }
}
)");
  std::string all;
  for (int i = 0; i < 400; ++i) all += "abc\n";
  CHECK(host.out == all);
}

}  // namespace
}  // namespace vestige
