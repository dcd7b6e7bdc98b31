// The entry of sema: syntax trees in, a typed program and diagnostics out.
//
// Check() builds the module graph (asking a ModuleLoader for the syntax of required files), declares everything,
// type-checks every ordinary function of the script modules, and instances of generics on demand. Floor 3.

#ifndef VESTIGE_SEMA_PROGRAM_H_
#define VESTIGE_SEMA_PROGRAM_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "sema/native.h"
#include "sema/typed.h"
#include "syntax/ast.h"
#include "types/type_table.h"

namespace vestige::ast {
class Quotes;
}

namespace vestige::sema {

// What a `require` found among files.
struct LoadedModule {
  const syntax::Module* ast = nullptr;  // null: no such file (or it did not parse, see `failed`)
  bool failed = false;                  // found, but with syntax errors that are already reported
  base::Symbol path;                    // identity of the file: two requires of one path are one module
  base::Symbol name;                    // what it is called when the file does not say; empty: as the file
  base::Symbol alias;                   // another name for it in the requiring file; may be empty
  std::string error;                    // the file is there, but cannot be read: its path and why
};

// Finds script modules. Implemented by the engine over the file system, by tests over a map of texts.
class ModuleLoader {
 public:
  virtual ~ModuleLoader() = default;
  // `target` as written after `require`: "daslib/strings_boost", "./util.das", "util". `from` is a place in the
  // requiring file. The syntax tree must outlive Check().
  virtual LoadedModule Load(std::string_view target, base::Location from) = 0;
  // Whether Load would find a file; nothing is read. Guards of optional requires ask.
  virtual bool Exists(std::string_view target, base::Location from) = 0;
  // Where Load looks, first choice first, for the message that there was nothing.
  virtual std::vector<std::string> Places(std::string_view target, base::Location from) = 0;
};

// Everything a check needs; all of it outlives Check(), `types` and `symbols` outlive the program.
struct CheckInput {
  const syntax::Module* main = nullptr;
  ModuleLoader* loader = nullptr;
  // All native modules that may be required; the one named "$" is always visible.
  std::span<const NativeModule* const> natives;
  types::TypeTable* types = nullptr;
  base::Interner* symbols = nullptr;
  diag::SourceManager* sources = nullptr;
  diag::DiagnosticSink* diagnostics = nullptr;
  // Gets the syntax that the program holds as data (ast/quotes.h); outlives the program. Null: it may hold none.
  ast::Quotes* quotes = nullptr;
  // Whether TProgram::description is made though the program does not look at itself; with `describes_natives`, with
  // everything that native modules have.
  bool describes = false;
  bool describes_natives = false;
  // The script's command line, for constants that are known when it is compiled (build_constant.h).
  std::span<const std::string> arguments;
};

// The typed program, or null after errors (all of them are in `diagnostics`). Never crashes on a well-formed tree,
// however wrong the program is.
std::unique_ptr<TProgram> Check(const CheckInput& input);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_PROGRAM_H_
