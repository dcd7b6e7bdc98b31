// Tuples with type arguments: see type_template.h. Floor 3.

#include "sema/type_template.h"

#include "absl/container/inlined_vector.h"
#include "fmt/format.h"
#include "sema/declarations.h"

namespace vestige::sema {

using types::Type;

const Type* TemplateTuple(Checker& c, const syntax::StructDecl* decl, syntax::Place place,
                          absl::FunctionRef<const Type*(const syntax::TypeExpr*)> resolve) {
  absl::InlinedVector<const Type*, 8> parts;
  absl::InlinedVector<base::Symbol, 8> names;
  bool is_safe = true;
  for (const syntax::StructMember& member : decl->members) {
    if (member.field == nullptr || member.field->type == nullptr) {
      c.Error(30262, place, fmt::format("{} can have fields with types only", decl->name.text()));
      return c.types.Basic(types::Kind::kAny);
    }
    const Type* type = resolve(member.field->type);
    if (IsError(type)) return type;
    parts.push_back(c.types.WithoutQualifiers(type, types::kRef));
    names.push_back(member.field->name);
    const bool is_plain = type->is_numeric() || type->kind == types::Kind::kBool;
    is_safe = is_safe && (is_plain || FindTag(member.field->tags, "safe_when_uninitialized") != nullptr);
  }
  const Type* tuple = c.types.Tuple(parts, names);
  if (is_safe) c.declarations->safe_tuples.insert(tuple);
  return tuple;
}

}  // namespace vestige::sema
