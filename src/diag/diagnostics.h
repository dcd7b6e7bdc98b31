// Messages about the user's source, collected and printed for people.
//
// Stages report into a DiagnosticSink and go on; the host renders the sink when a stage has failed. Rendering orders
// messages by stage, folds repetitions and echoes the source line with carets. Floor 1.

#ifndef VESTIGE_DIAG_DIAGNOSTICS_H_
#define VESTIGE_DIAG_DIAGNOSTICS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"
#include "diag/source_manager.h"

namespace vestige::diag {

// In the order in which they are printed. A stage with errors stops the later ones.
enum class Stage : uint8_t { kSyntax, kInfer, kLint, kLink };

enum class Severity : uint8_t { kError, kWarning };

// One message. `code` is the number of `error[30151]` (0: none is printed). `length` is the number of bytes the carets
// underline, at least 1. `extra` may have several lines and follows the carets; `fixme` is advice, printed indented by
// a tab. A follow-up message is only worth reading when there is no other.
struct Diagnostic {
  int code = 0;
  std::string message;
  base::Location location;
  uint32_t length = 1;
  std::string extra;
  std::string fixme;
  Stage stage = Stage::kSyntax;
  Severity severity = Severity::kError;
  bool is_follow_up = false;
};

// Collects the messages of one compilation. Not thread-safe.
class DiagnosticSink {
 public:
  void Report(Diagnostic diagnostic);
  // A syntax error.
  void Error(int code, base::Location location, uint32_t length, std::string message);

  bool has_errors() const { return error_count_ != 0; }
  size_t error_count() const { return error_count_; }
  // In the order of reporting.
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  void Clear();

 private:
  std::vector<Diagnostic> diagnostics_;
  size_t error_count_ = 0;
};

// What remains for people: follow-ups go when a primary error exists, messages without a code go when their line has
// one with a code, several errors of one code on one line become the first with ` (+N more on this line)`, and
// identical neighbours become one with ` (xN)`. Ordered by stage, then by place in the order the files were added,
// messages without a place first. Each one left counts once, also for `expect`.
std::vector<Diagnostic> Collapse(const SourceManager& sources, const std::vector<Diagnostic>& diagnostics);

// The text of one message:
//   error[CODE]: what
//   file:line:column
//   the source line
//       ^^^
//   extra
//   <tab>fixme
std::string Render(const SourceManager& sources, const Diagnostic& diagnostic);

// Collapse, then Render each.
std::string RenderAll(const SourceManager& sources, const DiagnosticSink& sink);

// The source line around `location` and the line of carets beneath it, both ending in a newline. Tabs are expanded; a
// long line is cut around the place and the cuts are marked `...`. Empty when the text is unknown.
std::string EchoLine(const SourceManager& sources, base::Location location, uint32_t length);

}  // namespace vestige::diag

#endif  // VESTIGE_DIAG_DIAGNOSTICS_H_
