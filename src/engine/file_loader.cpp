#include "engine/file_loader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/embedded_modules.h"
#include "engine/module_path.h"
#include "fmt/format.h"
#include "syntax/parser.h"

namespace vestige::engine {

namespace {

// The text of an embedded module, by the path that messages name it by.
std::optional<std::string_view> FindEmbedded(std::string_view path) {
  if (!path.starts_with(kEmbeddedRoot)) return std::nullopt;
  path.remove_prefix(kEmbeddedRoot.size());
  for (const EmbeddedModule& module : EmbeddedModules()) {
    if (module.path == path) return module.text;
  }
  return std::nullopt;
}

// Not absl::ErrnoToStatus, which keeps a table of texts for ever.
absl::Status SystemError(int error) {
  char buffer[256];
  // Of glibc's two functions of this name the one that returns the text.
  const char* text = strerror_r(error, buffer, sizeof(buffer));
  return absl::Status(absl::ErrnoToStatusCode(error), text);
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError(errno);
  std::string text;
  absl::Status status = absl::OkStatus();
  struct stat info {};
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) text.reserve(static_cast<size_t>(info.st_size) + 1);
  for (;;) {
    const size_t old_size = text.size();
    const size_t step = text.capacity() > old_size ? text.capacity() - old_size : 64 * 1024;
    text.resize(old_size + step);
    const ssize_t got = ::read(fd, text.data() + old_size, step);
    text.resize(old_size + static_cast<size_t>(got > 0 ? got : 0));
    if (got < 0 && errno != EINTR) status = SystemError(errno);
    if (got == 0 || !status.ok()) break;
  }
  ::close(fd);
  if (!status.ok()) return status;
  return text;
}

sema::LoadedModule FileLoader::AddText(std::string name, std::string text) {
  const base::Symbol path = symbols_.Intern(NormalisedPath(name));
  // Entered before parsing, so that a module that requires itself meets itself.
  loaded_[path] = {.ast = nullptr, .failed = true, .path = path};
  std::string error;
  const diag::SourceFile* file = sources_.Add(std::move(name), std::move(text), &error);
  sema::LoadedModule module = {.ast = nullptr, .failed = true, .path = path};
  if (file == nullptr) {
    sink_.Error(0, base::Location(), 1, error);
    return module;
  }
  return Parse(path, *file, arena_);
}

sema::LoadedModule FileLoader::Parse(base::Symbol path, const diag::SourceFile& file, base::Arena& arena) {
  const size_t errors_before = sink_.error_count();
  included_ = {std::string(path.text())};
  sema::LoadedModule module = {.path = path};
  module.ast = syntax::ParseModule(file, symbols_, arena, sink_, this);
  module.failed = sink_.error_count() != errors_before;
  loaded_[path] = module;
  if (!module.failed) files_.push_back(module);
  return module;
}

sema::LoadedModule FileLoader::AddModule(const std::string& path, std::string text) {
  const base::Symbol name = symbols_.Intern(path);
  if (std::shared_ptr<const ParsedModule> kept = cache_.Find(path, text); kept != nullptr) {
    sources_.Adopt(kept->file);
    const sema::LoadedModule module = {.ast = kept->ast, .path = name};
    loaded_[name] = module;
    files_.push_back(module);
    modules_.push_back(std::move(kept));
    return module;
  }
  auto parsed = std::make_shared<ParsedModule>();
  parsed->file = cache_.files().Make(path, text);
  if (parsed->file == nullptr) return AddText(path, std::move(text));
  sources_.Adopt(parsed->file);
  loaded_[name] = {.ast = nullptr, .failed = true, .path = name};
  const size_t told_before = sink_.diagnostics().size();
  const sema::LoadedModule module = Parse(name, *parsed->file, parsed->trees);
  parsed->ast = module.ast;
  parsed->file->IndexLines();
  modules_.push_back(parsed);
  // Part of another file is in a tree that includes it, and a message is told in every program.
  if (included_.size() == 1 && sink_.diagnostics().size() == told_before) cache_.Keep(path, std::move(parsed));
  return module;
}

syntax::IncludeReader::Answer FileLoader::Open(std::string_view path, base::Location from) {
  // A file includes others while it is being parsed, so this also bounds how deep parsers nest.
  constexpr size_t kMaxIncluded = 200;
  const std::string_view including = NameOf(from);
  const size_t slash = including.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : including.substr(0, slash + 1));
  const std::string name = NormalisedPath(folder + std::string(path));
  if (!included_.insert(name).second) return {};
  if (included_.size() > kMaxIncluded)
    return {.error = fmt::format("can't open {}: too many files are included", name)};
  const std::optional<std::string_view> embedded = FindEmbedded(name);
  const std::string* given = Given(name);
  absl::StatusOr<std::string> text = given != nullptr       ? *given
                                     : embedded.has_value() ? std::string(*embedded)
                                                            : ReadFile(name);
  if (!text.ok()) {
    const bool is_missing = absl::IsNotFound(text.status());
    return {.error = fmt::format("can't open {}: {}", name,
                                 is_missing ? "file not found" : std::string(text.status().message()))};
  }
  std::string error;
  const diag::SourceFile* file = sources_.Add(name, *std::move(text), &error);
  return {.file = file, .error = error};
}

