// Members: fields of structs, tuples and variants, swizzles, flags of bitfields, names of enums, properties. Floor 3.

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/match.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

TExpr* FollowPointer(Checker& c, TExpr* object, const syntax::Expr* written, syntax::Place place) {
  if (object->type->kind != Kind::kPointer || object->type->element->kind == Kind::kVoid) return object;
  TExpr* target = Deref(c, object, place.location);
  TDeref* deref = static_cast<TDeref*>(target);
  if (written != nullptr) deref->hint = HintText(c, written, " is null");
  const TLocalRef* local = As<TLocalRef>(object);
  deref->unchecked = local != nullptr && local->local->name == c.known.self && !local->local->is_argument;
  return target;
}

bool MayAccess(Checker& c, const types::StructInfo* info, const types::Field& field, syntax::Place place) {
  if (!field.is_private) return true;
  for (const FunctionState* state = c.fn; state != nullptr; state = state->outer) {
    if (state->self != nullptr && DerivesFrom(state->self, info)) return true;
  }
  c.Error(30900, place,
          fmt::format("can't access private field '{}' of {} outside of member functions", field.name.text(),
                      info->name.text()));
  return false;
}

namespace {

// Index of a tuple or variant member: by name, or `_3`, `_first`, `_last`.
int PartIndex(const Type* type, base::Symbol name) {
  for (size_t i = 0; i < type->names.size(); ++i) {
    if (type->names[i] == name) return static_cast<int>(i);
  }
  const std::string_view text = name.text();
  if (type->kind == Kind::kVariant || text.size() < 2 || text[0] != '_') return -1;
  if (text == "_first") return 0;
  if (text == "_last") return static_cast<int>(type->parts.size()) - 1;
  if (text.size() > 4) return -1;
  int index = 0;
  for (char digit : text.substr(1)) {
    if (digit < '0' || digit > '9') return -1;
    index = index * 10 + (digit - '0');
  }
  return index < static_cast<int>(type->parts.size()) ? index : -1;
}

TExpr* PartOf(Checker& c, TExpr* object, size_t index, base::Location location) {
  EnsureComplete(c, object->type);
  const Type* type = c.types.WithQualifiers(object->type->parts[index], object->type->qualifiers & types::kConst);
  TField* field = c.Node<TField>(location, type, object->is_place);
  field->base = object;
  field->offset = object->type->part_offset(index);
  return field;
}

int ComponentIndex(char letter) {
  switch (letter) {
    case 'x':
    case 'r':
      return 0;
    case 'y':
    case 'g':
      return 1;
    case 'z':
    case 'b':
      return 2;
    case 'w':
    case 'a':
      return 3;
    default:
      return -1;
  }
}

// Kinds of vectors come in runs of 2, 3, 4 components.
Kind VectorKind(Kind of_components, int count) {
  const Kind first = of_components == Kind::kFloat  ? Kind::kFloat2
                     : of_components == Kind::kUInt ? Kind::kUInt2
                                                    : Kind::kInt2;
  return static_cast<Kind>(static_cast<int>(first) + count - 2);
}

struct Components {
  Kind kind;
  int count;
};

Components ComponentsOf(const Type* type) {
  switch (type->kind) {
    case Kind::kRange:
      return {Kind::kInt, 2};
    case Kind::kURange:
      return {Kind::kUInt, 2};
    case Kind::kRange64:
      return {Kind::kInt64, 2};
    case Kind::kURange64:
      return {Kind::kUInt64, 2};
    default:
      break;
  }
  const int index = static_cast<int>(type->kind) - static_cast<int>(Kind::kInt2);
  const Kind kind = index < 3 ? Kind::kInt : index < 6 ? Kind::kUInt : Kind::kFloat;
  return {kind, 2 + index % 3};
}

TExpr* Swizzle(Checker& c, TExpr* object, base::Symbol name, syntax::Place place) {
  const std::string_view mask = name.text();
  const Components components = ComponentsOf(object->type);
  if (mask.empty() || mask.size() > 4) {
    return c.Error(30244, place, "invalid swizzle mask " + std::string(mask));
  }
  uint8_t indices[4] = {0, 0, 0, 0};
  bool contiguous = true;
  for (size_t i = 0; i < mask.size(); ++i) {
    const int index = ComponentIndex(mask[i]);
    if (index < 0 || index >= components.count) {
      return c.Error(30244, place, "invalid swizzle mask " + std::string(mask));
    }
    indices[i] = static_cast<uint8_t>(index);
    contiguous &= i == 0 || indices[i] == indices[i - 1] + 1;
  }
  const types::Qualifiers shared = object->type->qualifiers & types::kConst;
  const Type* component = c.types.Basic(components.kind);
  if (mask.size() == 1) {
    TField* field = c.Node<TField>(place.location, c.types.Qualified(component, shared), object->is_place);
    field->base = object;
    field->offset = indices[0] * component->size();
    return field;
  }
  const int count = static_cast<int>(mask.size());
  const Type* type =
      object->type->is_range() ? object->type->unqualified : c.types.Basic(VectorKind(components.kind, count));
  if (object->type->is_range() && count != 2) {
    return c.Error(30244, place, "invalid swizzle mask " + std::string(mask));
  }
  TSwizzle* node = c.Node<TSwizzle>(place.location, c.types.Qualified(type, shared), object->is_place && contiguous);
  node->base = object;
  node->count = static_cast<uint8_t>(count);
  std::copy(indices, indices + 4, node->components);
  return node;
}

// b.flag as a value: tells whether the flag is set.
TExpr* ReadFlag(Checker& c, TExpr* object, uint64_t mask, base::Location location) {
  const Type* type = object->type->unqualified;
  TBinary* masked = c.Node<TBinary>(location, type);
  masked->op = BinaryOp::kAnd;
  masked->left = object;
  masked->right = MakeConst(c, type, mask, location);
  TBinary* test = c.Node<TBinary>(location, c.types.bool_type());
  test->op = BinaryOp::kNe;
  test->left = masked;
  test->right = MakeConst(c, type, 0, location);
  return test;
}

TExpr* StructMember(Checker& c, TExpr* object, base::Symbol name, syntax::Place place) {
  EnsureComplete(c, object->type);
  const types::Field* field = object->type->struct_info->FindField(name);
  if (field == nullptr) return nullptr;
  if (!MayAccess(c, object->type->struct_info, *field, place)) return c.ErrorExpr(place.location);
  if (field->is_method) return MethodValue(c, object, *field, place);
  return FieldOf(c, object, *field, place.location);
}

}  // namespace

