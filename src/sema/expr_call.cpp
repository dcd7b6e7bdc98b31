// Calls as written: what the name in front of the parentheses may be, in the order in which it is tried. Floor 3.
//
// A type word converts; a function fits; a type constructs; a variable of callable type is invoked; inside a method the
// name may be a method of self.

#include <algorithm>
#include <string>

#include "sema/call.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

CallTarget TargetOf(Checker& c, const syntax::CallExpr* call, Want want) {
  CallTarget target;
  target.module = LookupModule(c, call->callee);
  target.name = call->callee.name;
  // `_::` means "as seen from there"; any other qualifier means what that module itself declares.
  target.own_module_only = call->callee.is_qualified && call->callee.module != c.known.underscore;
  target.for_source = want.for_source;
  target.discarded = want.discarded;
  target.place = call->place;
  return target;
}

TExpr* CheckTypeWordCall(Checker& c, const syntax::CallExpr* call, Want want) {
  const Type* type = ResolveType(c, call->type, TypeUse::kValue, c.fn != nullptr ? c.fn->module : c.main);
  if (IsError(type)) return c.ErrorExpr(call->place.location);
  const auto* basic = syntax::As<syntax::BasicTypeExpr>(call->type);
  if (basic == nullptr) return CheckConstructorCall(c, call, type, want);
  CallArguments arguments;
  if (!PrepareArguments(c, call->arguments, &arguments)) return c.ErrorExpr(call->place.location);
  if (TExpr* value = TryConversion(c, type, arguments, call->place)) return value;
  CallTarget target;
  target.module = c.fn != nullptr ? c.fn->module : c.main;
  target.name = c.symbols.Intern(syntax::BasicTypeWord(basic->basic));
  target.place = call->place;
  return MakeCall(c, target, arguments);
}

// Id(5): the only way into a distinct type.
TExpr* MakeDistinct(Checker& c, const Type* type, const CallArguments& arguments, syntax::Place place) {
  if (arguments.size() != 1) {
    return c.Error(
        30413, place,
        "distinct type " + types::TypeName(type) + " is constructed from exactly one argument of its underlying type");
  }
  TExpr* value = arguments[0].expr;
  if (value != nullptr && value->type->kind == Kind::kNull && type->element->kind == Kind::kPointer) {
    value = MakeConst(c, type->element, 0, place.location);
  }
  if (value == nullptr || !SameShape(value->type, type->element)) {
    return c.Error(30413, place,
                   "can't construct " + types::TypeName(type) + " from " +
                       (value != nullptr ? Describe(value) : std::string("auto")),
                   "distinct type is constructed from exactly its underlying type " + types::TypeName(type->element));
  }
  TCast* cast = c.Node<TCast>(place.location, type->unqualified);
  cast->mode = CastMode::kBits;
  cast->operand = value;
  return cast;
}

// The callee is a type: null when it is not one that could be called with these arguments.
TExpr* TryConstruct(Checker& c, const syntax::CallExpr* call, const Type* type, const CallArguments& arguments,
                    Want want) {
  if (type->kind == Kind::kDistinct) return MakeDistinct(c, type, arguments, call->place);
  if (TExpr* value = TryConversion(c, type, arguments, call->place)) return value;
  if (type->kind <= Kind::kString || type->kind == Kind::kEnum) return nullptr;
  return CheckConstructorCall(c, call, type, want);
}

// A variable of callable type called by its name.
TExpr* TryCallVariable(Checker& c, const syntax::CallExpr* call, const CallArguments& arguments) {
  const int errors = c.error_count;
  TExpr* variable = TryName(c, call->callee, call->place);
  if (variable == nullptr) return c.error_count != errors ? c.ErrorExpr(call->place.location) : nullptr;
  if (IsError(variable)) return variable;
  if (!IsCallable(variable->type)) return nullptr;
  return MakeInvoke(c, variable, arguments, call->place, call->callee.name.text());
}

bool IsLocalName(const Checker& c, const syntax::QualifiedName& name) {
  for (size_t i = c.names.size(); i > NamesBegin(c); --i) {
    if (c.names[i - 1].kind == LocalName::Kind::kLocal && c.names[i - 1].name == name.name) return !name.is_qualified;
  }
  return false;
}

TExpr* TrySelfMethod(Checker& c, const syntax::CallExpr* call, const CallArguments& arguments) {
  if (call->callee.is_qualified) return nullptr;
  for (size_t i = c.names.size(); i > NamesBegin(c); --i) {
    const LocalName name = c.names[i - 1];
    if (name.kind != LocalName::Kind::kWith) continue;
    const Type* type = name.local->type;
    if (type->kind == Kind::kPointer) type = type->element;
    if (type->kind != Kind::kStruct) continue;
    TExpr* object = WithObject(c, name, call->place);
    if (TExpr* method = TryMethod(c, object, call->callee.name, arguments, call->place)) return method;
  }
  const types::StructInfo* around = c.fn != nullptr ? c.fn->self : nullptr;
  return around != nullptr ? TryStaticMethod(c, around, call->callee.name, arguments, call->place) : nullptr;
}

}  // namespace

