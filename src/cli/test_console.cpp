#include "cli/test_console.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "cli/json_text.h"
#include "fmt/format.h"

namespace vestige::cli {

namespace {

std::string Seconds(int64_t time_ns) { return fmt::format("({:.6f}s)", static_cast<double>(time_ns) / 1e9); }

std::string Indent(size_t depth) { return std::string(depth, '\t'); }

// What the text of one line of a report ends in.
std::string_view WithoutLineFeed(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

int64_t PerRound(uint64_t sum, int64_t rounds) {
  return rounds <= 0 ? 0 : static_cast<int64_t>(std::ceil(static_cast<double>(sum) / static_cast<double>(rounds)));
}

double TimePerRound(const BenchmarkResult& measured) {
  return measured.rounds <= 0 ? 0 : static_cast<double>(measured.time_ns) / static_cast<double>(measured.rounds);
}

}  // namespace

std::string TestConsole::Painted(Color color, std::string_view text) const {
  if (!style_.color) return std::string(text);
  constexpr int kCodes[] = {31, 32, 34, 33};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(color)], text);
}

void TestConsole::Complain(std::string_view text, std::string& out) const {
  out += Painted(Color::kRed, fmt::format("[E] {}", WithoutLineFeed(text)));
  out += '\n';
}

std::string TestConsole::File(const FileReport& report) {
  const TestCounts counts = report.Counts();
  counts_ += counts;
  std::string out;
  AppendTests(report, out);
  AppendCompiler(report, out);
  if (!report.fate().empty()) Complain(fmt::format("{}: {}", report.path(), report.fate()), out);
  if (!counts.is_success()) {
    std::string reason = fmt::format("{} failed, {} errors", counts.failed, counts.errors);
    if (report.result().status == TestFileStatus::kFailedUnexpectedly) {
      reason = report.result().has_expectations ? "its compile errors are not the expected ones" : "does not compile";
    }
    if (report.result().status == TestFileStatus::kNotStarted) reason = "its initialisers failed";
    if (report.result().status == TestFileStatus::kJobFailed) reason = "a job or a thread panicked";
    if (!report.fate().empty()) reason = report.fate();
    failed_files_.emplace_back(report.path(), reason);
    out += Painted(Color::kRed, fmt::format("FAIL {} {}", report.path(), Seconds(report.time_ns))) + "\n";
  } else if (!style_.failures_only && (counts.total != 0 || style_.verbose)) {
    out += Painted(Color::kGreen, fmt::format("PASS {} {}", report.path(), Seconds(report.time_ns))) + "\n";
  }
  if (style_.memory) out += fmt::format("peak memory of {}: {} KiB\n", report.path(), report.peak_kib);
  return out;
}

// Depth first, with a stack of its own: sub-tests may nest as deeply as they like.
void TestConsole::AppendTests(const FileReport& report, std::string& out) const {
  struct Step {
    uint32_t node;
    size_t line;
  };
  const std::vector<bool> failures = report.Failures();
  std::vector<Step> steps = {{0, 0}};
  while (!steps.empty()) {
    Step& step = steps.back();
    const TestNode& node = report.nodes()[step.node];
    const std::string indent = Indent(steps.size() - 1);
    if (step.line == node.lines.size()) {
      const bool failed = failures[step.node];
      steps.pop_back();
      if (!steps.empty()) AppendEnd(node, failed, Indent(steps.size() - 1), out);
      if (node.end.peak_bytes != 0) {
        fmt::format_to(std::back_inserter(out), "peak memory of {}: {} KiB\n", node.name, node.end.peak_bytes / 1024);
      }
      continue;
    }
    const TestLine& line = node.lines[step.line++];
    if (line.kind == TestLine::Kind::kChild) {
      AppendHead(report.nodes()[line.child], indent, out);
      steps.push_back({line.child, 0});
    } else {
      AppendLine(line, Indent(steps.size() > 1 ? steps.size() - 2 : 0), out);
    }
  }
}

void TestConsole::AppendHead(const TestNode& node, std::string_view indent, std::string& out) const {
  if (style_.failures_only) return;
  if (!node.is_benchmark) {
    fmt::format_to(std::back_inserter(out), "{}=== RUN '{}'\n", indent, node.name);
  } else if (style_.benchmarks == ConsoleStyle::Benchmarks::kNative) {
    fmt::format_to(std::back_inserter(out), "{}=== RUN BENCHMARK '{}' [{}]\n", indent, node.name,
                   Painted(Color::kBlue, "INTERP"));
  }
}

void TestConsole::AppendLine(const TestLine& line, std::string_view indent, std::string& out) const {
  switch (line.kind) {
    case TestLine::Kind::kSaid:
      fmt::format_to(std::back_inserter(out), "{}{}:{}: {}\n", indent, line.place.file, line.place.line, line.text);
      break;
    case TestLine::Kind::kPrinted:
      if (style_.failures_only) break;
      out += line.text;
      if (!line.text.ends_with('\n')) out += '\n';
      break;
    case TestLine::Kind::kSkipReason:
      if (!style_.failures_only) fmt::format_to(std::back_inserter(out), "{}\tskipped: {}\n", indent, line.text);
      break;
    case TestLine::Kind::kMeasured:
      AppendMeasured(line.measured, indent, out);
      break;
    case TestLine::Kind::kChild:
      break;
  }
}

