// Rewriting expectations: the half of script.h that writes.

#include <fmt/format.h>

#include <algorithm>

#include "script.h"
#include "text.h"

namespace vestige::script_tests {
namespace {

constexpr std::string_view kRewritten[] = {"expect:", "expect-error:", "expect-exit:"};

bool IsRewritten(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return false;
  line.remove_prefix(prefix.size());
  return std::any_of(std::begin(kRewritten), std::end(kRewritten),
                     [line](std::string_view name) { return line.starts_with(name); });
}

// The directives that tell what happened, without comment marks. Texts of errors are kept while they still hold.
std::vector<std::string> DirectivesFor(const Script& script, const Outcome& outcome) {
  std::vector<std::string> directives;
  const std::vector<CompileError> errors = PrintedErrors(outcome.out);
  for (size_t i = 0; i < errors.size(); ++i) {
    std::string text = errors[i].text;
    if (i < script.expected_errors.size() && text.find(script.expected_errors[i].text) != std::string::npos) {
      text = script.expected_errors[i].text;
    }
    directives.push_back(fmt::format("expect-error: {} {}:{}{}{}", errors[i].code, errors[i].line, errors[i].column,
                                     text.empty() ? "" : " ", text));
  }
  const bool exact_lines = !script.expected_lines.empty() || !HasPartialExpectations(script);
  if (errors.empty() && !script.golden.has_value() && exact_lines) {
    for (const std::string& line : Lines(outcome.out)) directives.push_back("expect: " + line);
  }
  if (outcome.exit_code != (errors.empty() ? 0 : 1)) {
    directives.push_back(fmt::format("expect-exit: {}", outcome.exit_code));
  }
  return directives;
}

}  // namespace

void Rewrite(const Script& script, const Outcome& outcome) {
  if (script.golden.has_value()) {
    std::filesystem::path golden = script.source;
    WriteFile(golden.replace_extension(".expected"), Masked(outcome.out));
  }
  const std::string_view prefix = script.source.extension() == ".test" ? "" : "// ";
  const std::vector<std::string> directives = DirectivesFor(script, outcome);
  const std::vector<std::string> lines = Lines(ReadFile(script.source));

  bool is_first = false;  // the script had no expectations so far: they are set off from its claim
  size_t place = 0;
  while (place < lines.size() && !IsRewritten(lines[place], prefix)) ++place;
  if (place == lines.size()) {
    // Nothing to replace: below the opening comment.
    place = 0;
    while (place < lines.size() && lines[place].starts_with("//")) ++place;
    is_first = place > 0;
  }

  std::string text;
  for (size_t i = 0; i <= lines.size(); ++i) {
    if (i == place) {
      if (is_first && !directives.empty() && !prefix.empty()) text += "//\n";
      for (const std::string& directive : directives) text += fmt::format("{}{}\n", prefix, directive);
    }
    if (i < lines.size() && !IsRewritten(lines[i], prefix)) text += lines[i] + '\n';
  }
  WriteFile(script.source, text);
}

}  // namespace vestige::script_tests
