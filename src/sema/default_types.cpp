// Parameters that get their types from their default values. Floor 3.

#include <algorithm>

#include "sema/expr.h"
#include "sema/function.h"
#include "sema/match.h"

namespace vestige::sema {

using types::Type;

bool InferFromDefaults(Checker& c, FunctionEntity* entity, std::span<Parameter> parameters) {
  const bool stays_generic = entity->is_generic || entity->native != nullptr ||
                             std::any_of(parameters.begin(), parameters.end(),
                                         [](const Parameter& p) { return p.is_generic && p.default_value == nullptr; });
  if (stays_generic || entity->signature_failed) return true;
  bool fine = true;
  // Whoever asks for the function meanwhile is one of its own default values.
  entity->signature_failed = true;
  for (Parameter& parameter : parameters) {
    if (!parameter.is_generic) continue;
    FunctionFrame frame(c, entity->module, nullptr);
    frame.state.self = entity->method_of;
    const TExpr* value = CheckExpr(c, parameter.default_value);
    Matcher matcher(c.types, true);
    const Type* type = IsError(value) ? nullptr : matcher.Match(parameter.type, {value->type, value->is_place});
    parameter.default_failed = type == nullptr;
    fine = fine && type != nullptr;
    if (type == nullptr) continue;
    parameter.type = c.types.Qualified(type, parameter.type->qualifiers & (types::kConst | types::kRef));
    parameter.is_generic = false;
  }
  entity->signature_failed = false;
  return fine;
}

}  // namespace vestige::sema
