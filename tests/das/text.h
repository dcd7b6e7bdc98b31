// Lines, words, masks and differences: the text side of the script tests.

#ifndef VESTIGE_TESTS_DAS_TEXT_H_
#define VESTIGE_TESTS_DAS_TEXT_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vestige::script_tests {

// The lines of `text` without their ends; a final newline makes no empty last line.
std::vector<std::string> Lines(std::string_view text);

// The words of `text`, separated by blanks.
std::vector<std::string> Words(std::string_view text);

// `text` with what differs from run to run replaced by ADDR: `0x` numbers of at least 8 digits, and the bare
// addresses of heap chunks in heap reports.
std::string Masked(std::string_view text);

// The two texts' differing middle, `-` before expected lines and `+` before those that came; empty when they are equal.
std::vector<std::string> Difference(const std::vector<std::string>& expected, const std::vector<std::string>& got);

// Takes `prefix` off the front of `text`; false when it is not there.
bool ConsumePrefix(std::string_view& text, std::string_view prefix);

// The decimal number that `text` is; false when it is something else.
bool ParseInt(std::string_view text, int& value);

// The whole file; empty when it cannot be read.
std::string ReadFile(const std::filesystem::path& path);

// Replaces the file.
void WriteFile(const std::filesystem::path& path, std::string_view text);

}  // namespace vestige::script_tests

#endif  // VESTIGE_TESTS_DAS_TEXT_H_
