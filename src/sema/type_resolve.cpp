// Types as written become semantic types. Floor 3.

#include <string>

#include "absl/container/inlined_vector.h"
#include "fmt/format.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/function.h"
#include "sema/smart_pointer.h"
#include "sema/type_basic.h"
#include "sema/type_template.h"
#include "sema/type_verify.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

class Resolver {
 public:
  Resolver(Checker& c, TypeUse use, ModuleScope* module, std::vector<base::Symbol>* pattern_names,
           const UnknownType& unknown)
      : c_(c), use_(use), module_(module), pattern_names_(pattern_names), unknown_(unknown) {}

  const Type* Resolve(const syntax::TypeExpr* expr) {
    // Types nest as deep as the source does.
    if (depth_ > kMaxDepth) return Fail(30512, expr, "type is nested too deeply");
    ++depth_;
    const Type* type = ResolveShape(expr);
    --depth_;
    return IsError(type) ? type : Qualify(type, expr->qualifiers);
  }

 private:
  static constexpr int kMaxDepth = 200;

  const Type* error_type() { return c_.types.Basic(Kind::kAny); }

  const Type* Fail(int code, const syntax::TypeExpr* expr, std::string what) {
    c_.Error(code, expr->place, std::move(what));
    return error_type();
  }

  const Type* Qualify(const Type* type, uint16_t written) {
    if (written == 0) return type;
    types::Qualifiers added = 0;
    types::Qualifiers removed = 0;
    const bool is_pattern = use_ == TypeUse::kPattern;
    auto map = [&](uint16_t bit, types::Qualifiers qualifier) {
      if ((written & bit) != 0) added |= qualifier;
    };
    map(syntax::kTypeConst, types::kConst);
    map(syntax::kTypeReference, types::kRef);
    map(syntax::kTypeTemporary, types::kTemp);
    if (is_pattern) {
      map(syntax::kTypeImplicit, types::kImplicit);
      map(syntax::kTypeExplicit, types::kExplicit);
      map(syntax::kTypeExactConst, types::kExactConst);
      map(syntax::kTypeExactReference, types::kExactRef);
    }
    // What is known already needs no pattern.
    if (is_pattern && type->is_generic()) {
      map(syntax::kTypeRemoveConst, types::kRemoveConst);
      map(syntax::kTypeRemoveReference, types::kRemoveRef);
      map(syntax::kTypeRemoveTemporary, types::kRemoveTemp);
      map(syntax::kTypeRemoveDim, types::kRemoveDim);
    } else {
      if ((written & syntax::kTypeRemoveConst) != 0) removed |= types::kConst;
      if ((written & syntax::kTypeRemoveReference) != 0) removed |= types::kRef;
      if ((written & syntax::kTypeRemoveTemporary) != 0) removed |= types::kTemp;
      if ((written & syntax::kTypeRemoveDim) != 0 && type->kind == Kind::kFixedArray) {
        type = c_.types.WithQualifiers(type->element, type->qualifiers & types::kConst);
      }
    }
    return c_.types.Qualified(type, static_cast<types::Qualifiers>((type->qualifiers & ~removed) | added));
  }

  const Type* ResolveShape(const syntax::TypeExpr* expr) {
    using K = syntax::TypeKind;
    switch (expr->kind) {
      case K::kBasic:
        return ResolveBasic(static_cast<const syntax::BasicTypeExpr*>(expr));
      case K::kNamed:
        return ResolveNamed(static_cast<const syntax::NamedTypeExpr*>(expr));
      case K::kAuto:
        return ResolveAuto(static_cast<const syntax::AutoTypeExpr*>(expr));
      case K::kTypedecl: {
        const Type* type = TypeOfExpr(c_, static_cast<const syntax::TypedeclTypeExpr*>(expr)->expr);
        return IsError(type) ? type : c_.types.WithoutQualifiers(type, types::kRef);
      }
      case K::kPointer:
        return ResolvePointer(static_cast<const syntax::PointerTypeExpr*>(expr));
      case K::kArray: {
        const Type* element = Resolve(static_cast<const syntax::ArrayTypeExpr*>(expr)->element);
        return IsError(element) ? element : c_.types.Array(element);
      }
      case K::kTable:
        return ResolveTable(static_cast<const syntax::TableTypeExpr*>(expr));
      case K::kIterator: {
        const Type* element = Resolve(static_cast<const syntax::IteratorTypeExpr*>(expr)->element);
        return IsError(element) ? element : c_.types.Iterator(element);
      }
      case K::kCallable:
        return ResolveCallable(static_cast<const syntax::CallableTypeExpr*>(expr));
      case K::kTuple:
        return ResolveMembers(static_cast<const syntax::TupleTypeExpr*>(expr)->members, false);
      case K::kVariant:
        return ResolveMembers(static_cast<const syntax::VariantTypeExpr*>(expr)->members, true);
      case K::kBitfield:
        return ResolveBitfield(static_cast<const syntax::BitfieldTypeExpr*>(expr));
      case K::kFixedArray:
        return ResolveFixedArray(static_cast<const syntax::FixedArrayTypeExpr*>(expr));
      case K::kOptions:
        return ResolveOptions(static_cast<const syntax::OptionsTypeExpr*>(expr));
      case K::kTypeOf:
        return Resolve(static_cast<const syntax::TypeOfTypeExpr*>(expr)->type);
      case K::kSmartPtr:
        return ResolveSmartPtr(static_cast<const syntax::SmartPtrTypeExpr*>(expr));
      case K::kMacro:
        return ResolveTemplate(static_cast<const syntax::MacroTypeExpr*>(expr));
      case K::kTag:
        return Fail(30262, expr, "$t is for quoted code only");
    }
    return error_type();
  }

