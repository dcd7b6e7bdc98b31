// How waits are looked at while others run. What is reached is the engine's to find out (tests/das/leaks/jobs).
#include <doctest/doctest.h>

#include <string>

#include "fixture.h"

namespace vestige::jobs {
namespace {

// Calls those who wait at targets of one name stuck.
class NameOnlooker final : public Onlooker {
 public:
  NameOnlooker(System& system, std::string name) : system_(system), name_(std::move(name)) {
    system.set_onlooker(this);
  }
  ~NameOnlooker() override { system_.set_onlooker(nullptr); }
  NameOnlooker(const NameOnlooker&) = delete;
  NameOnlooker& operator=(const NameOnlooker&) = delete;

  void AskToRest() override { is_asked = true; }
  std::vector<const Waiter*> FindStuck(const std::vector<const Waiter*>& waiting) override {
    looks += 1;
    std::vector<const Waiter*> stuck;
    for (const Waiter* waiter : waiting) {
      if (waiter->target->Describe() == name_) stuck.push_back(waiter);
    }
    return stuck;
  }
  void DidFindStuck(std::vector<BlockedFinding> findings) override {
    found = std::move(findings);
    system_.RequestStop();
  }

  std::atomic<bool> is_asked = false;
  std::atomic<int> looks = 0;
  std::vector<BlockedFinding> found;

 private:
  System& system_;
  std::string name_;
};

// What a script does that runs until `until`.
template <typename F>
void RunUntil(Fixture& f, const F& until) {
  while (!until()) f.system.Rest();
}

TEST_CASE("a wait that nobody can end is told while others run") {
  Fixture f;
  NameOnlooker onlooker(f.system, "lost");
  Gate lost("lost");
  Gate known("known");
  std::atomic<int> stopped = 0;
  const auto wait = [&](Gate& gate) { stopped += gate.Pass(f.system) == WaitResult::kStopped ? 1 : 0; };
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] { wait(lost); })));
  REQUIRE(f.system.StartThread(MakeTask("main/2", [&] { wait(known); })));
  RunUntil(f, [&] { return f.system.stopped(); });
  f.system.LeaveThread();
  f.system.Join();
  CHECK(stopped == 2);
  REQUIRE(onlooker.found.size() == 1);
  CHECK(onlooker.found[0].lane == "main/1");
  CHECK(onlooker.found[0].target == "lost");
  CHECK(onlooker.found[0].line == 3);
  CHECK(f.system.TakeBlocked());
  CHECK(f.reports == 0);
}

TEST_CASE("nobody looks while one does not come to rest") {
  Fixture f;
  NameOnlooker onlooker(f.system, "gate");
  Gate gate;
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] { CHECK(gate.Pass(f.system) == WaitResult::kDone); })));
  // Until it was asked, and some more.
  while (!onlooker.is_asked) uv_sleep(10);
  uv_sleep(30);
  CHECK(onlooker.looks == 0);
  gate.Open(f.system);
  f.system.LeaveThread();
  f.system.Join();
  CHECK(onlooker.found.empty());
}

TEST_CASE("who waits with a limit rests, and is not called stuck") {
  Fixture f;
  NameOnlooker onlooker(f.system, "limited");
  Gate limited("limited");
  Gate other("other");
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] { CHECK(other.Pass(f.system) == WaitResult::kDone); })));
  while (onlooker.looks == 0) CHECK(limited.Pass(f.system, 20'000'000) == WaitResult::kTimeout);
  CHECK(onlooker.found.empty());
  other.Open(f.system);
  f.system.LeaveThread();
  f.system.Join();
}

TEST_CASE("waits that last are looked at more and more seldom, others at once") {
  Fixture f;
  NameOnlooker onlooker(f.system, "nothing");
  Gate first("first");
  REQUIRE(f.system.StartThread(MakeTask("main/1", [&] { CHECK(first.Pass(f.system) == WaitResult::kDone); })));
  const uint64_t begin = uv_hrtime();
  RunUntil(f, [&] { return onlooker.looks == 3; });
  // Ticks 2, 3 and 5.
  CHECK(uv_hrtime() - begin >= 4 * Waiting::kTick * 1'000'000);
  first.Open(f.system);
  f.system.LeaveThread();
  f.system.Join();
}

TEST_CASE("waits are possible again after a stop") {
  Fixture f;
  Gate gate;
  f.system.RequestStop();
  CHECK(gate.Pass(f.system, 1'000'000) == WaitResult::kStopped);
  f.system.Renew();
  CHECK(gate.Pass(f.system, 1'000'000) == WaitResult::kTimeout);
}

}  // namespace
}  // namespace vestige::jobs
