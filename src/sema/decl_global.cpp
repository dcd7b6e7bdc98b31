// Globals: their types and initialisers, found out when first asked for. Floor 3.

#include <string>
#include <utility>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/init_value.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// `a := b` at module level: a temporary is cloned into and then moved from.
TExpr* CloneThroughTemporary(Checker& c, TExpr* value, const Type* type) {
  TLocal* local = NewLocal(c, {}, type, value->location);
  TLet* let = c.Stmt<TLet>(value->location);
  let->local = local;
  let->mode = AssignMode::kClone;
  let->init = value;
  TBlock* body = c.Stmt<TBlock>(value->location);
  TStmt* statements[] = {let};
  body->statements = c.arena.Copy(std::span<TStmt* const>(statements));
  TStmtExpr* expr = c.Node<TStmtExpr>(value->location, type);
  expr->body = body;
  expr->result = LocalRef(c, local, value->location);
  return expr;
}

void CheckUninitialized(Checker& c, const syntax::Variable& variable, const Type* type) {
  if (type->kind == Kind::kVoid) {
    c.Error(30179, variable.place, "global variable can't be declared void");
  } else if (IsUnsafeUninitialized(c, type) && FindTag(variable.tags, "safe_when_uninitialized") == nullptr) {
    c.Error(31014, variable.place,
            fmt::format("Uninitialized variable {} is unsafe. Use initializer syntax or @safe_when_uninitialized when "
                        "intended.",
                        variable.name.text()));
  }
}

// Fills `entity` and `global` from the declaration.
void Elaborate(Checker& c, GlobalEntity* entity, TGlobal* global) {
  const auto* declaration = static_cast<const GlobalDeclaration*>(entity->declaration);
  const syntax::Variable& variable = *declaration->variable;
  const bool is_const = !declaration->decl->is_var;
  const Type* declared = nullptr;
  if (variable.type != nullptr) {
    UnknownType unknown{30817, "undefined global variable type ", is_const ? " const" : "", variable.place};
    declared = ResolveTypeAs(c, variable.type, TypeUse::kPartial, entity->module, unknown);
    if (IsError(declared)) return;
    // Others may refer to it before its value is known.
    if (!declared->is_generic()) {
      entity->type = c.types.WithoutQualifiers(declared, types::kConst);
      if (is_const) entity->type = c.types.WithConst(entity->type);
      global->type = entity->type;
    }
  }
  if (variable.init == nullptr) {
    if (declared == nullptr || declared->is_generic()) {
      c.Error(30312, variable.place, "global variable type can't be inferred, it needs an initializer");
      return;
    }
    entity->type = c.types.WithoutQualifiers(declared, types::kConst);
    EnsureComplete(c, entity->type);
    CheckUninitialized(c, variable, entity->type);
  } else {
    InitWords words;
    words.subject = fmt::format("global variable '{}'", variable.name.text());
    words.cannot_infer = 30175;
    words.cannot_move = words.cannot_copy = 30930;
    words.cannot_copy_text = " can't be copied";
    words.variable = variable.place;
    words.mismatch = variable.init->place;
    InitValue init = CheckInit(c, declared, variable.init, variable.init_mode, is_const, words);
    entity->type = init.type;
    if (IsError(init.type)) return;
    if (init.type->kind == Kind::kBlock) {
      c.Error(30179, variable.place,
              fmt::format("can't have a global variable of type {}", types::TypeName(init.type)));
      return;
    }
    CheckTableCollision(c, init.value);
    if (entity->module->options.no_init && init.value->kind != ExprKind::kConst) {
      c.Error(30174, variable.place, "[init] is disabled in the options");
    }
    global->init = init.mode == AssignMode::kClone ? CloneThroughTemporary(c, init.value, init.type) : init.value;
    global->init_moves = init.mode != AssignMode::kCopy;
    if (is_const && init.value->kind == ExprKind::kConst) entity->constant = init.value;
  }
  if (is_const) entity->type = c.types.WithConst(entity->type);
  if (entity->type->is_ref()) c.Error(30179, variable.place, "global variable can't be declared a reference");
}

}  // namespace

namespace {

// Reports the use of a variable whose initialiser runs later; constants have none.
void CheckOrder(Checker& c, const GlobalEntity* entity, syntax::Place use) {
  const Declarations& all = *c.declarations;
  // An initialiser runs before those below it.
  const GlobalEntity* current = all.current_global;
  const auto* declaration = static_cast<const GlobalDeclaration*>(entity->declaration);
  const bool in_initializer = current != nullptr && c.fn != nullptr && c.fn->function == all.initializer;
  if (in_initializer && declaration != nullptr && current != entity && current->module == entity->module &&
      entity->constant == nullptr) {
    const uint32_t current_order = static_cast<const GlobalDeclaration*>(current->declaration)->order;
    if (declaration->order > current_order) {
      c.Error(30173, use,
              fmt::format("global variable {} is initialized after {}", entity->name.text(), current->name.text()));
    }
  }
}

void CompleteInitializer(Checker& c, GlobalEntity* entity, syntax::Place use) {
  using State = GlobalEntity::State;
  Declarations& all = *c.declarations;
  const auto* declaration = static_cast<const GlobalDeclaration*>(entity->declaration);
  if (entity->state == State::kChecked) return;
  if (entity->state == State::kChecking) {
    if (entity->type == nullptr || all.current_global == entity) {
      c.Error(30177, use, fmt::format("global variable '{}' can't be initialized with itself", entity->name.text()));
      entity->type = c.types.Basic(Kind::kAny);
    }
    return;
  }
  entity->state = State::kChecking;
  TGlobal* global = c.arena.New<TGlobal>();
  global->name = entity->name;
  global->module = entity->module->is_main ? base::Symbol() : entity->module->name;
  global->location = entity->location;
  global->is_shared = declaration->decl->is_shared;
  entity->global = global;
  {
    DetachedState detached(c, entity->module);
    detached.frame.state.function = all.initializer;
    detached.frame.state.caller_module = entity->module;
    const int saved_silent = std::exchange(c.silent, 0);
    GlobalEntity* saved_global = std::exchange(all.current_global, entity);
    Elaborate(c, entity, global);
    all.current_global = saved_global;
    c.silent = saved_silent;
  }
  if (entity->type == nullptr) entity->type = c.types.Basic(Kind::kAny);
  global->type = entity->type;
  entity->state = State::kChecked;
}

}  // namespace

void CompleteGlobal(Checker& c, GlobalEntity* entity, syntax::Place use) {
  CompleteInitializer(c, entity, use);
  CheckOrder(c, entity, use);
}

}  // namespace vestige::sema
