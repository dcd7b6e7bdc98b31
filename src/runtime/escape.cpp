// Escapes of string literals. Floor 3.

#include "runtime/escape.h"

#include <iterator>

#include "fmt/format.h"

namespace vestige::runtime {

void AppendEscaped(TextBuffer& out, std::string_view text) {
  for (const char c : text) {
    const size_t index = kEscaped.find(c);
    if (index != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(kEscapes[index]);
    } else if (static_cast<uint8_t>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<uint8_t>(c));
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace vestige::runtime
