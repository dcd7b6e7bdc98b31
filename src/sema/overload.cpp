// Choosing among functions of one name.
//
// Ordinary functions come first: each argument that needs a cast costs 100, a difference in const costs 1, and the
// cheapest wins if it is alone. Only when none fits are generics tried; the one that is more specialized than all
// others wins. Closures and empty literals take part by their kind and number of parameters only: they get their types
// from the parameter once the choice is made. Floor 3.

#include <algorithm>
#include <climits>
#include <string>

#include "sema/call.h"
#include "sema/contract.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

OverloadSet FindOverloads(Checker& c, ModuleScope* module, base::Symbol name) {
  auto [it, is_new] = module->overload_cache.try_emplace(name, nullptr);
  if (!is_new) return it->second == nullptr ? OverloadSet() : OverloadSet(*it->second);
  std::vector<FunctionEntity*> found;
  const auto collect = [&](ModuleScope* seen) {
    const auto head = seen->functions.find(name);
    if (head == seen->functions.end()) return;
    for (FunctionEntity* entity = head->second; entity != nullptr; entity = entity->next_overload) {
      if (entity->is_private && seen != module) continue;
      if (std::find(found.begin(), found.end(), entity) == found.end()) found.push_back(entity);
    }
  };
  collect(module);
  for (ModuleScope* seen : module->visible) {
    if (seen != module) collect(seen);
  }
  if (found.empty()) return {};
  c.overload_storage.push_back(std::make_unique<std::vector<FunctionEntity*>>(std::move(found)));
  it->second = c.overload_storage.back().get();
  return OverloadSet(*it->second);
}

FunctionEntity* OnlyFunction(OverloadSet overloads) { return overloads.size() == 1 ? overloads[0] : nullptr; }

bool IsDeferred(Checker& c, const syntax::Expr* ast) {
  if (ast == nullptr) return false;
  if (const auto* array = syntax::As<syntax::ArrayLiteralExpr>(ast)) {
    return array->elements.empty() && array->element == nullptr;
  }
  if (const auto* table = syntax::As<syntax::TableLiteralExpr>(ast)) {
    return table->entries.empty() && table->key == nullptr;
  }
  if (const auto* ref = syntax::As<syntax::FunctionRefExpr>(ast)) {
    if (ref->signature != nullptr || ref->tag != nullptr || c.fn == nullptr) return false;
    const FunctionEntity* only = OnlyFunction(FindOverloads(c, c.fn->module, ref->name.name));
    return only == nullptr || only->is_generic;
  }
  return ast->kind == syntax::ExprKind::kClosure;
}

bool DeferredFits(const syntax::Expr* ast, const Type* pattern) {
  if (pattern->kind == Kind::kOption) {
    return std::any_of(pattern->parts.begin(), pattern->parts.end(),
                       [ast](const Type* part) { return DeferredFits(ast, part); });
  }
  if (const auto* closure = syntax::As<syntax::ClosureExpr>(ast)) {
    if (pattern->kind == Kind::kAuto || pattern->kind == Kind::kAny) return true;
    const Kind kind = closure->form == syntax::ClosureForm::kBlock    ? Kind::kBlock
                      : closure->form == syntax::ClosureForm::kLambda ? Kind::kLambda
                                                                      : Kind::kFunction;
    return pattern->kind == kind && pattern->parts.size() == closure->parameters.size();
  }
  switch (ast->kind) {
    case syntax::ExprKind::kArrayLiteral:
      return pattern->kind == Kind::kArray || pattern->kind == Kind::kFixedArray;
    case syntax::ExprKind::kTableLiteral:
      return pattern->kind == Kind::kTable || pattern->kind == Kind::kArray;
    case syntax::ExprKind::kFunctionRef:
      return pattern->kind == Kind::kFunction || pattern->kind == Kind::kAuto;
    default:
      return true;
  }
}

