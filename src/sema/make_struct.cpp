// Structs, tuples and variants made in place. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/make.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

class NamedMaker {
 public:
  NamedMaker(Checker& c, const Type* type, syntax::Place place) : c_(c), type_(type), place_(place) {}

  // The fields that are named, and nothing else.
  bool AddNamed(std::span<const syntax::Argument> arguments, std::vector<bool>* given_fields) {
    const types::StructInfo& info = *type_->struct_info;
    std::vector<bool>& given = *given_fields;
    given.assign(info.fields.size(), false);
    bool ok = true;
    for (const syntax::Argument& argument : arguments) {
      const types::Field* field = info.FindField(argument.name);
      if (field == nullptr) {
        c_.Error(30825, argument.place, fmt::format("field not found, {}", argument.name.text()));
        ok = false;
        continue;
      }
      const size_t index = static_cast<size_t>(field - info.fields.data());
      if (given[index]) {
        c_.Error(30705, argument.place, fmt::format("field {} is already initialized", argument.name.text()));
        ok = false;
        continue;
      }
      given[index] = true;
      if (field->is_private) {
        c_.Error(30936, argument.place, fmt::format("field {} is private, can't be initialized", field->name.text()));
        ok = false;
      }
      ok = AddMember(argument, field->type, field->offset) && ok;
    }
    return ok;
  }

  TExpr* MakeMembers(std::span<const syntax::Argument> arguments) {
    std::vector<bool> given;
    if (!AddNamed(arguments, &given)) return c_.ErrorExpr(place_.location);
    TMake* make = c_.Node<TMake>(place_.location, type_);
    make->members = c_.arena.Copy(members_);
    return make;
  }

  TExpr* MakeStruct(std::span<const syntax::Argument> arguments, bool zeroed) {
    const types::StructInfo& info = *type_->struct_info;
    std::vector<bool> given;
    const bool ok = AddNamed(arguments, &given);
    if (!zeroed) {
      AddInitializers(given);
    } else if (info.has_init && !info.safe_when_uninitialized && !c_.is_unsafe()) {
      return c_.Error(31031, place_,
                      fmt::format("Uninitialized structure {} is unsafe. Use initializer syntax or "
                                  "[safe_when_uninitialized] when intended.",
                                  info.name.text()));
    }
    return ok ? Finish(-1) : c_.ErrorExpr(place_.location);
  }

  TExpr* MakeVariant(std::span<const syntax::Argument> arguments) {
    if (arguments.empty()) return c_.Node<TZero>(place_.location, type_);
    if (arguments.size() != 1) return c_.Error(30287, place_, "variant only supports one initializer");
    for (size_t i = 0; i < type_->names.size(); ++i) {
      if (type_->names[i] != arguments[0].name) continue;
      if (!AddMember(arguments[0], type_->parts[i], type_->part_offset(i))) return c_.ErrorExpr(place_.location);
      return Finish(static_cast<int32_t>(i));
    }
    return c_.Error(30839, arguments[0].place, fmt::format("field not found: '{}'", arguments[0].name.text()));
  }

  TExpr* MakeTupleFrom(std::span<const syntax::Argument> arguments) {
    if (arguments.empty()) return c_.Node<TZero>(place_.location, type_);
    std::vector<bool> given(type_->parts.size(), false);
    for (const syntax::Argument& argument : arguments) {
      size_t index = 0;
      while (index < type_->names.size() && type_->names[index] != argument.name) ++index;
      if (index >= type_->names.size()) {
        return c_.Error(30831, argument.place, fmt::format("tuple field not found, {}", argument.name.text()));
      }
      if (given[index]) {
        return c_.Error(30707, argument.place,
                        fmt::format("tuple field already initialized, {}", argument.name.text()));
      }
      given[index] = true;
      if (!AddMember(argument, type_->parts[index], type_->part_offset(index))) return c_.ErrorExpr(place_.location);
    }
    return Finish(-1);
  }

 private:
  bool AddMember(const syntax::Argument& argument, const Type* type, uint32_t offset) {
    Want want;
    want.type = type;
    TExpr* value = CheckExpr(c_, argument.value, want);
    if (IsError(value)) return false;
    const std::string_view name = argument.name.text();
    const int errors = c_.error_count;
    TExpr* converted = Convert(c_, value, type, argument.value->place);
    if (converted == nullptr) converted = TryMakeNative(argument, value, type);
    if (converted == nullptr) {
      if (c_.error_count == errors) {
        c_.Error(30915, argument.value->place,
                 fmt::format("can't initialize field {}; {} = {}", name, types::TypeName(type), Describe(value)),
                 "not the same type");
      }
      return false;
    }
    if (IsError(converted)) return false;
    if (value->type->is_temp() && !type->is_temp() && !type->is_workhorse()) {
      c_.Error(30936, argument.value->place,
               fmt::format("can't initialize structure field {} with temporary value", name));
      return false;
    }
    TMember member;
    member.offset = offset;
    member.value = converted;
    if (!ModeOf(argument, converted, &member.mode)) return false;
    members_.push_back(member);
    return true;
  }

