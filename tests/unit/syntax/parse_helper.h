// Parsing for tests: a module with everything it lives on, and expressions as text that shows their structure.

#ifndef VESTIGE_TESTS_UNIT_SYNTAX_PARSE_HELPER_H_
#define VESTIGE_TESTS_UNIT_SYNTAX_PARSE_HELPER_H_

#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "syntax/parser.h"
#include "syntax/print.h"

namespace vestige::syntax {

struct Parsed {
  explicit Parsed(std::string text) : file(sources.Add("t.das", std::move(text))) {
    module = ParseModule(*file, interner, arena, sink);
  }

  bool ok() const { return !sink.has_errors(); }
  std::string errors() const { return diag::RenderAll(sources, sink); }
  // "code line:column message" of each message, in order.
  std::vector<std::string> summary() const {
    std::vector<std::string> lines;
    for (const diag::Diagnostic& d : diag::Collapse(sources, sink.diagnostics())) {
      const diag::Position at = sources.Locate(d.location);
      lines.push_back(std::to_string(d.code) + " " + std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
                      d.message);
    }
    return lines;
  }
  template <typename T>
  const T& decl(size_t index = 0) const {
    const T* found = As<T>(module->declarations[index]);
    if (found == nullptr) std::abort();
    return *found;
  }

  diag::SourceManager sources;
  diag::DiagnosticSink sink;
  base::Interner interner;
  base::Arena arena;
  const diag::SourceFile* file;
  Module* module;
};

// A function with these statements.
inline std::string InFunction(std::string_view statements) { return "def f() {\n" + std::string(statements) + "\n}\n"; }

// The module printed; checks on the way that printing what was printed changes nothing.
inline std::string PrintTwice(const std::string& text) {
  Parsed first(text);
  if (!first.ok()) return first.errors();
  const std::string once = Print(*first.module);
  Parsed second(once);
  if (!second.ok()) return "printed text does not parse:\n" + once + second.errors();
  const std::string twice = Print(*second.module);
  return once == twice ? once : "unstable:\n" + once + "\n" + twice;
}

// Statements printed, without the function around them and its indentation.
inline std::string PrintStatements(std::string_view statements) {
  const std::string all = PrintTwice(InFunction(statements));
  constexpr std::string_view kHead = "def f {\n";
  if (!all.starts_with(kHead)) return all;
  std::string out;
  for (size_t at = kHead.size(); all.compare(at, 2, "}\n") != 0;) {
    const size_t end = all.find('\n', at);
    out += all.substr(at + 4, end - at - 3);
    at = end + 1;
  }
  return out;
}

}  // namespace vestige::syntax

#endif  // VESTIGE_TESTS_UNIT_SYNTAX_PARSE_HELPER_H_
