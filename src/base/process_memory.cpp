#include "base/process_memory.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

#ifdef __APPLE__
#include <mach/mach.h>
#endif

namespace vestige::base {

namespace {

// The beginning of a file of the proc file system, NUL-terminated; empty when there is none.
size_t ReadStart(const char* path, char* text, size_t room) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t size = read(fd, text, room - 1);
  close(fd);
  text[size > 0 ? size : 0] = '\0';
  return size > 0 ? static_cast<size_t>(size) : 0;
}

}  // namespace

ProcessMemory ReadProcessMemory() {
  ProcessMemory memory;
#ifdef __APPLE__
  mach_task_basic_info info;
  mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
  if (task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &count) == KERN_SUCCESS) {
    memory = {.resident_bytes = info.resident_size, .virtual_bytes = info.virtual_size};
  }
#else
  char text[128];
  if (ReadStart("/proc/self/statm", text, sizeof(text)) == 0) return memory;
  // Pages: all, then the resident ones.
  char* next = nullptr;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  memory.virtual_bytes = std::strtoull(text, &next, 10) * page;
  memory.resident_bytes = std::strtoull(next, nullptr, 10) * page;
#endif
  return memory;
}

uint64_t LifetimePeakBytes() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
#ifdef __APPLE__
  return static_cast<uint64_t>(usage.ru_maxrss);
#else
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
#endif
}

uint64_t PeakResidentBytes() {
  char text[4096];
  const std::string_view status(text, ReadStart("/proc/self/status", text, sizeof(text)));
  constexpr std::string_view kPeak = "VmHWM:";
  const size_t at = status.find(kPeak);
  if (at == std::string_view::npos) return LifetimePeakBytes();
  return std::strtoull(text + at + kPeak.size(), nullptr, 10) * 1024;
}

bool ForgetPeak() {
  const int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  // Five means: the peak becomes what is resident now.
  const bool done = write(fd, "5", 1) == 1;
  close(fd);
  return done;
}

}  // namespace vestige::base
