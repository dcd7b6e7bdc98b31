// Collecting messages, and leaving out those that repeat others. Floor 1 (diag).

#include "diag/diagnostics.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "fmt/format.h"

namespace vestige::diag {

namespace {

// Follow-up errors of inference ("not resolved yet") have a range of codes of their own.
constexpr int kFirstFollowUp = 31300;
constexpr int kLastFollowUp = 31399;

bool IsFollowUp(const Diagnostic& diagnostic) {
  return diagnostic.is_follow_up || (diagnostic.code >= kFirstFollowUp && diagnostic.code <= kLastFollowUp);
}

// Annotations and macros report independent findings, so several on one line are all worth reading.
bool StandsAlone(int code) { return code == 20800 || code == 50503; }

bool SameText(const Diagnostic& a, const Diagnostic& b) {
  return a.message == b.message && a.extra == b.extra && a.fixme == b.fixme;
}

}  // namespace

void DiagnosticSink::Report(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::kError) ++error_count_;
  diagnostics_.push_back(std::move(diagnostic));
}

void DiagnosticSink::Error(int code, base::Location location, uint32_t length, std::string message) {
  Report({.code = code, .message = std::move(message), .location = location, .length = length});
}

void DiagnosticSink::Clear() {
  diagnostics_.clear();
  error_count_ = 0;
}

std::vector<Diagnostic> Collapse(const SourceManager& sources, const std::vector<Diagnostic>& diagnostics) {
  std::vector<const Diagnostic*> sorted;
  bool has_primary = false;
  std::set<std::pair<const SourceFile*, uint32_t>> coded_lines;
  const auto line_of = [&](const Diagnostic& diagnostic) {
    const SourceFile* file = sources.FileOf(diagnostic.location);
    return std::pair(file, file == nullptr ? 0u : file->LocateInText(diagnostic.location).line);
  };
  for (const Diagnostic& diagnostic : diagnostics) {
    sorted.push_back(&diagnostic);
    if (diagnostic.code == 0) continue;
    coded_lines.insert(line_of(diagnostic));
    if (!IsFollowUp(diagnostic) && diagnostic.severity == Severity::kError) has_primary = true;
  }
  const auto key = [](const Diagnostic* d) {
    return std::tuple(d->stage, d->location.offset, std::string_view(d->message), std::string_view(d->extra),
                      std::string_view(d->fixme));
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Diagnostic* a, const Diagnostic* b) { return key(a) < key(b); });

  std::vector<Diagnostic> kept;
  for (size_t i = 0; i < sorted.size();) {
    const Diagnostic& first = *sorted[i];
    const auto line = line_of(first);
    if ((has_primary && IsFollowUp(first)) || (first.code == 0 && coded_lines.contains(line))) {
      ++i;
      continue;
    }
    size_t next = i + 1;
    while (next < sorted.size() && sorted[next]->location == first.location && sorted[next]->code == first.code &&
           SameText(*sorted[next], first)) {
      ++next;
    }
    const size_t copies = next - i;
    const size_t others_from = next;
    while (!StandsAlone(first.code) && next < sorted.size() && sorted[next]->code == first.code &&
           sorted[next]->stage == first.stage && !SameText(*sorted[next], first) && line_of(*sorted[next]) == line) {
      ++next;
    }
    Diagnostic shown = first;
    if (copies > 1) shown.message += fmt::format(" (x{})", copies);
    if (next > others_from) shown.message += fmt::format(" (+{} more on this line)", next - others_from);
    kept.push_back(std::move(shown));
    i = next;
  }
  return kept;
}

}  // namespace vestige::diag