  // `field := value` of a host's type: what the function of the type's name makes of the value. Null: there is none.
  TExpr* TryMakeNative(const syntax::Argument& argument, TExpr* value, const Type* type) {
    if (argument.mode != syntax::InitMode::kClone || type->kind != Kind::kStruct) return nullptr;
    if (type->struct_info->native == nullptr || c_.fn == nullptr) return nullptr;
    TExpr* operands[] = {value};
    return TryCallByName(c_, c_.fn->module, type->struct_info->name, operands, argument.place);
  }

  bool ModeOf(const syntax::Argument& argument, const TExpr* value, AssignMode* mode) {
    const std::string_view name = argument.name.text();
    if (argument.mode == syntax::InitMode::kMove) {
      *mode = AssignMode::kMove;
      if (!value->is_place || !value->type->is_const()) return true;
      c_.Error(30947, argument.value->place, fmt::format("can't move from a constant value {}", Describe(value)));
      return false;
    }
    if (argument.mode == syntax::InitMode::kClone && !value->is_place && IsNativeCall(value)) {
      // Made for this field: nothing is left to copy.
      *mode = AssignMode::kMove;
      return true;
    }
    if (argument.mode == syntax::InitMode::kClone) {
      EnsureComplete(c_, value->type);
      const types::Traits& traits = value->type->traits();
      const bool by_bits = !traits.holds_counted && (value->type->is_workhorse() || traits.clones_by_bits);
      *mode = by_bits ? AssignMode::kCopy : AssignMode::kClone;
      if (traits.can_clone) return true;
      c_.Error(30913, argument.place, fmt::format("field {} can't be cloned; {}", name, types::TypeName(value->type)));
      return false;
    }
    if (CopyMode(c_, value, mode)) return true;
    c_.Error(30947, argument.place, fmt::format("field {} can't be copied; {}", name, types::TypeName(value->type)), {},
             "use <- instead");
    return false;
  }

  static bool IsNativeCall(const TExpr* value) {
    return value->kind == ExprKind::kNativeCall && value->type->kind == Kind::kStruct &&
           value->type->struct_info->native != nullptr;
  }

  void AddInitializers(const std::vector<bool>& given) {
    const StructEntity* entity = c_.declarations->Find(type_->struct_info);
    if (entity == nullptr) return;
    for (size_t i = 0; i < entity->inits.size() && i < given.size(); ++i) {
      if (given[i]) continue;
      const types::Field& field = type_->struct_info->fields[i];
      TMember member;
      member.offset = field.offset;
      member.value = FieldInitializer(c_, field, entity->inits[i], &member.mode, place_);
      if (member.value != nullptr) members_.push_back(member);
    }
  }

  TExpr* Finish(int32_t variant_index) {
    if (members_.empty() && variant_index < 0) return c_.Node<TZero>(place_.location, type_);
    TMake* make = c_.Node<TMake>(place_.location, type_);
    make->members = c_.arena.Copy(members_);
    make->variant_index = variant_index;
    return make;
  }

  Checker& c_;
  const Type* type_;
  syntax::Place place_;
  std::vector<TMember> members_;
};

// (a, b) may become tuple<a : int; b : int> when its elements are variables of those names.
bool FitsNames(const syntax::TupleExpr* tuple, const Type* wanted) {
  if (wanted->parts.size() != tuple->elements.size()) return false;
  for (size_t i = 0; i < tuple->elements.size(); ++i) {
    const base::Symbol name = wanted->names.empty() ? base::Symbol() : wanted->names[i];
    const syntax::Argument& element = tuple->elements[i];
    if (element.name == name) continue;
    const auto* variable = syntax::As<syntax::NameExpr>(element.value);
    if (!element.name.empty() || variable == nullptr || variable->name.name != name) return false;
  }
  return true;
}

