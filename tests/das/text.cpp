#include "text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

namespace vestige::script_tests {
namespace {

constexpr size_t kMinAddressDigits = 8;
// Context lines before the first difference, and how much of a long difference is shown.
constexpr size_t kContextLines = 2;
constexpr size_t kMaxShownLines = 40;

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

size_t HexDigitsAt(std::string_view text, size_t at) {
  size_t count = 0;
  while (at + count < text.size() && IsHex(text[at + count])) ++count;
  return count;
}

// A heap report names chunks by bare numbers: `\t[7f01..7f02)`, or at a line's start followed by `\tN of M`.
bool IsChunkAddress(std::string_view line, size_t at, size_t digits) {
  if (digits < 5) return false;
  const std::string_view before = line.substr(0, at);
  const std::string_view after = line.substr(at + digits);
  if (before.ends_with('[')) return after.starts_with("..");
  if (before.ends_with("..")) return after.starts_with(')');
  return before.empty() && after.starts_with('\t') && after.find(" of ") != std::string_view::npos;
}

std::string MaskedLine(std::string_view line) {
  std::string masked;
  for (size_t at = 0; at < line.size();) {
    const bool prefixed = line.substr(at).starts_with("0x");
    const size_t digits = HexDigitsAt(line, at + (prefixed ? 2 : 0));
    if (prefixed && digits >= kMinAddressDigits) {
      masked += "ADDR";
      at += 2 + digits;
    } else if (!prefixed && digits > 0 && IsChunkAddress(line, at, digits)) {
      masked += "ADDR";
      at += digits;
    } else {
      const size_t step = std::max<size_t>(prefixed ? 2 : digits, 1);
      masked += line.substr(at, step);
      at += step;
    }
  }
  return masked;
}

}  // namespace

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (size_t at = text.find_first_not_of(" \t"); at != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \t", end);
  }
  return words;
}

std::string Masked(std::string_view text) {
  std::string masked;
  for (const std::string& line : Lines(text)) {
    masked += MaskedLine(line);
    masked += '\n';
  }
  return masked;
}

std::vector<std::string> Difference(const std::vector<std::string>& expected, const std::vector<std::string>& got) {
  if (expected == got) return {};
  const size_t shorter = std::min(expected.size(), got.size());
  size_t head = 0;
  while (head < shorter && expected[head] == got[head]) ++head;
  size_t tail = 0;
  while (tail < shorter - head && expected[expected.size() - 1 - tail] == got[got.size() - 1 - tail]) ++tail;

  std::vector<std::string> shown;
  for (size_t i = head - std::min(head, kContextLines); i < head; ++i) shown.push_back("  " + expected[i]);
  const auto show = [&shown, tail, head](const std::vector<std::string>& lines, char mark) {
    const size_t end = lines.size() - tail;
    for (size_t i = head; i < end && i < head + kMaxShownLines; ++i)
      shown.push_back(fmt::format("{} {}", mark, lines[i]));
    if (end > head + kMaxShownLines) shown.push_back(fmt::format("{} ... {} more", mark, end - head - kMaxShownLines));
  };
  show(expected, '-');
  show(got, '+');
  return shown;
}

bool ConsumePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool ParseInt(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteFile(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace vestige::script_tests
