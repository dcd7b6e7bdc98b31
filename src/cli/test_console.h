// Tests as people read them on a console. Floor 7.

#ifndef VESTIGE_CLI_TEST_CONSOLE_H_
#define VESTIGE_CLI_TEST_CONSOLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/test_report.h"

namespace vestige::cli {

// How results are spelled.
struct ConsoleStyle {
  enum class Benchmarks : uint8_t { kNative, kGo, kJson };
  bool color = false;
  bool failures_only = false;
  bool verbose = false;  // files without tests are told as well
  bool memory = false;   // largest memory of each file's process, and of each test
  Benchmarks benchmarks = Benchmarks::kNative;
};

// Spells out reports, one after another, and what they come to.
class TestConsole {
 public:
  explicit TestConsole(ConsoleStyle style) : style_(style) {}

  // The lines of one file, which count towards the sums from now on.
  std::string File(const FileReport& report);
  // The last lines.
  std::string Summary(int64_t time_ns) const;
  const TestCounts& counts() const { return counts_; }

 private:
  enum class Color : uint8_t { kRed, kGreen, kBlue, kYellow };
  std::string Painted(Color color, std::string_view text) const;
  // A line of an error: marked, and red.
  void Complain(std::string_view text, std::string& out) const;
  void AppendTests(const FileReport& report, std::string& out) const;
  void AppendLine(const TestLine& line, std::string_view indent, std::string& out) const;
  void AppendMeasured(const BenchmarkResult& measured, std::string_view indent, std::string& out) const;
  void AppendHead(const TestNode& node, std::string_view indent, std::string& out) const;
  void AppendEnd(const TestNode& node, bool failed, std::string_view indent, std::string& out) const;
  void AppendCompiler(const FileReport& report, std::string& out) const;

  ConsoleStyle style_;
  TestCounts counts_;
  // Path and reason.
  std::vector<std::pair<std::string, std::string>> failed_files_;
};

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_CONSOLE_H_
