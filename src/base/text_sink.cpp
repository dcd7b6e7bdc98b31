#include "base/text_sink.h"

#include <unistd.h>

#include <cerrno>

namespace vestige::base {

namespace {
constexpr size_t kBufferBytes = 32 * 1024;
}  // namespace

FdSink::FdSink(int fd) : fd_(fd), is_terminal_(isatty(fd) == 1) {
  // Writing needs no memory from now on: what is told when there is none gets through.
  buffer_.reserve(kBufferBytes);
}

FdSink::~FdSink() { Flush(); }

void FdSink::Write(std::string_view text) {
  if (buffer_.size() + text.size() > kBufferBytes) Flush();
  if (text.size() >= kBufferBytes) {
    WriteThrough(text.data(), text.size());
    return;
  }
  buffer_.append(text);
  if (is_terminal_ && text.find('\n') != std::string_view::npos) Flush();
}

void FdSink::Flush() {
  if (buffer_.empty()) return;
  WriteThrough(buffer_.data(), buffer_.size());
  buffer_.clear();
}

void FdSink::WriteThrough(const char* data, size_t size) {
  while (size > 0 && error_ == 0) {
    const ssize_t written = ::write(fd_, data, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      error_ = errno;
      return;
    }
    data += written;
    size -= static_cast<size_t>(written);
  }
}

}  // namespace vestige::base
