// From a chosen function to the call's node: closures get their types, default values are written out, generics get
// their instance. Floor 3.

#include <string>

#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/function.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

TExpr* PassArgument(Checker& c, TExpr* value, const Type* parameter) {
  const Type* have = value->type;
  if (have->unqualified == parameter->unqualified || parameter->kind == Kind::kAny || IsError(value)) return value;
  if (have->kind == Kind::kNull) return MakeConst(c, parameter->unqualified, 0, value->location);
  const bool adjusts = parameter->kind == Kind::kPointer || parameter->kind == Kind::kStruct;
  if (!adjusts || have->kind != parameter->kind) return value;
  TCast* cast =
      c.Node<TCast>(value->location, c.types.Qualified(parameter, have->qualifiers & types::kConst), value->is_place);
  cast->mode = CastMode::kBits;
  cast->operand = value;
  return cast;
}

// A default value is elaborated anew for every call, as seen from where the function was declared.
TExpr* DefaultArgument(Checker& c, FunctionEntity* entity, Parameter& parameter, const Type* type,
                       const Bindings& bindings) {
  if (parameter.default_failed) return c.ErrorExpr(parameter.location);
  FunctionFrame frame(c, entity->module, &bindings);
  frame.state.self = entity->method_of;
  TExpr* value = CheckExpr(c, parameter.default_value, {.type = type});
  parameter.default_failed = IsError(value);
  if (IsError(value) || type->is_generic()) return value;
  if (!Passes(type, {value->type, value->is_place}, true)) {
    parameter.default_failed = true;
    return c.Error(30161, {parameter.location, 1},
                   "function argument default value type mismatch '" + types::TypeName(type) + "' vs '" +
                       types::TypeName(value->type) + "'");
  }
  return value;
}

