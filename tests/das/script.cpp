#include "script.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "text.h"

namespace vestige::script_tests {
namespace {

// `CODE LINE[:COLUMN] [TEXT]`.
bool ParseExpectedError(std::string_view value, CompileError& error) {
  const std::vector<std::string> words = Words(value);
  if (words.size() < 2 || !ParseInt(words[0], error.code)) return false;
  const size_t colon = words[1].find(':');
  if (!ParseInt(words[1].substr(0, colon), error.line)) return false;
  if (colon != std::string::npos && !ParseInt(words[1].substr(colon + 1), error.column)) return false;
  if (words.size() > 2) error.text = value.substr(value.find(words[2], value.find(words[1]) + words[1].size()));
  return true;
}

// Takes one directive into `script`; false when its value makes no sense.
bool TakeDirective(Script& script, std::string_view name, std::string_view value) {
  const auto append_words = [value](std::vector<std::string>& list) {
    for (std::string& word : Words(value)) list.push_back(std::move(word));
    return true;
  };
  if (name == "expect") return script.expected_lines.emplace_back(value), true;
  if (name == "expect-contains") return script.contained.emplace_back(value), true;
  if (name == "expect-not") return script.excluded.emplace_back(value), true;
  if (name == "expect-stderr") return script.expected_stderr.emplace_back(value), true;
  if (name == "flags") return append_words(script.flags);
  if (name == "args") return append_words(script.arguments);
  if (name == "env") return script.environment.emplace_back(value), value.find('=') != std::string_view::npos;
  if (name == "script") return script.run_file = value, true;
  if (name == "expect-error") return ParseExpectedError(value, script.expected_errors.emplace_back());
  if (name == "expect-exit") return ParseInt(value, script.expected_exit.emplace());
  if (name == "signal") {
    script.signal = value == "INT" ? SIGINT : value == "TERM" ? SIGTERM : 0;
    return script.signal != 0;
  }
  return false;
}

// Whether `line` looks like a directive; splits it when it does. Sidecars hold nothing else.
bool SplitDirective(std::string_view line, bool sidecar, std::string_view& name, std::string_view& value) {
  if (!sidecar && !ConsumePrefix(line, "// ")) return false;
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  name = line.substr(0, colon);
  value = line.substr(colon + 1);
  ConsumePrefix(value, " ");
  static constexpr std::string_view kNames[] = {"expect", "flags", "args", "env", "script", "signal"};
  return name.starts_with("expect-") || std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool AnyLineHolds(const std::vector<std::string>& lines, std::string_view text) {
  return std::any_of(lines.begin(), lines.end(),
                     [text](const std::string& line) { return line.find(text) != std::string::npos; });
}

// Lines that expect ADDR are compared with what was masked, the others with what was written.
std::vector<std::string> MaskedLike(const std::vector<std::string>& expected, std::vector<std::string> got) {
  for (size_t i = 0; i < got.size() && i < expected.size(); ++i) {
    if (expected[i].find("ADDR") != std::string::npos) got[i] = Lines(Masked(got[i])).front();
  }
  return got;
}

bool Matches(const CompileError& expected, const CompileError& got) {
  return expected.code == got.code && expected.line == got.line &&
         (expected.column < 0 || expected.column == got.column) && got.text.find(expected.text) != std::string::npos;
}

std::string Describe(const CompileError& error) {
  return fmt::format("{} {}{} {}", error.code, error.line,
                     error.column < 0 ? std::string() : fmt::format(":{}", error.column), error.text);
}

void JudgeErrors(const Script& script, const Outcome& outcome, std::vector<std::string>& complaints) {
  const std::vector<CompileError> got = PrintedErrors(outcome.out);
  bool same = got.size() == script.expected_errors.size();
  for (size_t i = 0; same && i < got.size(); ++i) same = Matches(script.expected_errors[i], got[i]);
  if (same) return;
  complaints.push_back("compile errors differ:");
  for (const CompileError& error : script.expected_errors) complaints.push_back("- " + Describe(error));
  for (const CompileError& error : got) complaints.push_back("+ " + Describe(error));
}

void JudgeOutput(const Script& script, const Outcome& outcome, std::vector<std::string>& complaints) {
  const std::vector<std::string> lines = Lines(outcome.out);
  std::vector<std::string> difference;
  if (script.golden.has_value()) {
    difference = Difference(Lines(Masked(*script.golden)), Lines(Masked(outcome.out)));
  } else if (!script.expected_lines.empty() || !HasPartialExpectations(script)) {
    difference = Difference(script.expected_lines, MaskedLike(script.expected_lines, lines));
  }
  if (!difference.empty()) {
    complaints.push_back("standard output differs:");
    complaints.insert(complaints.end(), difference.begin(), difference.end());
  }
  const size_t complaints_before = complaints.size();
  for (const std::string& text : script.contained) {
    if (!AnyLineHolds(lines, text)) complaints.push_back("no line of the output holds: " + text);
  }
  for (const std::string& text : script.excluded) {
    if (AnyLineHolds(lines, text)) complaints.push_back("a line of the output holds: " + text);
  }
  if (complaints.size() == complaints_before) return;
  for (const std::string& line : lines) complaints.push_back("| " + line);
}

void JudgeStderr(const Script& script, const Outcome& outcome, std::vector<std::string>& complaints) {
  const std::vector<std::string> lines = Lines(outcome.err);
  bool wrong = script.expected_stderr.empty() && !outcome.err.empty();
  for (const std::string& text : script.expected_stderr) wrong |= !AnyLineHolds(lines, text);
  if (!wrong) return;
  complaints.push_back("standard error differs:");
  for (const std::string& text : script.expected_stderr) complaints.push_back("- " + text);
  for (const std::string& line : lines) complaints.push_back("+ " + line);
}

}  // namespace

bool HasPartialExpectations(const Script& script) {
  return !script.contained.empty() || !script.excluded.empty() || !script.expected_errors.empty();
}

int ExpectedExit(const Script& script) { return script.expected_exit.value_or(script.expected_errors.empty() ? 0 : 1); }

std::vector<CompileError> PrintedErrors(std::string_view output) {
  std::vector<CompileError> errors;
  const std::vector<std::string> lines = Lines(output);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (!ConsumePrefix(line, "error[")) continue;
    CompileError& error = errors.emplace_back();
    const size_t bracket = line.find("]: ");
    if (bracket == std::string_view::npos || !ParseInt(line.substr(0, bracket), error.code)) continue;
    error.text = line.substr(bracket + 3);
    // The place follows, `file:line:column`, except for the few errors that have none. Tab-indented lines come between.
    size_t place = i + 1;
    while (place < lines.size() && lines[place].starts_with('\t')) ++place;
    const std::vector<std::string> next = place < lines.size() ? Words(lines[place]) : std::vector<std::string>();
    if (next.size() != 1) continue;
    const size_t second_colon = next[0].rfind(':');
    const size_t first_colon = second_colon == std::string::npos ? second_colon : next[0].rfind(':', second_colon - 1);
    if (first_colon == std::string::npos) continue;
    ParseInt(next[0].substr(first_colon + 1, second_colon - first_colon - 1), error.line);
    ParseInt(next[0].substr(second_colon + 1), error.column);
  }
  return errors;
}

Script ReadScript(const std::filesystem::path& source) {
  Script script;
  script.source = source;
  const bool sidecar = source.extension() == ".test";
  script.run_file = source.filename();
  script.run_file.replace_extension(".das");
  for (const std::string& line : Lines(ReadFile(source))) {
    std::string_view name;
    std::string_view value;
    if (SplitDirective(line, sidecar, name, value)) {
      if (!TakeDirective(script, name, value)) script.mistakes.push_back("bad directive: " + line);
    }
  }
  std::filesystem::path golden = source;
  golden.replace_extension(".expected");
  if (std::filesystem::exists(golden)) script.golden = ReadFile(golden);
  return script;
}

Command CommandFor(const Script& script, const std::string& engine, int timeout_seconds) {
  Command command;
  command.arguments = {engine};
  command.arguments.insert(command.arguments.end(), script.flags.begin(), script.flags.end());
  command.arguments.push_back(script.run_file.string());
  if (!script.arguments.empty()) {
    command.arguments.push_back("--");
    command.arguments.insert(command.arguments.end(), script.arguments.begin(), script.arguments.end());
  }
  command.environment = script.environment;
  command.folder = script.source.parent_path().string();
  command.timeout_seconds = timeout_seconds;
  command.signal_after_output = script.signal;
  return command;
}

std::vector<std::string> Judge(const Script& script, const Outcome& outcome) {
  std::vector<std::string> complaints = script.mistakes;
  if (outcome.timed_out) complaints.push_back("killed: out of time");
  if (outcome.too_much_output) complaints.push_back("killed: too much output");
  // Without expected errors the exit code and the output tell of unexpected ones.
  if (!script.expected_errors.empty()) JudgeErrors(script, outcome, complaints);
  JudgeOutput(script, outcome, complaints);
  JudgeStderr(script, outcome, complaints);
  if (outcome.exit_code != ExpectedExit(script)) {
    complaints.push_back(fmt::format("exit code {}, expected {}", outcome.exit_code, ExpectedExit(script)));
  }
  return complaints;
}

}  // namespace vestige::script_tests
