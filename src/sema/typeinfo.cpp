// typeinfo: questions about a type that are answered while checking. Floor 3.

#include <bit>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "sema/call.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/describe.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/make.h"
#include "sema/quote.h"
#include "sema/smart_pointer.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

// A type of the host.
bool IsNative(const Type* type) { return type->kind == Kind::kStruct && type->struct_info->native != nullptr; }

bool IsIterable(const Type* type) {
  return type->kind == Kind::kFixedArray || type->kind == Kind::kIterator || type->kind == Kind::kArray ||
         type->is_range() || type->kind == Kind::kString;
}

bool CanNew(const Type* type) {
  return type->kind == Kind::kStruct || type->kind == Kind::kTuple || type->kind == Kind::kVariant;
}

const types::Traits& TraitsOf(Checker& c, const Type* type) {
  EnsureComplete(c, type);
  return type->traits();
}

// `delete` frees something, and could free nothing but containers.
bool IsPlainDelete(Checker& c, const Type* type) {
  const types::Traits& traits = TraitsOf(c, type);
  return traits.needs_delete && traits.plain_delete && !type->is_temp();
}

struct YesNo {
  std::string_view name;
  bool (*holds)(Checker& c, const Type* type);
};

constexpr YesNo kQuestions[] = {
    {"is_dim", [](Checker&, const Type* t) { return t->kind == Kind::kFixedArray; }},
    {"is_pod", [](Checker& c, const Type* t) { return TraitsOf(c, t).is_pod; }},
    {"is_raw", [](Checker& c, const Type* t) { return TraitsOf(c, t).is_pod; }},
    {"is_struct", [](Checker&, const Type* t) { return t->kind == Kind::kStruct && !IsNative(t); }},
    {"is_class", [](Checker&, const Type* t) { return t->kind == Kind::kStruct && t->struct_info->is_class; }},
    {"is_handle", [](Checker&, const Type* t) { return IsNative(t); }},
    {"is_any_vector", [](Checker&, const Type*) { return false; }},
    {"is_distinct", [](Checker&, const Type* t) { return t->kind == Kind::kDistinct; }},
    {"is_tuple", [](Checker&, const Type* t) { return t->kind == Kind::kTuple; }},
    {"is_variant", [](Checker&, const Type* t) { return t->kind == Kind::kVariant; }},
    {"is_enum", [](Checker&, const Type* t) { return t->kind == Kind::kEnum; }},
    {"is_bitfield", [](Checker&, const Type* t) { return t->kind == Kind::kBitfield; }},
    {"is_lambda", [](Checker&, const Type* t) { return t->kind == Kind::kLambda; }},
    {"is_function", [](Checker&, const Type* t) { return t->kind == Kind::kFunction; }},
    {"is_iterator", [](Checker&, const Type* t) { return t->kind == Kind::kIterator; }},
    {"is_iterable", [](Checker&, const Type* t) { return IsIterable(t); }},
    {"is_string", [](Checker&, const Type* t) { return t->kind == Kind::kString; }},
    {"is_numeric", [](Checker&, const Type* t) { return t->is_numeric(); }},
    {"is_numeric_comparable", [](Checker&, const Type* t) { return t->is_numeric() && !t->is_storage_integer(); }},
    {"is_int", [](Checker&, const Type* t) { return t->kind == Kind::kInt; }},
    {"is_int64", [](Checker&, const Type* t) { return t->kind == Kind::kInt64; }},
    {"is_float", [](Checker&, const Type* t) { return t->kind == Kind::kFloat; }},
    {"is_double", [](Checker&, const Type* t) { return t->kind == Kind::kDouble; }},
    {"is_vector", [](Checker&, const Type* t) { return t->is_vector() || t->is_range(); }},
    {"is_array", [](Checker&, const Type* t) { return t->kind == Kind::kArray; }},
    {"is_table", [](Checker&, const Type* t) { return t->kind == Kind::kTable; }},
    {"is_pointer", [](Checker&, const Type* t) { return t->kind == Kind::kPointer || t->kind == Kind::kNull; }},
    {"is_smart_ptr", [](Checker&, const Type* t) { return t->is_smart_pointer(); }},
    {"is_void", [](Checker&, const Type* t) { return t->kind == Kind::kVoid; }},
    {"is_void_pointer",
     [](Checker&, const Type* t) { return t->kind == Kind::kPointer && t->element->kind == Kind::kVoid; }},
    {"is_ref", [](Checker&, const Type* t) { return t->is_ref_type(); }},
    {"is_ref_type", [](Checker&, const Type* t) { return t->is_ref_type(); }},
    {"is_ref_value", [](Checker&, const Type* t) { return t->is_ref(); }},
    {"is_const", [](Checker&, const Type* t) { return t->is_const(); }},
    {"is_temp", [](Checker&, const Type* t) { return t->is_temp(); }},
    {"is_temp_type",
     [](Checker&, const Type* t) { return t->is_ref_type() || t->kind == Kind::kPointer || t->kind == Kind::kString; }},
    {"is_local", [](Checker&, const Type* t) { return t->kind != Kind::kVoid; }},
    {"is_workhorse", [](Checker&, const Type* t) { return t->is_workhorse(); }},
    {"can_copy", [](Checker& c, const Type* t) { return TraitsOf(c, t).can_copy; }},
    {"can_move", [](Checker& c, const Type* t) { return TraitsOf(c, t).can_move; }},
    {"can_clone", [](Checker& c, const Type* t) { return TraitsOf(c, t).can_clone; }},
    {"can_clone_from_const", [](Checker& c, const Type* t) { return TraitsOf(c, t).can_clone; }},
    {"can_new", [](Checker&, const Type* t) { return CanNew(t); }},
    {"can_delete", [](Checker&, const Type* t) { return !t->is_const() && t->kind != Kind::kBlock; }},
    {"can_delete_ptr",
     [](Checker&, const Type* t) {
       return t->kind == Kind::kPointer && CanNew(t->element) && !(IsCounted(t->element) && !t->is_smart);
     }},
    {"can_be_placed_in_container",
     [](Checker&, const Type* t) { return t->kind != Kind::kBlock && t->kind != Kind::kVoid; }},
    {"need_delete", [](Checker& c, const Type* t) { return TraitsOf(c, t).needs_delete; }},
    {"need_inscope", [](Checker& c, const Type* t) { return TraitsOf(c, t).holds_counted; }},
    {"has_nontrivial_ctor", [](Checker&, const Type*) { return false; }},
    {"has_nontrivial_dtor", [](Checker&, const Type*) { return false; }},
    {"has_nontrivial_copy", [](Checker&, const Type*) { return false; }},
    {"is_unsafe_when_uninitialized", [](Checker& c, const Type* t) { return IsUnsafeUninitialized(c, t); }},
    {"is_safe_to_delete", [](Checker& c, const Type* t) { return !TraitsOf(c, t).unsafe_delete; }},
    {"is_pod_delete", [](Checker& c, const Type* t) { return IsPlainDelete(c, t); }},
    {"needs_nontrivial_init", [](Checker& c, const Type* t) { return IsUnsafeUninitialized(c, t); }},
    {"needs_container_init",
     [](Checker& c,
        const Type* t) { return c.program.options.default_init_containers && IsUnsafeUninitialized(c, t); }},
    {"needs_container_finalize",
     [](Checker& c,
        const Type* t) { return c.program.options.force_inscope_pod && !t->is_const() && IsPlainDelete(c, t); }},
};