namespace {

// Which argument goes to which parameter. `pad_trailing`: the closure behind the call goes to the last parameter that
// can take one, and default values fill the gap.
bool AssignSlots(const FunctionEntity* entity, const CallArguments& arguments, bool pad_trailing,
                 absl::InlinedVector<int, 8>* slots) {
  const std::span<const Parameter> parameters = entity->parameters;
  slots->assign(parameters.size(), -1);
  size_t next = 0;
  size_t behind_names = 0;
  bool any_named = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const CallArgument& argument = arguments[i];
    if (!argument.name.empty()) {
      // Names are looked for from the first parameter on, so they may replace what was given by position.
      if (!any_named) next = 0;
      any_named = true;
      while (next < parameters.size() && parameters[next].name != argument.name) ++next;
    } else if (argument.is_trailing && argument.ast != nullptr && i > 0 && !arguments[i - 1].name.empty()) {
      // Behind named arguments: the first parameter that nothing was given for and that can take it.
      next = 0;
      while (next < parameters.size() && ((*slots)[next] >= 0 || !DeferredFits(argument.ast, parameters[next].type))) {
        ++next;
      }
    } else if (pad_trailing && argument.is_trailing && argument.ast != nullptr) {
      while (next < parameters.size() && !DeferredFits(argument.ast, parameters[next].type)) ++next;
    }
    if (next >= parameters.size()) return false;
    (*slots)[next++] = static_cast<int>(i);
    if (!argument.name.empty()) behind_names = next;
  }
  // Behind the last name are default values, whatever was given by position.
  for (size_t i = behind_names; any_named && i < parameters.size(); ++i) {
    if ((*slots)[i] >= 0 && !arguments[(*slots)[i]].is_trailing) (*slots)[i] = -1;
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if ((*slots)[i] < 0 && parameters[i].default_value == nullptr) return false;
  }
  return entity->native == nullptr || (entity->native->flags & kOwnDefault) == 0 || slots->back() < 0;
}

// A parameter takes this type without a cast.
bool Identical(const Type* parameter, const Type* passed) {
  if (parameter->kind == Kind::kStruct) return parameter->struct_info == passed->struct_info;
  if (passed->kind == Kind::kNull) return parameter->kind == Kind::kPointer;
  return parameter->kind != Kind::kAny && SameShape(parameter, passed);
}

int Distance(const Type* parameter, const CallArgument& argument) {
  if (argument.expr == nullptr) return parameter->kind == Kind::kAuto ? 100 : 0;
  int distance = Identical(parameter, argument.expr->type) ? 0 : 100;
  if (parameter->is_const() != argument.expr->type->is_const()) ++distance;
  return distance;
}

// One pass over the parameters; returns how many of them do not fit yet.
int MatchRound(Matcher& matcher, const CallArguments& arguments, Candidate* candidate) {
  int failed = 0;
  for (size_t i = 0; i < candidate->slots.size(); ++i) {
    if (candidate->slots[i] < 0 || candidate->types[i] != nullptr) continue;
    const CallArgument& argument = arguments[candidate->slots[i]];
    const Type* pattern = candidate->entity->parameters[i].type;
    if (argument.expr == nullptr) {
      if (!DeferredFits(argument.ast, pattern)) return -1;
      continue;
    }
    candidate->types[i] = matcher.Match(pattern, {argument.expr->type, argument.expr->is_place});
    if (candidate->types[i] == nullptr) ++failed;
  }
  return failed;
}

// What was given by position and then replaced by a name has to fit all the same.
bool ReplacedFit(Checker& c, const Candidate& candidate, const CallArguments& arguments) {
  Candidate given = candidate;
  for (size_t i = 0; i < arguments.size() && arguments[i].name.empty(); ++i) {
    const CallArgument& argument = arguments[i];
    if (argument.expr == nullptr || i >= candidate.slots.size()) continue;
    if (candidate.slots[i] == static_cast<int>(i)) continue;
    Matcher matcher(c.types, candidate.entity->native != nullptr);
    const Type* pattern = candidate.entity->parameters[i].type;
    given.slots[i] = static_cast<int>(i);
    given.types[i] = matcher.Match(pattern, {argument.expr->type, argument.expr->is_place});
    if (given.types[i] == nullptr) return false;
  }
  return SatisfiesContracts(c, candidate.entity, given, arguments);
}

