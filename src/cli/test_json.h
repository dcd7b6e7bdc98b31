// Tests as machines read them: one JSON object for a run. Floor 7.

#ifndef VESTIGE_CLI_TEST_JSON_H_
#define VESTIGE_CLI_TEST_JSON_H_

#include <cstdint>
#include <string>

#include "cli/test_report.h"

namespace vestige::cli {

// Collects reports, one after another.
class TestJson {
 public:
  void File(const FileReport& report);
  // The object: file, total, passed, failed, errors, skipped, success, time_usec, tests. A test has name, file, passed,
  // skipped, time (microseconds), messages, location (of what it said first) and, when it left any, leaks.
  std::string Text(const TestCounts& counts, int64_t time_ns) const;

 private:
  std::string paths_;
  std::string tests_;
};

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_JSON_H_
