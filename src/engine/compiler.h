// From a path to code: reading, parsing, checking and lowering in a row. Floor 6.

#ifndef VESTIGE_ENGINE_COMPILER_H_
#define VESTIGE_ENGINE_COMPILER_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ast/quotes.h"
#include "base/arena.h"
#include "base/lock.h"
#include "base/symbol.h"
#include "diag/source_manager.h"
#include "exec/code.h"
#include "sema/typed.h"
#include "types/type_table.h"
#include "vestige/native.h"

namespace vestige::engine {

class ModuleCache;
struct ParsedModule;
class Project;

// A function marked [test] or [benchmark].
struct CompiledTest {
  uint32_t function = 0;
  std::string name;
  bool is_benchmark = false;
  const types::Type* tester = nullptr;  // the struct it takes a pointer to; null: it takes nothing
};

// A function that hosts and other programs may call by its name.
struct Export {
  uint32_t function = 0;
  std::vector<const types::Type*> parameters;
};

// What a program was compiled from.
struct Trees {
  base::Arena syntax;                                        // of the main file
  std::vector<std::shared_ptr<const ParsedModule>> modules;  // of the others
  std::unique_ptr<sema::TProgram> typed;
};

// A program that is ready to run. Trees and source texts are gone, unless the request says that they are kept.
struct Compiled {
  // Held by whoever takes texts of `sources` again: contexts of several threads share a program.
  base::Mutex texts;
  // Before everything that refers to its names.
  std::shared_ptr<base::Interner> symbols;
  diag::SourceManager sources;
  types::TypeTable types;
  // Syntax that the code holds as data.
  ast::Quotes quotes;
  // Null: nobody looks at the program.
  std::unique_ptr<types::Description> description;
  sema::ProgramOptions options;
  std::unique_ptr<exec::Code> code;
  bool is_module = false;
  // Numbers of functions: the one that gives globals their values, the exported one asked for (if it exists), and those
  // marked [init] and [finalize], in the order in which they run.
  uint32_t initializer = 0;
  std::optional<uint32_t> entry;
  std::vector<const types::Type*> entry_parameters;
  const types::Type* entry_result = nullptr;
  std::vector<uint32_t> init_functions;
  std::vector<uint32_t> finalize_functions;
  std::vector<CompiledTest> tests;
  absl::flat_hash_map<std::string, Export> exports;
  std::unique_ptr<Trees> trees;
};

struct CompileRequest {
  std::string path;
  std::optional<std::string> text;  // unset: read from `path`
  std::string entry = "main";
  std::string root;              // the folder of libraries; empty: none
  Project* project = nullptr;    // asked first where a module is; not owned, may be null
  ModuleCache* cache = nullptr;  // not owned; null: nothing is kept for the next program
  bool exports_all = false;      // fill Compiled::exports with every function of the main module
  bool notes_holders = false;    // for TrackingOptions::track_holders
  bool counts_events = false;    // for EngineOptions::event_profile
  bool log = false;              // fill CompileResult::log
  bool keep_ast = false;         // source texts and trees live as long as the program
  bool describes = false;        // fill Compiled::description in any case
  bool describes_natives = false;
  bool describes_trees = false;  // with the trees of declarations (Compiled::quotes)
  std::span<const std::pair<std::string, std::string>> policies;
  std::span<const NativeModule* const> modules;  // the host's
  std::span<const std::string> arguments;        // EngineOptions::arguments
  // Texts that stand for files, by name; null results: read the file. Unset: there are none.
  std::function<const std::string*(std::string_view name)> source;
};

struct CompileResult {
  std::unique_ptr<Compiled> program;          // null after errors
  std::string messages;                       // everything to tell the user, errors and warnings
  std::vector<int> codes;                     // of the errors told, in their order
  std::vector<std::pair<int, int>> expected;  // `expect code : count` of the main file
  std::string log;                            // the files as parsed, then the program as typed, as far as it got
};

CompileResult Compile(CompileRequest request);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_COMPILER_H_
