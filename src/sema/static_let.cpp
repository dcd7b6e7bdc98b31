// static_let() { var x = 1 }: variables that live as long as the program and are seen like locals from here on.
// Floor 3.
//
// Each becomes a private variable of the module, initialised at the start with the others; the function sees it through
// an alias. static_let_finalize deletes them when the program ends.

#include <algorithm>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"
#include "sema/new_tree.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

syntax::NameExpr* Named(Checker& c, base::Symbol name, syntax::Place place) {
  syntax::NameExpr* expr = NewTree<syntax::NameExpr>(c, place);
  expr->name.name = name;
  return expr;
}

class StaticLet {
 public:
  StaticLet(Checker& c, std::string_view prefix, bool finalizes)
      : c_(c), module_(c.fn->module), prefix_(prefix), finalizes_(finalizes) {}

  void Add(const syntax::LetStmt* let) {
    for (const syntax::Variable& variable : let->variables) {
      if (!variable.tuple_names.empty()) {
        c_.Error(30201, variable.place, "static variable can't be expanded from a tuple");
        continue;
      }
      AddVariable(let, variable);
    }
  }

 private:
  void AddVariable(const syntax::LetStmt* let, const syntax::Variable& variable) {
    if (!CheckShadowing(c_, variable.name, variable.place, "static variable", 30704)) return;
    const base::Symbol name = FreeName(variable.name);
    syntax::Variable* written = c_.scratch.New<syntax::Variable>(variable);
    written->name = name;
    syntax::GlobalsDecl* decl = NewTree<syntax::GlobalsDecl>(c_, variable.place);
    decl->is_var = let->is_var;
    GlobalEntity* entity = c_.scratch.New<GlobalEntity>();
    entity->name = name;
    entity->module = module_;
    entity->location = variable.place.location;
    entity->is_private = true;
    Declarations& all = *c_.declarations;
    const uint32_t order = static_cast<uint32_t>(all.globals.size());
    entity->declaration = &all.global_declarations.emplace_back(GlobalDeclaration{decl, written, order});
    module_->globals[name] = entity;
    all.globals.push_back(entity);
    CompleteGlobal(c_, entity, variable.place);
    Enter(variable.name, name, variable.place);
    if (!variable.aka.empty()) Enter(variable.aka, name, variable.place);
    if (finalizes_) AddFinalizer(name, variable.place);
  }

  // `function`x`: as reports name it, and nothing that a script declares by accident.
  base::Symbol FreeName(base::Symbol name) {
    const std::string stem = fmt::format("{}`{}{}", c_.fn->function->name.text(), prefix_, name.text());
    base::Symbol unique = c_.symbols.Intern(stem);
    for (int i = 2; module_->globals.contains(unique); ++i) unique = c_.symbols.Intern(fmt::format("{}`{}", stem, i));
    return unique;
  }

  void Enter(base::Symbol name, base::Symbol global, syntax::Place place) {
    LocalName alias;
    alias.kind = LocalName::Kind::kAssume;
    alias.name = name;
    alias.assumed = Named(c_, global, place);
    alias.owner = c_.fn->function;
    alias.location = place.location;
    c_.names.push_back(alias);
  }

  // [finalize] def x`shutdown { unsafe { delete x } }
  void AddFinalizer(base::Symbol global, syntax::Place place) {
    syntax::DeleteStmt* statement = NewTree<syntax::DeleteStmt>(c_, place);
    statement->value = Named(c_, global, place);
    syntax::UnsafeStmt* permitted = NewTree<syntax::UnsafeStmt>(c_, place);
    permitted->body = BlockOf(statement, place);
    syntax::FunctionDecl* decl = NewTree<syntax::FunctionDecl>(c_, place);
    decl->name = c_.symbols.Intern(fmt::format("{}`shutdown", global.text()));
    decl->body = BlockOf(permitted, place);
    FunctionEntity* entity = c_.scratch.New<FunctionEntity>();
    entity->name = decl->name;
    entity->module = module_;
    entity->location = place.location;
    entity->decl = decl;
    entity->is_private = entity->is_finalize = true;
    FunctionRecord* record = RecordOf(c_, entity);
    c_.declarations->generated.push_back(record);
    c_.pending.push_back(record);
  }

  syntax::Block* BlockOf(syntax::Stmt* statement, syntax::Place place) {
    syntax::Block* block = c_.scratch.New<syntax::Block>();
    block->place = place;
    block->end = place.location;
    block->statements = c_.scratch.Copy(std::span<syntax::Stmt* const>(&statement, 1));
    return block;
  }

  Checker& c_;
  ModuleScope* module_;
  std::string_view prefix_;
  bool finalizes_;
};

bool IsOfModule(Checker& c, const syntax::CallExpr* call) {
  const ModuleScope* module = LookupModule(c, call->callee);
  return module != nullptr && std::any_of(module->visible.begin(), module->visible.end(),
                                          [](const ModuleScope* seen) { return seen->name.text() == "static_let"; });
}

// The block, and the text that may stand before it; null after a message.
const syntax::Block* ReadArguments(Checker& c, const syntax::CallExpr* call, std::string_view* prefix) {
  const std::span<const syntax::Argument> arguments = call->arguments;
  const auto* closure =
      arguments.empty() ? nullptr : syntax::As<syntax::ClosureExpr>(arguments[arguments.size() - 1].value);
  const auto* text = arguments.size() == 2 ? syntax::As<syntax::StringExpr>(arguments[0].value) : nullptr;
  const bool fits = closure != nullptr && closure->form == syntax::ClosureForm::kBlock && closure->parameters.empty() &&
                    (arguments.size() == 1 || text != nullptr);
  if (!fits) {
    c.Error(kMacroError, call->place,
            fmt::format("expecting {0}() {{ .. }} or {0}(\"name\") {{ .. }}", call->callee.name.text()));
    return nullptr;
  }
  if (text != nullptr) *prefix = text->text;
  if (closure->body->finally == nullptr) return closure->body;
  c.Error(kMacroError, call->place, "static variables can't have a finally section");
  return nullptr;
}

}  // namespace

bool CheckStaticLet(Checker& c, const syntax::ExprStmt* stmt) {
  const auto* call = syntax::As<syntax::CallExpr>(stmt->expr);
  if (call == nullptr || call->type != nullptr || call->tag != nullptr) return false;
  const std::string_view name = call->callee.name.text();
  const bool finalizes = name == "static_let_finalize";
  if ((!finalizes && name != "static_let") || !IsOfModule(c, call)) return false;
  std::string_view prefix;
  const syntax::Block* block = ReadArguments(c, call, &prefix);
  if (block == nullptr) return true;
  StaticLet statics(c, prefix, finalizes);
  for (const syntax::Stmt* statement : block->statements) {
    if (const auto* let = syntax::As<syntax::LetStmt>(statement)) {
      statics.Add(let);
    } else {
      c.Error(kMacroError, statement->place, "only declarations of variables may stand in static_let");
    }
  }
  return true;
}

}  // namespace vestige::sema
