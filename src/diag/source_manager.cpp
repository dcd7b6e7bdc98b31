// Files in the offset space, and their lines. Floor 1 (diag).

#include "diag/source_manager.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "fmt/format.h"

namespace vestige::diag {

SourceFile::SourceFile(std::string name, std::string text, uint32_t base)
    : name_(std::move(name)), text_(std::move(text)), base_(base), size_(static_cast<uint32_t>(text_.size())) {}

void SourceFile::IndexLines() const {
  if (!line_starts_.empty()) return;
  line_starts_.push_back(0);
  const char* start = text_.data();
  const char* end = start + text_.size();
  for (const char* at = start; at != end;) {
    const void* found = std::memchr(at, '\n', static_cast<size_t>(end - at));
    if (found == nullptr) break;
    at = static_cast<const char*>(found) + 1;
    line_starts_.push_back(static_cast<uint32_t>(at - start));
  }
}

Position SourceFile::Locate(base::Location location) const {
  Position position = LocateInText(location);
  const uint32_t offset = location.offset - base_;
  const auto after = std::upper_bound(marks_.begin(), marks_.end(), offset,
                                      [](uint32_t index, const Mark& mark) { return index < mark.index; });
  if (after == marks_.begin()) return position;
  const Mark& mark = *(after - 1);
  const Position start = LocateInText(At(mark.index));
  if (position.line == start.line) position.column = position.column - start.column + mark.column;
  position.line = position.line - start.line + mark.line;
  position.file = mark.file;
  return position;
}

void SourceFile::Renumber(uint32_t index, std::string_view file, uint32_t line, uint32_t column) const {
  marks_.push_back({.index = index, .line = line, .column = column, .file = std::string(file)});
}

Position SourceFile::LocateInText(base::Location location) const {
  IndexLines();
  const uint32_t offset = location.offset - base_;
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<uint32_t>(next - line_starts_.begin());
  return {.file = name_, .line = line, .column = offset - line_starts_[line - 1]};
}

uint32_t SourceFile::line_count() const {
  IndexLines();
  return static_cast<uint32_t>(line_starts_.size());
}

std::string_view SourceFile::Line(uint32_t line) const {
  IndexLines();
  if (text_.empty() || line == 0 || line > line_starts_.size()) return {};
  const size_t from = line_starts_[line - 1];
  const size_t to = line < line_starts_.size() ? line_starts_[line] - 1 : text_.size();
  std::string_view text = std::string_view(text_).substr(from, to - from);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void SourceFile::ReleaseText() {
  IndexLines();
  line_starts_.shrink_to_fit();
  std::string().swap(text_);
}

bool SourceFile::RestoreText(std::string text) {
  if (text.size() != size_) return false;
  text_ = std::move(text);
  return true;
}

std::shared_ptr<SourceFile> SharedFiles::Make(std::string name, std::string text) {
  const uint64_t needed = uint64_t{text.size()} + 1;
  if (needed > std::numeric_limits<uint32_t>::max() - next_base_) return nullptr;
  auto file = std::make_shared<SourceFile>(std::move(name), std::move(text), static_cast<uint32_t>(next_base_));
  next_base_ += needed;
  return file;
}

void SourceManager::Adopt(std::shared_ptr<SourceFile> file) {
  const auto after = std::upper_bound(shared_.begin(), shared_.end(), file->base(),
                                      [](uint32_t base, const auto& other) { return base < other->base(); });
  shared_.insert(after, std::move(file));
}

const SourceFile* SourceManager::Add(std::string name, std::string text, std::string* error) {
  constexpr uint64_t kSpace = kSharedBase;
  // One place more than bytes: the end of the file has a location too.
  const uint64_t needed = uint64_t{text.size()} + 1;
  if (needed > kSpace - next_base_) {
    if (error != nullptr) {
      *error = fmt::format("{}: {} bytes of source are too many; all files together may have {} bytes, {} are left",
                           name, text.size(), kSpace - 1, kSpace - next_base_ - 1);
    }
    return nullptr;
  }
  own_.push_back(std::make_unique<SourceFile>(std::move(name), std::move(text), static_cast<uint32_t>(next_base_)));
  next_base_ += needed;
  return own_.back().get();
}

namespace {

// The file of `files`, by increasing base, that the place is in.
template <typename Files>
const SourceFile* FileIn(const Files& files, base::Location location) {
  auto after = std::upper_bound(files.begin(), files.end(), location.offset,
                                [](uint32_t offset, const auto& file) { return offset < file->base(); });
  if (after == files.begin()) return nullptr;
  const SourceFile* file = (after - 1)->get();
  return location.offset <= file->end() ? file : nullptr;
}

}  // namespace

const SourceFile* SourceManager::FileOf(base::Location location) const {
  if (!location.is_known()) return nullptr;
  return location.offset < kSharedBase ? FileIn(own_, location) : FileIn(shared_, location);
}

SourceFile* SourceManager::FileOf(base::Location location) {
  return const_cast<SourceFile*>(std::as_const(*this).FileOf(location));
}

Position SourceManager::Locate(base::Location location) const {
  const SourceFile* file = FileOf(location);
  return file == nullptr ? Position{} : file->Locate(location);
}

std::string SourceManager::Describe(base::Location location) const {
  const Position position = Locate(location);
  if (position.line == 0) return "";
  return fmt::format("{}:{}:{}", position.file, position.line, position.column);
}

void SourceManager::ReleaseTexts() {
  for (const auto& file : own_) file->ReleaseText();
}

}  // namespace vestige::diag