namespace {

struct Filled {
  absl::InlinedVector<TExpr*, 8> values;
  absl::InlinedVector<const Type*, 8> types;
};

TExpr* DeferredArgument(Checker& c, const CallArgument& argument, const Type* want) {
  if (argument.ast->kind == syntax::ExprKind::kClosure) return CheckClosure(c, argument.ast, {.type = want});
  return CheckExpr(c, argument.ast, {.type = want});
}

// Of a native with kMakesElements: elements of this type have initialisers that must run.
bool MustInit(Checker& c, const Candidate& candidate) {
  const NativeFunction* native = candidate.entity->native;
  if (native == nullptr || (native->flags & kMakesElements) == 0) return false;
  return IsUnsafeUninitialized(c, candidate.types[0]->element);
}

// Gives every parameter its value and its concrete type; false after an error.
bool FillArguments(Checker& c, Candidate& candidate, const CallArguments& arguments, const CallTarget& target,
                   Matcher& matcher, Filled* filled) {
  FunctionEntity* entity = candidate.entity;
  filled->types = candidate.types;
  filled->values.assign(candidate.slots.size(), nullptr);
  for (size_t i = 0; i < candidate.slots.size(); ++i) {
    Parameter& parameter = entity->parameters[i];
    const int slot = candidate.slots[i];
    TExpr* value = nullptr;
    if (slot < 0) {
      const Type* type = matcher.Substitute(parameter.type);
      const bool zeros = entity->native != nullptr && (entity->native->flags & kMakesElements) != 0 &&
                         !(c.program.options.default_init_containers && MustInit(c, candidate));
      value = zeros ? c.Node<TZero>(target.place.location, c.types.WithoutQualifiers(type, types::kConst))
                    : DefaultArgument(c, entity, parameter, type, matcher.bindings);
    } else if (arguments[slot].expr != nullptr) {
      filled->values[i] = arguments[slot].expr;
      continue;
    } else {
      value = DeferredArgument(c, arguments[slot], matcher.Substitute(parameter.type));
    }
    if (IsError(value)) return false;
    filled->values[i] = value;
    filled->types[i] = matcher.Match(parameter.type, {value->type, value->is_place});
    if (filled->types[i] != nullptr) continue;
    const syntax::Place place = slot < 0 ? target.place : arguments[slot].place;
    c.Error(30341, place,
            "invalid argument '" + std::string(parameter.name.text()) + "' (" + std::to_string(i) + "). expecting '" +
                types::TypeName(matcher.Substitute(parameter.type)) + "', passing '" + types::TypeName(value->type) +
                "'");
    return false;
  }
  return true;
}

TExpr* NativeCallNode(Checker& c, FunctionEntity* entity, const Filled& filled, const Bindings& bindings,
                      syntax::Place place) {
  const Type* result = NativeResult(c, entity, bindings);
  if (IsError(result)) return c.ErrorExpr(place.location);
  TNativeCall* call = c.Node<TNativeCall>(place.location, c.types.WithoutQualifiers(result, types::kRef));
  call->native = entity->native;
  // What returns nothing is there for what it does.
  if (call->type->kind == Kind::kVoid) NoteEffect(c);
  std::vector<TExpr*> values;
  std::vector<const Type*> types;
  std::vector<char> references;
  for (size_t i = 0; i < filled.values.size(); ++i) {
    const Type* type = filled.types[i];
    values.push_back(PassArgument(c, filled.values[i], type));
    types.push_back(c.types.WithoutQualifiers(type, types::kRef));
    references.push_back(type->is_ref() || type->is_ref_type());
  }
  types.push_back(call->type);
  call->arguments = c.arena.Copy(values);
  const Type* first = types.empty() ? nullptr : types[0];
  if (result->kind == Kind::kIterator && !result->element->is_ref() && first != nullptr &&
      (first->kind == Kind::kTable || first->kind == Kind::kArray) && !result->element->traits().can_copy) {
    return c.Error(31400, place,
                   std::string(entity->name.text()) + " requires elements that can be copied, and " +
                       types::TypeName(result->element) + " can't be");
  }
  // Who keeps a reference to a temporary has to take it over: see kUnsafeOutsideOfFor.
  if ((entity->native->flags & kUnsafeOutsideOfFor) != 0 && !types.empty() && references[0] != 0) {
    types[0] = c.types.WithoutQualifiers(types[0], vestige::types::kTemp);
    if (!values[0]->is_place) types[0] = c.types.WithQualifiers(types[0], vestige::types::kTemp);
  }
  call->types = c.arena.Copy(types);
  call->by_reference = {static_cast<bool*>(c.arena.Allocate(references.size() + 1)), references.size()};
  for (size_t i = 0; i < references.size(); ++i) call->by_reference[i] = references[i] != 0;
  call->is_place = result->is_ref();
  return call;
}

bool CheckUnsafe(Checker& c, const Candidate& candidate, const CallTarget& target) {
  if (c.is_unsafe()) return true;
  const FunctionEntity* entity = candidate.entity;
  if (target.discarded && entity->native == nullptr &&
      FindAnnotation(entity->decl->annotations, "nodiscard") != nullptr) {
    const std::string name(target.name.text());
    c.Error(30166, target.place, "call to " + name + " result is discarded, which is unsafe",
            "use let _ = " + name + "(...)");
    return false;
  }
  if (entity->is_unsafe || (!c.program.options.default_init_containers && MustInit(c, candidate))) {
    c.Error(31013, target.place,
            "unsafe call '" + std::string(target.name.text()) + "' must be inside the 'unsafe' block");
    return false;
  }
  if (entity->is_constructor && entity->method_of->is_class) {
    const std::string name(target.name.text());
    c.Error(31008, target.place,
            "Constructing class on stack is unsafe. Allocate it on the heap via 'new " + name + "(..)' instead.");
    return false;
  }
  if (entity->is_unsafe_outside_of_for && !target.for_source) {
    c.Error(31013, target.place,
            "'" + std::string(target.name.text()) +
                "' is unsafe, when not source of the for-loop; must be inside the 'unsafe' block");
    return false;
  }
  return true;
}

}  // namespace

