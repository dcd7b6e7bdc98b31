// Script modules as files: finds, reads and parses what a program requires. Floor 6.

#ifndef VESTIGE_ENGINE_FILE_LOADER_H_
#define VESTIGE_ENGINE_FILE_LOADER_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "engine/module_cache.h"
#include "engine/project.h"
#include "sema/program.h"
#include "syntax/ast.h"
#include "syntax/parser.h"

namespace vestige::engine {

// The whole file. Fails with the system's reason (not found, a directory, no permission, too large).
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Parses each file once per program, and modules that the cache keeps not even that. What is passed in outlives the
// loader; the trees of modules die with the loader, unless the cache keeps them, that of the main file lives in
// `arena`.
class FileLoader : public sema::ModuleLoader, public syntax::IncludeReader {
 public:
  // `root` is the folder that libraries are looked for in (module_path.h); empty: there is none. `project` is asked
  // before anything is looked for; null: there is none, else not owned.
  FileLoader(diag::SourceManager& sources, ModuleCache& cache, base::Arena& arena, diag::DiagnosticSink& sink,
             std::string root, Project* project)
      : sources_(sources),
        cache_(cache),
        symbols_(*cache.symbols()),
        arena_(arena),
        sink_(sink),
        root_(std::move(root)),
        project_(project) {}

  // Texts that stand for files, by normalised path; null results: look on disk.
  void set_source(std::function<const std::string*(std::string_view name)> source) { source_ = std::move(source); }

  // The program's main file. Its module has no tree when the text does not fit the source space.
  sema::LoadedModule AddText(std::string name, std::string text);

  // What was read and parsed without an error, in the order of reading. Valid until the next file is read.
  std::span<const sema::LoadedModule> files() const { return files_; }

  // The trees of modules, for whoever needs them longer.
  std::vector<std::shared_ptr<const ParsedModule>> TakeModules() { return std::move(modules_); }

  sema::LoadedModule Load(std::string_view target, base::Location from) override;
  // Relative to the including file; each file once per module.
  Answer Open(std::string_view path, base::Location from) override;
  bool Exists(std::string_view target, base::Location from) override;
  std::vector<std::string> Places(std::string_view target, base::Location from) override;

 private:
  // The files and embedded modules that `target` may be, first choice first.
  std::vector<std::string> Paths(std::string_view target, base::Location from) const;
  // What the project says of it; all empty when it leaves the search to the engine.
  // The file that holds the place, whatever its lines are called.
  std::string_view NameOf(base::Location from) const;
  absl::StatusOr<Mapping> Ask(std::string_view target, base::Location from) const;
  const std::string* Given(std::string_view path) const { return source_ ? source_(path) : nullptr; }
  sema::LoadedModule LoadPath(const std::string& path);
  sema::LoadedModule AddModule(const std::string& path, std::string text);
  // The tree of `file` as the module `path`; enters it.
  sema::LoadedModule Parse(base::Symbol path, const diag::SourceFile& file, base::Arena& arena);

  diag::SourceManager& sources_;
  ModuleCache& cache_;
  base::Interner& symbols_;
  base::Arena& arena_;
  diag::DiagnosticSink& sink_;
  std::string root_;
  Project* project_;
  std::function<const std::string*(std::string_view name)> source_;
  absl::flat_hash_map<base::Symbol, sema::LoadedModule> loaded_;  // by normalised path
  std::vector<sema::LoadedModule> files_;
  std::vector<std::shared_ptr<const ParsedModule>> modules_;  // keeps trees alive
  absl::flat_hash_set<std::string> included_;                 // files that are part of the module being parsed
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_FILE_LOADER_H_