  const Type* ResolveBasic(const syntax::BasicTypeExpr* expr) {
    if (expr->basic == syntax::BasicType::kBitfield) return c_.types.AnonymousBitfield(c_.types.Basic(Kind::kUInt));
    const std::optional<Kind> kind = KindOf(expr->basic);
    if (!kind.has_value()) {
      return Fail(30262, expr, fmt::format("type '{}' is not available", syntax::BasicTypeWord(expr->basic)));
    }
    return c_.types.Basic(*kind);
  }

  const Type* ResolveNamed(const syntax::NamedTypeExpr* expr) {
    const syntax::QualifiedName& name = expr->name;
    if (!name.is_qualified) {
      if (const Type* local = FindLocal(name.name)) return local;
    }
    if (const Type* type = FindNamedType(c_, module_, name)) return type;
    if (!name.is_qualified) {
      if (const Type* bits = SizedBitfield(c_.types, name.name.text())) return bits;
    }
    if (FindTemplate(c_, module_, name) != nullptr) {
      return Fail(30241, expr, fmt::format("structure template {} is no type by itself", name.name.text()));
    }
    if (IsHiddenDistinct(name)) {
      return Fail(30297, expr, fmt::format("can't access private distinct type {}", name.name.text()));
    }
    syntax::Place place = unknown_.place.location.is_known() ? unknown_.place : expr->place;
    std::string text =
        name.is_qualified ? fmt::format("{}::{}", name.module.text(), name.name.text()) : std::string(name.name.text());
    c_.Error(unknown_.code, place, fmt::format("{}{}{}", unknown_.what, text, unknown_.suffix));
    return error_type();
  }

  // A private distinct type of a module that is seen.
  bool IsHiddenDistinct(const syntax::QualifiedName& name) const {
    for (const ModuleScope* scope : module_->visible) {
      const auto found = scope->types.find(name.name);
      if (found == scope->types.end() || found->second->kind != TypeEntityKind::kAlias) continue;
      const auto* alias = static_cast<const AliasEntity*>(found->second->declaration);
      if (scope != module_ && found->second->is_private && alias->decl->is_distinct) return true;
    }
    return false;
  }

  // Names of the current instance, of the signature so far, and typedefs of the function.
  const Type* FindLocal(base::Symbol name) {
    if (pattern_names_ != nullptr) {
      for (base::Symbol bound : *pattern_names_) {
        if (bound == name) return c_.types.Auto(name);
      }
    }
    if (c_.fn == nullptr) return nullptr;
    for (size_t i = c_.names.size(); i > c_.fn->names_begin || (i > 0 && c_.fn->outer != nullptr); --i) {
      const LocalName& local = c_.names[i - 1];
      if (local.kind == LocalName::Kind::kType && local.name == name) return local.type;
    }
    for (FunctionState* state = c_.fn; state != nullptr; state = state->outer) {
      if (state->bindings == nullptr) continue;
      if (const Type* bound = FindBinding(*state->bindings, name)) return bound;
    }
    if (c_.fn->self != nullptr) return FindMemberAlias(c_.fn->self, name);
    return nullptr;
  }

  const Type* FindMemberAlias(const types::StructInfo* info, base::Symbol name) {
    for (StructEntity* entity = c_.declarations->Find(info); entity != nullptr; entity = entity->parent) {
      for (const auto& [alias, decl] : entity->aliases) {
        if (alias == name) return Resolve(decl->type);
      }
    }
    return nullptr;
  }

