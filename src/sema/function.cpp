// Functions on demand: signatures, records, instances of generics, bodies, and what the program keeps.
//
// A FunctionEntity is what was declared; a FunctionRecord is what a call reaches. Ordinary entities have one record,
// generics one per list of parameter types. Bodies are elaborated when the result type is needed, or later by whoever
// walks all functions; the nesting of on-demand elaboration is bounded, so that a long chain cannot exhaust the native
// stack. Floor 3.

#include "sema/function.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sema/auto_names.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "syntax/parser.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

constexpr int kMaxFunctionDepth = 100;
constexpr int kMaxInstanceDepth = 200;

bool ParseNative(Checker& c, FunctionEntity* entity) {
  const std::string text = NativeDeclaration(*entity->native);
  entity->decl = syntax::ParseSignature(text, c.symbols, c.scratch);
  if (entity->decl != nullptr) return true;
  c.Error(10001, {}, "internal: native signature does not parse: " + text);
  return false;
}

// The pattern of one declared parameter.
const Type* ParameterType(Checker& c, const FunctionEntity* entity, const syntax::Variable& variable,
                          std::vector<base::Symbol>* names) {
  const Type* type = variable.type == nullptr ? c.types.Auto({})
                                              : ResolveType(c, variable.type, TypeUse::kPattern, entity->module, names);
  if (IsError(type)) return type;
  if (variable.is_reference) type = c.types.WithQualifiers(type, types::kRef);
  // Options are left as they are: InferOption hands the qualifiers down.
  if (!variable.is_var) type = c.types.WithConst(type);
  return type;
}

bool IsGenericParameter(const Type* type) { return type->is_generic() && type->kind != Kind::kAny; }

}  // namespace

bool EnsureSignature(Checker& c, FunctionEntity* entity) {
  if (entity->signature_ready) return !entity->signature_failed;
  entity->signature_ready = true;
  if (entity->decl == nullptr && !(entity->native != nullptr && ParseNative(c, entity))) {
    entity->signature_failed = true;
    return false;
  }
  FunctionFrame frame(c, entity->module, nullptr);
  frame.state.self = entity->method_of;
  const syntax::FunctionDecl* decl = entity->decl;
  const bool has_self = entity->method_of != nullptr && !entity->is_static_method && !entity->is_constructor;
  std::vector<Parameter> parameters;
  parameters.reserve(decl->parameters.size() + 1);
  if (has_self) {
    const Type* type = entity->method_of->type;
    if (entity->is_const_method) type = c.types.WithConst(type);
    parameters.push_back({c.known.self, type, nullptr, decl->place.location});
  }
  std::vector<base::Symbol> names;
  for (const syntax::Variable& variable : decl->parameters) CollectAutoNames(variable.type, &names);
  for (const syntax::Variable& variable : decl->parameters) {
    Parameter parameter{variable.name, nullptr, variable.init, variable.place.location};
    parameter.type = ParameterType(c, entity, variable, &names);
    if (IsError(parameter.type) && !(entity->native != nullptr)) entity->signature_failed = true;
    parameter.is_generic = IsGenericParameter(parameter.type);
    parameter.aka = variable.aka;
    parameters.push_back(parameter);
  }
  if (!InferFromDefaults(c, entity, parameters)) entity->signature_failed = true;
  for (const Parameter& parameter : parameters) entity->is_generic |= parameter.is_generic;
  entity->parameters = c.scratch.Copy(parameters);
  if (decl->result != nullptr && !entity->is_generic) {
    const Type* result = ResolveType(c, decl->result, TypeUse::kPartial, entity->module);
    if (IsError(result)) entity->signature_failed = true;
    if (!result->is_generic()) entity->result = result;
  } else if (entity->native != nullptr && decl->result == nullptr) {
    entity->result = c.types.void_type();
  }
  return !entity->signature_failed;
}

const Type* NativeResult(Checker& c, FunctionEntity* entity, const Bindings& bindings) {
  if (entity->result != nullptr) return entity->result;
  if (entity->decl->result == nullptr) return c.types.void_type();
  FunctionFrame frame(c, entity->module, &bindings);
  return ResolveType(c, entity->decl->result, TypeUse::kValue, entity->module);
}