void TestConsole::AppendMeasured(const BenchmarkResult& measured, std::string_view indent, std::string& out) const {
  const double time = TimePerRound(measured);
  const int64_t bytes = PerRound(measured.heap_bytes, measured.rounds);
  const int64_t allocations = PerRound(measured.allocations, measured.rounds);
  const int64_t string_bytes = PerRound(measured.string_bytes, measured.rounds);
  const int64_t strings = PerRound(measured.string_allocations, measured.rounds);
  const auto to = std::back_inserter(out);
  switch (style_.benchmarks) {
    case ConsoleStyle::Benchmarks::kNative: {
      const auto column = [](std::string text) { return fmt::format("{:<{}}", text, text.size() < 18 ? 18 : 0); };
      fmt::format_to(to, "{}\t{:<21} {}{:<14}{:<16}{:<14}{}\n", indent, measured.sub_name,
                     column(fmt::format("{:.1f} ns/op", time)), fmt::format("{} B/op", bytes),
                     fmt::format("{} allocs/op", allocations), fmt::format("{} SB/op", string_bytes),
                     fmt::format("{} strings/op", strings));
      break;
    }
    case ConsoleStyle::Benchmarks::kGo: {
      std::string_view name = measured.name;
      if (name.starts_with("benchmark_")) name.remove_prefix(10);
      fmt::format_to(to,
                     "BenchmarkDas_{}/sub={}-1\t\t{}\t\t{:.1f} ns/op\t{} B/op\t{} allocs/op\t{} SB/op\t{} strings/op\n",
                     name, measured.sub_name, measured.rounds, time, bytes, allocations, string_bytes, strings);
      break;
    }
    case ConsoleStyle::Benchmarks::kJson:
      fmt::format_to(to,
                     "{{\"name\":{},\"sub_name\":{},\"n\":{},\"time_ns\":{},\"allocs\":{},\"heap_bytes\":{},"
                     "\"string_allocs\":{},\"string_heap_bytes\":{},\"func_type\":\"INTERP\"}}\n",
                     JsonText(measured.name), JsonText(measured.sub_name), measured.rounds, measured.time_ns,
                     measured.allocations, measured.heap_bytes, measured.string_allocations, measured.string_bytes);
      break;
  }
}

void TestConsole::AppendEnd(const TestNode& node, bool failed, std::string_view indent, std::string& out) const {
  for (const TestLeak& leak : node.leaks) {
    const std::string times = leak.count > 1 ? fmt::format(" x{}", leak.count) : std::string();
    fmt::format_to(std::back_inserter(out), "{}[leak] {}size={:#x} bytes{}\n", indent, leak.is_string ? "string " : "",
                   leak.bytes, times);
    for (std::string_view left = leak.stack; !left.empty();) {
      const size_t end = std::min(left.find('\n'), left.size() - 1);
      out.append(indent).append(left.substr(0, end + 1));
      left.remove_prefix(end + 1);
    }
  }
  const std::string time = Seconds(node.end.time_ns);
  if (failed) {
    Complain(fmt::format("{}--- FAIL '{}' {}", indent, node.name, time), out);
    if (node.end.exception.empty()) return;
    const Place& place = node.end.place;
    Complain(place.line == 0 ? fmt::format("{}{}", indent, node.end.exception)
                             : fmt::format("{}:{}: {}{}", place.file, place.line, indent, node.end.exception),
             out);
  } else if (style_.failures_only) {
    return;
  } else if (node.status() == TestStatus::kSkipped) {
    out += Painted(Color::kYellow, fmt::format("{}--- SKIPPED '{}' {}", indent, node.name, time)) + "\n";
  } else if (!node.is_benchmark) {
    out += Painted(Color::kGreen, fmt::format("{}--- PASS '{}' {}", indent, node.name, time)) + "\n";
  }
}

void TestConsole::AppendCompiler(const FileReport& report, std::string& out) const {
  const TestFileResult& result = report.result();
  switch (result.status) {
    case TestFileStatus::kCompiled:
      if (!style_.failures_only) out += result.messages;
      break;
    case TestFileStatus::kFailedAsExpected:
      if (style_.failures_only) break;
      out += Painted(Color::kBlue, fmt::format("Failed to compile {}, as expected", report.path())) + "\n";
      if (style_.verbose) out += result.messages;
      break;
    case TestFileStatus::kFailedUnexpectedly:
      Complain(fmt::format("Failed to compile {}\n{}", report.path(), result.messages), out);
      for (const auto& [code, count] : result.missing) {
        Complain(fmt::format("expect {}:{} is not met: the compiler reported it less often", code, count), out);
      }
      if (!result.has_expectations) break;
      for (int code : result.unexpected) Complain(fmt::format("error {} is not expected", code), out);
      break;
    case TestFileStatus::kNotStarted:
      Complain(fmt::format("Failed to simulate {}\n{}", report.path(), result.messages), out);
      break;
    case TestFileStatus::kJobFailed:
      Complain(fmt::format("A job or a thread of {} panicked: {}", report.path(), result.messages), out);
      break;
  }
}

std::string TestConsole::Summary(int64_t time_ns) const {
  std::string out = fmt::format("\n{} tests, {} passed, {} failed, {} errors, {} skipped\n", counts_.total,
                                counts_.passed, counts_.failed, counts_.errors, counts_.skipped);
  if (counts_.is_success()) {
    out += Painted(Color::kGreen, fmt::format("SUCCESS! {}", Seconds(time_ns))) + "\n";
    return out;
  }
  out += Painted(Color::kRed, "\nFAILURES:") + "\n";
  for (const auto& [path, reason] : failed_files_) {
    out += Painted(Color::kRed, fmt::format("  {} — {}", path, reason)) + "\n";
  }
  out += "\n" + Painted(Color::kRed, fmt::format("FAILED! {}", Seconds(time_ns))) + "\n";
  return out;
}

}  // namespace vestige::cli
