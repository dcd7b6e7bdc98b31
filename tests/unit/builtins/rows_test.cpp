// The tables of native functions by themselves: signatures that parse, names and flags that make sense.

#include <set>
#include <string>

#include "base/arena.h"
#include "base/symbol.h"
#include "builtins/modules.h"
#include "diag/diagnostics.h"
#include "diag/source_manager.h"
#include "doctest/doctest.h"
#include "sema/function.h"
#include "syntax/parser.h"

namespace vestige::builtins {
namespace {

std::string Head(const sema::NativeFunction& row) { return std::string(row.name) + std::string(row.signature); }

TEST_CASE("every signature of a native parses") {
  base::Interner interner;
  for (const sema::NativeModule* module : Modules()) {
    for (const sema::NativeFunction& row : module->functions) {
      base::Arena arena;
      CAPTURE(Head(row));
      CHECK(syntax::ParseSignature(sema::NativeDeclaration(row), interner, arena) != nullptr);
    }
  }
}

TEST_CASE("every native has a function") {
  for (const sema::NativeModule* module : Modules()) {
    for (const sema::NativeFunction& row : module->functions) {
      CAPTURE(Head(row));
      const bool has_function = row.function != nullptr;
      CHECK(has_function);
    }
  }
}

TEST_CASE("no module has the same row twice") {
  std::set<std::string> seen;
  for (const sema::NativeModule* module : Modules()) {
    for (const sema::NativeFunction& row : module->functions) {
      const std::string key = std::string(module->name) + "::" + Head(row);
      CAPTURE(key);
      CHECK(seen.insert(key).second);
    }
  }
}

TEST_CASE("types of constants parse, and names are not used twice in a module") {
  base::Interner interner;
  std::set<std::string> seen;
  for (const sema::NativeModule* module : Modules()) {
    for (const sema::NativeConstant& row : module->constants) {
      base::Arena arena;
      const std::string key = std::string(module->name) + "::" + std::string(row.name);
      CAPTURE(key);
      CHECK(syntax::ParseTypeText(row.type, interner, arena) != nullptr);
      CHECK(seen.insert(key).second);
    }
  }
}

TEST_CASE("preludes parse without errors") {
  for (const sema::NativeModule* module : Modules()) {
    if (module->prelude.empty()) continue;
    CAPTURE(module->name);
    base::Interner interner;
    base::Arena arena;
    diag::SourceManager sources;
    diag::DiagnosticSink sink;
    const diag::SourceFile* file = sources.Add(std::string(module->name), std::string(module->prelude));
    REQUIRE(file != nullptr);
    syntax::ParseModule(*file, interner, arena, sink);
    CHECK_FALSE(sink.has_errors());
  }
}

}  // namespace
}  // namespace vestige::builtins