FunctionRecord* NewFunction(Checker& c, base::Symbol name, ModuleScope* module, base::Location location,
                            FunctionRole role) {
  FunctionRecord* function = c.arena.New<FunctionRecord>();
  function->name = name;
  function->module = module != nullptr && !module->is_main ? module->name : base::Symbol();
  function->location = location;
  function->role = role;
  function->locals = new std::vector<TLocal*>();
  c.program.local_lists.push_back(function->locals);
  return function;
}

namespace {

// Arguments as locals; their types decide how they are passed.
void MakeArguments(Checker& c, FunctionRecord* function, std::span<const Parameter> parameters,
                   std::span<const Type* const> argument_types) {
  std::vector<TLocal*> arguments;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Type* type = argument_types[i];
    const bool by_reference = type->is_ref() || type->is_ref_type();
    TLocal* local = NewLocal(c, parameters[i].name, c.types.WithoutQualifiers(type, types::kRef | types::kExplicit),
                             parameters[i].location, function);
    local->is_argument = true;
    local->is_reference = by_reference;
    arguments.push_back(local);
  }
  function->arguments = c.arena.Copy(arguments);
}

void CopyFlags(FunctionRecord* function, const FunctionEntity* entity) {
  function->is_export = entity->is_export;
  function->is_init = entity->is_init;
  function->is_finalize = entity->is_finalize;
  function->no_inline = entity->no_inline;
}

void SetResult(Checker& c, FunctionRecord* function, const Type* result) {
  function->returns_reference = result->is_ref();
  function->result = c.types.WithoutQualifiers(result, types::kRef);
  function->result_known = true;
}

}  // namespace

FunctionRecord* RecordOf(Checker& c, FunctionEntity* entity) {
  if (entity->record != nullptr) return entity->record;
  if (!EnsureSignature(c, entity) || entity->is_generic || entity->native != nullptr) return nullptr;
  FunctionRecord* function = NewFunction(c, entity->name, entity->module, entity->location, FunctionRole::kFunction);
  function->entity = entity;
  std::vector<const Type*> types;
  for (const Parameter& parameter : entity->parameters) types.push_back(parameter.type);
  function->argument_types = c.arena.Copy(types);
  MakeArguments(c, function, entity->parameters, function->argument_types);
  CopyFlags(function, entity);
  function->mangled = MangledName(c, function);
  function->result = c.types.void_type();
  if (entity->is_constructor) {
    SetResult(c, function, entity->method_of->type);
  } else if (entity->result != nullptr) {
    SetResult(c, function, entity->result);
  } else if (entity->decl->result == nullptr && !ReturnsValue(entity->decl->body)) {
    SetResult(c, function, c.types.void_type());
  }
  entity->record = function;
  return function;
}

namespace {

// A name bound by the whole type of a parameter is in the body what the parameter is: const, a reference. The first
// parameter that mentions the name decides; the others only use it.
void QualifyBindings(Checker& c, const FunctionEntity* entity, std::span<const Type* const> argument_types,
                     Bindings* bindings) {
  for (auto& [bound, type] : *bindings) {
    for (size_t i = 0; i < argument_types.size(); ++i) {
      const Type* pattern = entity->parameters[i].type;
      const bool of_element = pattern->kind == Kind::kFixedArray;
      if (of_element) pattern = pattern->element;
      if (pattern->kind != Kind::kAuto || pattern->name != bound) continue;
      if (argument_types[i]->is_const()) type = c.types.WithConst(type);
      if (!of_element && argument_types[i]->is_ref()) type = c.types.WithQualifiers(type, types::kRef);
      break;
    }
  }
}

}  // namespace

