#include "engine/file_loader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/embedded_modules.h"
#include "syntax/parser.h"

namespace vestige::engine {

namespace {

// One path for one file, as far as text can tell; links are not followed, because messages name paths as written.
std::string Normalised(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

// The text of an embedded module, by the path that messages name it by.
std::optional<std::string_view> FindEmbedded(std::string_view path) {
  if (!path.starts_with(kEmbeddedRoot)) return std::nullopt;
  path.remove_prefix(kEmbeddedRoot.size());
  for (const EmbeddedModule& module : EmbeddedModules()) {
    if (module.path == path) return module.text;
  }
  return std::nullopt;
}

absl::Status SystemError(int error) { return absl::ErrnoToStatus(error, ""); }

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
  const base::Symbol path = symbols_.Intern(Normalised(name));
  // Entered before parsing, so that a module that requires itself meets itself.
  loaded_[path] = {.ast = nullptr, .failed = true, .path = path};
  std::string error;
  const diag::SourceFile* file = sources_.Add(std::move(name), std::move(text), &error);
  sema::LoadedModule module = {.ast = nullptr, .failed = true, .path = path};
  if (file == nullptr) {
    sink_.Error(0, base::Location(), 1, error);
  } else {
    const size_t errors_before = sink_.error_count();
    module.ast = syntax::ParseModule(*file, symbols_, arena_, sink_);
    module.failed = sink_.error_count() != errors_before;
  }
  loaded_[path] = module;
  return module;
}

sema::LoadedModule FileLoader::LoadPath(const std::string& path) {
  const auto found = loaded_.find(symbols_.Intern(Normalised(path)));
  if (found != loaded_.end()) return found->second;
  if (const std::optional<std::string_view> embedded = FindEmbedded(path)) return AddText(path, std::string(*embedded));
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return {};
  return AddText(path, *std::move(text));
}

sema::LoadedModule FileLoader::Load(std::string_view target, base::Location from) {
  std::string name(target);
  if (!name.ends_with(".das")) name += ".das";
  const std::filesystem::path requiring(std::string(sources_.Locate(from).file));
  const std::string beside = (requiring.parent_path() / name).string();
  sema::LoadedModule module = LoadPath(beside);
  if (module.ast != nullptr || module.failed || name.starts_with("./") || name.starts_with("../")) return module;
  module = LoadPath(std::string(kEmbeddedRoot) + name);
  if (module.ast != nullptr || module.failed) return module;
  return LoadPath(name);
}

}  // namespace vestige::engine
