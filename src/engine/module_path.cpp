#include "engine/module_path.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/embedded_modules.h"

namespace vestige::engine {

namespace {

namespace fs = std::filesystem;

// a.b.c and a/b/c are the same module; a name that ends in .das is a file's.
std::string FileNameOf(std::string_view target) {
  std::string name(target);
  if (name.ends_with(".das")) return name;
  std::replace(name.begin(), name.end(), '.', '/');
  return name + ".das";
}

std::string WithSuffix(std::string_view target) {
  std::string name(target);
  if (!name.ends_with(".das")) name += ".das";
  return name;
}

bool LeadsOut(const fs::path& path) {
  return path.is_absolute() || std::find(path.begin(), path.end(), fs::path("..")) != path.end();
}

}  // namespace

std::string NormalisedPath(std::string_view path) { return fs::path(path).lexically_normal().string(); }

std::vector<std::string> ModulePaths(std::string_view target, std::string_view requiring, std::string_view root) {
  const fs::path folder = fs::path(requiring).parent_path();
  if (target.starts_with("./") || target.starts_with("../")) {
    return {NormalisedPath((folder / WithSuffix(target)).string())};
  }
  if (target.starts_with("%/")) {
    const fs::path below = fs::path(WithSuffix(target.substr(2))).lexically_normal();
    if (root.empty() || LeadsOut(below)) return {};
    return {NormalisedPath((fs::path(root) / below).string())};
  }
  const std::string name = FileNameOf(target);
  std::vector<std::string> paths;
  // What is no file itself has no neighbours.
  if (!requiring.starts_with('<') || requiring.starts_with(kEmbeddedRoot))
    paths.push_back(NormalisedPath((folder / name).string()));
  auto add = [&](const fs::path& path) { paths.push_back(NormalisedPath((fs::path(root) / path).string())); };
  const size_t slash = name.find('/');
  if (!root.empty() && slash != std::string::npos) {
    add(name);
    add(fs::path("modules") / name);
    add(fs::path("modules") / name.substr(0, slash) / "daslib" / name.substr(slash + 1));
  }
  paths.push_back(std::string(kEmbeddedRoot) + name);
  return paths;
}

}  // namespace vestige::engine
