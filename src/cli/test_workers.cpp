#include "cli/test_workers.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include "cli/test_wire.h"
#include "fmt/format.h"

extern char** environ;

namespace vestige::cli {

namespace {

using Clock = std::chrono::steady_clock;

// Restarts the clock of a worker at every outermost test.
class Watched : public FileReport {
 public:
  using FileReport::FileReport;
  Clock::time_point since = Clock::now();

  void DidBegin(std::string_view name, bool is_benchmark) override {
    if (RunningTest().empty()) since = Clock::now();
    FileReport::DidBegin(name, is_benchmark);
  }
  void DidEnd(const TestEnd& end) override {
    FileReport::DidEnd(end);
    if (RunningTest().empty()) since = Clock::now();
  }
};

struct Worker {
  explicit Worker(const std::string& path) : report(path), reader(report) {}
  size_t index = 0;  // of the file
  pid_t pid = -1;
  int fd = -1;
  Clock::time_point start = Clock::now();
  Watched report;
  WireReader reader;
  bool timed_out = false;
  bool is_broken = false;
};

class Pool {
 public:
  Pool(const WorkerSettings& settings, const std::vector<std::string>& files,
       const std::function<void(const FileReport&)>& tell)
      : settings_(settings), files_(files), tell_(tell), done_(files.size()) {}

  bool Run() {
    while (next_file_ < files_.size() || !workers_.empty()) {
      while (next_file_ < files_.size() && workers_.size() < static_cast<size_t>(settings_.jobs)) {
        if (!Start(next_file_)) return false;
        next_file_ += 1;
      }
      Wait();
      while (next_told_ < files_.size() && done_[next_told_] != nullptr) {
        tell_(done_[next_told_]->report);
        done_[next_told_++].reset();
      }
    }
    return true;
  }

 private:
  bool Start(size_t index);
  // Waits for events, for the end of a worker, or for the next timeout.
  void Wait();
  void Read(Worker& worker);
  // The stream has ended: so has the process, or it will.
  void Reap(std::unique_ptr<Worker> worker);
  int MillisecondsLeft() const;
  void KillLate();

  const WorkerSettings& settings_;
  const std::vector<std::string>& files_;
  const std::function<void(const FileReport&)>& tell_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Worker>> done_;  // by file, until told
  size_t next_file_ = 0;
  size_t next_told_ = 0;
};

bool Pool::Start(size_t index) {
  auto worker = std::make_unique<Worker>(files_[index]);
  worker->index = index;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fmt::print(stderr, "vestige: cannot make a pipe: {}\n", std::strerror(errno));
    return false;
  }
  std::vector<std::string> words = {settings_.words[0], "test", "--worker", files_[index]};
  words.insert(words.end(), settings_.words.begin() + 2, settings_.words.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = posix_spawn(&worker->pid, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  worker->fd = ends[0];
  if (error != 0) {
    close(ends[0]);
    fmt::print(stderr, "vestige: cannot start a process: {}\n", std::strerror(error));
    return false;
  }
  workers_.push_back(std::move(worker));
  return true;
}

int Pool::MillisecondsLeft() const {
  if (settings_.timeout_seconds <= 0) return -1;
  double least = 3600;
  for (const auto& worker : workers_) {
    const std::chrono::duration<double> gone = Clock::now() - worker->report.since;
    least = std::min(least, settings_.timeout_seconds - gone.count());
  }
  return static_cast<int>(std::max(0.0, least) * 1000) + 1;
}

void Pool::KillLate() {
  if (settings_.timeout_seconds <= 0) return;
  for (const auto& worker : workers_) {
    const std::chrono::duration<double> gone = Clock::now() - worker->report.since;
    if (worker->timed_out || gone.count() < settings_.timeout_seconds) continue;
    worker->timed_out = true;
    kill(worker->pid, SIGKILL);
  }
}

void Pool::Wait() {
  std::vector<pollfd> polls;
  for (const auto& worker : workers_) polls.push_back({.fd = worker->fd, .events = POLLIN, .revents = 0});
  poll(polls.data(), polls.size(), MillisecondsLeft());
  for (size_t i = 0; i < polls.size(); ++i) {
    if (polls[i].revents != 0) Read(*workers_[i]);
  }
  for (auto& worker : workers_) {
    if (worker->fd < 0) Reap(std::move(worker));
  }
  std::erase(workers_, nullptr);
  KillLate();
}

void Pool::Read(Worker& worker) {
  char bytes[65536];
  const ssize_t got = read(worker.fd, bytes, sizeof(bytes));
  if (got < 0 && errno == EINTR) return;
  if (got > 0 && worker.reader.Feed({bytes, static_cast<size_t>(got)})) return;
  if (got > 0) {
    worker.is_broken = true;
    kill(worker.pid, SIGKILL);
  }
  close(worker.fd);
  worker.fd = -1;
}

void Pool::Reap(std::unique_ptr<Worker> worker) {
  int status = 0;
  struct rusage usage {};
  while (wait4(worker->pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  FileReport& report = worker->report;
  report.time_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - worker->start).count();
  report.peak_kib = usage.ru_maxrss;
  if (worker->timed_out) {
    report.DidDie(fmt::format("timed out after {}s", settings_.timeout_seconds));
  } else if (worker->is_broken) {
    report.DidDie("its process wrote what is no event");
  } else if (WIFSIGNALED(status)) {
    report.DidDie(fmt::format("crashed with signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status))));
  } else if (!worker->reader.has_finished()) {
    report.DidDie(fmt::format("its process ended early with exit code {}", WEXITSTATUS(status)));
  }
  const size_t index = worker->index;
  done_[index] = std::move(worker);
}

}  // namespace

bool TestInWorkers(const WorkerSettings& settings, const std::vector<std::string>& files,
                   const std::function<void(const FileReport&)>& tell) {
  return Pool(settings, files, tell).Run();
}

int TakeEventDescriptor() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int events = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return events;
}

}  // namespace vestige::cli
