// A report file named on the command line. Floor 7.

#ifndef VESTIGE_CLI_OUTPUT_FILE_H_
#define VESTIGE_CLI_OUTPUT_FILE_H_

#include <cstdio>
#include <string>

#include "vestige/options.h"

namespace vestige::cli {

// Opened before the run, so that a path that cannot be written is told before any work is done.
class OutputFile {
 public:
  OutputFile() = default;
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Creates or truncates the file; the empty path means "no file" and succeeds. On failure prints a message on standard
  // error and returns false.
  bool Open(const std::string& path);

  // Writes to the file; unset when there is none. Valid as long as this object.
  TextFunction writer();

  // Closes the file. When something did not reach it (a full disk), prints a message and returns false.
  bool Close();

 private:
  bool Complain(int error) const;

  std::string path_;
  std::FILE* file_ = nullptr;
};

}  // namespace vestige::cli

#endif  // VESTIGE_CLI_OUTPUT_FILE_H_
