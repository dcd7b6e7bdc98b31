// Elements: a[i], a?[i], and `??` which ends such chains. Floor 3.

#include <algorithm>
#include <string>

#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/match.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

bool IsIndexType(const Type* type) {
  return type->kind == Kind::kInt || type->kind == Kind::kUInt || type->kind == Kind::kInt64 ||
         type->kind == Kind::kUInt64;
}

// Parts of a const or temporary whole are so too.
const Type* PartType(Checker& c, const Type* whole, const Type* part) {
  return c.types.WithQualifiers(part, whole->qualifiers & types::kConst);
}

TExpr* BadIndex(Checker& c, TExpr* index, syntax::Place place) {
  return c.Error(30184, place, "index type must be 'int', 'int64', 'uint', or 'uint64', not '" + Describe(index) + "'");
}

TExpr* IndexNode(Checker& c, IndexMode mode, TExpr* object, TExpr* index, const Type* element,
                 const syntax::IndexExpr* written) {
  TIndex* node = c.Node<TIndex>(written->place.location, PartType(c, object->type, element), true);
  node->mode = mode;
  node->base = object;
  node->index = index;
  if (mode == IndexMode::kFixed) node->hint = HintText(c, written, "");
  if (mode == IndexMode::kVector) node->is_place = object->is_place;
  return node;
}

TExpr* IndexTable(Checker& c, TExpr* table, TExpr* key, const syntax::IndexExpr* written) {
  if (!SameShape(table->type->key, key->type)) {
    return c.Error(30251, written->index->place,
                   "table index type mismatch, '" + types::TypeName(table->type->key) + "' vs '" + Describe(key) + "'");
  }
  if (table->type->is_const()) {
    return c.Error(30934, written->index->place, "cannot access the constant table by index, use 'get' instead");
  }
  if (table->type->element->kind == Kind::kVoid) {
    return c.Error(30934, written->index->place, "table<...; void> cannot be accessed by index");
  }
  const ProgramOptions& options = c.program.options;
  if (options.unsafe_table_lookup && !c.is_unsafe() && c.fn != nullptr && c.fn->module == c.main) {
    return c.Error(31033, written->place, "table index requires unsafe", {},
                   "use 'get_value', 'insert', 'insert_clone' or 'emplace' instead. consider 'get'");
  }
  const Type* element = table->type->element;
  TExpr* node = IndexNode(c, IndexMode::kTable, table, key, element, written);
  if (!options.default_init_containers || options.unsafe_table_lookup || !IsUnsafeUninitialized(c, element)) {
    return node;
  }
  TExpr* initial = DefaultValue(c, element, written->place);
  if (IsError(initial)) return initial;
  if (initial->kind != ExprKind::kZero) static_cast<TIndex*>(node)->initial = initial;
  return node;
}

// The components' type of a vector.
const Type* ComponentType(Checker& c, const Type* type) {
  if (type->is_range()) return c.types.Basic(type->kind == Kind::kRange ? Kind::kInt : Kind::kUInt);
  if (type->kind >= Kind::kFloat2) return c.types.Basic(Kind::kFloat);
  return c.types.Basic(type->kind >= Kind::kUInt2 ? Kind::kUInt : Kind::kInt);
}

// Vectors, and ranges of the same make: components of four bytes.
bool HasComponents(const Type* type) {
  return type->is_vector() || type->kind == Kind::kRange || type->kind == Kind::kURange;
}

TExpr* IndexPointer(Checker& c, TExpr* pointer, TExpr* index, const syntax::IndexExpr* written) {
  if (!c.is_unsafe()) {
    return c.Error(31023, written->place, "index of the pointer must be inside the 'unsafe' block");
  }
  if (!IsIndexType(index->type)) return BadIndex(c, index, written->index->place);
  if (pointer->type->element->kind == Kind::kVoid) {
    return c.Error(30933, written->index->place, "can't index 'void' pointer");
  }
  TIndex* node = c.Node<TIndex>(written->place.location, PartType(c, pointer->type, pointer->type->element), true);
  node->mode = IndexMode::kPointer;
  node->base = pointer;
  node->index = index;
  return node;
}

TExpr* TryIndexOperator(Checker& c, std::string_view name, TExpr* object, TExpr* index,
                        const syntax::IndexExpr* written) {
  if (written->is_raw) return nullptr;
  TExpr* operands[] = {object, index};
  return TryOperator(c, name, operands, written->place);
}

