// Source files and the places in them.
//
// Every file that is added gets a range of one offset space of 4 GiB, so that a place in any file is one
// base::Location; offset 0 is nobody's. The manager turns such a place back into file, line and column for whoever
// prints it; a script that a tool made may say what these are for its parts (Renumber). Lines are found through a table
// that is made when a file is asked for a place the first time; the text may be given back afterwards and places keep
// their lines.
//
// Programs that share a module share its file: SharedFiles hands out places from the last GiB of the space, which no
// manager gives to files of its own, so such a file has the same places in every program that adopts it. Floor 1.

#ifndef VESTIGE_DIAG_SOURCE_MANAGER_H_
#define VESTIGE_DIAG_SOURCE_MANAGER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"

namespace vestige::diag {

// What people read: `file:line:column`. Lines count from 1, columns from 0 and in bytes; a tab is one column.
struct Position {
  std::string_view file;  // the name as given; empty when the place is unknown
  uint32_t line = 0;
  uint32_t column = 0;
};

// One file of a SourceManager; its address is stable. Not thread-safe while lines are being indexed.
class SourceFile {
 public:
  SourceFile(std::string name, std::string text, uint32_t base);

  std::string_view name() const { return name_; }
  // Empty once released. Valid until ReleaseText.
  std::string_view text() const { return text_; }
  // The offset of the first byte, and of the place behind the last one (which still belongs to the file).
  uint32_t base() const { return base_; }
  uint32_t end() const { return base_ + size_; }
  uint32_t size() const { return size_; }

  base::Location At(size_t index) const { return {base_ + static_cast<uint32_t>(index)}; }

  // File, line and column of a place in this file, as messages tell it.
  Position Locate(base::Location location) const;
  // The same as the text itself has it: what Line takes.
  Position LocateInText(base::Location location) const;
  // From byte `index` on, the text counts as that of `file` from `line` and `column` on, until the next call. Indices
  // ascend. For whoever reads the text: the state of lines, like their table.
  void Renumber(uint32_t index, std::string_view file, uint32_t line, uint32_t column) const;
  uint32_t line_count() const;
  // The text of a line (from 1) without its line end; empty when the text is released or there is no such line.
  std::string_view Line(uint32_t line) const;

  // Makes the table of lines now, so that Locate only reads.
  void IndexLines() const;
  // Gives the text back; Locate goes on working.
  void ReleaseText();
  // Takes it again, read anew. False, and nothing changes, when it cannot be the same text.
  bool RestoreText(std::string text);

 private:
  // What Renumber was told.
  struct Mark {
    uint32_t index;
    uint32_t line;
    uint32_t column;
    std::string file;
  };

  std::string name_;
  std::string text_;
  uint32_t base_;
  uint32_t size_;
  mutable std::vector<uint32_t> line_starts_;  // relative to base_; empty until asked for
  mutable std::deque<Mark> marks_;             // by index; a deque, because positions refer to names
};

// The first offset of shared files.
inline constexpr uint32_t kSharedBase = 3u << 30;

// Makes files for several managers. They may be used on several threads once their lines were indexed.
class SharedFiles {
 public:
  // Null when the space is used up; what is made is never handed out again.
  std::shared_ptr<SourceFile> Make(std::string name, std::string text);

 private:
  uint64_t next_base_ = kSharedBase;
};

class SourceManager {
 public:
  SourceManager() = default;
  SourceManager(const SourceManager&) = delete;
  SourceManager& operator=(const SourceManager&) = delete;

  // A new file, named as messages will name it. Returns null and explains in `error` (when given) if the text does not
  // fit into what is left of the offset space. The same name may be added again; the files stay different.
  const SourceFile* Add(std::string name, std::string text, std::string* error = nullptr);

  // A file of SharedFiles; it keeps its text when others are released. At most once each.
  void Adopt(std::shared_ptr<SourceFile> file);

  // The file a place is in; null for an unknown place.
  const SourceFile* FileOf(base::Location location) const;
  SourceFile* FileOf(base::Location location);
  // file, line and column; all empty or 0 for an unknown place.
  Position Locate(base::Location location) const;
  // "file:line:column", or "" for an unknown place.
  std::string Describe(base::Location location) const;

  // Drops the texts of all files but shared ones: after a successful compilation nobody echoes lines any more.
  void ReleaseTexts();

  size_t file_count() const { return own_.size() + shared_.size(); }

 private:
  // Each by increasing base.
  std::vector<std::unique_ptr<SourceFile>> own_;
  std::vector<std::shared_ptr<SourceFile>> shared_;
  uint64_t next_base_ = 1;
};

}  // namespace vestige::diag

#endif  // VESTIGE_DIAG_SOURCE_MANAGER_H_
