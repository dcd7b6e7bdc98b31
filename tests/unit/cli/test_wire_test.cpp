#include "cli/test_wire.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <functional>
#include <string>

namespace vestige::cli {
namespace {

// The bytes that a writer sends while `tell` speaks to it; less than a pipe holds.
std::string Sent(const std::function<void(FileListener&)>& tell) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  WireWriter writer(ends[1]);
  tell(writer);
  close(ends[1]);
  std::string bytes(65536, '\0');
  const ssize_t got = read(ends[0], bytes.data(), bytes.size());
  close(ends[0]);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

void TellEverything(FileListener& listener) {
  listener.DidPrint("before\n");
  listener.DidBegin("outer", false);
  listener.DidBegin("inner", true);
  listener.DidSay({.file = "a.das", .line = 3, .column = 4}, "a message");
  listener.DidSkip("a reason");
  listener.DidMeasure({.name = "inner", .sub_name = "loop", .rounds = 10, .time_ns = -1, .string_bytes = 7});
  listener.DidEnd({.status = TestStatus::kSkipped, .time_ns = 5});
  listener.DidLeak({.test = 1, .is_string = true, .bytes = 16, .count = 2, .stack = "  at f a.das:3\n"});
  listener.DidEnd(
      {.status = TestStatus::kError, .time_ns = 9, .exception = "why", .place = {.file = "b.das", .line = 1}});
  TestFileResult result;
  result.status = TestFileStatus::kFailedUnexpectedly;
  result.messages = "told";
  result.has_expectations = true;
  result.missing = {{30341, 2}};
  result.unexpected = {30838, 0};
  listener.DidFinish(result);
}

void CheckEverything(const FileReport& report) {
  REQUIRE(report.nodes().size() == 3);
  const TestNode& outer = report.nodes()[1];
  const TestNode& inner = report.nodes()[2];
  CHECK(report.nodes()[0].lines[0].text == "before\n");
  CHECK(outer.name == "outer");
  CHECK(outer.end.exception == "why");
  CHECK(outer.end.place.file == "b.das");
  CHECK(inner.is_benchmark);
  CHECK(inner.lines[0].place.column == 4);
  CHECK(inner.lines[1].text == "a reason");
  CHECK(inner.lines[2].measured.time_ns == -1);
  CHECK(inner.lines[2].measured.string_bytes == 7);
  REQUIRE(inner.leaks.size() == 1);
  CHECK(inner.leaks[0].stack == "  at f a.das:3\n");
  CHECK(inner.status() == TestStatus::kFailed);
  CHECK(report.result().missing == std::vector<std::pair<int, int>>{{30341, 2}});
  CHECK(report.result().unexpected == std::vector<int>{30838, 0});
}

TEST_CASE("every event arrives as it was sent") {
  FileReport report("a.das");
  WireReader reader(report);
  CHECK(reader.Feed(Sent(TellEverything)));
  CHECK(reader.has_finished());
  CheckEverything(report);
}

TEST_CASE("bytes may arrive one by one") {
  FileReport report("a.das");
  WireReader reader(report);
  for (const char byte : Sent(TellEverything)) REQUIRE(reader.Feed({&byte, 1}));
  CHECK(reader.has_finished());
  CheckEverything(report);
}

TEST_CASE("a stream that ends early has not finished") {
  const std::string bytes = Sent(TellEverything);
  FileReport report("a.das");
  WireReader reader(report);
  CHECK(reader.Feed(std::string_view(bytes).substr(0, bytes.size() - 1)));
  CHECK_FALSE(reader.has_finished());
}

TEST_CASE("what is no event is refused") {
  using namespace std::string_literals;
  for (const std::string& bytes :
       {"\x01\0\0\0\xff"s, "\x01\0\0\0\x03"s, "\0\0\0\0"s, "\x09\0\0\0\x06\xff\xff\xff\xff\xff\xff\xff\xff"s}) {
    FileReport report("a.das");
    WireReader reader(report);
    CHECK_FALSE(reader.Feed(bytes));
    CHECK_FALSE(reader.Feed(Sent(TellEverything)));
    CHECK(report.nodes().size() == 1);
  }
}

TEST_CASE("tests that run when the process dies are errors") {
  FileReport report("a.das");
  report.DidBegin("outer", false);
  report.DidBegin("inner", false);
  report.DidDie("crashed");
  CHECK(report.fate() == "crashed in 'outer / inner'");
  CHECK(report.Counts().errors == 2);
}

TEST_CASE("a process that dies between tests is one error") {
  FileReport report("a.das");
  report.DidBegin("outer", false);
  report.DidEnd({});
  report.DidDie("crashed");
  CHECK(report.Counts().passed == 1);
  CHECK(report.Counts().errors == 1);
}

}  // namespace
}  // namespace vestige::cli
