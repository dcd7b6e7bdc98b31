#include "cli/output_file.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include "fmt/format.h"

namespace vestige::cli {

OutputFile::~OutputFile() {
  if (file_ != nullptr) std::fclose(file_);
}

bool OutputFile::Open(const std::string& path) {
  if (path.empty()) return true;
  path_ = path;
  file_ = std::fopen(path.c_str(), "we");
  return file_ != nullptr || Complain(errno);
}

TextFunction OutputFile::writer() {
  if (file_ == nullptr) return nullptr;
  return [file = file_](std::string_view text) { std::fwrite(text.data(), 1, text.size(), file); };
}

bool OutputFile::Close() {
  if (file_ == nullptr) return true;
  // fclose reports only its own flush, so an earlier failure has to be asked for.
  errno = 0;
  const bool failed_before = std::ferror(file_) != 0;
  const bool failed_now = std::fclose(file_) != 0;
  file_ = nullptr;
  return !(failed_before || failed_now) || Complain(errno == 0 ? EIO : errno);
}

bool OutputFile::Complain(int error) const {
  fmt::print(stderr, "vestige: cannot write the report to '{}': {}\n", path_, std::strerror(error));
  return false;
}

}  // namespace vestige::cli
