// Text as JSON spells it. Floor 7.

#ifndef VESTIGE_CLI_JSON_TEXT_H_
#define VESTIGE_CLI_JSON_TEXT_H_

#include <string>
#include <string_view>

namespace vestige::cli {

// In quotes. Bytes that are not UTF-8 become U+FFFD.
std::string JsonText(std::string_view text);

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_JSON_TEXT_H_