FunctionRecord* InstanceOf(Checker& c, FunctionEntity* entity, std::span<const Type* const> argument_types,
                           const Bindings& bindings) {
  ModuleScope* from = c.fn != nullptr ? c.fn->caller_module : entity->module;
  for (FunctionRecord* instance = entity->instances; instance != nullptr; instance = instance->next_instance) {
    if (instance->instantiated_from == from &&
        std::equal(argument_types.begin(), argument_types.end(), instance->argument_types.begin(),
                   instance->argument_types.end())) {
      return instance;
    }
  }
  FunctionRecord* function = NewFunction(c, entity->name, entity->module, entity->location, FunctionRole::kFunction);
  function->entity = entity;
  function->argument_types = c.arena.Copy(argument_types);
  c.bindings_storage.push_back(bindings);
  function->bindings = &c.bindings_storage.back();
  QualifyBindings(c, entity, argument_types, function->bindings);
  function->instantiated_from = from;
  const FunctionRecord* user = c.fn != nullptr ? c.fn->function : nullptr;
  function->instance_depth = user != nullptr ? user->instance_depth + 1 : 0;
  if (function->instance_depth > kMaxInstanceDepth) {
    // Each instance asks for another one: this is the last.
    c.Error(30507, entity->decl->place,
            "type inference exceeded the maximum number of instances at '" + std::string(entity->name.text()) + "'");
    function->state = FunctionRecord::State::kChecked;
  }
  MakeArguments(c, function, entity->parameters, argument_types);
  CopyFlags(function, entity);
  function->mangled = MangledName(c, function);
  function->result = c.types.void_type();
  function->next_instance = entity->instances;
  entity->instances = function;
  if (entity->decl->result != nullptr) {
    FunctionFrame frame(c, entity->module, function->bindings);
    frame.state.self = entity->method_of;
    EnterParameters(c, function, entity->parameters);
    const Type* result = ResolveType(c, entity->decl->result, TypeUse::kPartial, entity->module);
    if (!result->is_generic()) SetResult(c, function, result);
  } else if (!ReturnsValue(entity->decl->body)) {
    SetResult(c, function, c.types.void_type());
  }
  return function;
}

void EnterParameters(Checker& c, FunctionRecord* function, std::span<const Parameter> parameters) {
  for (size_t i = 0; i < parameters.size() && i < function->arguments.size(); ++i) {
    TLocal* local = function->arguments[i];
    LocalName name;
    name.name = local->name;
    name.local = local;
    name.owner = function;
    name.location = local->location;
    if (local->name == c.known.self && i == 0 && function->entity != nullptr &&
        function->entity->method_of != nullptr) {
      LocalName with = name;
      with.kind = LocalName::Kind::kWith;
      with.name = {};
      c.names.push_back(with);
    }
    if (!local->name.empty()) c.names.push_back(name);
    if (parameters[i].aka.empty()) continue;
    name.name = parameters[i].aka;
    c.names.push_back(name);
  }
}

size_t NamesBegin(const Checker& c) {
  if (c.fn == nullptr) return c.names.size();
  const FunctionState* state = c.fn;
  while (state->outer != nullptr) state = state->outer;
  return state->names_begin;
}

namespace {

// Default values are checked whether or not a call needs them, in instances against the types that they have.
void CheckDefaults(Checker& c, const FunctionRecord* function) {
  FunctionEntity* entity = function->entity;
  const Bindings none;
  for (size_t i = 0; i < entity->parameters.size(); ++i) {
    Parameter& parameter = entity->parameters[i];
    if (parameter.default_value == nullptr || i >= function->argument_types.size()) continue;
    DefaultArgument(c, entity, parameter, function->argument_types[i],
                    function->bindings != nullptr ? *function->bindings : none);
  }
}

// Elaborates the body in a fresh frame.
void CheckBody(Checker& c, FunctionRecord* function) {
  FunctionEntity* entity = function->entity;
  const syntax::FunctionDecl* decl = entity->decl;
  FunctionFrame frame(c, entity->module, function->bindings);
  FunctionState& state = frame.state;
  state.function = function;
  state.self = entity->method_of;
  state.caller_module = function->instantiated_from != nullptr ? function->instantiated_from : entity->module;
  if (function->result_known) {
    state.result =
        function->returns_reference ? c.types.WithQualifiers(function->result, types::kRef) : function->result;
    state.result_stated = true;
  } else if (decl->result != nullptr) {
    // `auto&`, `array<auto>`: the first return completes it.
    EnterParameters(c, function, entity->parameters);
    const Type* pattern = ResolveType(c, decl->result, TypeUse::kPartial, entity->module);
    if (pattern->is_generic() && !IsError(pattern)) state.result = pattern;
    c.names.resize(state.names_begin);
  }
  CheckDefaults(c, function);
  EnterParameters(c, function, entity->parameters);
  const int errors = c.error_count;
  if (entity->is_constructor) {
    function->body = CheckConstructorBody(c, entity);
    return;
  }
  if (decl->body == nullptr) return;
  function->body = CheckBody(c, decl->body, BodyKind::kBlock);
  if (!function->result_known) {
    const bool found = state.result != nullptr && (!state.result->is_generic() || IsError(state.result));
    SetResult(c, function, found ? state.result : c.types.void_type());
  }
  if (c.error_count == errors) CheckUnusedArguments(c, function);
  const bool needs_value = function->result->kind != Kind::kVoid && !IsError(function->result);
  if (needs_value && c.error_count == errors && !AlwaysReturns(function->body)) {
    c.Error(30310, decl->place, "not all control paths return value");
  }
}

}  // namespace

