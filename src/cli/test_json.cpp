#include "cli/test_json.h"

#include <iterator>
#include <string_view>
#include <vector>

#include "cli/json_text.h"
#include "fmt/format.h"

namespace vestige::cli {

namespace {

std::string List(const std::vector<std::string>& elements) { return fmt::format("[{}]", fmt::join(elements, ",")); }

std::string At(const Place& place, std::string_view text) {
  return place.line == 0 ? std::string(text) : fmt::format("{}:{}: {}", place.file, place.line, text);
}

std::string LeaksOf(const TestNode& node) {
  std::vector<std::string> leaks;
  for (const TestLeak& leak : node.leaks) {
    leaks.push_back(fmt::format("{{\"kind\":\"{}\",\"size\":{},\"count\":{},\"stack\":{}}}",
                                leak.is_string ? "string" : "block", leak.bytes, leak.count, JsonText(leak.stack)));
  }
  return leaks.empty() ? std::string() : ",\"leaks\":" + List(leaks);
}

std::string ObjectOf(const FileReport& report, const TestNode& node) {
  std::vector<std::string> messages;
  Place place;
  const auto add = [&](const Place& at, std::string_view text) {
    messages.push_back(JsonText(At(at, text)));
    if (place.line == 0) place = at;
  };
  for (const TestLine& line : node.lines) {
    if (line.kind == TestLine::Kind::kSaid) add(line.place, line.text);
  }
  if (!node.end.exception.empty()) add(node.end.place, node.end.exception);
  const TestStatus status = node.status();
  return fmt::format(
      "{{\"name\":{},\"file\":{},\"passed\":{},\"skipped\":{},\"time\":{},\"messages\":{},\"location\":{}{}}}",
      JsonText(node.name), JsonText(report.path()), status == TestStatus::kPassed, status == TestStatus::kSkipped,
      node.end.time_ns / 1000, List(messages),
      JsonText(place.line == 0 ? std::string() : fmt::format("{}:{}", place.file, place.line)), LeaksOf(node));
}

}  // namespace

void TestJson::File(const FileReport& report) {
  if (!paths_.empty()) paths_ += ", ";
  paths_ += report.path();
  const auto add = [&](const std::string& test) {
    if (!tests_.empty()) tests_ += ',';
    tests_ += test;
  };
  for (size_t i = 1; i < report.nodes().size(); ++i) add(ObjectOf(report, report.nodes()[i]));
  // A file that fails or succeeds as a whole is a test of its own name.
  TestNode whole = {.name = report.path()};
  if (report.result().status == TestFileStatus::kFailedAsExpected) {
    add(ObjectOf(report, whole));
  } else if (report.result().status != TestFileStatus::kCompiled || !report.fate().empty()) {
    whole.end = {.status = TestStatus::kError,
                 .exception = report.fate().empty() ? report.result().messages : report.fate()};
    add(ObjectOf(report, whole));
  }
}

std::string TestJson::Text(const TestCounts& counts, int64_t time_ns) const {
  return fmt::format(
      "{{\"file\":{},\"total\":{},\"passed\":{},\"failed\":{},\"errors\":{},\"skipped\":{},\"success\":{},"
      "\"time_usec\":{},\"tests\":[{}]}}\n",
      JsonText(paths_), counts.total, counts.passed, counts.failed, counts.errors, counts.skipped, counts.is_success(),
      time_ns / 1000, tests_);
}

}  // namespace vestige::cli
