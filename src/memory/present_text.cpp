// Escaping and cutting script strings for reports. Floor 2.
#include "memory/present_text.h"

#include <fmt/format.h>

#include <iterator>

namespace vestige::memory {

namespace {

// The letter after the backslash, or 0 when the character stands for itself or has no letter.
char EscapeLetter(char c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\v':
      return 'v';
    case '"':
      return '"';
    case '\\':
      return '\\';
    default:
      return 0;
  }
}

bool IsUtf8Continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string PresentText(std::string_view text, size_t max) {
  std::string shown;
  for (const char c : text) {
    // One character more than fits tells that something has to be cut.
    if (shown.size() > max) break;
    if (const char letter = EscapeLetter(c); letter != 0) {
      shown += '\\';
      shown += letter;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      shown += c;
    }
  }
  if (shown.size() <= max) return shown;
  size_t end = max;
  while (end > 0 && IsUtf8Continuation(shown[end])) --end;
  shown.resize(end);
  return shown + "...";
}

}  // namespace vestige::memory
