// Events of a file's tests as bytes, from a worker process to the one that started it. Both are the same executable, so
// numbers travel in the machine's own order. Floor 7.
//
// A message is its length (4 bytes), then a byte for the event, then the fields in order: numbers as 8 bytes, texts as
// a length and their bytes.

#ifndef VESTIGE_CLI_TEST_WIRE_H_
#define VESTIGE_CLI_TEST_WIRE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/test_report.h"

namespace vestige::cli {

// Writes what it hears to a descriptor, at once: whatever ends the process, the events before are known.
class WireWriter : public FileListener {
 public:
  // `fd` is not owned.
  explicit WireWriter(int fd) : fd_(fd) {}

  void DidBegin(std::string_view name, bool is_benchmark) override;
  void DidSay(const Place& place, std::string_view message) override;
  void DidSkip(std::string_view reason) override;
  void DidLeak(const TestLeak& leak) override;
  void DidMeasure(const BenchmarkResult& result) override;
  void DidEnd(const TestEnd& end) override;
  void DidPrint(std::string_view text) override;
  void DidFinish(const TestFileResult& result) override;

 private:
  void Start(uint8_t event);
  void Number(uint64_t number);
  void Text(std::string_view text);
  void At(const Place& place);
  void Send();

  int fd_;
  std::string message_;
};

// Puts messages together again and tells a listener.
class WireReader {
 public:
  explicit WireReader(FileListener& listener) : listener_(listener) {}

  // More bytes of the stream. False when they are not messages of a WireWriter; nothing more is told then.
  bool Feed(std::string_view bytes);
  // Whether the last event has come.
  bool has_finished() const { return has_finished_; }

 private:
  bool Tell(std::string_view message);

  FileListener& listener_;
  std::string pending_;
  bool has_finished_ = false;
  bool is_broken_ = false;
};

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_WIRE_H_
