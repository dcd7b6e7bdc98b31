// Which files have tests to run. Floor 7.

#ifndef VESTIGE_CLI_TEST_FILES_H_
#define VESTIGE_CLI_TEST_FILES_H_

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace vestige::cli {

// Asks the script in `filter_path` whether a folder of this name is to be visited.
using FolderFilter = std::function<bool(const std::string& filter_path, const std::string& folder_name)>;

// The files in the order in which their results are told: paths as given; a folder's entries sorted by name, folders
// in their place among the files. In folders only *.das counts, what begins with `_` or `.` is skipped, and a file
// `.das_test` in a path that was given decides about the folders below it. A file whose name contains one of `excludes`
// is left out, and so is one that came before. Fails when a path does not exist or a folder cannot be read.
absl::StatusOr<std::vector<std::string>> FindTestFiles(std::span<const std::string> paths,
                                                       std::span<const std::string> excludes,
                                                       const FolderFilter& filter);

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_TEST_FILES_H_