// a[range]: a new array of those elements.
TExpr* Subarray(Checker& c, TExpr* object, TExpr* range, const syntax::IndexExpr* written) {
  TExpr* operands[] = {object, range};
  return CallByName(c, c.fn != nullptr ? c.fn->module : c.main, c.symbols.Intern("subarray"), operands, written->place);
}

TExpr* IndexBuiltin(Checker& c, TExpr* object, TExpr* index, const syntax::IndexExpr* written) {
  const Type* type = object->type;
  switch (type->kind) {
    case Kind::kTable:
      return IndexTable(c, object, index, written);
    case Kind::kPointer:
      return IndexPointer(c, object, index, written);
    case Kind::kArray:
      if (index->type->is_range()) return Subarray(c, object, index, written);
      if (!IsIndexType(index->type)) return BadIndex(c, index, written->index->place);
      return IndexNode(c, IndexMode::kArray, object, index, type->element, written);
    case Kind::kFixedArray: {
      if (index->type->is_range()) return Subarray(c, object, index, written);
      if (!IsIndexType(index->type)) return BadIndex(c, index, written->index->place);
      int64_t known = 0;
      if (ConstantInteger(index, &known) && (known < 0 || known >= static_cast<int64_t>(type->dim))) {
        // A constant that can never be right is left to the run time check, which names the place.
        return IndexNode(c, IndexMode::kFixed, object, index, type->element, written);
      }
      return IndexNode(c, IndexMode::kFixed, object, index, type->element, written);
    }
    default:
      break;
  }
  if (HasComponents(type)) {
    if (!IsIndexType(index->type)) return BadIndex(c, index, written->index->place);
    return IndexNode(c, IndexMode::kVector, object, index, ComponentType(c, type), written);
  }
  return c.Error(30931, written->object->place, "type can't be indexed: '" + Describe(object) + "'");
}

TExpr* SafeUnsafe(Checker& c, int code, std::string_view what, const syntax::IndexExpr* written) {
  return c.Error(code, written->place, "safe-index of " + std::string(what) + " must be inside the 'unsafe' block");
}

TExpr* SafeTable(Checker& c, TExpr* object, const Type* table, TExpr* key, const syntax::IndexExpr* written) {
  if (!SameShape(table->key, key->type)) {
    return c.Error(30249, written->index->place,
                   "table safe-index type mismatch, '" + types::TypeName(table->key) + "' vs '" + Describe(key) + "'");
  }
  if (table->element->kind == Kind::kVoid) {
    return c.Error(30945, written->index->place, "can't safe-index into table<...; void>");
  }
  TTableFind* node = c.Node<TTableFind>(written->place.location, c.types.Pointer(PartType(c, table, table->element)));
  node->table = object;
  node->key = key;
  return node;
}

TExpr* CheckSafeIndex(Checker& c, const syntax::IndexExpr* written, Want want) {
  TExpr* object = CheckExpr(c, written->object, {.nullable = true});
  TExpr* index = CheckExpr(c, written->index);
  if (IsError(object) || IsError(index)) return c.ErrorExpr(written->place.location);
  if (TExpr* call = TryIndexOperator(c, "?[]", object, index, written)) return call;
  const Type* type = object->type;
  const Type* container = type->kind == Kind::kPointer ? type->element : type;
  const bool allowed = want.nullable || c.is_unsafe();
  IndexMode mode = IndexMode::kPointer;
  switch (container->kind) {
    case Kind::kTable:
      if (!allowed) return SafeUnsafe(c, 31034, "table<>", written);
      return SafeTable(c, object, container, index, written);
    case Kind::kArray:
      if (!allowed) return SafeUnsafe(c, 31002, "array<>", written);
      mode = IndexMode::kArray;
      break;
    case Kind::kFixedArray:
      if (!allowed) return SafeUnsafe(c, 31011, "fixed_array<>", written);
      mode = IndexMode::kFixed;
      break;
    default:
      if (HasComponents(container)) {
        mode = IndexMode::kVector;
        break;
      }
      if (type->kind != Kind::kPointer) {
        return c.Error(30943, written->object->place, "type can't be safe-indexed: '" + Describe(object) + "'");
      }
      if (!c.is_unsafe()) return SafeUnsafe(c, 31024, "pointer", written);
      break;
  }
  if (!IsIndexType(index->type)) return BadIndex(c, index, written->index->place);
  const Type* element = container;
  if (mode == IndexMode::kVector) {
    if (!object->is_place && type->kind != Kind::kPointer) {
      return c.Error(30943, written->object->place, "type can't be safe-indexed: '" + Describe(object) + "'");
    }
    element = PartType(c, container, ComponentType(c, container));
  } else if (mode != IndexMode::kPointer) {
    element = PartType(c, container, container->element);
  }
  TSafeIndex* node = c.Node<TSafeIndex>(written->place.location, c.types.Pointer(element));
  node->mode = mode;
  node->base = object;
  node->index = index;
  return node;
}

}  // namespace

