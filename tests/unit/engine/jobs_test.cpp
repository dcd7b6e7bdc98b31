// What jobs do to the thread of the host.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "vestige/engine.h"

namespace vestige {
namespace {

TEST_CASE("a job that its maker runs while it waits leaves the thread's priority as it was") {
  const std::string script = R"(options gen2
require jobque
[export]
def main() {
    with_job_que() {
        for (_i in range(500)) {
            new_job() @() {
                set_current_thread_priority(-1)
                // Longer than it takes to make the next one: some are left when the maker comes to wait.
                var sum = 0
                for (k in range(10000)) {
                    sum ^= k
                }
                verify(sum >= 0)
            }
        }
    }
}
)";
  EngineOptions options;
  options.reports = [](std::string_view) {};
  Engine engine(std::move(options));
  const auto thread = static_cast<id_t>(syscall(SYS_gettid));
  const int before = getpriority(PRIO_PROCESS, thread);
  CHECK(engine.RunText("test.das", script).ok);
  CHECK(getpriority(PRIO_PROCESS, thread) == before);
}

}  // namespace
}  // namespace vestige
