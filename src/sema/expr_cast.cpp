// Conversions: number casts written as calls, cast<>, upcast<>, reinterpret<>, addr(). Floor 3.

#include <cstring>
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

bool IsNumberLike(const Type* type) {
  return type->is_numeric() || type->kind == Kind::kEnum || type->kind == Kind::kBitfield;
}

TExpr* NumericCast(Checker& c, TExpr* operand, const Type* type, base::Location location) {
  if (operand->type->unqualified == type->unqualified && !operand->is_place) return operand;
  if (TConst* folded = FoldCast(c, operand, type, location)) return folded;
  TCast* cast = c.Node<TCast>(location, type);
  cast->operand = operand;
  return cast;
}

// A part of something being made: read where it is, no copy in between.
TExpr* AsComponent(Checker& c, TExpr* operand, const Type* type) {
  return operand->type->unqualified == type ? operand : NumericCast(c, operand, type, operand->location);
}

struct VectorShape {
  Kind component;
  uint32_t count;
};

VectorShape ShapeOf(Kind kind) {
  const int index = static_cast<int>(kind) - static_cast<int>(Kind::kInt2);
  return {index < 3 ? Kind::kInt : index < 6 ? Kind::kUInt : Kind::kFloat, static_cast<uint32_t>(2 + index % 3)};
}

// Components side by side, as a constant when all of them are.
TExpr* MakeComponents(Checker& c, const Type* type, std::span<TExpr* const> components, base::Location location) {
  const uint32_t bytes = components[0]->type->size();
  bool constant = true;
  for (const TExpr* component : components) constant &= ConstantOf(component) != nullptr;
  if (constant) {
    TConst* node = c.Node<TConst>(location, c.types.WithConst(type));
    for (size_t i = 0; i < components.size(); ++i) {
      std::memcpy(reinterpret_cast<char*>(node->bits) + i * bytes, &ConstantOf(components[i])->bits[0], bytes);
    }
    return node;
  }
  std::vector<TMember> members;
  for (size_t i = 0; i < components.size(); ++i) {
    members.push_back({static_cast<uint32_t>(i) * bytes, AssignMode::kCopy, components[i]});
  }
  TMake* make = c.Node<TMake>(location, type);
  make->members = c.arena.Copy(members);
  return make;
}

// Appends the components of an argument: itself, or the parts of a vector.
void Flatten(Checker& c, TExpr* argument, const Type* component, std::vector<TExpr*>* out) {
  if (!argument->type->is_vector()) {
    out->push_back(AsComponent(c, argument, component));
    return;
  }
  const VectorShape shape = ShapeOf(argument->type->kind);
  for (uint32_t i = 0; i < shape.count; ++i) {
    TField* field = c.Node<TField>(argument->location, c.types.Basic(shape.component), argument->is_place);
    field->base = argument;
    field->offset = i * 4;
    out->push_back(AsComponent(c, field, component));
  }
}

TExpr* MakeVector(Checker& c, const Type* type, const CallArguments& arguments, syntax::Place place) {
  const VectorShape shape = ShapeOf(type->kind);
  const Type* component = c.types.Basic(shape.component);
  if (arguments.empty()) return c.Node<TZero>(place.location, type);
  for (const CallArgument& argument : arguments) {
    if (argument.expr == nullptr) return nullptr;
    const Type* have = argument.expr->type;
    if (!have->is_numeric() && !have->is_vector()) return nullptr;
  }
  TExpr* first = arguments[0].expr;
  if (arguments.size() == 1 && first->type->is_vector()) {
    if (ShapeOf(first->type->kind).count != shape.count) return nullptr;
    if (first->type->unqualified == type) return first;
    TCast* cast = c.Node<TCast>(place.location, type);
    cast->operand = first;
    return cast;
  }
  if (arguments.size() == 1) {
    TExpr* scalar = AsComponent(c, first, component);
    if (ConstantOf(scalar) != nullptr) {
      const std::vector<TExpr*> repeated(shape.count, scalar);
      return MakeComponents(c, type, repeated, place.location);
    }
    TCast* splat = c.Node<TCast>(place.location, type);
    splat->operand = scalar;
    return splat;
  }
  std::vector<TExpr*> components;
  for (const CallArgument& argument : arguments) Flatten(c, argument.expr, component, &components);
  if (components.size() != shape.count) return nullptr;
  return MakeComponents(c, type, components, place.location);
}

TExpr* MakeRange(Checker& c, const Type* type, const CallArguments& arguments, syntax::Place place) {
  const Kind kind = type->kind == Kind::kRange     ? Kind::kInt
                    : type->kind == Kind::kURange  ? Kind::kUInt
                    : type->kind == Kind::kRange64 ? Kind::kInt64
                                                   : Kind::kUInt64;
  if (arguments.empty()) return c.Node<TZero>(place.location, type);
  if (arguments.size() > 2) return nullptr;
  std::vector<TExpr*> components;
  const Type* component = c.types.Basic(kind);
  if (arguments.size() == 1) components.push_back(MakeConst(c, component, 0, place.location));
  for (const CallArgument& argument : arguments) {
    if (argument.expr == nullptr || !argument.expr->type->is_numeric()) return nullptr;
    components.push_back(AsComponent(c, argument.expr, component));
  }
  return MakeComponents(c, type, components, place.location);
}

}  // namespace

TExpr* TryConversion(Checker& c, const Type* type, const CallArguments& arguments, syntax::Place place) {
  type = type->unqualified;
  if (type->is_vector()) return MakeVector(c, type, arguments, place);
  if (type->is_range()) return MakeRange(c, type, arguments, place);
  const bool number = type->is_numeric() || type->kind == Kind::kBitfield;
  if (arguments.empty() && (number || type->kind == Kind::kBool)) return MakeConst(c, type, 0, place.location);
  if (!number || arguments.size() != 1 || arguments[0].expr == nullptr) return nullptr;
  TExpr* operand = arguments[0].expr;
  if (!IsNumberLike(operand->type)) return nullptr;
  return NumericCast(c, operand, type, place.location);
}