// A closure whose parameter is written as one struct does not fit where another one is handed to it.
bool ClosuresFit(Checker& c, const Candidate& candidate, const CallArguments& arguments) {
  for (size_t i = 0; i < candidate.slots.size(); ++i) {
    if (candidate.slots[i] < 0) continue;
    const auto* closure = syntax::As<syntax::ClosureExpr>(arguments[candidate.slots[i]].ast);
    const Type* pattern = candidate.entity->parameters[i].type;
    if (closure == nullptr || c.fn == nullptr || pattern->parts.size() != closure->parameters.size()) continue;
    for (size_t k = 0; k < pattern->parts.size(); ++k) {
      const auto* named = syntax::As<syntax::NamedTypeExpr>(closure->parameters[k].type);
      const Type* written = named != nullptr ? TypeByName(c, named->name) : nullptr;
      if (written == nullptr || written->kind != Kind::kStruct || pattern->parts[k]->kind != Kind::kStruct) continue;
      if (written->struct_info != pattern->parts[k]->struct_info) return false;
    }
  }
  return true;
}

// Natives take temporary values like others, but for parameters that say `-#`: those keep what they get.
bool KeepsTemporary(const FunctionEntity* entity, const CallArguments& arguments, const Candidate& candidate) {
  if (entity->native == nullptr) return false;
  for (size_t i = 0; i < candidate.slots.size(); ++i) {
    if (candidate.slots[i] < 0 || (entity->parameters[i].type->qualifiers & types::kRemoveTemp) == 0) continue;
    const TExpr* value = arguments[candidate.slots[i]].expr;
    if (value != nullptr && value->type->is_temp() && value->type->is_ref_type()) return true;
  }
  return false;
}

}  // namespace

bool MatchCandidate(Checker& c, FunctionEntity* entity, const CallArguments& arguments, bool pad_trailing,
                    Candidate* candidate) {
  if (!EnsureSignature(c, entity)) return false;
  candidate->entity = entity;
  if (!AssignSlots(entity, arguments, pad_trailing, &candidate->slots)) return false;
  candidate->types.assign(entity->parameters.size(), nullptr);
  Matcher matcher(c.types, entity->native != nullptr);
  int failed = MatchRound(matcher, arguments, candidate);
  // A second round helps when a later argument bound a name that an earlier one needs.
  if (failed > 0 && !matcher.bindings.empty()) failed = MatchRound(matcher, arguments, candidate);
  if (failed != 0 || KeepsTemporary(entity, arguments, *candidate) || !ClosuresFit(c, *candidate, arguments))
    return false;
  const bool is_named = !arguments.empty() && !arguments.back().name.empty();
  if (is_named && !ReplacedFit(c, *candidate, arguments)) return false;
  candidate->distance = 0;
  for (size_t i = 0; i < candidate->slots.size(); ++i) {
    if (candidate->slots[i] >= 0) {
      candidate->distance += Distance(entity->parameters[i].type, arguments[candidate->slots[i]]);
    }
  }
  candidate->bindings = std::move(matcher.bindings);
  return SatisfiesContracts(c, entity, *candidate, arguments);
}