TExpr* FinishTuple(Checker& c, std::span<TExpr* const> values, std::span<const base::Symbol> names, const Type* wanted,
                   syntax::Place place) {
  absl::InlinedVector<const Type*, 8> parts;
  bool fits = wanted != nullptr;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i]->type->kind == Kind::kVoid) {
      return c.Error(30255, place, "tuple element type can't be void");
    }
    EnsureComplete(c, values[i]->type);
    parts.push_back(c.types.WithoutQualifiers(values[i]->type, types::kConst | types::kRef | types::kTemp));
  }
  std::vector<TExpr*> converted(values.begin(), values.end());
  for (size_t i = 0; fits && i < values.size(); ++i) {
    converted[i] = Convert(c, values[i], wanted->parts[i], place);
    fits = converted[i] != nullptr;
    if (fits && IsError(converted[i])) return converted[i];
  }
  const Type* type = fits ? wanted : c.types.Tuple(parts, names);
  if (!fits) converted.assign(values.begin(), values.end());
  TMake* make = c.Node<TMake>(place.location, type);
  std::vector<TMember> members;
  for (size_t i = 0; i < converted.size(); ++i) {
    TMember member;
    member.offset = type->part_offset(i);
    member.value = converted[i];
    if (!ElementMode(c, converted[i], 30949, {values[i]->location, 1}, &member.mode)) {
      return c.ErrorExpr(place.location);
    }
    members.push_back(member);
  }
  make->members = c.arena.Copy(members);
  return make;
}

}  // namespace

TExpr* MakeNamed(Checker& c, const Type* type, std::span<const syntax::Argument> arguments, bool zeroed,
                 syntax::Place place) {
  EnsureComplete(c, type);
  NamedMaker maker(c, type, place);
  switch (type->kind) {
    case Kind::kStruct:
      return maker.MakeStruct(arguments, zeroed);
    case Kind::kVariant:
      return maker.MakeVariant(arguments);
    case Kind::kTuple:
      return maker.MakeTupleFrom(arguments);
    default:
      break;
  }
  if (arguments.empty()) return DefaultValue(c, type, place);
  return c.Error(30243, place, fmt::format("[[{}]] with non-structure type", types::TypeName(type)));
}

TExpr* MakeMembers(Checker& c, const Type* type, std::span<const syntax::Argument> arguments, syntax::Place place) {
  EnsureComplete(c, type);
  return NamedMaker(c, type, place).MakeMembers(arguments);
}

TExpr* MakeTuple(Checker& c, const syntax::TupleExpr* tuple, Want want) {
  const Type* wanted = want.type != nullptr && want.type->kind == Kind::kTuple ? want.type->unqualified : nullptr;
  if (wanted != nullptr && (wanted->is_generic() || !FitsNames(tuple, wanted))) wanted = nullptr;
  std::vector<TExpr*> values;
  std::vector<base::Symbol> names;
  bool named = false;
  for (size_t i = 0; i < tuple->elements.size(); ++i) {
    Want inner;
    if (wanted != nullptr) inner.type = wanted->parts[i];
    TExpr* value = CheckExpr(c, tuple->elements[i].value, inner);
    if (IsError(value)) return value;
    values.push_back(value);
    names.push_back(tuple->elements[i].name);
    named = named || !tuple->elements[i].name.empty();
  }
  if (!named) names.clear();
  return FinishTuple(c, values, names, wanted, tuple->place);
}

TExpr* MakeMapTo(Checker& c, const syntax::MapToExpr* pair, Want want) {
  const Type* wanted = want.type != nullptr && want.type->kind == Kind::kTuple ? want.type->unqualified : nullptr;
  if (wanted != nullptr && (wanted->is_generic() || wanted->parts.size() != 2)) wanted = nullptr;
  std::vector<TExpr*> values;
  for (const syntax::Expr* written : {pair->key, pair->value}) {
    Want inner;
    if (wanted != nullptr) inner.type = wanted->parts[values.size()];
    values.push_back(CheckExpr(c, written, inner));
    if (IsError(values.back())) return values.back();
  }
  return FinishTuple(c, values, {}, wanted, pair->place);
}

namespace {

TExpr* MakeOne(Checker& c, const Type* type, std::span<const syntax::Argument> row, bool zeroed, syntax::Place place) {
  const bool is_class = type->kind == Kind::kStruct && type->struct_info->is_class;
  return is_class ? MakeObject(c, type, row, zeroed, place) : MakeNamed(c, type, row, zeroed, place);
}

}  // namespace

TExpr* MakeStructLiteral(Checker& c, const syntax::StructLiteralExpr* literal) {
  const Type* type = ResolveType(c, literal->type, TypeUse::kValue, c.fn->module);
  if (IsError(type)) return c.ErrorExpr(literal->place.location);
  type = c.types.WithoutQualifiers(type, types::kConst | types::kRef);
  if (literal->form == syntax::StructForm::kDefault) return DefaultValue(c, type, literal->place);
  if (!literal->is_array) {
    std::span<const syntax::Argument> row;
    if (!literal->rows.empty()) row = literal->rows.front();
    return MakeOne(c, type, row, literal->is_uninitialized, literal->place);
  }
  std::vector<TExpr*> values;
  for (std::span<const syntax::Argument> row : literal->rows) {
    values.push_back(MakeOne(c, type, row, literal->is_uninitialized, literal->place));
    if (IsError(values.back())) return values.back();
  }
  return MakeArrayOf(c, type, values, literal->place);
}

}  // namespace vestige::sema
