// Tasks of functions, something to wait for, and a system of jobs around a test.

#ifndef VESTIGE_TESTS_UNIT_JOBS_FIXTURE_H_
#define VESTIGE_TESTS_UNIT_JOBS_FIXTURE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "jobs/system.h"

namespace vestige::jobs {

// Runs a function, on a lane of that name.
class FunctionTask final : public Task {
 public:
  FunctionTask(std::string name, std::function<void()> function)
      : name_(std::move(name)), function_(std::move(function)) {}
  void Run() override { function_(); }
  std::string Name() const override { return name_; }

 private:
  std::string name_;
  std::function<void()> function_;
};

inline std::unique_ptr<Task> MakeTask(std::string name, std::function<void()> function) {
  return std::make_unique<FunctionTask>(std::move(name), std::move(function));
}

inline std::unique_ptr<Task> MakeTask(std::function<void()> function) {
  return MakeTask("main/1", std::move(function));
}

// It can be waited for.
class Gate final : public Waitable {
 public:
  explicit Gate(std::string name = "gate") : name_(std::move(name)) {}
  std::string Describe() const override { return name_; }

  void Open(System& system) {
    const std::lock_guard lock(mutex());
    is_open_ = true;
    system.Wake(*this);
  }
  WaitResult Pass(System& system, std::optional<uint64_t> nanoseconds = std::nullopt) {
    const std::lock_guard lock(mutex());
    Waiter waiter = {.party = system.current(), .target = this, .how = "pass", .since = {"t.das", 3, 4}};
    return system.Wait(
        waiter, [&] { return is_open_; }, nanoseconds);
  }

 private:
  std::string name_;
  bool is_open_ = false;
};

// As an operating system that gives no thread.
inline int RefuseThread(uv_thread_t*, const uv_thread_options_t*, uv_thread_cb, void*) { return UV_EAGAIN; }

// A system whose main party is the test's thread.
struct Fixture {
  explicit Fixture(uint32_t workers = 2) : system(workers) {
    main.name = "main";
    system.set_on_blocked([this](std::vector<BlockedFinding> found) {
      const std::lock_guard lock(mutex);
      blocked = std::move(found);
      reports += 1;
    });
    system.EnterThread(main);
    system.Open();
  }
  ~Fixture() {
    if (system.current() != nullptr) system.LeaveThread();
    system.Join();
  }
  WaitResult Close() { return system.Close(main, {}); }

  Mutex mutex;
  std::vector<BlockedFinding> blocked;
  std::atomic<int> reports = 0;
  System system;
  Party main;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_TESTS_UNIT_JOBS_FIXTURE_H_
