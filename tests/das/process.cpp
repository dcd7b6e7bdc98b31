#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>

namespace vestige::script_tests {
namespace {

using Clock = std::chrono::steady_clock;

// Pointers into `strings`, closed by a null, as exec wants them.
std::vector<char*> PointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::vector<std::string>& additions) {
  std::vector<std::string> all = additions;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    bool replaced = false;
    for (const std::string& addition : additions) replaced |= addition.starts_with(name);
    if (!replaced) all.push_back(text);
  }
  return all;
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe MakePipe() {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) abort();
  return {ends[0], ends[1]};
}

// The child's half of a fork: only calls that are safe after a fork in a threaded program.
[[noreturn]] void Become(const Command& command, char* const* arguments, char* const* environment, const Pipe& out,
                         const Pipe& err) {
  const int null_input = open("/dev/null", O_RDONLY);
  if (null_input >= 0) dup2(null_input, STDIN_FILENO);
  dup2(out.write_end, STDOUT_FILENO);
  dup2(err.write_end, STDERR_FILENO);
  if (!command.folder.empty() && chdir(command.folder.c_str()) != 0) _exit(126);
  execve(arguments[0], arguments, environment);
  _exit(127);
}

// Moves what can be read without waiting; false at the end of the stream.
bool Drain(int descriptor, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(descriptor, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  return count > 0;
}

// Reads both streams until they end, the deadline passes or too much was written.
void ReadAll(const Command& command, pid_t child, const Pipe& out, const Pipe& err, Outcome& outcome) {
  const auto deadline = Clock::now() + std::chrono::seconds(command.timeout_seconds);
  std::array<pollfd, 2> streams = {pollfd{out.read_end, POLLIN, 0}, pollfd{err.read_end, POLLIN, 0}};
  bool signalled = command.signal_after_output == 0;
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      outcome.timed_out = true;
      return;
    }
    if (poll(streams.data(), streams.size(), static_cast<int>(left)) <= 0) continue;
    if (streams[0].revents != 0 && !Drain(streams[0].fd, outcome.out)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !Drain(streams[1].fd, outcome.err)) streams[1].fd = -1;
    if (!signalled && !outcome.out.empty()) {
      kill(child, command.signal_after_output);
      signalled = true;
    }
    if (outcome.out.size() + outcome.err.size() > kMaxOutputBytes) {
      outcome.too_much_output = true;
      return;
    }
  }
}

}  // namespace

Outcome Run(const Command& command) {
  const std::vector<std::string> environment = EnvironmentWith(command.environment);
  const std::vector<char*> environment_pointers = PointersTo(environment);
  const std::vector<char*> argument_pointers = PointersTo(command.arguments);
  const Pipe out = MakePipe();
  const Pipe err = MakePipe();

  const pid_t child = fork();
  if (child < 0) abort();
  if (child == 0) Become(command, argument_pointers.data(), environment_pointers.data(), out, err);
  close(out.write_end);
  close(err.write_end);

  Outcome outcome;
  ReadAll(command, child, out, err, outcome);
  if (outcome.timed_out || outcome.too_much_output) kill(child, SIGKILL);
  close(out.read_end);
  close(err.read_end);
  int status = 0;
  waitpid(child, &status, 0);
  outcome.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return outcome;
}

}  // namespace vestige::script_tests
