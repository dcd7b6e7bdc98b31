// Script modules as files: finds, reads and parses what a program requires. Floor 6.

#ifndef VESTIGE_ENGINE_FILE_LOADER_H_
#define VESTIGE_ENGINE_FILE_LOADER_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "sema/program.h"
#include "syntax/ast.h"

namespace vestige::engine {

// The whole file. Fails with the system's reason (not found, a directory, no permission, too large).
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Parses each file once per program. What is passed in outlives the loader; trees live in `arena`.
class FileLoader : public sema::ModuleLoader {
 public:
  FileLoader(diag::SourceManager& sources, base::Interner& symbols, base::Arena& arena, diag::DiagnosticSink& sink)
      : sources_(sources), symbols_(symbols), arena_(arena), sink_(sink) {}

  // The program's main file. Its module has no tree when the text does not fit the source space.
  sema::LoadedModule AddText(std::string name, std::string text);

  // "./x.das", "../x.das": relative to the requiring file. "x", "folder/x": a file x.das next to the requiring one,
  // else an embedded module, else below the working directory.
  sema::LoadedModule Load(std::string_view target, base::Location from) override;

 private:
  sema::LoadedModule LoadPath(const std::string& path);

  diag::SourceManager& sources_;
  base::Interner& symbols_;
  base::Arena& arena_;
  diag::DiagnosticSink& sink_;
  absl::flat_hash_map<base::Symbol, sema::LoadedModule> loaded_;  // by normalised path
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_FILE_LOADER_H_
