// Names of modules, types and globals, as a module sees them. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"

namespace vestige::sema {

namespace {

const types::Type* TypeOfEntity(Checker& c, TypeEntity* entity) {
  switch (entity->kind) {
    case TypeEntityKind::kEnum:
    case TypeEntityKind::kBitfield:
      CompleteEnum(c, static_cast<EnumEntity*>(entity->declaration));
      break;
    case TypeEntityKind::kStruct:
      break;
    case TypeEntityKind::kAlias: {
      if (entity->type != nullptr) break;
      const auto* alias = static_cast<const AliasEntity*>(entity->declaration);
      if (entity->resolving) {
        c.Error(31106, alias->decl->place,
                fmt::format("type alias '{}' is defined through itself", entity->name.text()));
        return c.types.Basic(types::Kind::kAny);
      }
      entity->resolving = true;
      DetachedState detached(c, alias->module);
      const types::Type* type = ResolveType(c, alias->decl->type, TypeUse::kValue, alias->module);
      if (alias->decl->is_distinct && !IsError(type)) {
        if (!type->is_workhorse() || type->kind == types::Kind::kDistinct || type->qualifiers != 0) {
          c.Error(30297, alias->decl->place,
                  fmt::format("distinct type underlying type must be a workhorse type {} = {}", entity->name.text(),
                              types::TypeName(type)));
          type = c.types.Basic(types::Kind::kAny);
        } else {
          type = c.types.Distinct(entity->name, alias->module->is_main ? base::Symbol() : alias->module->name, type);
        }
      }
      entity->type = type;
      entity->resolving = false;
      break;
    }
    case TypeEntityKind::kTemplate:
      break;
  }
  return entity->type;
}

}  // namespace

ModuleScope* FindQualifier(Checker& c, ModuleScope* module, base::Symbol name) {
  if (name.empty()) return module;
  const std::string_view text = name.text();
  if (text == "_") return c.fn != nullptr && c.fn->caller_module != nullptr ? c.fn->caller_module : module;
  if (text == "__") return module;
  auto it = module->qualifiers.find(name);
  return it == module->qualifiers.end() ? nullptr : it->second;
}

// What `name` means among one kind of entities, given by the table of a module that holds them: in the module it is
// qualified with, else in the first visible one. Null when nothing by that name may be seen from `module`.
template <typename Map>
static typename Map::mapped_type FindNamed(Checker& c, ModuleScope* module, const syntax::QualifiedName& name,
                                           Map ModuleScope::*entities) {
  const auto find_in = [&](ModuleScope* scope) -> typename Map::mapped_type {
    const Map& map = scope->*entities;
    const auto it = map.find(name.name);
    if (it == map.end() || (it->second->is_private && scope != module)) return nullptr;
    return it->second;
  };
  const std::string_view qualifier = name.module.text();
  if (name.is_qualified && qualifier != "_" && !qualifier.empty()) {
    ModuleScope* scope = FindQualifier(c, module, name.module);
    return scope == nullptr ? nullptr : find_in(scope);
  }
  ModuleScope* from = name.is_qualified ? FindQualifier(c, module, name.module) : module;
  for (ModuleScope* scope : from->visible) {
    if (auto found = find_in(scope)) return found;
  }
  return nullptr;
}

const types::Type* FindNamedType(Checker& c, ModuleScope* module, const syntax::QualifiedName& name) {
  TypeEntity* found = FindNamed(c, module, name, &ModuleScope::types);
  return found == nullptr ? nullptr : TypeOfEntity(c, found);
}

const TypeEntity* FindTemplate(Checker& c, ModuleScope* module, const syntax::QualifiedName& name) {
  const TypeEntity* found = FindNamed(c, module, name, &ModuleScope::types);
  return found != nullptr && found->kind == TypeEntityKind::kTemplate ? found : nullptr;
}

GlobalEntity* FindGlobal(Checker& c, ModuleScope* module, const syntax::QualifiedName& name, syntax::Place place) {
  GlobalEntity* found = FindNamed(c, module, name, &ModuleScope::globals);
  if (found != nullptr) CompleteGlobal(c, found, place);
  return found;
}

GlobalEntity* FindHiddenGlobal(ModuleScope* module, base::Symbol name) {
  for (ModuleScope* scope : module->visible) {
    auto it = scope->globals.find(name);
    if (it != scope->globals.end() && it->second->is_private && scope != module) return it->second;
  }
  return nullptr;
}

}  // namespace vestige::sema
