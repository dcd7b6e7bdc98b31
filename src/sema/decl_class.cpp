// What classes have on top of structs: constructors that chain, finalizers, and the two hidden fields. Floor 3.

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/function.h"

namespace vestige::sema {

namespace {

using types::Type;

bool IsConstructor(const StructEntity* owner, const FunctionEntity* method) {
  return method->decl->name == owner->decl->name && !method->is_static_method;
}

bool MayOmitArguments(const FunctionEntity* method) {
  return std::all_of(method->decl->parameters.begin(), method->decl->parameters.end(),
                     [](const syntax::Variable& parameter) { return parameter.init != nullptr; });
}

// def Name { super() }
const syntax::FunctionDecl* MakeChain(Checker& c, const syntax::StructDecl* owner) {
  syntax::CallExpr* call = c.scratch.New<syntax::CallExpr>();
  call->kind = syntax::ExprKind::kCall;
  call->place = owner->place;
  call->callee.name = c.known.super;
  call->end = owner->place.location;
  syntax::ExprStmt* statement = c.scratch.New<syntax::ExprStmt>();
  statement->kind = syntax::StmtKind::kExpr;
  statement->place = owner->place;
  statement->expr = call;
  syntax::Block* body = c.scratch.New<syntax::Block>();
  body->place = owner->place;
  body->end = owner->place.location;
  syntax::Stmt* statements[] = {statement};
  body->statements = c.scratch.Copy(std::span<syntax::Stmt* const>(statements));
  syntax::FunctionDecl* decl = c.scratch.New<syntax::FunctionDecl>();
  decl->kind = syntax::DeclKind::kFunction;
  decl->place = owner->place;
  decl->name = owner->name;
  decl->is_method = true;
  decl->body = body;
  decl->keyword = owner->place.location;
  return decl;
}

}  // namespace

StructEntity* ParentEntity(Checker& c, const StructEntity* entity) {
  if (entity->parent != nullptr) return entity->parent;
  if (entity->decl->parent.name.empty()) return nullptr;
  const Type* type = FindNamedType(c, entity->module, entity->decl->parent);
  return type != nullptr && type->kind == types::Kind::kStruct ? c.declarations->Find(type->struct_info) : nullptr;
}

StructEntity* NearestConstructor(Checker& c, StructEntity* entity) {
  // A cycle of parents is reported when the structs are completed.
  for (size_t steps = 0; entity != nullptr && steps <= c.declarations->structs.size(); ++steps) {
    for (const FunctionEntity* method : entity->methods) {
      if (IsConstructor(entity, method) && method != entity->chained_constructor) return entity;
    }
    entity = ParentEntity(c, entity);
  }
  return nullptr;
}

FunctionEntity* DefaultConstructor(const StructEntity* entity) {
  for (FunctionEntity* method : entity->methods) {
    if (IsConstructor(entity, method) && method->decl->parameters.empty()) return method;
  }
  return nullptr;
}

const StructEntity* FinalizingAncestor(const StructEntity* entity) {
  for (entity = entity->parent; entity != nullptr; entity = entity->parent) {
    if (entity->finalizer != nullptr) return entity;
  }
  return nullptr;
}

void ChainConstructors(Checker& c) {
  for (StructEntity& entity : c.declarations->structs) {
    if (!entity.decl->is_class) continue;
    const StructEntity* nearest = NearestConstructor(c, &entity);
    if (nearest == nullptr || nearest == &entity) continue;
    const bool chains = std::any_of(
        nearest->methods.begin(), nearest->methods.end(),
        [&](const FunctionEntity* method) { return IsConstructor(nearest, method) && MayOmitArguments(method); });
    const std::string_view name = entity.decl->name.text();
    if (!chains) {
      c.Error(30322, entity.decl->place,
              fmt::format("class {} inherits from {} which has no default constructor; provide an explicit def {}()",
                          name, nearest->decl->name.text(), name));
      entity.lacks_constructor = true;
      continue;
    }
    entity.chained_constructor =
        DeclareMethodEntities(c, entity.module, &entity, MakeChain(c, entity.decl), entity.info->is_private);
  }
}

FunctionRecord* MakeObjectFinalizer(Checker& c, StructEntity* entity) {
  const syntax::StructDecl* decl = entity->decl;
  const base::Location location = decl->place.location;
  FunctionRecord* function = NewFunction(c, c.symbols.Intern(fmt::format("{}'__finalize", decl->name.text())),
                                         entity->module, location, FunctionRole::kFunction);
  const Type* type = entity->info->type;
  TLocal* self = NewLocal(c, c.known.self, type, location, function);
  self->is_argument = true;
  self->is_reference = true;
  function->arguments = c.arena.Copy(std::span<TLocal* const>(&self, 1));
  function->argument_types = c.arena.Copy(std::span<const Type* const>(&type, 1));
  function->mangled = MangledName(c, function);
  function->result = c.types.void_type();
  function->result_known = true;
  function->state = FunctionRecord::State::kChecked;
  TDelete* statement = c.Stmt<TDelete>(location);
  statement->place = LocalRef(c, self, location);
  TStmt* statements[] = {statement};
  function->body = c.Stmt<TBlock>(location);
  function->body->statements = c.arena.Copy(std::span<TStmt* const>(statements));
  return function;
}

}  // namespace vestige::sema
