// Paths and patterns of paths as text: nothing here looks at the disk but get_full_file_name. Part of module `fio`.
// Floor 5.

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace path_text_natives {
namespace {

namespace fs = std::filesystem;

// --- Parts of paths
// ---------------------------------------------------------------------------------------------------

// Without `/` at the end, unless it is all there is.
std::string_view WithoutEnd(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

// As the shell commands of these names tell them.
void FolderName(NativeCall& call) {
  const std::string_view path = WithoutEnd(StringAt(call, 0));
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ReturnText(call, ".");
  ReturnText(call, WithoutEnd(path.substr(0, slash == 0 ? 1 : slash)));
}
void BaseName(NativeCall& call) {
  const std::string_view path = WithoutEnd(StringAt(call, 0));
  if (path.empty()) return ReturnText(call, ".");
  const size_t slash = path.size() == 1 ? std::string_view::npos : path.rfind('/');
  ReturnText(call, slash == std::string_view::npos ? path : path.substr(slash + 1));
}

using PathPart = fs::path (*)(const fs::path& path);
template <PathPart part>
void PartOf(NativeCall& call) {
  ReturnText(call, part(fs::path(StringAt(call, 0))).string());
}
fs::path Extension(const fs::path& path) { return path.extension(); }
fs::path Stem(const fs::path& path) { return path.stem(); }
fs::path Parent(const fs::path& path) { return path.parent_path(); }
fs::path Normal(const fs::path& path) { return path.lexically_normal(); }
// Where the path leads, links followed as far as it exists. Empty when that can't be told.
fs::path Full(const fs::path& path) {
  std::error_code error;
  const fs::path full = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? fs::path() : full;
}

void ReplaceExtension(NativeCall& call) {
  ReturnText(call, fs::path(StringAt(call, 0)).replace_extension(fs::path(StringAt(call, 1))).string());
}
void Join(NativeCall& call) { ReturnText(call, (fs::path(StringAt(call, 0)) / fs::path(StringAt(call, 1))).string()); }
void IsAbsolute(NativeCall& call) { call.Return(fs::path(StringAt(call, 0)).is_absolute()); }

void Relative(NativeCall& call) {
  std::error_code error;
  const fs::path path = fs::relative(fs::path(StringAt(call, 0)), fs::path(StringAt(call, 1)), error);
  ReturnText(call, error ? std::string() : path.string());
  call.Reference<char*>(2) = error ? runtime::MakeString(call.context, error.message()) : nullptr;
}

void ToGeneric(NativeCall& call) {
  std::string path(StringAt(call, 0));
  std::replace(path.begin(), path.end(), '\\', '/');
  ReturnText(call, path);
}

// --- Patterns
// ---------------------------------------------------------------------------------------------------------

// One piece of a pattern.
struct Piece {
  enum class Kind : uint8_t {
    kByte,     // this byte
    kAny,      // `?`: any byte of a name
    kClass,    // `[a-z]`: a byte of a set
    kStar,     // `*`: any part of a name
    kDeep,     // `**`: anything
    kFolders,  // `**/`: nothing, or whole folders
  };
  Kind kind;
  std::string_view text;  // kByte: one byte; kClass: what is between the brackets
};

// The set of a class, from `[` on; empty when there is no `]`. A `]` at its start is one of its bytes.
std::string_view ClassAt(std::string_view pattern) {
  size_t end = 1;
  if (end < pattern.size() && (pattern[end] == '!' || pattern[end] == '^')) ++end;
  if (end < pattern.size() && pattern[end] == ']') ++end;
  end = pattern.find(']', end);
  return end == std::string_view::npos ? std::string_view() : pattern.substr(1, end - 1);
}

bool IsInClass(std::string_view set, char c) {
  if (c == '/') return false;
  const bool is_negated = !set.empty() && (set.front() == '!' || set.front() == '^');
  if (is_negated) set.remove_prefix(1);
  bool found = false;
  for (size_t i = 0; i < set.size(); ++i) {
    const auto low = static_cast<unsigned char>(set[i]);
    auto high = low;
    if (i + 2 < set.size() && set[i + 1] == '-') high = static_cast<unsigned char>(set[i += 2]);
    found = found || (low <= static_cast<unsigned char>(c) && static_cast<unsigned char>(c) <= high);
  }
  return found != is_negated;
}

std::vector<Piece> PiecesOf(std::string_view pattern) {
  std::vector<Piece> pieces;
  while (!pattern.empty()) {
    size_t taken = 1;
    Piece piece{Piece::Kind::kByte, pattern.substr(0, 1)};
    if (pattern.substr(0, 3) == "**/") {
      taken = 3;
      piece.kind = Piece::Kind::kFolders;
    } else if (pattern.substr(0, 2) == "**") {
      taken = 2;
      piece.kind = Piece::Kind::kDeep;
    } else if (pattern.front() == '*') {
      piece.kind = Piece::Kind::kStar;
    } else if (pattern.front() == '?') {
      piece.kind = Piece::Kind::kAny;
    } else if (const std::string_view set = ClassAt(pattern); pattern.front() == '[' && !set.empty()) {
      taken = set.size() + 2;
      piece = {Piece::Kind::kClass, set};
    }
    pieces.push_back(piece);
    pattern.remove_prefix(taken);
  }
  return pieces;
}

// reached[i]: what the pieces so far match is the first i bytes. Time is pieces times bytes, whatever the pattern.
void Advance(const Piece& piece, std::string_view path, std::vector<bool>* reached) {
  std::vector<bool> next(path.size() + 1, false);
  bool spreads = false;
  for (size_t i = 0; i <= path.size(); ++i) {
    const bool here = (*reached)[i];
    const char byte = i < path.size() ? path[i] : '\0';
    switch (piece.kind) {
      case Piece::Kind::kByte:
      case Piece::Kind::kAny:
      case Piece::Kind::kClass: {
        if (!here || i == path.size()) break;
        const bool fits = piece.kind == Piece::Kind::kByte  ? byte == piece.text.front()
                          : piece.kind == Piece::Kind::kAny ? byte != '/'
                                                            : IsInClass(piece.text, byte);
        if (fits) next[i + 1] = true;
        break;
      }
      case Piece::Kind::kStar:
        if (i > 0 && path[i - 1] == '/') spreads = false;
        spreads = spreads || here;
        next[i] = spreads;
        break;
      case Piece::Kind::kDeep:
        spreads = spreads || here;
        next[i] = spreads;
        break;
      case Piece::Kind::kFolders:
        next[i] = here || (spreads && path[i - 1] == '/');
        spreads = spreads || here;
        break;
    }
  }
  reached->swap(next);
}

void MatchGlob(NativeCall& call) {
  const std::string_view path = StringAt(call, 1);
  std::vector<bool> reached(path.size() + 1, false);
  reached[0] = true;
  const std::vector<Piece> pieces = PiecesOf(StringAt(call, 0));
  for (const Piece& piece : pieces) Advance(piece, path, &reached);
  call.Return(static_cast<bool>(reached[path.size()]));
}

void IsGlobPattern(NativeCall& call) { call.Return(StringAt(call, 0).find_first_of("*?[") != std::string_view::npos); }

constexpr uint32_t kText = sema::kMayAllocate;

constexpr sema::NativeFunction kFunctions[] = {
    {"dir_name", "(name : string) : string", &FolderName, kText},
    {"base_name", "(name : string) : string", &BaseName, kText},
    {"extension", "(path : string) : string", &PartOf<Extension>, kText},
    {"stem", "(path : string) : string", &PartOf<Stem>, kText},
    {"parent", "(path : string) : string", &PartOf<Parent>, kText},
    {"normalize", "(path : string) : string", &PartOf<Normal>, kText},
    {"get_full_file_name", "(path : string) : string", &PartOf<Full>, kText},
    {"replace_extension", "(path, new_ext : string) : string", &ReplaceExtension, kText},
    {"path_join", "(a, b : string) : string", &Join, kText},
    {"is_absolute", "(path : string) : bool", &IsAbsolute},
    {"relative", "(path, base : string; var error : string&) : string", &Relative, kText},
    {"to_generic_path", "(s : string) : string", &ToGeneric, kText},
    {"match_glob", "(pattern, path : string) : bool", &MatchGlob},
    {"is_glob_pattern", "(pattern : string) : bool", &IsGlobPattern},
};

}  // namespace
}  // namespace path_text_natives

constexpr sema::NativeModule kPathTextModule = {.name = "fio_core", .functions = path_text_natives::kFunctions};

}  // namespace vestige::builtins