TExpr* CheckCall(Checker& c, const syntax::CallExpr* call, Want want) {
  if (call->tag != nullptr) return c.Error(40100, call->place, "macros are not supported");
  if (call->type != nullptr) return CheckTypeWordCall(c, call, want);
  if (TExpr* special = TrySpecialCall(c, call, want)) return special;
  const CallTarget target = TargetOf(c, call, want);
  if (target.module == nullptr) {
    return c.Error(30341, call->place,
                   "no matching functions or generics: " + std::string(call->callee.module.text()) +
                       "::" + std::string(call->callee.name.text()),
                   "module '" + std::string(call->callee.module.text()) + "' is not visible");
  }
  const OverloadSet overloads = FindOverloads(c, target.module, target.name);
  const bool by_fields = AllNamed(call->arguments) && !call->named_in_brackets;
  // Functions come first, so the type is looked for only where it could matter.
  const bool maybe_type = by_fields || call->is_uninitialized || overloads.empty();
  const Type* type = maybe_type ? TypeByName(c, call->callee) : nullptr;
  if (type != nullptr && IsError(type)) return c.ErrorExpr(call->place.location);
  if (type != nullptr &&
      (by_fields || call->is_uninitialized ||
       (overloads.empty() && !type->is_numeric() && type->kind > Kind::kBitfield && type->kind != Kind::kDistinct))) {
    return CheckConstructorCall(c, call, type, want);
  }
  CallArguments arguments;
  if (!PrepareArguments(c, call->arguments, &arguments)) return c.ErrorExpr(call->place.location);
  // A callable local hides functions of its name; any other local does not.
  const bool is_local = IsLocalName(c, call->callee);
  if (is_local) {
    if (TExpr* invoked = TryCallVariable(c, call, arguments)) return invoked;
  }
  if (TExpr* result = TryCall(c, target, arguments)) return result;
  if (!maybe_type) type = TypeByName(c, call->callee);
  if (type != nullptr && !IsError(type)) {
    if (TExpr* made = TryConstruct(c, call, type, arguments, want)) return made;
  }
  if (!is_local) {
    if (TExpr* method = TrySelfMethod(c, call, arguments)) return method;
    if (TExpr* invoked = TryCallVariable(c, call, arguments)) return invoked;
  }
  return MakeCall(c, target, arguments);
}

const Type* FunctionType(Checker& c, const FunctionRecord* function) {
  std::vector<const Type*> parts;
  std::vector<base::Symbol> names;
  for (size_t i = 0; i < function->arguments.size(); ++i) {
    parts.push_back(c.types.WithoutQualifiers(function->argument_types[i], types::kExplicit));
    names.push_back(function->arguments[i]->name);
  }
  const Type* result =
      function->returns_reference ? c.types.WithQualifiers(function->result, types::kRef) : function->result;
  return c.types.Callable(Kind::kFunction, result, parts, names);
}

namespace {

// The function of a set whose parameters are those of `wanted`.
FunctionRecord* SelectBySignature(Checker& c, OverloadSet overloads, const Type* wanted) {
  CallArguments arguments;
  for (const Type* part : wanted->parts) {
    if (part->is_generic()) return nullptr;
    AddArgument(&arguments, c.Node<TZero>({}, c.types.WithoutQualifiers(part, types::kRef), true), {});
    arguments.back().expr->is_place = part->is_ref();
  }
  Candidate best;
  std::vector<FunctionEntity*> tie;
  if (!ChooseCandidate(c, overloads, arguments, &best, &tie) || best.entity->native != nullptr) return nullptr;
  if (best.slots.size() != wanted->parts.size()) return nullptr;
  return best.entity->is_generic ? InstanceOf(c, best.entity, best.types, best.bindings) : RecordOf(c, best.entity);
}

}  // namespace

TExpr* CheckFunctionRef(Checker& c, const syntax::FunctionRefExpr* ref, Want want) {
  if (ref->tag != nullptr) return c.Error(40100, ref->place, "macros are not supported");
  ModuleScope* module = LookupModule(c, ref->name);
  const std::string name(ref->name.name.text());
  const OverloadSet overloads = module != nullptr ? FindOverloads(c, module, ref->name.name) : OverloadSet();
  if (overloads.empty()) return c.Error(30810, ref->place, "function not found " + name);
  const Type* wanted = want.type;
  if (ref->signature != nullptr) {
    wanted = ResolveType(c, ref->signature, TypeUse::kPartial, module);
    if (IsError(wanted)) return c.ErrorExpr(ref->place.location);
    if (!IsCallable(wanted)) {
      return c.Error(30160, ref->place, "function of non-function type " + types::TypeName(wanted));
    }
  }
  FunctionEntity* only = OnlyFunction(overloads);
  FunctionRecord* function = nullptr;
  if (only != nullptr && only->native == nullptr && EnsureSignature(c, only) && !only->is_generic &&
      ref->signature == nullptr) {
    function = RecordOf(c, only);
  } else if (wanted != nullptr && IsCallable(wanted)) {
    function = SelectBySignature(c, overloads, wanted);
  }
  if (function == nullptr) {
    if (only != nullptr && only->native != nullptr) {
      return c.Error(30902, ref->place, "can't get address of builtin function " + DescribeFunction(c, only),
                     "wrap local function instead");
    }
    return c.Error(30810, ref->place, "function not found " + name);
  }
  if (!EnsureChecked(c, function, true, ref->place)) return c.ErrorExpr(ref->place.location);
  NoteUse(c, function);
  TFunctionRef* node = c.Node<TFunctionRef>(ref->place.location, FunctionType(c, function));
  node->function = function;
  return node;
}

}  // namespace vestige::sema