TExpr* Bool(Checker& c, bool value, const syntax::Expr* at) {
  return MakeConst(c, c.types.bool_type(), value, at->place.location);
}

// A size or number of something goes with every number type, as a literal does.
TExpr* Int(Checker& c, int64_t value, const syntax::Expr* at) {
  TConst* made = MakeConst(c, c.types.int_type(), static_cast<uint64_t>(value), at->place.location);
  made->adapts = true;
  return made;
}

TExpr* Text(Checker& c, std::string_view value, const syntax::Expr* at) {
  return MakeString(c, value, at->place.location);
}

// The type without what is decided where it is used, and module names in front of nominal types left out.
std::string Stripped(Checker& c, const Type* type) {
  return types::TypeName(c.types.WithoutQualifiers(type, types::kConst | types::kTemp | types::kRef));
}

base::Symbol ModuleOf(const Type* type) {
  if (type->kind == Kind::kStruct) return type->struct_info->module;
  if (type->enum_info != nullptr) return type->enum_info->module;
  return type->module;
}

TExpr* CheckNames(Checker& c, const syntax::TypeInfoExpr* info, const Type* type) {
  const std::string_view trait = info->trait.name.text();
  if (trait == "typename" || trait == "fulltypename" || trait == "undecorated_typename") {
    return Text(c, types::TypeName(type), info);
  }
  if (trait == "stripped_typename") return Text(c, Stripped(c, type), info);
  if (trait == "modulename") return Text(c, ModuleOf(type).text(), info);
  if (trait == "struct_name" || trait == "struct_modulename") {
    if (type->kind != Kind::kStruct) {
      return c.Error(
          30281, info->place,
          "typeinfo(" + std::string(trait) + " ...) is only defined for structures, " + types::TypeName(type));
    }
    return Text(c, (trait == "struct_name" ? type->struct_info->name : type->struct_info->module).text(), info);
  }
  return nullptr;
}

