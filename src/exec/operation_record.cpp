#include "exec/operation_record.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "exec/operation.h"

namespace vestige::exec {

std::unique_ptr<OperationRecord> OperationRecord::FromEnvironment() {
  const char* file = std::getenv("VESTIGE_OPERATIONS_FILE");
  return file == nullptr ? nullptr : std::make_unique<OperationRecord>(file);
}

OperationRecord::~OperationRecord() {
  std::string text;
  for (uint32_t i = 0; i < static_cast<uint32_t>(Op::kCount); ++i) {
    const Op op = static_cast<Op>(i);
    if (executed_.contains(HandlerOf(op))) text.append(NameOf(op)).append("\n");
  }
  const int fd = open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  // One write, so that the lines of processes that end together stay whole. A record that cannot be written is missed
  // by the test that reads it.
  const ssize_t written = fd < 0 ? -1 : write(fd, text.data(), text.size());
  static_cast<void>(written);
  if (fd >= 0) close(fd);
}

}  // namespace vestige::exec
