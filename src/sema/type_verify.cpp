// Which types may exist. Floor 3.

#include "sema/type_verify.h"

#include <string>

#include "fmt/format.h"
#include "sema/smart_pointer.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

bool IsTooBig(const Type* type) { return types::IsComplete(type) && type->size() > 0x7fffffff; }

namespace {

constexpr std::string_view kCountedByValue = "objects with a count live behind smart pointers only";

bool Fail(Checker& c, int code, syntax::Place place, std::string_view what, const Type* type) {
  c.Error(code, place, fmt::format("{}: '{}'", what, types::TypeName(type)));
  return false;
}

// Blocks live in the frame that makes them, so nothing can hold them.
bool VerifyElement(Checker& c, const Type* element, syntax::Place place, std::string_view container) {
  if (element->is_ref()) return Fail(c, 30108, place, "can't declare an array of references", element);
  if (element->kind == Kind::kVoid)
    return Fail(c, 30108, place, fmt::format("can't declare a void {}", container), element);
  if (IsCounted(element)) return Fail(c, 30112, place, kCountedByValue, element);
  if (element->kind == Kind::kBlock) return Fail(c, 30112, place, "can't have array of non-trivial type", element);
  return VerifyType(c, element, place);
}

bool VerifyTable(Checker& c, const Type* type, syntax::Place place) {
  const Type* key = type->key;
  if (key->is_ref()) return Fail(c, 30248, place, "table key can't be declared as a reference", key);
  if (key->kind == Kind::kDistinct) return Fail(c, 30254, place, "distinct type can't be a table key", key);
  if (!key->is_generic() && (!key->is_workhorse() || key->is_smart_pointer())) {
    return Fail(c, 30254, place, "table key has to be declared as a basic 'hashable' type", key);
  }
  const Type* value = type->element;
  if (value->is_ref()) return Fail(c, 30248, place, "table value can't be declared as a reference", value);
  if (IsCounted(value)) return Fail(c, 30254, place, kCountedByValue, value);
  if (value->kind == Kind::kBlock) return Fail(c, 30254, place, "can't have table value of non-trivial type", value);
  return VerifyType(c, value, place);
}

bool VerifyFixedArray(Checker& c, const Type* type, syntax::Place place) {
  uint64_t count = 1;
  for (const Type* level = type; level->kind == Kind::kFixedArray; level = level->element) {
    count *= level->dim == 0 ? 1 : level->dim;
    if (count > 0x7fffffff) break;
  }
  if (count > 0x7fffffff || IsTooBig(type)) {
    c.LintFallback(30512, place, fmt::format("array is too big: '{}'", types::TypeName(type)));
  }
  if (type->element->kind == Kind::kVoid) return Fail(c, 30108, place, "can't declare an array of void", type);
  if (type->element->is_ref()) return Fail(c, 30108, place, "can't declare an array of references", type->element);
  if (IsCounted(type->element)) return Fail(c, 30112, place, kCountedByValue, type->element);
  return VerifyType(c, type->element, place);
}

}  // namespace

bool VerifyType(Checker& c, const Type* type, syntax::Place place) {
  switch (type->kind) {
    case Kind::kVoid:
      if (type->is_ref()) return Fail(c, 30262, place, "can't declare a void reference", type);
      return true;
    case Kind::kPointer:
      return VerifyType(c, type->element, place);
    case Kind::kIterator:
      return VerifyType(c, type->element, place);
    case Kind::kArray:
      return VerifyElement(c, type->element, place, "array");
    case Kind::kFixedArray:
      return VerifyFixedArray(c, type, place);
    case Kind::kTable:
      return VerifyTable(c, type, place);
    case Kind::kTuple:
    case Kind::kVariant:
      for (const Type* part : type->parts) {
        if (!VerifyType(c, part, place)) return false;
      }
      return true;
    case Kind::kFunction:
    case Kind::kLambda:
    case Kind::kBlock:
      for (const Type* part : type->parts) {
        if (!VerifyType(c, part, place)) return false;
      }
      return VerifyType(c, type->element, place);
    default:
      return true;
  }
}

}  // namespace vestige::sema