// A file that is not there lets the search go on; one that cannot be read ends it.
sema::LoadedModule FileLoader::LoadPath(const std::string& path) {
  const auto found = loaded_.find(symbols_.Intern(path));
  if (found != loaded_.end()) return found->second;
  if (const std::string* given = Given(path)) return AddModule(path, *given);
  if (const std::optional<std::string_view> embedded = FindEmbedded(path)) {
    return AddModule(path, std::string(*embedded));
  }
  absl::StatusOr<std::string> text = ReadFile(path);
  if (text.ok()) return AddModule(path, *std::move(text));
  if (absl::IsNotFound(text.status())) return {};
  return {.error = fmt::format("{}: {}", path, std::string(text.status().message()))};
}

std::string_view FileLoader::NameOf(base::Location from) const {
  const diag::SourceFile* file = std::as_const(sources_).FileOf(from);
  return file == nullptr ? std::string_view() : file->name();
}

absl::StatusOr<Mapping> FileLoader::Ask(std::string_view target, base::Location from) const {
  if (project_ == nullptr) return Mapping{};
  return project_->Find(target, NameOf(from));
}

std::vector<std::string> FileLoader::Paths(std::string_view target, base::Location from) const {
  const absl::StatusOr<Mapping> mapping = Ask(target, from);
  if (!mapping.ok()) return {};
  if (!mapping->path.empty()) return {mapping->path};
  return ModulePaths(target, NameOf(from), root_);
}

std::vector<std::string> FileLoader::Places(std::string_view target, base::Location from) {
  std::vector<std::string> paths = Paths(target, from);
  std::erase_if(paths, [](const std::string& path) { return path.starts_with(kEmbeddedRoot); });
  return paths;
}

sema::LoadedModule FileLoader::Load(std::string_view target, base::Location from) {
  const absl::StatusOr<Mapping> mapping = Ask(target, from);
  if (!mapping.ok()) return {.error = std::string(mapping.status().message())};
  for (const std::string& path : Paths(target, from)) {
    sema::LoadedModule module = LoadPath(path);
    if (module.ast == nullptr && !module.failed && module.error.empty()) continue;
    if (!mapping->name.empty()) module.name = symbols_.Intern(mapping->name);
    if (!mapping->alias.empty()) module.alias = symbols_.Intern(mapping->alias);
    return module;
  }
  return {};
}

bool FileLoader::Exists(std::string_view target, base::Location from) {
  for (const std::string& path : Paths(target, from)) {
    if (Given(path) != nullptr || FindEmbedded(path).has_value() || ::access(path.c_str(), R_OK) == 0) return true;
  }
  return false;
}

}  // namespace vestige::engine
