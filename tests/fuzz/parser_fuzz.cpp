// Any bytes at all through the lexer, the parser, the renderer of messages and the printer.
//
// Checked beyond "does not crash": what parses without an error prints as text that parses without an error and prints
// the same again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "syntax/parser.h"
#include "syntax/print.h"

namespace vestige {
namespace {

void ParseBytes(std::string text) {
  diag::SourceManager sources;
  diag::DiagnosticSink sink;
  base::Interner interner;
  base::Arena arena;
  const std::string_view bytes = text;
  syntax::ParseSignature(bytes.substr(0, 200), interner, arena);
  syntax::ParseTypeText(bytes.substr(0, 200), interner, arena);
  const syntax::Module* module = syntax::ParseModule(*sources.Add("input", std::move(text)), interner, arena, sink);
  if (sink.has_errors()) {
    if (diag::RenderAll(sources, sink).empty()) std::abort();
    return;
  }
  const std::string once = syntax::Print(*module);
  const syntax::Module* again = syntax::ParseModule(*sources.Add("printed", once), interner, arena, sink);
  if (sink.has_errors() || syntax::Print(*again) != once) std::abort();
}

}  // namespace
}  // namespace vestige

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vestige::ParseBytes(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
