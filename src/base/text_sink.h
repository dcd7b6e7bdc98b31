// Where text for people goes: a file descriptor, or a string in tests and hosts.
//
// Scripts print through a sink, and so do reports, so that a host decides where output ends up and the order of a
// program's own output and its reports is kept. Floor 0.

#ifndef VESTIGE_BASE_TEXT_SINK_H_
#define VESTIGE_BASE_TEXT_SINK_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace vestige::base {

// Takes text. Writes from one thread at a time.
class TextSink {
 public:
  virtual ~TextSink() = default;
  virtual void Write(std::string_view text) = 0;
  // Hands everything written so far to the operating system.
  virtual void Flush() {}
  // The first error of the operating system (errno), 0 while all is well: a full disk, a closed pipe.
  virtual int error() const { return 0; }
};

// Collects text in memory.
class StringSink : public TextSink {
 public:
  void Write(std::string_view text) override { text_.append(text); }
  const std::string& text() const { return text_; }
  std::string TakeText() { return std::move(text_); }

 private:
  std::string text_;
};

// Writes to a file descriptor it does not own. Buffers, except that on a terminal every line appears at once.
// After an error it swallows what follows: the writer asks error() when it matters.
class FdSink : public TextSink {
 public:
  explicit FdSink(int fd);
  ~FdSink() override;
  FdSink(const FdSink&) = delete;
  FdSink& operator=(const FdSink&) = delete;

  void Write(std::string_view text) override;
  void Flush() override;
  int error() const override { return error_; }
  int fd() const { return fd_; }

 private:
  void WriteThrough(const char* data, size_t size);

  int fd_;
  int error_ = 0;
  bool is_terminal_;
  std::string buffer_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_TEXT_SINK_H_