  const Type* ResolveAuto(const syntax::AutoTypeExpr* expr) {
    if (!expr->name.empty()) {
      if (use_ != TypeUse::kPattern) {
        if (const Type* bound = FindLocal(expr->name)) return bound;
      }
    }
    if (use_ == TypeUse::kValue) return Fail(30262, expr, "type can't be auto here");
    return c_.types.Auto(expr->name);
  }

  const Type* ResolvePointer(const syntax::PointerTypeExpr* expr) {
    const Type* target = expr->target == nullptr ? c_.types.void_type() : Resolve(expr->target);
    if (IsError(target)) return target;
    if (target->is_ref()) {
      return Fail(30262, expr->target,
                  fmt::format("can't declare a pointer to a reference: '{}'", types::TypeName(target)));
    }
    return c_.types.Pointer(target);
  }

  const Type* ResolveSmartPtr(const syntax::SmartPtrTypeExpr* expr) {
    const Type* target = expr->target == nullptr ? c_.types.void_type() : Resolve(expr->target);
    return IsError(target) ? target : MakeSmartPointer(c_, target, expr->place);
  }

  const Type* ResolveTable(const syntax::TableTypeExpr* expr) {
    const Type* key = Resolve(expr->key);
    const Type* value = expr->value == nullptr ? c_.types.void_type() : Resolve(expr->value);
    if (IsError(key)) return key;
    return IsError(value) ? value : c_.types.Table(key, value);
  }

  const Type* ResolveCallable(const syntax::CallableTypeExpr* expr) {
    absl::InlinedVector<const Type*, 8> parts;
    absl::InlinedVector<base::Symbol, 8> names;
    bool named = false;
    for (const syntax::Variable& parameter : expr->parameters) {
      const Type* type = parameter.type == nullptr ? c_.types.Auto({}) : Resolve(parameter.type);
      if (IsError(type)) return type;
      if (!parameter.is_var) type = c_.types.WithConst(type);
      if (parameter.is_reference) type = c_.types.WithQualifiers(type, types::kRef);
      if (type->is_ref() && type->is_ref_type()) type = c_.types.WithoutQualifiers(type, types::kRef);
      parts.push_back(type);
      names.push_back(parameter.name);
      named = named || !parameter.name.empty();
    }
    const Type* result = expr->result == nullptr ? c_.types.void_type() : Resolve(expr->result);
    if (IsError(result)) return result;
    if (!named) names.clear();
    Kind kind = Kind::kBlock;
    if (expr->form == syntax::CallableForm::kFunction) kind = Kind::kFunction;
    if (expr->form == syntax::CallableForm::kLambda) kind = Kind::kLambda;
    return c_.types.Callable(kind, result, parts, names);
  }

  const Type* ResolveMembers(std::span<const syntax::TypeMember> members, bool is_variant) {
    absl::InlinedVector<const Type*, 8> parts;
    absl::InlinedVector<base::Symbol, 8> names;
    bool named = false;
    for (const syntax::TypeMember& member : members) {
      const Type* type = Resolve(member.type);
      if (IsError(type)) return type;
      if (type->kind == Kind::kVoid) {
        c_.Error(is_variant ? 30289 : 30260, member.place,
                 is_variant ? "variant element can't be void" : "tuple element can't be void");
        return error_type();
      }
      parts.push_back(c_.types.WithoutQualifiers(type, types::kRef));
      names.push_back(member.name);
      named = named || !member.name.empty();
    }
    if (!named) names.clear();
    return is_variant ? c_.types.Variant(parts, names) : c_.types.Tuple(parts, names);
  }

  static bool IsTupleTemplate(const TypeEntity* entity) {
    const auto* decl = static_cast<const syntax::StructDecl*>(entity->declaration);
    return FindAnnotation(decl->annotations, "template_tuple") != nullptr;
  }

  // Name<T; U>: the tuple of the template's fields, in which the template's own names mean the arguments.
  const Type* ResolveTemplate(const syntax::MacroTypeExpr* expr) {
    const TypeEntity* entity = FindTemplate(c_, module_, expr->name);
    const std::string_view name = expr->name.name.text();
    if (entity == nullptr || !IsTupleTemplate(entity))
      return Fail(30262, expr, fmt::format("type macro '{}' is not found", name));
    const auto* decl = static_cast<const syntax::StructDecl*>(entity->declaration);
    const syntax::Annotation* annotation = FindAnnotation(decl->annotations, "template_tuple");
    if (annotation->arguments.size() != expr->types.size() || !expr->arguments.empty()) {
      return Fail(30262, expr, fmt::format("{} takes {} types", name, annotation->arguments.size()));
    }
    Bindings bindings;
    for (size_t i = 0; i < expr->types.size(); ++i) {
      const Type* type = Resolve(expr->types[i]);
      if (IsError(type)) return type;
      bindings.emplace_back(annotation->arguments[i].name, type);
    }
    FunctionFrame frame(c_, entity->module, &bindings);
    Resolver fields(c_, use_, entity->module, nullptr, unknown_);
    fields.depth_ = depth_;
    return TemplateTuple(c_, decl, expr->place, [&](const syntax::TypeExpr* type) { return fields.Resolve(type); });
  }

