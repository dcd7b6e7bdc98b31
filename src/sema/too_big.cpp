// Declarations whose values no memory is for. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/type_verify.h"

namespace vestige::sema {

void CheckSizes(Checker& c) {
  if (c.error_count != 0) return;
  const auto tell = [&](int code, base::Location location, std::string_view what, base::Symbol name) {
    c.LintError(code, {location, 1}, fmt::format("{} {} is too big", what, name.text()));
  };
  for (const StructEntity& entity : c.declarations->structs) {
    if (IsTooBig(entity.info->type)) tell(30510, entity.decl->place.location, "structure", entity.info->name);
  }
  for (const ModuleScope* module : c.modules) {
    for (const auto& [name, entity] : module->types) {
      if (entity->kind != TypeEntityKind::kAlias || entity->type == nullptr || !IsTooBig(entity->type)) continue;
      tell(30513, entity->location, "type alias", name);
    }
  }
  for (const GlobalEntity* entity : c.declarations->globals) {
    if (entity->type != nullptr && IsTooBig(entity->type))
      tell(50301, entity->location, "global variable", entity->name);
  }
  for (const std::vector<TLocal*>* locals : c.program.local_lists) {
    for (const TLocal* local : *locals) {
      if (local->name.empty() || !IsTooBig(local->type)) continue;
      tell(local->is_argument ? 30500 : 30508, local->location, local->is_argument ? "argument" : "local variable",
           local->name);
    }
  }
}

}  // namespace vestige::sema
