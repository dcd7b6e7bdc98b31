#include "cli/test_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "fmt/format.h"

namespace vestige::cli {

namespace {

namespace fs = std::filesystem;

class Finder {
 public:
  Finder(std::span<const std::string> excludes, const FolderFilter& filter) : excludes_(excludes), filter_(filter) {}

  absl::Status Add(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) return absl::NotFoundError(fmt::format("no such file or folder: {}", path));
    if (!fs::is_directory(status)) {
      AddFile(fs::path(path));
      return absl::OkStatus();
    }
    const fs::path rule = fs::path(path) / ".das_test";
    rule_ = fs::exists(rule, error) ? rule.string() : std::string();
    return Walk(fs::path(path));
  }

  std::vector<std::string> Take() { return std::move(files_); }

 private:
  // Depth first, with a stack of its own.
  absl::Status Walk(const fs::path& top) {
    std::vector<fs::path> waiting = {top};
    while (!waiting.empty()) {
      const fs::path path = std::move(waiting.back());
      waiting.pop_back();
      std::error_code error;
      if (!fs::is_directory(path, error)) {
        AddFile(path);
        continue;
      }
      std::vector<fs::path> entries;
      for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
        if (IsWanted(*it)) entries.push_back(it->path());
      }
      if (error) return absl::InternalError(fmt::format("cannot read {}: {}", path.string(), error.message()));
      std::sort(entries.begin(), entries.end());
      waiting.insert(waiting.end(), entries.rbegin(), entries.rend());
    }
    return absl::OkStatus();
  }

  bool IsWanted(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('_') || name.starts_with('.')) return false;
    std::error_code error;
    // A link to a folder may lead back up.
    if (entry.is_directory(error)) {
      return !entry.is_symlink(error) && (rule_.empty() || !filter_ || filter_(rule_, name));
    }
    return entry.is_regular_file(error) && name.ends_with(".das");
  }

  void AddFile(const fs::path& path) {
    const std::string name = path.filename().string();
    for (const std::string& text : excludes_) {
      if (name.find(text) != std::string::npos) return;
    }
    std::string normal = path.lexically_normal().string();
    if (known_.insert(normal).second) files_.push_back(std::move(normal));
  }

  std::span<const std::string> excludes_;
  const FolderFilter& filter_;
  std::string rule_;
  std::vector<std::string> files_;
  absl::flat_hash_set<std::string> known_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> FindTestFiles(std::span<const std::string> paths,
                                                       std::span<const std::string> excludes,
                                                       const FolderFilter& filter) {
  Finder finder(excludes, filter);
  for (const std::string& path : paths) {
    if (absl::Status status = finder.Add(path); !status.ok()) return status;
  }
  return finder.Take();
}

}  // namespace vestige::cli