bool BitfieldFlag(const Type* type, base::Symbol name, uint64_t* mask) {
  if (type->kind != Kind::kBitfield || type->enum_info == nullptr) return false;
  const types::EnumValue* value = type->enum_info->FindName(name);
  if (value == nullptr) return false;
  *mask = static_cast<uint64_t>(value->value);
  return true;
}

TExpr* TryMember(Checker& c, TExpr* object, base::Symbol name, syntax::Place place) {
  object = FollowPointer(c, object, nullptr, place);
  const Type* type = object->type;
  switch (type->kind) {
    case Kind::kStruct:
      return StructMember(c, object, name, place);
    case Kind::kVariant: {
      const int index = PartIndex(type, name);
      if (index < 0) return c.Error(30839, place, "can't get variant field '" + std::string(name.text()) + "'");
      if (!c.is_unsafe()) {
        return c.Error(31035, place, "'variant.field' must be inside the 'unsafe' block");
      }
      return PartOf(c, object, static_cast<size_t>(index), place.location);
    }
    case Kind::kTuple: {
      const int index = PartIndex(type, name);
      if (index < 0) return c.Error(30831, place, "can't get tuple field '" + std::string(name.text()) + "'");
      return PartOf(c, object, static_cast<size_t>(index), place.location);
    }
    case Kind::kBitfield: {
      uint64_t mask = 0;
      if (BitfieldFlag(type, name, &mask)) return ReadFlag(c, object, mask, place.location);
      return c.Error(30802, place,
                     "can't get bit field '" + std::string(name.text()) + "' in " + types::TypeName(type));
    }
    default:
      break;
  }
  if (type->is_vector() || type->is_range()) return Swizzle(c, object, name, place);
  return nullptr;
}