// How many values an enum has, and their names as an array.
TExpr* CheckEnum(Checker& c, const syntax::TypeInfoExpr* info, const Type* type) {
  const std::string_view trait = info->trait.name.text();
  if (type->kind != Kind::kEnum) return nullptr;
  if (trait == "enum_length") return Int(c, static_cast<int64_t>(type->enum_info->values.size()), info);
  if (trait != "enum_names") return nullptr;
  std::vector<TExpr*> names;
  for (const types::EnumValue& value : type->enum_info->values) names.push_back(Text(c, value.name.text(), info));
  return MakeArrayOf(c, c.types.Basic(Kind::kString), names, info->place);
}

TExpr* CheckSizes(Checker& c, const syntax::TypeInfoExpr* info, const Type* type) {
  const std::string_view trait = info->trait.name.text();
  if (trait == "sizeof" || trait == "alignof") {
    EnsureComplete(c, type);
    return Int(c, trait == "sizeof" ? type->size() : type->align(), info);
  }
  if (trait == "dim") {
    if (type->kind == Kind::kFixedArray) return Int(c, type->dim, info);
    return c.Error(30267, info->place, "typeinfo(dim non_array) is prohibited, " + types::TypeName(type));
  }
  if (trait == "dim_table_value") {
    if (type->kind == Kind::kTable && type->element->kind == Kind::kFixedArray) return Int(c, type->element->dim, info);
    return c.Error(30267, info->place, "typeinfo(dim_table_value non_array) is prohibited, " + types::TypeName(type));
  }
  if (trait == "vector_dim") {
    if (type->is_range()) return Int(c, 2, info);
    if (!type->is_vector()) return Int(c, 0, info);
    return Int(c, 2 + (static_cast<int>(type->kind) - static_cast<int>(Kind::kInt2)) % 3, info);
  }
  return nullptr;
}

// Traits with a name in angle brackets.
TExpr* CheckMembers(Checker& c, const syntax::TypeInfoExpr* info, const Type* type) {
  const std::string_view trait = info->trait.name.text();
  const Type* target = type->kind == Kind::kPointer ? type->element : type;
  if (trait == "has_field" || trait == "safe_has_field") {
    if (target->kind == Kind::kStruct) {
      EnsureComplete(c, target);
      return Bool(c, target->struct_info->FindField(info->name) != nullptr, info);
    }
    if (trait == "safe_has_field") return Bool(c, false, info);
    return c.Error(
        30274, info->place,
        "typeinfo(has_field<...> ...) is only defined for structures and handled types, " + types::TypeName(type));
  }
  if (trait == "offsetof") {
    EnsureComplete(c, type);
    const types::Field* field = type->kind == Kind::kStruct ? type->struct_info->FindField(info->name) : nullptr;
    if (field != nullptr) return Int(c, field->offset, info);
    return c.Error(30278, info->place,
                   "typeinfo(offsetof<...> ...) is only defined for structures, " + types::TypeName(type));
  }
  if (trait == "variant_index" || trait == "safe_variant_index") {
    for (size_t i = 0; type->kind == Kind::kVariant && i < type->names.size(); ++i) {
      if (type->names[i] == info->name) return Int(c, static_cast<int64_t>(i), info);
    }
    if (trait == "safe_variant_index") return Int(c, -1, info);
    if (type->kind == Kind::kVariant) {
      return c.Error(30839, info->place, "variant index is not found " + std::string(info->name.text()));
    }
    return c.Error(30282, info->place,
                   "typeinfo(variant_index<...> ...) is only defined for variants, " + types::TypeName(type));
  }
  return nullptr;
}

