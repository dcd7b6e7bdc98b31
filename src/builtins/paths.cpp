// Files and folders by name, and the text of paths. Part of module `fio`. A function that can fail returns false or an
// empty text; its form with an `error` argument says what went wrong there: the path, and the system's words. Floor 5.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "builtins/files.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "fmt/format.h"

namespace vestige::builtins {

namespace paths_natives {
namespace {

namespace fs = std::filesystem;
using runtime::Argument;

fs::path PathAt(const NativeCall& call, size_t index) { return fs::path(StringAt(call, index)); }

// Stores "what: words" in the string variable of the last argument, if the native has one; empty when nothing failed.
void TellError(NativeCall& call, size_t index, const fs::path& path, const std::error_code& error) {
  if (index + 1 >= call.types.size()) return;
  auto& text = call.Reference<char*>(index);
  text = error ? runtime::MakeString(call.context, fmt::format("{}: {}", path.string(), error.message())) : nullptr;
}

// A native on one path that says whether it did something; the error goes to argument 1.
using OnPath = bool (*)(const fs::path& path, std::error_code& error);
template <OnPath work>
void WithPath(NativeCall& call) {
  std::error_code error;
  const fs::path path = PathAt(call, 0);
  call.Return(work(path, error) && !error);
  TellError(call, 1, path, error);
}
// The same for two, the error after them.
using OnPaths = bool (*)(const fs::path& from, const fs::path& to, std::error_code& error);
template <OnPaths work>
void WithPaths(NativeCall& call) {
  std::error_code error;
  const fs::path path = PathAt(call, 0);
  call.Return(work(path, PathAt(call, 1), error) && !error);
  TellError(call, 2, path, error);
}

bool RemoveFile(const fs::path& path, std::error_code& error) {
  if (fs::is_directory(path, error)) {
    error = std::make_error_code(std::errc::is_a_directory);
    return false;
  }
  if (fs::remove(path, error)) return true;
  if (!error) error = std::make_error_code(std::errc::no_such_file_or_directory);
  return false;
}
bool RemoveFolder(const fs::path& path, std::error_code& error) {
  if (::rmdir(path.c_str()) == 0) return true;
  error.assign(errno, std::generic_category());
  return false;
}
bool RemoveTree(const fs::path& path, std::error_code& error) {
  if (!fs::exists(path, error)) {
    if (!error) error = std::make_error_code(std::errc::no_such_file_or_directory);
    return false;
  }
  return fs::remove_all(path, error) > 0;
}
// A folder that is there already is no failure.
bool MakeFolder(const fs::path& path, std::error_code& error) {
  fs::create_directory(path, error);
  return !error;
}
bool MakeFolders(const fs::path& path, std::error_code& error) {
  fs::create_directories(path, error);
  return !error;
}
bool Exists(const fs::path& path, std::error_code& error) { return fs::exists(path, error); }
bool IsSymlink(const fs::path& path, std::error_code& error) { return fs::is_symlink(path, error); }
bool ChangeFolder(const fs::path& path, std::error_code& error) {
  fs::current_path(path, error);
  return !error;
}
bool Rename(const fs::path& from, const fs::path& to, std::error_code& error) {
  fs::rename(from, to, error);
  return !error;
}
bool AreOneFile(const fs::path& from, const fs::path& to, std::error_code& error) {
  return fs::equivalent(from, to, error);
}

void CopyFile(NativeCall& call) {
  std::error_code error;
  const fs::path from = PathAt(call, 0);
  const auto options = call.Value<bool>(2) ? fs::copy_options::overwrite_existing : fs::copy_options::none;
  call.Return(fs::copy_file(from, PathAt(call, 1), options, error) && !error);
  TellError(call, 3, from, error);
}

// --- What a file is
// ---------------------------------------------------------------------------------------------------

// As the prelude declares it.
struct FileState {
  bool is_valid;
  bool is_reg;
  bool is_dir;
  uint64_t size;
  int64_t atime;
  int64_t ctime;
  int64_t mtime;
};

bool Describe(const struct stat& found, FileState* state) {
  *state = {.is_valid = true,
            .is_reg = S_ISREG(found.st_mode),
            .is_dir = S_ISDIR(found.st_mode),
            .size = static_cast<uint64_t>(found.st_size),
            .atime = found.st_atime,
            .ctime = found.st_ctime,
            .mtime = found.st_mtime};
  return true;
}

bool StatePath(NativeCall& call, FileState* state) {
  struct stat found;
  *state = {};
  return ::stat(std::string(StringAt(call, 0)).c_str(), &found) == 0 && Describe(found, state);
}
bool StateFile(NativeCall& call, FileState* state) {
  struct stat found;
  *state = {};
  const OpenFile* file = FileAt(call, 0, "fstat");
  if (file == nullptr) return false;
  std::fflush(file->stream);
  return ::fstat(::fileno(file->stream), &found) == 0 && Describe(found, state);
}

using StateOf = bool (*)(NativeCall& call, FileState* state);
template <StateOf find>
void FillState(NativeCall& call) {
  call.Return(find(call, &call.Reference<FileState>(1)));
}
template <StateOf find>
void ReturnState(NativeCall& call) {
  find(call, reinterpret_cast<FileState*>(call.result));
}

// -1 when it can't be told.
void FileSize(NativeCall& call) {
  std::error_code error;
  const fs::path path = PathAt(call, 0);
  const uintmax_t size = fs::file_size(path, error);
  call.Return(error ? int64_t{-1} : static_cast<int64_t>(size));
  TellError(call, 1, path, error);
}

// --- Folders
// ----------------------------------------------------------------------------------------------------------

// Calls the block with a name, and with whether it is a folder when `with_kind`. False when there is a panic.
bool ShowEntry(NativeCall& call, const std::string& name, bool with_kind, bool is_folder) {
  const char* string = runtime::MakeString(call.context, name);
  if (call.context.has_panic()) return false;
  const Argument arguments[] = {Argument::Value(string), Argument::Value(is_folder)};
  const auto shown = std::span(arguments).first(with_kind ? 2 : 1);
  return call.context.CallBlock(call.Value<const void*>(1), shown, nullptr);
}

// In the order of names, `.` and `..` first, so that two runs do the same.
void ListFolder(NativeCall& call) {
  std::error_code error;
  const fs::path path = PathAt(call, 0);
  std::vector<std::string> names = {".", ".."};
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  TellError(call, 2, path, error);
  if (error) return;
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (!ShowEntry(call, name, false, false)) return;
  }
}

// All that is below, by paths from there with `/`; a folder comes before what it holds.
void ListTree(NativeCall& call) {
  std::error_code error;
  const fs::path path = PathAt(call, 0);
  struct Entry {
    std::string name;
    bool is_folder;
  };
  std::vector<Entry> entries;
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const bool is_folder = entry->is_directory(ignored);
    entries.push_back({entry->path().lexically_relative(path).generic_string(), is_folder});
  }
  TellError(call, 2, path, error);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  for (const Entry& entry : entries) {
    if (!ShowEntry(call, entry.name, true, entry.is_folder)) return;
  }
}

void CurrentFolder(NativeCall& call) {
  std::error_code error;
  ReturnText(call, fs::current_path(error).string());
}

void TemporaryFolder(NativeCall& call) {
  std::error_code error;
  const fs::path path = fs::temp_directory_path(error);
  ReturnText(call, error ? std::string() : path.string());
  TellError(call, 0, path, error);
}

// A new folder or file whose name starts with `prefix` and ends with `ending`, in the system's folder for such.
bool MakeTemporary(std::string_view prefix, std::string_view ending, bool is_folder, std::string* path,
                   std::error_code& error) {
  const fs::path folder = fs::temp_directory_path(error);
  if (error) return false;
  *path = (folder / fmt::format("{}XXXXXX{}", prefix, ending)).string();
  const int made = is_folder ? (::mkdtemp(path->data()) != nullptr ? 0 : -1)
                             : ::mkstemps(path->data(), static_cast<int>(ending.size()));
  if (made < 0) error.assign(errno, std::generic_category());
  if (made > 0) ::close(made);
  return made >= 0;
}
void TemporaryNewFolder(NativeCall& call) {
  std::error_code error;
  std::string path;
  const bool made = MakeTemporary(StringAt(call, 0), "", true, &path, error);
  ReturnText(call, made ? path : std::string());
  TellError(call, 1, path, error);
}
void TemporaryNewFile(NativeCall& call) {
  std::error_code error;
  std::string path;
  const bool made = MakeTemporary(StringAt(call, 0), StringAt(call, 1), false, &path, error);
  ReturnText(call, made ? path : std::string());
  TellError(call, 2, path, error);
}

constexpr uint32_t kText = sema::kMayAllocate;

constexpr sema::NativeFunction kFunctions[] = {
    {"remove", "(name : string) : bool", &WithPath<RemoveFile>},
    {"remove", "(name : string; var error : string&) : bool", &WithPath<RemoveFile>, kText},
    {"rename", "(old_name, new_name : string) : bool", &WithPaths<Rename>},
    {"rename", "(old_name, new_name : string; var error : string&) : bool", &WithPaths<Rename>, kText},
    {"copy_file", "(src, dst : string; overwrite : bool; var error : string&) : bool", &CopyFile, kText},
    {"fexist", "(path : string) : bool", &WithPath<Exists>},
    {"is_symlink", "(path : string; var error : string&) : bool", &WithPath<IsSymlink>, kText},
    {"equivalent", "(a, b : string; var error : string&) : bool", &WithPaths<AreOneFile>, kText},
    {"mkdir", "(path : string) : bool", &WithPath<MakeFolder>},
    {"mkdir", "(path : string; var error : string&) : bool", &WithPath<MakeFolder>, kText},
    {"mkdir_rec", "(path : string) : bool", &WithPath<MakeFolders>},
    {"mkdir_rec", "(path : string; var error : string&) : bool", &WithPath<MakeFolders>, kText},
    {"rmdir", "(path : string) : bool", &WithPath<RemoveFolder>},
    {"rmdir", "(path : string; var error : string&) : bool", &WithPath<RemoveFolder>, kText},
    {"rmdir_rec", "(path : string) : bool", &WithPath<RemoveTree>},
    {"rmdir_rec", "(path : string; var error : string&) : bool", &WithPath<RemoveTree>, kText},
    {"chdir", "(path : string) : bool", &WithPath<ChangeFolder>},
    {"getcwd", "() : string", &CurrentFolder, kText},
    {"stat", "(path : string; var state : FStat) : bool", &FillState<StatePath>},
    {"stat", "(path : string) : FStat", &ReturnState<StatePath>},
    {"fstat", "(f : FILE const?; var state : FStat) : bool", &FillState<StateFile>},
    {"fstat", "(f : FILE const?) : FStat", &ReturnState<StateFile>},
    {"file_size", "(path : string; var error : string&) : int64", &FileSize, kText},
    {"dir", "(path : string; blk : block<(filename : string) : void>) : void", &ListFolder,
     sema::kInvokesBlocks | kText},
    {"dir_rec", "(path : string; blk : block<(filename : string; is_dir : bool) : void>) : void", &ListTree,
     sema::kInvokesBlocks | kText},
    {"dir_rec", "(path : string; blk : block<(filename : string; is_dir : bool) : void>; var error : string&) : void",
     &ListTree, sema::kInvokesBlocks | kText},
    {"temp_directory", "(var error : string&) : string", &TemporaryFolder, kText},
    {"create_temp_directory", "(prefix : string; var error : string&) : string", &TemporaryNewFolder, kText},
    {"create_temp_file", "(prefix, ext : string; var error : string&) : string", &TemporaryNewFile, kText},
};

constexpr std::string_view kPrelude = R"(
struct FStat {
    is_valid : bool
    is_reg : bool
    is_dir : bool
    size : uint64
    atime : clock
    ctime : clock
    mtime : clock
}
)";

}  // namespace
}  // namespace paths_natives

constexpr sema::NativeModule kPathsModule = {
    .name = "fio_core", .functions = paths_natives::kFunctions, .prelude = paths_natives::kPrelude};

}  // namespace vestige::builtins