namespace {

// `Enum.value`, `Bitfield.flag`, `mod::Enum.value`, `Class.static_member`.
TExpr* TryTypeMember(Checker& c, const syntax::NameExpr* object, const syntax::FieldExpr* field) {
  const Type* type = TypeByName(c, object->name);
  if (type == nullptr) return nullptr;
  const std::string name(field->name.text());
  if (type->kind == Kind::kEnum || type->kind == Kind::kBitfield) {
    const types::EnumValue* value = type->enum_info != nullptr ? type->enum_info->FindName(field->name) : nullptr;
    if (value != nullptr) {
      return MakeConst(c, type->unqualified, static_cast<uint64_t>(value->value), field->place.location);
    }
    const bool is_enum = type->kind == Kind::kEnum;
    return c.Error(is_enum ? 30808 : 30802, field->place,
                   (is_enum ? "enum value '" : "bitfield '") + name + "' not found in " + types::TypeName(type));
  }
  if (type->kind == Kind::kStruct) {
    syntax::QualifiedName full = object->name;
    full.name = c.symbols.Intern(std::string(type->struct_info->name.text()) + "`" + name);
    if (TExpr* value = TryName(c, full, field->place)) return value;
  }
  return nullptr;
}

// Functions named `.`name` (a property), then `.` with the name as a string.
TExpr* TryProperty(Checker& c, std::string_view prefix, TExpr* object, const syntax::FieldExpr* field) {
  if (c.fn == nullptr || field->is_raw) return nullptr;
  TExpr* operands[2] = {object, nullptr};
  const std::string name = std::string(prefix) + "`" + std::string(field->name.text());
  if (TExpr* call = TryOperator(c, name, std::span(operands, 1), field->place)) return call;
  operands[1] = MakeString(c, field->name.text(), field->place.location);
  return TryOperator(c, prefix, operands, field->place);
}

// A member's address as a value of pointer type; of a member that is a pointer, its value.
TExpr* SafeField(Checker& c, TExpr* pointer, const Type* member, uint32_t offset, const syntax::FieldExpr* field) {
  member = c.types.WithQualifiers(member, pointer->type->element->qualifiers & types::kConst);
  const bool load = member->kind == Kind::kPointer;
  const Type* type = load ? member->unqualified : c.types.Pointer(member);
  // What is reached through a const pointer is const.
  type = c.types.WithQualifiers(type, pointer->type->qualifiers & types::kConst);
  TSafeField* node = c.Node<TSafeField>(field->place.location, type);
  node->pointer = pointer;
  node->offset = offset;
  node->load_pointer = load;
  return node;
}

TExpr* CheckSafeField(Checker& c, const syntax::FieldExpr* field) {
  TExpr* pointer = CheckExpr(c, field->object, {.nullable = true});
  if (IsError(pointer)) return pointer;
  const std::string name(field->name.text());
  const Type* target = pointer->type->kind == Kind::kPointer ? pointer->type->element : nullptr;
  if (TExpr* call = TryProperty(c, "?.", pointer, field)) return call;
  if (target == nullptr || (target->kind != Kind::kStruct && target->kind != Kind::kTuple)) {
    return c.Error(
        30224, field->place,
        "can only safe dereference a variant or a pointer to a tuple, a structure or a handle " + Describe(pointer));
  }
  EnsureComplete(c, target);
  if (target->kind == Kind::kTuple) {
    const int index = PartIndex(target, field->name);
    if (index < 0) return c.Error(30831, field->place, "can't get tuple field '" + name + "'");
    return SafeField(c, pointer, target->parts[index], target->part_offset(index), field);
  }
  const types::Field* member = target->struct_info->FindField(field->name);
  if (member == nullptr) return c.Error(30944, field->place, "can't safe get field '" + name + "'");
  if (!MayAccess(c, target->struct_info, *member, field->place)) return c.ErrorExpr(field->place.location);
  return SafeField(c, pointer, member->type, member->offset, field);
}

}  // namespace

TExpr* CheckField(Checker& c, const syntax::FieldExpr* field) {
  if (field->tag != nullptr) return c.Error(40100, field->place, "macros are not supported");
  if (field->access == syntax::Access::kSafe || field->is_safe_dot) return CheckSafeField(c, field);
  TExpr* object = nullptr;
  if (const auto* name = syntax::As<syntax::NameExpr>(field->object)) {
    const int errors = c.error_count;
    object = TryName(c, name->name, name->place);
    if (object == nullptr && c.error_count == errors) {
      if (TExpr* member = TryTypeMember(c, name, field)) return member;
    }
  }
  if (object == nullptr) object = CheckExpr(c, field->object);
  if (IsError(object)) return object;
  const std::string name(field->name.text());
  if (object->type->kind == Kind::kPointer && object->type->element->kind == Kind::kVoid) {
    return c.Error(30929, field->place, "can't get field '" + name + "' of 'void' pointer");
  }
  TExpr* followed = FollowPointer(c, object, field->object, field->place);
  // A field of the struct itself comes before properties; other types have no names to hide them.
  if (TExpr* member = TryMember(c, followed, field->name, field->place)) return member;
  if (TExpr* call = TryProperty(c, ".", followed, field)) return call;
  if (followed != object) {
    if (TExpr* call = TryProperty(c, ".", object, field)) return call;
  }
  if (followed->type->kind == Kind::kStruct) {
    return c.Error(30928, field->place, "field '" + name + "' not found in " + Describe(followed));
  }
  return c.Error(30928, field->place, "can't get field '" + name + "' of " + Describe(object));
}

}  // namespace vestige::sema
