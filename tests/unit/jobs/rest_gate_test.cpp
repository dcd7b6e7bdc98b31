#include "jobs/rest_gate.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace vestige::jobs {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;

TEST_CASE("a gate closes when all are inside, and who leaves waits until it opens") {
  RestGate gate;
  std::atomic<bool> is_asked = false;
  std::atomic<int> passed = 0;
  std::thread runner([&] {
    while (!is_asked) std::this_thread::yield();
    gate.Enter();
    gate.Leave();
    passed += 1;
  });
  CHECK(gate.Close([] { return 1; }, [&] { is_asked = true; }, 10'000 * kMillisecond));
  CHECK(gate.is_closed());
  CHECK(passed == 0);
  gate.Open();
  runner.join();
  CHECK(passed == 1);
  CHECK_FALSE(gate.is_closed());
}

TEST_CASE("who does not come in time is let be, and who came goes on") {
  RestGate gate;
  std::atomic<bool> is_asked = false;
  std::thread runner([&] {
    while (!is_asked) std::this_thread::yield();
    gate.Enter();
    gate.Leave();
  });
  CHECK_FALSE(gate.Close([] { return 2; }, [&] { is_asked = true; }, 5 * kMillisecond));
  runner.join();
  CHECK_FALSE(gate.is_closed());
}

TEST_CASE("nobody has to come to an empty place") {
  RestGate gate;
  CHECK(gate.Close([] { return 0; }, [] {}, 0));
  gate.Open();
}

}  // namespace
}  // namespace vestige::jobs
