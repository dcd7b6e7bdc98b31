// What a compilation that a script asks for may read: texts set by the script, and files below the roots it named.
// Floor 5.

#ifndef VESTIGE_BUILTINS_FILE_ACCESS_H_
#define VESTIGE_BUILTINS_FILE_ACCESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "vestige/ref_counted.h"

namespace vestige::builtins {

// Made by make_file_access; a program that is compiled from it keeps no reference to it. One thread at a time.
class FileAccess : public RefCounted {
 public:
  // `project`: the script that says where modules are; empty: none.
  explicit FileAccess(std::string project) : project_(std::move(project)) {}

  std::string ReportName() const override { return "FileAccess"; }

  const std::string& project() const { return project_; }

  // From now on `name` means this text, whatever is on disk.
  void SetSource(std::string_view name, std::string text) { sources_[std::string(name)] = std::move(text); }
  // The text that was set for `name`; null when none was.
  const std::string* Source(std::string_view name) const {
    const auto found = sources_.find(std::string(name));
    return found == sources_.end() ? nullptr : &found->second;
  }

  // Modules that begin with `module` and a slash are below `folder`.
  void AddRoot(std::string_view module, std::string_view folder) { roots_.push_back({module, folder}); }
  struct Root {
    Root(std::string_view module_name, std::string_view path) : module(module_name), folder(path) {}
    std::string module;
    std::string folder;
  };
  const std::vector<Root>& roots() const { return roots_; }

 private:
  std::string project_;
  absl::flat_hash_map<std::string, std::string> sources_;
  std::vector<Root> roots_;
};

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_FILE_ACCESS_H_