  const Type* ResolveBitfield(const syntax::BitfieldTypeExpr* expr) {
    const Kind storage = KindOf(expr->storage).value_or(Kind::kUInt);
    types::EnumInfo* info = c_.types.NewBitfield({}, module_->name, expr->place.location, c_.types.Basic(storage));
    std::vector<types::EnumValue> values;
    for (size_t i = 0; i < expr->bits.size(); ++i) {
      values.push_back({expr->bits[i], static_cast<int64_t>(uint64_t{1} << (i & 63))});
    }
    c_.types.SetValues(info, values, static_cast<uint32_t>(values.size()));
    return info->type;
  }

  const Type* ResolveFixedArray(const syntax::FixedArrayTypeExpr* expr) {
    if (expr->element->kind == syntax::TypeKind::kTypedecl) {
      return Fail(30112, expr->element, "typedecl can't be the element type of an array");
    }
    const Type* type = Resolve(expr->element);
    if (IsError(type)) return type;
    // The dimension written last is the innermost.
    for (size_t i = expr->sizes.size(); i > 0; --i) {
      int64_t size = 0;
      const syntax::Expr* written = expr->sizes[i - 1];
      if (written != nullptr && !ConstantSize(written, &size)) return error_type();
      if (written == nullptr && use_ == TypeUse::kValue) {
        return Fail(30109, expr, "array dimension can't be 0 or less");
      }
      type = c_.types.FixedArray(type, static_cast<uint32_t>(size));
    }
    return type;
  }

  bool ConstantSize(const syntax::Expr* written, int64_t* size) {
    TExpr* value = nullptr;
    if (c_.fn != nullptr) {
      value = CheckExpr(c_, written);
    } else {
      DetachedState detached(c_, module_);
      value = CheckExpr(c_, written);
    }
    if (IsError(value)) return false;
    if (!ConstantInteger(value, size)) {
      c_.Error(30109, written->place, "array dimension must be constant");
      return false;
    }
    if (*size <= 0 || *size > 0x7fffffff) {
      c_.Error(*size <= 0 ? 30109 : 30512, written->place,
               *size <= 0 ? "array dimension can't be 0 or less" : "array is too big");
      return false;
    }
    return true;
  }

  const Type* ResolveOptions(const syntax::OptionsTypeExpr* expr) {
    absl::InlinedVector<const Type*, 8> alternatives;
    for (const syntax::TypeExpr* written : expr->alternatives) {
      const Type* type = nullptr;
      if (written != nullptr) {
        type = Resolve(written);
      } else if (!alternatives.empty()) {
        type = c_.types.WithQualifiers(alternatives.back(), types::kTemp);
      }
      if (type == nullptr || IsError(type)) return error_type();
      alternatives.push_back(type);
    }
    if (use_ != TypeUse::kPattern) return Fail(30262, expr, "type options are for parameters only");
    return c_.types.Option(alternatives);
  }

  Checker& c_;
  TypeUse use_;
  ModuleScope* module_;
  std::vector<base::Symbol>* pattern_names_;
  const UnknownType& unknown_;
  int depth_ = 0;
};

}  // namespace

const Type* ResolveTypeAs(Checker& c, const syntax::TypeExpr* type, TypeUse use, ModuleScope* module,
                          const UnknownType& unknown, std::vector<base::Symbol>* pattern_names) {
  if (type == nullptr) return c.types.Auto({});
  const Type* resolved = Resolver(c, use, module, pattern_names, unknown).Resolve(type);
  if (!IsError(resolved) && !VerifyType(c, resolved, type->place)) return c.types.Basic(Kind::kAny);
  return resolved;
}

const Type* ResolveType(Checker& c, const syntax::TypeExpr* type, TypeUse use, ModuleScope* module,
                        std::vector<base::Symbol>* pattern_names) {
  return ResolveTypeAs(c, type, use, module, UnknownType{}, pattern_names);
}

}  // namespace vestige::sema
