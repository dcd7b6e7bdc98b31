// `vestige test`: from the command line to results. Floor 7.

#ifndef VESTIGE_CLI_TEST_COMMAND_H_
#define VESTIGE_CLI_TEST_COMMAND_H_

#include <string>
#include <vector>

namespace vestige::cli {

// `words` is the whole command line, the program's name and `test` included. Returns the exit code: the number of
// failed and erroneous tests, at most 254; 255 when the command line is wrong.
int TestMain(const std::vector<std::string>& words);

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_COMMAND_H_
