// The elaborator's state: errors, nodes, locals. Floor 3.

#include "sema/checker.h"

#include <utility>

#include "fmt/format.h"
#include "sema/declarations.h"

namespace vestige::sema {

KnownNames::KnownNames(base::Interner& symbols)
    : self(symbols.Intern("self")),
      super(symbols.Intern("super")),
      clone(symbols.Intern("clone")),
      finalize(symbols.Intern("finalize")),
      each(symbols.Intern("each")),
      invoke(symbols.Intern("invoke")),
      main(symbols.Intern("main")),
      interval(symbols.Intern("interval")),
      dollar(symbols.Intern("$")),
      underscore(symbols.Intern("_")),
      static_assert_(symbols.Intern("static_assert")),
      concept_assert(symbols.Intern("concept_assert")),
      assert_(symbols.Intern("assert")),
      verify(symbols.Intern("verify")),
      debug(symbols.Intern("debug")) {}

Checker::Checker(const CheckInput& check_input, TProgram& checked_program)
    : input(check_input),
      program(checked_program),
      types(*check_input.types),
      symbols(*check_input.symbols),
      arena(checked_program.arena),
      known(*check_input.symbols) {}

TExpr* Checker::Error(int code, syntax::Place place, std::string what, std::string extra, std::string fixme) {
  ++error_count;
  // Codes that begin with a 2 are of declarations.
  declarations_failed = declarations_failed || (silent == 0 && code / 10000 == 2);
  // What is wrong with an alias shows where it is used.
  if (alias_count != 0 && alias_place.location.is_known()) place = alias_place;
  if (silent == 0) {
    diag::Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.message = std::move(what);
    diagnostic.location = place.location;
    diagnostic.length = place.length == 0 ? 1 : place.length;
    diagnostic.extra = std::move(extra);
    diagnostic.fixme = std::move(fixme);
    diagnostic.stage = diag::Stage::kInfer;
    input.diagnostics->Report(std::move(diagnostic));
  }
  return ErrorExpr(place.location);
}

static diag::Diagnostic LintFinding(int code, syntax::Place place, std::string what) {
  diag::Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.message = std::move(what);
  diagnostic.location = place.location;
  diagnostic.length = place.length == 0 ? 1 : place.length;
  diagnostic.stage = diag::Stage::kLint;
  return diagnostic;
}

void Checker::LintError(int code, syntax::Place place, std::string what) {
  if (silent == 0) lint_findings.push_back(LintFinding(code, place, std::move(what)));
}

void Checker::LintFallback(int code, syntax::Place place, std::string what) {
  lint_fallbacks.push_back(LintFinding(code, place, std::move(what)));
}

void Checker::ReportLint() {
  if (error_count != 0 || input.diagnostics->has_errors()) return;
  if (lint_findings.empty()) lint_findings = std::move(lint_fallbacks);
  for (diag::Diagnostic& finding : lint_findings) {
    ++error_count;
    input.diagnostics->Report(std::move(finding));
  }
  lint_findings.clear();
}

TExpr* Checker::ErrorExpr(base::Location location) {
  return Node<TZero>(location, types.Basic(types::Kind::kAny), true);
}

bool IsError(const types::Type* type) { return type->kind == types::Kind::kAny; }

bool IsError(const TExpr* expr) { return IsError(expr->type); }

std::string Describe(const TExpr* expr) {
  std::string text = types::TypeName(expr->type);
  if (expr->is_place) text += '&';
  return text;
}

TLocal* NewLocal(Checker& c, base::Symbol name, const types::Type* type, base::Location location,
                 FunctionRecord* owner) {
  if (owner == nullptr && c.fn != nullptr) owner = c.fn->function;
  TLocal* local = c.arena.New<TLocal>();
  local->name = name;
  local->type = type;
  local->owner = owner;
  local->location = location;
  if (owner != nullptr) {
    if (owner->locals == nullptr) {
      owner->locals = new std::vector<TLocal*>();
      c.program.local_lists.push_back(owner->locals);
    }
    local->index = static_cast<uint32_t>(owner->locals->size());
    owner->locals->push_back(local);
  }
  return local;
}

TExpr* LocalRef(Checker& c, TLocal* local, base::Location location) {
  const bool counts = local->is_argument && c.fn != nullptr && c.fn->module->options.no_unused_function_arguments;
  if (counts) c.declarations->used_arguments.insert(local);
  TLocalRef* ref = c.Node<TLocalRef>(location, local->type, true);
  ref->local = local;
  return ref;
}

const types::Type* FindBinding(const Bindings& bindings, base::Symbol name) {
  for (const auto& [bound, type] : bindings) {
    if (bound == name) return type;
  }
  return nullptr;
}

}  // namespace vestige::sema