TExpr* CallFunction(Checker& c, FunctionRecord* function, std::span<TExpr* const> arguments, syntax::Place place) {
  if (!EnsureChecked(c, function, true, place)) return c.ErrorExpr(place.location);
  if (IsError(function->result)) {
    return c.Error(
        30165, place,
        "cannot infer type for function call '" + std::string(function->name.text()) + "' with 'auto' return type");
  }
  NoteUse(c, function);
  if (function->entity != nullptr && function->entity->runs_at_compile_time) {
    c.declarations->run_calls.emplace_back(function, place);
  }
  TCall* call = c.Node<TCall>(place.location, function->result, function->returns_reference);
  call->callee = function;
  std::vector<TExpr*> values;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const bool known = i < function->argument_types.size();
    values.push_back(known ? PassArgument(c, arguments[i], function->argument_types[i]) : arguments[i]);
  }
  call->arguments = c.arena.Copy(values);
  return call;
}

namespace {

// Which of the parameters take their default values; empty when none does.
std::span<const bool> DefaultsOf(Checker& c, const Candidate& candidate) {
  const size_t count = candidate.slots.size();
  bool any = false;
  for (const int slot : candidate.slots) any = any || slot < 0;
  if (!any) return {};
  bool* defaults = static_cast<bool*>(c.arena.Allocate(count));
  for (size_t i = 0; i < count; ++i) defaults[i] = candidate.slots[i] < 0;
  return {defaults, count};
}

}  // namespace

TExpr* FinishCall(Checker& c, Candidate& candidate, const CallArguments& arguments, const CallTarget& target) {
  FunctionEntity* entity = candidate.entity;
  // Arguments of a call inside unsafe(f(...)) are judged by themselves; the caller has elaborated them already.
  if (!CheckUnsafe(c, candidate, target)) return c.ErrorExpr(target.place.location);
  Matcher matcher(c.types, entity->native != nullptr);
  matcher.bindings = candidate.bindings;
  Filled filled;
  if (!FillArguments(c, candidate, arguments, target, matcher, &filled)) return c.ErrorExpr(target.place.location);
  if (!CheckArgumentRules(c, candidate, arguments, filled.values)) return c.ErrorExpr(target.place.location);
  if (entity->native != nullptr) return NativeCallNode(c, entity, filled, matcher.bindings, target.place);
  FunctionRecord* function =
      entity->is_generic ? InstanceOf(c, entity, filled.types, matcher.bindings) : RecordOf(c, entity);
  if (function == nullptr) return c.ErrorExpr(target.place.location);
  TExpr* result = CallFunction(c, function, filled.values, target.place);
  if (TCall* call = As<TCall>(result)) call->is_default = DefaultsOf(c, candidate);
  return result;
}

void AddArgument(CallArguments* arguments, TExpr* expr, syntax::Place place) {
  CallArgument argument;
  argument.expr = expr;
  argument.place = place;
  arguments->push_back(argument);
}

bool PrepareArguments(Checker& c, std::span<const syntax::Argument> arguments, CallArguments* prepared) {
  bool fine = true;
  for (const syntax::Argument& written : arguments) {
    CallArgument argument;
    argument.ast = written.value;
    argument.name = written.name;
    argument.mode = written.mode;
    argument.is_trailing = written.is_trailing;
    argument.place = written.value != nullptr ? written.value->place : written.place;
    if (written.value == nullptr) return false;
    if (!IsDeferred(c, written.value)) {
      argument.expr = CheckExpr(c, written.value);
      if (!IsError(argument.expr) && argument.expr->type->kind == Kind::kVoid) {
        argument.expr = c.Error(30107, argument.place, "void type is not allowed as argument");
      }
      // name := value passes a copy.
      if (written.mode == syntax::InitMode::kClone && !IsError(argument.expr) && argument.expr->is_place) {
        argument.expr = CallByName(c, c.builtin, c.known.clone, {&argument.expr, 1}, argument.place);
      }
      fine &= !IsError(argument.expr);
    }
    prepared->push_back(argument);
  }
  if (fine) return true;
  // Closures of a call that is wrong anyway are left alone: without their parameter types they would only add noise.
  return false;
}

