// From text to tree.
//
// The whole file is cut into tokens first; the parser then decides from its own state whether the end of a line ends a
// statement. Errors are reported and skipped over, so that one run shows all of them. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_PARSER_H_
#define VESTIGE_SYNTAX_PARSER_H_

#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "syntax/ast.h"

namespace vestige::syntax {

// Opens the files that `include` names. What they declare becomes part of the including module.
class IncludeReader {
 public:
  struct Answer {
    const diag::SourceFile* file = nullptr;  // null without an error: it is part of the module already
    std::string error;                       // why there is no file
  };
  virtual ~IncludeReader() = default;
  // `path` as written; `from` is a place in the including file. The text stays as long as parsing goes on.
  virtual Answer Open(std::string_view path, base::Location from) = 0;
};

// The tree of `file`, in `arena`; never null. After errors (the sink has them) it holds what could be understood. The
// tree does not point into the file's text, which may be released. Without a reader nothing can be included.
Module* ParseModule(const diag::SourceFile& file, base::Interner& interner, base::Arena& arena,
                    diag::DiagnosticSink& sink, IncludeReader* includes = nullptr);

// A function's head as natives declare it: "push(var a : array<auto(T)>; v : T) : void", with or without `def`. Places
// are unknown. Null when the text is not a signature.
FunctionDecl* ParseSignature(std::string_view text, base::Interner& interner, base::Arena& arena);

// A type by itself: "table<string; array<int>>". Null when the text is not a type.
TypeExpr* ParseTypeText(std::string_view text, base::Interner& interner, base::Arena& arena);

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_PARSER_H_
