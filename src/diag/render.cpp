// Messages as text. Floor 1 (diag).

#include <algorithm>

#include "diag/diagnostics.h"
#include "fmt/format.h"

namespace vestige::diag {

namespace {

constexpr uint32_t kTabSize = 4;
// A line longer than the first figure is cut to so many bytes before and behind the place.
constexpr size_t kLongLine = 240;
constexpr size_t kShownBefore = 80;
constexpr size_t kShownBehind = 120;
constexpr std::string_view kCut = "...";

// Bytes of the UTF-8 character at the front of `text`; 1 for a byte that is none.
size_t CharacterLength(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  const size_t length = byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1;
  if (length > text.size()) return 1;
  for (size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 1;
  }
  return length;
}

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Text as columns of a terminal: tabs expanded, bytes that are no text made visible, characters of several bytes
// counted once.
struct Columns {
  std::string text;
  uint32_t width = 0;

  void Add(std::string_view part) {
    while (!part.empty()) {
      const size_t length = CharacterLength(part);
      const auto byte = static_cast<unsigned char>(part[0]);
      if (byte == '\t') {
        const uint32_t spaces = kTabSize - width % kTabSize;
        text.append(spaces, ' ');
        width += spaces;
      } else {
        const bool is_text = length > 1 || (byte >= 0x20 && byte < 0x7F);
        text += is_text ? part.substr(0, length) : "?";
        ++width;
      }
      part.remove_prefix(length);
    }
  }
};

}  // namespace

std::string EchoLine(const SourceManager& sources, base::Location location, uint32_t length) {
  const SourceFile* file = sources.FileOf(location);
  if (file == nullptr || (file->text().empty() && file->size() != 0)) return "";
  const Position position = file->LocateInText(location);
  std::string_view line = file->Line(position.line);
  size_t column = std::min<size_t>(position.column, line.size());
  bool cut_front = false;
  bool cut_back = false;
  if (line.size() > kLongLine) {
    size_t from = column > kShownBefore ? column - kShownBefore : 0;
    size_t to = std::min(line.size(), column + kShownBehind);
    while (from > 0 && ContinuesCharacter(line[from])) --from;
    while (to < line.size() && ContinuesCharacter(line[to])) ++to;
    cut_front = from > 0;
    cut_back = to < line.size();
    line = line.substr(from, to - from);
    column -= from;
  }
  Columns shown;
  if (cut_front) shown.Add(kCut);
  shown.Add(line.substr(0, column));
  const uint32_t caret_from = shown.width;
  const size_t marked = std::min<size_t>(length, line.size() - column);
  shown.Add(line.substr(column, marked));
  const uint32_t carets = std::max<uint32_t>(1, shown.width - caret_from);
  shown.Add(line.substr(column + marked));
  if (cut_back) shown.Add(kCut);
  return fmt::format("{}\n{}{}\n", shown.text, std::string(caret_from, ' '), std::string(carets, '^'));
}

std::string Render(const SourceManager& sources, const Diagnostic& diagnostic) {
  const std::string_view kind = diagnostic.severity == Severity::kError ? "error" : "warning";
  std::string text = diagnostic.code != 0 ? fmt::format("{}[{}]: {}\n", kind, diagnostic.code, diagnostic.message)
                                          : fmt::format("{}: {}\n", kind, diagnostic.message);
  if (const std::string place = sources.Describe(diagnostic.location); !place.empty()) {
    text += place;
    text += '\n';
    text += EchoLine(sources, diagnostic.location, diagnostic.length);
  }
  if (!diagnostic.extra.empty()) text += diagnostic.extra + "\n";
  if (!diagnostic.fixme.empty()) text += "\t" + diagnostic.fixme + "\n";
  return text;
}

std::string RenderAll(const SourceManager& sources, const DiagnosticSink& sink) {
  std::string text;
  for (const Diagnostic& diagnostic : Collapse(sources, sink.diagnostics())) text += Render(sources, diagnostic);
  return text;
}

}  // namespace vestige::diag
