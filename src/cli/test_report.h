// What is known of the tests of one file: a tree that grows while events arrive, and its sums. Floor 7.

#ifndef VESTIGE_CLI_TEST_REPORT_H_
#define VESTIGE_CLI_TEST_REPORT_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "vestige/tests.h"

namespace vestige::cli {

// Everything that happens to one file, in the order in which it happens.
class FileListener : public TestObserver {
 public:
  // The script printed something.
  virtual void DidPrint(std::string_view text) = 0;
  // The last event.
  virtual void DidFinish(const TestFileResult& result) = 0;
};

// What a test said or did, in order.
struct TestLine {
  enum class Kind : uint8_t { kSaid, kPrinted, kSkipReason, kMeasured, kChild };
  Kind kind = Kind::kSaid;
  std::string text;
  Place place;
  BenchmarkResult measured;
  uint32_t child = 0;  // in FileReport::nodes
};

// One test, or (node 0) the file.
struct TestNode {
  std::string name;
  bool is_benchmark = false;
  bool has_ended = false;
  uint32_t parent = 0;
  TestEnd end;
  std::vector<TestLeak> leaks;
  std::vector<TestLine> lines;

  // With leaks in account: a test that leaks has failed.
  TestStatus status() const;
};

// Numbers of tests, sub-tests included. A file that fails as a whole is one erroneous test, one that is right not to
// compile a passed one.
struct TestCounts {
  int64_t total = 0;
  int64_t passed = 0;
  int64_t failed = 0;
  int64_t errors = 0;
  int64_t skipped = 0;

  void Add(TestStatus status);
  TestCounts& operator+=(const TestCounts& other);
  bool is_success() const { return failed + errors == 0; }
};

// Listens to one file.
class FileReport : public FileListener {
 public:
  explicit FileReport(std::string path);

  const std::string& path() const { return path_; }
  const std::deque<TestNode>& nodes() const { return nodes_; }
  const TestFileResult& result() const { return result_; }
  // Why the file's worker did not finish; empty when it did.
  const std::string& fate() const { return fate_; }
  TestCounts Counts() const;
  // Of each node, whether it failed or has one below it that did.
  std::vector<bool> Failures() const;
  // The test that runs now: "outer / inner"; empty when none does.
  std::string RunningTest() const;

  // The worker is gone before the end: tests that were running are errors because of it.
  void DidDie(const std::string& why);
  int64_t time_ns = 0;
  // Largest memory of the worker in KiB; 0: unknown.
  int64_t peak_kib = 0;

  void DidBegin(std::string_view name, bool is_benchmark) override;
  void DidSay(const Place& place, std::string_view message) override;
  void DidSkip(std::string_view reason) override;
  void DidLeak(const TestLeak& leak) override;
  void DidMeasure(const BenchmarkResult& result) override;
  void DidEnd(const TestEnd& end) override;
  void DidPrint(std::string_view text) override;
  void DidFinish(const TestFileResult& result) override;

 private:
  TestNode& now() { return nodes_[open_.back()]; }

  std::string path_;
  std::deque<TestNode> nodes_;  // a child comes after its parent
  std::vector<uint32_t> open_;  // the file, then what runs now, outermost first
  uint32_t outermost_ = 0;      // node of the outermost test begun last
  TestFileResult result_;
  std::string fate_;
};

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_REPORT_H_
