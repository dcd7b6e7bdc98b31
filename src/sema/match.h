// Fitting the types of arguments to the types of parameters, with `auto` and its relatives.
//
// Floor 3, inside sema.

#ifndef VESTIGE_SEMA_MATCH_H_
#define VESTIGE_SEMA_MATCH_H_

#include "sema/checker.h"

namespace vestige::sema {

// What a call passes: a type (with kConst, kTemp as the expression has them) and whether it is a place.
struct Passed {
  const types::Type* type = nullptr;
  bool is_place = false;
};

// Matches one call's arguments against a signature; collects what auto(T) stands for.
class Matcher {
 public:
  // Natives take temporary values wherever they take others.
  Matcher(types::TypeTable& types, bool ignore_temporary) : types_(types), ignore_temporary_(ignore_temporary) {}

  // The concrete type a parameter of type `pattern` has when `passed` is given to it, or null when it does not fit.
  // New names are bound only on success.
  const types::Type* Match(const types::Type* pattern, Passed passed);

  // `pattern` with the bound names replaced; still generic when names are unbound.
  const types::Type* Substitute(const types::Type* pattern) const;

  // Names bound so far, without top-level qualifiers.
  Bindings bindings;

 private:
  const types::Type* Infer(const types::Type* pattern, Passed passed, bool top);
  const types::Type* InferOption(const types::Type* pattern, Passed passed, bool top);
  const types::Type* InferAuto(const types::Type* pattern, Passed passed, bool top);
  const types::Type* InferParts(const types::Type* pattern, const types::Type* actual);
  bool InferList(std::span<const types::Type* const> patterns, std::span<const types::Type* const> actuals,
                 absl::InlinedVector<const types::Type*, 8>* result);

  types::TypeTable& types_;
  bool ignore_temporary_;
};

// `passed` fits a parameter of the concrete type `parameter` as it is: adding const, dropping a reference, base
// classes, null for pointers.
bool Passes(const types::Type* parameter, Passed passed, bool ignore_temporary);

// The same type apart from top-level qualifiers and names of callable arguments.
bool SameShape(const types::Type* a, const types::Type* b);

// `derived` is `base` or inherits from it.
bool DerivesFrom(const types::StructInfo* derived, const types::StructInfo* base);

// Which of two patterns that fit `passed` says more: > 0 `a`, < 0 `b`, 0 neither.
int MoreSpecialized(const types::Type* a, const types::Type* b, const types::Type* passed);

// `type` rebuilt with each part replaced by fn(part); qualifiers are kept. Nominal and basic types are returned as is.
template <typename Fn>
const types::Type* MapParts(types::TypeTable& types, const types::Type* type, Fn fn) {
  using types::Kind;
  using types::Type;
  const Type* made = nullptr;
  absl::InlinedVector<const Type*, 8> parts;
  switch (type->kind) {
    case Kind::kPointer:
      made = types.PointerLike(type, fn(type->element));
      break;
    case Kind::kArray:
      made = types.Array(fn(type->element));
      break;
    case Kind::kIterator:
      made = types.Iterator(fn(type->element));
      break;
    case Kind::kFixedArray:
      made = types.FixedArray(fn(type->element), type->dim);
      break;
    case Kind::kTable:
      made = types.Table(fn(type->key), fn(type->element));
      break;
    case Kind::kTuple:
    case Kind::kVariant:
    case Kind::kOption:
    case Kind::kFunction:
    case Kind::kLambda:
    case Kind::kBlock:
      for (const Type* part : type->parts) parts.push_back(fn(part));
      if (type->kind == Kind::kTuple) {
        made = types.Tuple(parts, type->names);
      } else if (type->kind == Kind::kVariant) {
        made = types.Variant(parts, type->names);
      } else if (type->kind == Kind::kOption) {
        made = types.Option(parts);
      } else {
        made = types.Callable(type->kind, fn(type->element), parts, type->names);
      }
      break;
    default:
      return type;
  }
  return types.Qualified(made, type->qualifiers);
}

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_MATCH_H_