namespace {

// What the target's qualifier allows: `mod::name` means functions of mod itself.
OverloadSet TargetOverloads(Checker& c, const CallTarget& target, std::vector<FunctionEntity*>* own) {
  const OverloadSet overloads = FindOverloads(c, target.module, target.name);
  if (!target.own_module_only) return overloads;
  for (FunctionEntity* entity : overloads) {
    if (entity->module == target.module && (!entity->is_private || c.fn == nullptr || c.fn->module == target.module)) {
      own->push_back(entity);
    }
  }
  return *own;
}

}  // namespace

namespace {

// (x, y) made of variables may stand for tuple<x : ..; y : ..>: the arguments with such tuples named. False: none is.
bool NameTuples(Checker& c, const CallArguments& arguments, CallArguments* named) {
  bool any = false;
  *named = arguments;
  for (CallArgument& argument : *named) {
    const auto* tuple = syntax::As<syntax::TupleExpr>(argument.ast);
    const TMake* make = As<TMake>(argument.expr);
    if (tuple == nullptr || make == nullptr || make->type->kind != Kind::kTuple || !make->type->names.empty()) continue;
    std::vector<base::Symbol> names;
    for (const syntax::Argument& element : tuple->elements) {
      const auto* name = syntax::As<syntax::NameExpr>(element.value);
      if (name != nullptr && !name->name.is_qualified) names.push_back(name->name.name);
    }
    if (names.size() != make->type->parts.size()) continue;
    TMake* copy = c.arena.New<TMake>(*make);
    copy->type = c.types.Qualified(c.types.Tuple(make->type->parts, names), make->type->qualifiers);
    argument.expr = copy;
    any = true;
  }
  return any;
}

}  // namespace

TExpr* TryCall(Checker& c, const CallTarget& target, const CallArguments& arguments) {
  std::vector<FunctionEntity*> own;
  const OverloadSet overloads = TargetOverloads(c, target, &own);
  if (overloads.empty()) return nullptr;
  Candidate best;
  std::vector<FunctionEntity*> tie;
  if (ChooseCandidate(c, overloads, arguments, &best, &tie)) return FinishCall(c, best, arguments, target);
  CallArguments named;
  if (tie.empty() && NameTuples(c, arguments, &named)) {
    best = {};
    if (ChooseCandidate(c, overloads, named, &best, &tie)) return FinishCall(c, best, named, target);
  }
  return tie.empty() ? nullptr : ReportNoMatch(c, target, overloads, arguments, tie);
}

TExpr* MakeCall(Checker& c, const CallTarget& target, const CallArguments& arguments) {
  if (TExpr* call = TryCall(c, target, arguments)) return call;
  std::vector<FunctionEntity*> own;
  return ReportNoMatch(c, target, TargetOverloads(c, target, &own), arguments, {});
}

TExpr* TryCallByName(Checker& c, ModuleScope* module, base::Symbol name, std::span<TExpr* const> arguments,
                     syntax::Place place) {
  CallArguments prepared;
  for (TExpr* argument : arguments) AddArgument(&prepared, argument, place);
  CallTarget target{.module = module, .name = name, .place = place};
  return TryCall(c, target, prepared);
}

TExpr* CallByName(Checker& c, ModuleScope* module, base::Symbol name, std::span<TExpr* const> arguments,
                  syntax::Place place) {
  CallArguments prepared;
  for (TExpr* argument : arguments) AddArgument(&prepared, argument, place);
  CallTarget target{.module = module, .name = name, .place = place};
  return MakeCall(c, target, prepared);
}

}  // namespace vestige::sema