// Annotations live in the declaration, which is found through the module's syntax.
const syntax::StructDecl* DeclarationOf(const Checker& c, const types::StructInfo* info) {
  for (const ModuleScope* module : c.modules) {
    if (module->ast == nullptr || module->name != info->module) continue;
    for (const syntax::Decl* decl : module->ast->declarations) {
      const auto* found = syntax::As<syntax::StructDecl>(decl);
      if (found != nullptr && found->name == info->name) return found;
    }
  }
  return nullptr;
}

TExpr* ArgumentValue(Checker& c, const syntax::AnnotationArgument& argument, const syntax::TypeInfoExpr* info) {
  switch (argument.kind) {
    case syntax::AnnotationValue::kNone:
      return Bool(c, true, info);
    case syntax::AnnotationValue::kBool:
      return Bool(c, argument.boolean, info);
    case syntax::AnnotationValue::kInt:
      return Int(c, argument.integer, info);
    case syntax::AnnotationValue::kString:
    case syntax::AnnotationValue::kName:
      return Text(c, argument.text.text(), info);
    case syntax::AnnotationValue::kFloat:
      return MakeConst(c, c.types.Basic(Kind::kFloat), std::bit_cast<uint32_t>(argument.real), info->place.location);
    default:
      return c.Error(30264, info->place, "unsupported annotation argument type");
  }
}

TExpr* CheckAnnotations(Checker& c, const syntax::TypeInfoExpr* info, const Type* type) {
  const std::string_view trait = info->trait.name.text();
  if (trait.substr(0, 7) != "struct_") return nullptr;
  const bool safe = trait.find("safe") != std::string_view::npos;
  const bool of_argument = trait.find("_argument") != std::string_view::npos;
  const bool reads = trait == "struct_get_annotation_argument";
  if (!reads && trait.find("has_annotation") == std::string_view::npos) return nullptr;
  const syntax::StructDecl* decl = type->kind == Kind::kStruct ? DeclarationOf(c, type->struct_info) : nullptr;
  if (type->kind != Kind::kStruct && !safe) {
    return c.Error(30280, info->place, "typeinfo(" + std::string(trait) + "<...> ...) is only defined for structures");
  }
  const syntax::Annotation* annotation =
      decl != nullptr ? FindAnnotation(decl->annotations, info->name.text()) : nullptr;
  if (!of_argument) return Bool(c, annotation != nullptr, info);
  if (annotation == nullptr) {
    if (safe) return Bool(c, false, info);
    return c.Error(30833, info->place, "annotation '" + std::string(info->name.text()) + "' is not found");
  }
  for (const syntax::AnnotationArgument& argument : annotation->arguments) {
    if (argument.name == info->extra) return reads ? ArgumentValue(c, argument, info) : Bool(c, true, info);
  }
  if (!reads) return Bool(c, false, info);
  return c.Error(30834, info->place, "annotation argument '" + std::string(info->extra.text()) + "' is not found");
}

// Traits about the expression, not its type.
TExpr* CheckAboutExpression(Checker& c, const syntax::TypeInfoExpr* info) {
  const std::string_view trait = info->trait.name.text();
  const auto* name = syntax::As<syntax::NameExpr>(info->argument);
  if (trait == "builtin_module_exists") {
    bool exists = false;
    for (const NativeModule* module : c.input.natives) {
      exists |= name != nullptr && module->name == name->name.name.text();
    }
    // Modules of scripts count when they are shared between programs, as native ones are.
    for (const auto& module : c.module_storage) {
      const bool is_shared = module->ast != nullptr && module->ast->is_shared;
      exists |= name != nullptr && is_shared && module->name == name->name.name;
    }
    return Bool(c, exists, info);
  }
  if (trait == "builtin_function_exists") {
    const auto* ref = syntax::As<syntax::FunctionRefExpr>(info->argument);
    const bool exists = ref != nullptr && c.builtin != nullptr && !FindOverloads(c, c.builtin, ref->name.name).empty();
    return Bool(c, exists, info);
  }
  if (trait == "builtin_annotation_exists") return Bool(c, false, info);
  if (trait != "is_argument") return nullptr;
  TExpr* value = CheckExpr(c, info->argument);
  const TLocalRef* local = As<TLocalRef>(value);
  return Bool(c, local != nullptr && local->local->is_argument, info);
}

}  // namespace