namespace {

// > 0: `a` is more specialized than `b` for these arguments.
int CompareGenerics(const Candidate& a, const Candidate& b, const CallArguments& arguments) {
  bool less = false;
  bool more = false;
  for (size_t i = 0; i < a.slots.size() && i < b.slots.size(); ++i) {
    if (a.slots[i] < 0 || a.slots[i] != b.slots[i]) continue;
    const TExpr* passed = arguments[a.slots[i]].expr;
    const int score = MoreSpecialized(a.entity->parameters[i].type, b.entity->parameters[i].type,
                                      passed != nullptr ? passed->type : nullptr);
    less |= score < 0;
    more |= score > 0;
  }
  if (!less && !more) return ContractCount(a.entity) - ContractCount(b.entity);
  return more == less ? 0 : more ? 1 : -1;
}

// Of equals, the only one that needs no default values.
bool PreferComplete(std::vector<Candidate>& fitting) {
  size_t found = fitting.size();
  for (size_t i = 0; i < fitting.size() && fitting[i].distance == fitting[0].distance; ++i) {
    const auto& slots = fitting[i].slots;
    if (std::find(slots.begin(), slots.end(), -1) != slots.end()) continue;
    if (found != fitting.size()) return false;
    found = i;
  }
  if (found == fitting.size()) return false;
  std::swap(fitting[0], fitting[found]);
  return true;
}

bool ChooseOrdinary(std::vector<Candidate>& fitting, Candidate* best, std::vector<FunctionEntity*>* tie) {
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
  if (fitting.size() > 1 && fitting[0].distance == fitting[1].distance && !PreferComplete(fitting)) {
    for (const Candidate& candidate : fitting) tie->push_back(candidate.entity);
    return false;
  }
  *best = std::move(fitting[0]);
  return true;
}

bool ChooseGeneric(std::vector<Candidate>& fitting, const CallArguments& arguments, Candidate* best,
                   std::vector<FunctionEntity*>* tie) {
  for (size_t i = 0; i < fitting.size(); ++i) {
    bool wins = true;
    for (size_t j = 0; j < fitting.size() && wins; ++j) {
      wins = i == j || CompareGenerics(fitting[i], fitting[j], arguments) > 0;
    }
    if (!wins) continue;
    *best = std::move(fitting[i]);
    return true;
  }
  // Equally specialized: the one whose parameters agree in const is meant.
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
  if (fitting[0].distance % 100 != fitting[1].distance % 100 &&
      CompareGenerics(fitting[0], fitting[1], arguments) >= 0 && fitting[0].distance < fitting[1].distance) {
    *best = std::move(fitting[0]);
    return true;
  }
  for (const Candidate& candidate : fitting) tie->push_back(candidate.entity);
  return false;
}

int DefaultCount(const Candidate& candidate) {
  return static_cast<int>(std::count(candidate.slots.begin(), candidate.slots.end(), -1));
}

// Of calls that leave parameters out in front of the closure, the one that leaves out the fewest is meant.
void KeepLeastPadded(std::vector<Candidate>* ordinary, std::vector<Candidate>* generic) {
  int least = INT_MAX;
  for (const Candidate& candidate : *ordinary) least = std::min(least, DefaultCount(candidate));
  for (const Candidate& candidate : *generic) least = std::min(least, DefaultCount(candidate));
  const auto pads_more = [&](const Candidate& candidate) { return DefaultCount(candidate) > least; };
  std::erase_if(*ordinary, pads_more);
  std::erase_if(*generic, pads_more);
}

bool Choose(Checker& c, OverloadSet overloads, const CallArguments& arguments, bool pad, Candidate* best,
            std::vector<FunctionEntity*>* tie) {
  std::vector<Candidate> ordinary;
  std::vector<Candidate> generic;
  Candidate candidate;
  for (FunctionEntity* entity : overloads) {
    if (!MatchCandidate(c, entity, arguments, pad, &candidate)) continue;
    (entity->is_generic ? generic : ordinary).push_back(std::move(candidate));
    candidate = {};
  }
  if (pad) KeepLeastPadded(&ordinary, &generic);
  if (!ordinary.empty()) return ChooseOrdinary(ordinary, best, tie);
  if (generic.empty()) return false;
  if (generic.size() > 1) return ChooseGeneric(generic, arguments, best, tie);
  *best = std::move(generic[0]);
  return true;
}

}  // namespace

bool ChooseCandidate(Checker& c, OverloadSet overloads, const CallArguments& arguments, Candidate* best,
                     std::vector<FunctionEntity*>* tie) {
  if (overloads.size() == 1) {
    if (MatchCandidate(c, overloads[0], arguments, false, best)) return true;
  } else if (Choose(c, overloads, arguments, false, best, tie)) {
    return true;
  }
  if (!tie->empty() || arguments.empty() || !arguments.back().is_trailing) return false;
  *best = {};
  return Choose(c, overloads, arguments, true, best, tie);
}

}  // namespace vestige::sema
