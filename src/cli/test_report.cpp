#include "cli/test_report.h"

#include <utility>

#include "fmt/format.h"

namespace vestige::cli {

TestStatus TestNode::status() const {
  if (!leaks.empty() && (end.status == TestStatus::kPassed || end.status == TestStatus::kSkipped)) {
    return TestStatus::kFailed;
  }
  return end.status;
}

void TestCounts::Add(TestStatus status) {
  total += 1;
  switch (status) {
    case TestStatus::kPassed:
      passed += 1;
      break;
    case TestStatus::kFailed:
      failed += 1;
      break;
    case TestStatus::kError:
      errors += 1;
      break;
    case TestStatus::kSkipped:
      skipped += 1;
      break;
  }
}

TestCounts& TestCounts::operator+=(const TestCounts& other) {
  total += other.total;
  passed += other.passed;
  failed += other.failed;
  errors += other.errors;
  skipped += other.skipped;
  return *this;
}

FileReport::FileReport(std::string path) : path_(std::move(path)), nodes_(1), open_{0} { nodes_[0].name = path_; }

TestCounts FileReport::Counts() const {
  TestCounts counts;
  for (size_t i = 1; i < nodes_.size(); ++i) {
    // Benchmarks count only when they fail.
    if (!nodes_[i].is_benchmark || nodes_[i].status() != TestStatus::kPassed) counts.Add(nodes_[i].status());
  }
  if (result_.status == TestFileStatus::kFailedAsExpected) {
    counts.Add(TestStatus::kPassed);
  } else if (result_.status != TestFileStatus::kCompiled || (!fate_.empty() && counts.is_success())) {
    counts.Add(TestStatus::kError);
  }
  return counts;
}

std::vector<bool> FileReport::Failures() const {
  std::vector<bool> failures(nodes_.size());
  // Children come after their parents.
  for (size_t i = nodes_.size(); i-- > 0;) {
    const TestStatus status = nodes_[i].status();
    if (status == TestStatus::kFailed || status == TestStatus::kError) failures[i] = true;
    if (failures[i]) failures[nodes_[i].parent] = true;
  }
  return failures;
}

std::string FileReport::RunningTest() const {
  std::string text;
  for (size_t i = 1; i < open_.size(); ++i) {
    if (!text.empty()) text += " / ";
    text += nodes_[open_[i]].name;
  }
  return text;
}

void FileReport::DidDie(const std::string& why) {
  const std::string running = RunningTest();
  fate_ = running.empty() ? why : fmt::format("{} in '{}'", why, running);
  while (open_.size() > 1) {
    now().end = {.status = TestStatus::kError, .exception = why};
    open_.pop_back();
  }
}

void FileReport::DidBegin(std::string_view name, bool is_benchmark) {
  const auto number = static_cast<uint32_t>(nodes_.size());
  now().lines.push_back({.kind = TestLine::Kind::kChild, .child = number});
  nodes_.push_back({.name = std::string(name), .is_benchmark = is_benchmark, .parent = open_.back()});
  if (open_.size() == 1) outermost_ = number;
  open_.push_back(number);
}

void FileReport::DidSay(const Place& place, std::string_view message) {
  now().lines.push_back({.kind = TestLine::Kind::kSaid, .text = std::string(message), .place = place});
}

void FileReport::DidSkip(std::string_view reason) {
  now().lines.push_back({.kind = TestLine::Kind::kSkipReason, .text = std::string(reason)});
}

void FileReport::DidLeak(const TestLeak& leak) {
  const size_t node = size_t{outermost_} + leak.test;
  if (node < nodes_.size()) nodes_[node].leaks.push_back(leak);
}

void FileReport::DidMeasure(const BenchmarkResult& result) {
  now().lines.push_back({.kind = TestLine::Kind::kMeasured, .measured = result});
}

void FileReport::DidEnd(const TestEnd& end) {
  if (open_.size() < 2) return;
  now().end = end;
  now().has_ended = true;
  open_.pop_back();
}

void FileReport::DidPrint(std::string_view text) {
  auto& lines = now().lines;
  if (!lines.empty() && lines.back().kind == TestLine::Kind::kPrinted) {
    lines.back().text += text;
  } else {
    lines.push_back({.kind = TestLine::Kind::kPrinted, .text = std::string(text)});
  }
}

void FileReport::DidFinish(const TestFileResult& result) { result_ = result; }

}  // namespace vestige::cli