const syntax::Annotation* FindAnnotation(std::span<syntax::Annotation* const> annotations, std::string_view name) {
  for (const syntax::Annotation* annotation : annotations) {
    if (annotation->form == syntax::AnnotationForm::kPlain && annotation->name.name.text() == name) return annotation;
  }
  return nullptr;
}

TExpr* CheckTypeInfo(Checker& c, const syntax::TypeInfoExpr* info) {
  if (TExpr* value = CheckAboutExpression(c, info)) return value;
  // A name may be a type here.
  const Type* type = nullptr;
  if (const auto* name = syntax::As<syntax::NameExpr>(info->argument)) {
    const int errors = c.error_count;
    if (TExpr* value = TryName(c, name->name, name->place)) {
      type = value->type;
    } else if (c.error_count == errors) {
      type = TypeByName(c, name->name);
    }
  }
  if (const auto* value = syntax::As<syntax::TypeValueExpr>(info->argument)) {
    const UnknownType unknown{30837, "undefined typeinfo type expression type ", "", info->place};
    ModuleScope* module = c.fn != nullptr ? c.fn->module : c.main;
    type = ResolveTypeAs(c, value->type, TypeUse::kPattern, module, unknown);
    if (type->is_generic() && !IsError(type)) {
      return c.Error(30265, info->place, "typeinfo(... auto) is undefined, " + types::TypeName(type));
    }
    // What is taken away (`-const`, `-[]`) is taken away here, not when something is matched.
    if (!IsError(type)) type = ResolveType(c, value->type, TypeUse::kValue, module);
  }
  // The argument is only looked at: what it would do is of no concern.
  if (type == nullptr) {
    if (c.fn != nullptr) ++c.fn->unsafe_depth;
    const TExpr* value = CheckExpr(c, info->argument);
    type = value->type;
    // What operators and functions make of numbers and the like is constant.
    const bool is_result = value->kind == ExprKind::kBinary || value->kind == ExprKind::kUnary ||
                           value->kind == ExprKind::kCall || value->kind == ExprKind::kNativeCall;
    const bool is_made = is_result && !value->is_place && type->is_workhorse() && type->kind != Kind::kPointer;
    if (is_made && !IsError(type)) type = c.types.WithConst(type);
    if (c.fn != nullptr) --c.fn->unsafe_depth;
  }
  if (IsError(type)) return c.ErrorExpr(info->place.location);
  const std::string_view trait = info->trait.name.text();
  for (const YesNo& question : kQuestions) {
    if (question.name == trait) return Bool(c, question.holds(c, type), info);
  }
  if (trait == "rtti_classinfo" && type->kind == Kind::kStruct && type->struct_info->is_class) {
    return MakeConst(c, c.types.Pointer(c.types.void_type()), reinterpret_cast<uint64_t>(type->struct_info),
                     info->place.location);
  }
  if (trait == "rtti_typeinfo") return TypeAsValue(c, type, info->place);
  if (trait == "ast_typedecl") {
    if (TExpr* made = QuoteOfType(c, type, info->place)) return made;
  }
  if (TExpr* value = CheckNames(c, info, type)) return value;
  if (TExpr* value = CheckEnum(c, info, type)) return value;
  if (TExpr* value = CheckSizes(c, info, type)) return value;
  if (TExpr* value = CheckMembers(c, info, type)) return value;
  if (TExpr* value = CheckAnnotations(c, info, type)) return value;
  return c.Error(30835, info->place, "typeinfo(" + std::string(trait) + " ...) is undefined, " + types::TypeName(type));
}

}  // namespace vestige::sema
