// Checks scripts given as text, with a handful of native functions and modules from a map.

#ifndef VESTIGE_TESTS_UNIT_SEMA_CHECK_FIXTURE_H_
#define VESTIGE_TESTS_UNIT_SEMA_CHECK_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "sema/program.h"

namespace vestige::sema {

using Modules = std::map<std::string, std::string>;

// One script, checked. Everything it refers to lives as long as it does.
class Checked {
 public:
  // `text` is the main file; `modules` are files by the name they are required by.
  explicit Checked(std::string_view text, const Modules& modules = {});

  bool ok() const { return program_ != nullptr; }
  const TProgram* program() const { return program_.get(); }
  // "code line:column text", one per line, as people would see them; empty when all is well.
  std::string errors() const;
  // What follows the source line of the first error.
  std::string first_extra() const;
  // The printed function of this name, or its body only; empty when the program has none. Of several instances the
  // first.
  std::string function(std::string_view name) const;
  std::string body(std::string_view name) const;
  // How many functions of this name (instances of a generic) the program has.
  size_t count(std::string_view name) const;

 private:
  class Loader;

  base::Arena trees_;
  base::Interner symbols_;
  diag::SourceManager sources_;
  diag::DiagnosticSink sink_;
  types::TypeTable types_;
  std::unique_ptr<TProgram> program_;
};

// The statements of `main`, printed without indentation, joined by "; ". The errors when it does not check.
std::string CheckMain(std::string_view declarations, std::string_view statements);
// "code line:column text" lines of a program with this text.
std::string ErrorsOf(std::string_view text);

}  // namespace vestige::sema

#endif  // VESTIGE_TESTS_UNIT_SEMA_CHECK_FIXTURE_H_