namespace {

TExpr* BitsCast(Checker& c, TExpr* value, const Type* type, base::Location location) {
  TCast* cast = c.Node<TCast>(location, c.types.WithoutQualifiers(type, types::kRef), value->is_place);
  cast->mode = CastMode::kBits;
  cast->operand = value;
  return cast;
}

// Structs, or what two pointers point at. Up is always right; down needs upcast.
bool StructsFit(const Type* from, const Type* to, bool down) {
  if (from->kind != Kind::kStruct || to->kind != Kind::kStruct) return false;
  return down ? DerivesFrom(to->struct_info, from->struct_info) : DerivesFrom(from->struct_info, to->struct_info);
}

bool CallablesFit(const Type* from, const Type* to) {
  if (from->kind != to->kind || from->parts.size() != to->parts.size()) return false;
  const auto related = [](const Type* a, const Type* b) {
    if (SameShape(a, b)) return true;
    if (a->kind == Kind::kPointer && b->kind == Kind::kPointer) {
      a = a->element;
      b = b->element;
    }
    return StructsFit(a, b, false) || StructsFit(a, b, true);
  };
  for (size_t i = 0; i < from->parts.size(); ++i) {
    if (!related(from->parts[i], to->parts[i])) return false;
  }
  return related(from->element, to->element);
}

bool CastFits(const Type* from, const Type* to, bool down) {
  if (from->unqualified == to->unqualified || SameShape(from, to)) return true;
  if (from->kind == Kind::kPointer && to->kind == Kind::kPointer) {
    return StructsFit(from->element, to->element, down) || SameShape(from->element, to->element);
  }
  if (from->kind == Kind::kFunction || from->kind == Kind::kLambda || from->kind == Kind::kBlock) {
    return CallablesFit(from, to);
  }
  return StructsFit(from, to, down);
}

}  // namespace

TExpr* CheckCast(Checker& c, const syntax::CastExpr* cast, Want want) {
  ModuleScope* module = c.fn != nullptr ? c.fn->module : c.main;
  UnknownType unknown;
  unknown.code = 30805;
  unknown.what = "undefined cast type ";
  unknown.place = cast->place;
  const Type* type = ResolveTypeAs(c, cast->type, TypeUse::kPattern, module, unknown);
  if (IsError(type)) return c.ErrorExpr(cast->place.location);
  // With every name bound, `-const` and the like are done, not kept.
  if (!type->is_generic()) type = ResolveType(c, cast->type, TypeUse::kValue, module);
  TExpr* value = CheckExpr(c, cast->value, {.type = type->is_generic() ? nullptr : type});
  if (IsError(value)) return value;
  // cast<auto>: to what the place it goes to has.
  if (type->kind == Kind::kAuto && want.type != nullptr && !want.type->is_generic()) type = want.type;
  if (type->is_generic()) {
    return c.Error(30805, cast->place, "casting to undefined type " + types::TypeName(type));
  }
  if (cast->form == syntax::CastForm::kReinterpret) {
    if (!c.is_unsafe()) return c.Error(31004, cast->place, "cast requires unsafe");
    return BitsCast(c, value, type, cast->place.location);
  }
  if (cast->form == syntax::CastForm::kUpcast && !c.is_unsafe()) {
    return c.Error(31004, cast->place, "cast requires unsafe");
  }
  if (value->type->kind == Kind::kNull && Passes(type, {value->type, false}, true)) {
    return MakeConst(c, type, 0, cast->place.location);
  }
  if (!CastFits(value->type, type, cast->form == syntax::CastForm::kUpcast)) {
    return c.Error(30133, cast->place, "can't cast " + Describe(value) + " to " + types::TypeName(type));
  }
  return BitsCast(c, value, c.types.WithQualifiers(type, value->type->qualifiers & types::kConst),
                  cast->place.location);
}

TExpr* CheckAddress(Checker& c, const syntax::AddressExpr* address) {
  TExpr* value = CheckExpr(c, address->value);
  if (IsError(value)) return value;
  if (!value->is_place && !value->type->is_ref_type()) {
    return c.Error(30954, address->place, "can only make a pointer of a reference");
  }
  const TLocalRef* local = As<TLocalRef>(value);
  const bool is_self = local != nullptr && local->local->name == c.known.self && local->local->is_argument;
  if (!c.is_unsafe() && !is_self && !value->type->is_temp()) {
    c.Error(31000, address->place, "address of reference requires unsafe");
  }
  const Type* type = c.types.Pointer(c.types.WithoutQualifiers(value->type, types::kTemp));
  if (value->type->is_temp()) type = c.types.WithQualifiers(type, types::kTemp);
  if (address->type != nullptr) {
    const Type* stated = ResolveType(c, address->type, TypeUse::kValue, c.fn != nullptr ? c.fn->module : c.main);
    if (IsError(stated)) return c.ErrorExpr(address->place.location);
    if (stated->kind != Kind::kPointer) {
      return c.Error(30133, address->place, "addr<> type must be a pointer, not " + types::TypeName(stated));
    }
    if (!c.is_unsafe() && stated->unqualified != type->unqualified) {
      return c.Error(31004, address->place, "cast requires unsafe");
    }
    type = stated;
  }
  TAddress* node = c.Node<TAddress>(address->place.location, type);
  node->place = value;
  return node;
}

}  // namespace vestige::sema
