// The start of a script string as a report shows it.
//
// Floor 2.

#ifndef VESTIGE_MEMORY_PRESENT_TEXT_H_
#define VESTIGE_MEMORY_PRESENT_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace vestige::memory {

// Characters of a string that heap reports show.
inline constexpr size_t kPresentedCharacters = 28;

// `text` with escapes instead of control characters, quotes and backslashes; if that is longer than `max`, its first
// `max` characters and three dots. Never cuts a UTF-8 sequence in the middle.
std::string PresentText(std::string_view text, size_t max = kPresentedCharacters);

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_PRESENT_TEXT_H_