bool EnsureChecked(Checker& c, FunctionRecord* function, bool need_result, syntax::Place place) {
  using State = FunctionRecord::State;
  if (function->state == State::kChecked) return true;
  if (function->state == State::kChecking) {
    if (!need_result || function->result_known) return true;
    // A first return seen so far decides, as it would once the body is done; before it, the variable that the last one
    // names: all others are held to that then.
    for (FunctionState* state = c.fn; state != nullptr; state = state->outer) {
      if (state->function != function) continue;
      if (state->result == nullptr) state->result = TypeOfReturnedLocal(c, function);
      if (state->result == nullptr || state->result->is_generic()) continue;
      function->result = c.types.WithoutQualifiers(state->result, types::kRef);
      return true;
    }
    c.Error(30167, place,
            "cannot infer type for function call '" + std::string(function->name.text()) + "' with 'auto' return type");
    return false;
  }
  if (function->entity == nullptr) return true;
  if (!function->requested.location.is_known()) function->requested = place;
  if (need_result && function->result_known) {
    if (!function->queued) c.pending.push_back(function);
    function->queued = true;
    return true;
  }
  if (c.function_depth >= kMaxFunctionDepth) {
    c.Error(30507, place, "type inference is nested too deep at '" + std::string(function->name.text()) + "'");
    return false;
  }
  function->state = State::kChecking;
  ++c.function_depth;
  const int saved_depth = std::exchange(c.depth, 0);
  const int saved_silent = std::exchange(c.silent, 0);
  CheckBody(c, function);
  c.silent = saved_silent;
  c.depth = saved_depth;
  --c.function_depth;
  function->state = State::kChecked;
  return true;
}

void NoteUse(Checker& c, FunctionRecord* used) {
  FunctionRecord* user = c.fn != nullptr ? c.fn->function : nullptr;
  if (user == nullptr || user == used) return;
  Declarations& all = *c.declarations;
  if (user == all.initializer && all.current_global != nullptr) {
    all.functions_of_globals[all.current_global].push_back(used);
  }
  if (user->uses != nullptr && user->uses->function == used) return;
  user->uses = c.arena.New<FunctionRecord::Use>(used, user->uses);
}

void CollectReachable(Checker& c, std::span<FunctionRecord* const> roots) {
  std::vector<FunctionRecord*> queue;
  const auto reach = [&](FunctionRecord* function) {
    if (function == nullptr || function->reachable || function == c.program.initializer) return;
    function->reachable = true;
    queue.push_back(function);
  };
  for (FunctionRecord* root : roots) reach(root);
  for (size_t i = 0; i < queue.size(); ++i) {
    FunctionRecord* function = queue[i];
    if (function->parent != nullptr) reach(static_cast<FunctionRecord*>(function->parent));
    for (FunctionRecord::Use* use = function->uses; use != nullptr; use = use->next) reach(use->function);
    if (function->body == nullptr && function->entity != nullptr) continue;
    function->index = static_cast<uint32_t>(c.program.functions.size());
    c.program.functions.push_back(function);
  }
}

}  // namespace vestige::sema