namespace {

// A function of a script says what a[i] means for some type; natives do so for types of the host only.
bool HasScriptOperator(Checker& c) {
  if (c.fn == nullptr) return false;
  const base::Symbol name = c.symbols.Intern("[]");
  const auto is_script = [](const FunctionEntity* entity) { return entity->native == nullptr; };
  const OverloadSet own = FindOverloads(c, c.fn->module, name);
  if (std::any_of(own.begin(), own.end(), is_script)) return true;
  const OverloadSet callers = FindOverloads(c, c.fn->caller_module, name);
  return c.fn->caller_module != c.fn->module && std::any_of(callers.begin(), callers.end(), is_script);
}

}  // namespace

TExpr* CheckIndex(Checker& c, const syntax::IndexExpr* written, Want want) {
  if (written->access == syntax::Access::kSafe || written->is_safe_dot) return CheckSafeIndex(c, written, want);
  TExpr* object = CheckExpr(c, written->object);
  const Type* key = object->type->kind == Kind::kTable ? object->type->key : nullptr;
  TExpr* index = CheckExpr(c, written->index, {.type = key});
  if (IsError(object) || IsError(index)) return c.ErrorExpr(written->place.location);
  const Kind kind = object->type->kind;
  const bool built_in = kind == Kind::kArray || kind == Kind::kFixedArray || kind == Kind::kTable;
  if (!built_in || HasScriptOperator(c)) {
    if (TExpr* call = TryIndexOperator(c, "[]", object, index, written)) return call;
  }
  // A pointer to a container is followed: p[i] is pointer indexing only for plain targets.
  return IndexBuiltin(c, object, index, written);
}

TExpr* CheckCoalesce(Checker& c, const syntax::CoalesceExpr* coalesce, Want want) {
  TExpr* pointer = CheckExpr(c, coalesce->value, {.nullable = true});
  const bool is_pointer = pointer->type->kind == Kind::kPointer;
  const Type* element = is_pointer ? pointer->type->element : nullptr;
  TExpr* fallback = CheckExpr(c, coalesce->fallback, {.type = element, .nullable = want.nullable});
  if (IsError(pointer) || IsError(fallback)) return c.ErrorExpr(coalesce->place.location);
  if (!coalesce->is_raw) {
    TExpr* operands[] = {pointer, fallback};
    if (TExpr* call = TryOperator(c, "??", operands, coalesce->place)) return call;
  }
  if (!is_pointer) return c.Error(30921, coalesce->place, "can only dereference a pointer");
  if (element->kind == Kind::kVoid) {
    return c.Error(30921, coalesce->place, "can only dereference a pointer to something");
  }
  TCoalesce* node = c.Node<TCoalesce>(coalesce->place.location, element);
  node->pointer = pointer;
  const bool same_pointer = fallback->type->kind == Kind::kPointer &&
                            Passes(pointer->type->unqualified, {fallback->type->unqualified, true}, true);
  if (same_pointer && element->kind != Kind::kPointer) {
    node->of_pointers = true;
    node->type = pointer->type->unqualified;
    node->fallback = fallback;
    return node;
  }
  TExpr* converted = Convert(c, fallback, element, coalesce->fallback->place);
  if (converted == nullptr) {
    return c.Error(30215, coalesce->place,
                   "default value type mismatch in " + types::TypeName(element) + " vs " + Describe(fallback));
  }
  node->fallback = converted;
  node->is_place = converted->is_place;
  node->type =
      c.types.WithQualifiers(element, (converted->type->qualifiers | pointer->type->qualifiers) & types::kConst);
  return node;
}

}  // namespace vestige::sema
