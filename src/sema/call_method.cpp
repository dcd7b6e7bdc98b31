// Calls through values: methods of structs and classes, callable fields, blocks, lambdas and function pointers.
// Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

// May be evaluated twice without anybody noticing.
bool IsSimple(const TExpr* expr) {
  switch (expr->kind) {
    case ExprKind::kLocal:
    case ExprKind::kGlobal:
    case ExprKind::kConst:
      return true;
    case ExprKind::kField:
      return IsSimple(static_cast<const TField*>(expr)->base);
    case ExprKind::kDeref:
      return IsSimple(static_cast<const TDeref*>(expr)->pointer);
    case ExprKind::kCast:
      return IsSimple(static_cast<const TCast*>(expr)->operand);
    default:
      return false;
  }
}

// A struct place that can be named twice: keeps the address of what it takes work to find.
TExpr* Stabilize(Checker& c, TExpr* object, TLet** let) {
  if (IsSimple(object) || !object->is_place) return object;
  TLocal* local = NewLocal(c, {}, object->type, object->location);
  local->is_reference = true;
  *let = c.Stmt<TLet>(object->location);
  (*let)->local = local;
  (*let)->init = object;
  return LocalRef(c, local, object->location);
}

TExpr* WithLet(Checker& c, TLet* let, TExpr* result) {
  if (let == nullptr || IsError(result)) return result;
  TBlock* body = c.Stmt<TBlock>(let->location);
  TStmt* statement = let;
  body->statements = c.arena.Copy(std::span<TStmt* const>(&statement, 1));
  TStmtExpr* node = c.Node<TStmtExpr>(result->location, result->type, result->is_place);
  node->body = body;
  node->result = result;
  return node;
}

// The functions `name` of the struct itself, or of the nearest ancestor that has some.
std::vector<FunctionEntity*> MethodFunctions(Checker& c, const types::StructInfo* info, base::Symbol name) {
  std::vector<FunctionEntity*> found;
  for (; info != nullptr && found.empty(); info = info->parent) {
    const StructEntity* entity = c.declarations->Find(info);
    if (entity == nullptr) break;
    for (FunctionEntity* method : entity->methods) {
      if (method->decl->name == name && !method->decl->is_operator) found.push_back(method);
    }
  }
  return found;
}

CallArguments WithSelf(TExpr* self, const CallArguments& arguments, syntax::Place place) {
  CallArguments all;
  AddArgument(&all, self, place);
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

// The call of a method through the object's own table of functions.
TExpr* Virtual(Checker& c, TExpr* direct, TExpr* object, const types::Field& field) {
  TCall* call = As<TCall>(direct);
  if (call == nullptr) return direct;
  TInvoke* invoke = c.Node<TInvoke>(call->location, call->type, call->is_place);
  invoke->callee = FieldOf(c, object, field, call->location);
  invoke->arguments = call->arguments;
  const size_t count = call->arguments.size();
  invoke->by_reference = {static_cast<bool*>(c.arena.Allocate(count + 1)), count};
  for (size_t i = 0; i < count; ++i) invoke->by_reference[i] = call->callee->arguments[i]->is_reference;
  invoke->hint = "method function";
  return invoke;
}

// The callable has one parameter more than there are arguments, and the object fits it.
bool TakesSelf(const Type* callable, const TExpr* object, const CallArguments& arguments) {
  if (callable->parts.size() != arguments.size() + 1) return false;
  return Passes(callable->parts[0], {object->type, object->is_place}, true);
}

}  // namespace

TExpr* TryMethod(Checker& c, TExpr* object, base::Symbol name, const CallArguments& arguments, syntax::Place place) {
  object = FollowPointer(c, object, nullptr, place);
  if (object->type->kind != Kind::kStruct) return nullptr;
  types::StructInfo* info = object->type->struct_info;
  EnsureComplete(c, object->type);
  const types::Field* field = info->FindField(name);
  if (field != nullptr && !field->is_method) {
    if (!IsCallable(field->type)) return nullptr;
    // A function kept in a field is a method when it has room for the object.
    if (TakesSelf(field->type, object, arguments)) {
      const CallArguments with_self = WithSelf(object, arguments, place);
      return MakeInvoke(c, FieldOf(c, object, *field, place.location), with_self, place, name.text());
    }
    return MakeInvoke(c, FieldOf(c, object, *field, place.location), arguments, place, name.text());
  }
  const std::vector<FunctionEntity*> functions = MethodFunctions(c, info, name);
  if (functions.empty()) return nullptr;
  if (field != nullptr && !MayAccess(c, info, *field, place)) {
    return c.Error(30805, place,
                   fmt::format("calling the private method {} needs its type, which stays auto", name.text()));
  }
  CallTarget target;
  target.module = c.fn != nullptr ? c.fn->module : c.main;
  target.name = name;
  target.place = place;
  TLet* let = nullptr;
  const bool is_virtual = field != nullptr && (functions.front()->decl->body == nullptr || IsOverridden(c, info, name));
  TExpr* self = is_virtual ? Stabilize(c, object, &let) : object;
  const CallArguments with_self = WithSelf(self, arguments, place);
  Candidate best;
  std::vector<FunctionEntity*> tie;
  if (ChooseCandidate(c, functions, with_self, &best, &tie)) {
    TExpr* call = FinishCall(c, best, with_self, target);
    return WithLet(c, let, is_virtual ? Virtual(c, call, self, *field) : call);
  }
  best = {};
  if (ChooseCandidate(c, functions, arguments, &best, &tie)) return FinishCall(c, best, arguments, target);
  if (field == nullptr) return nullptr;
  return ReportNoMatch(c, target, functions, with_self, tie);
}

TExpr* TryStaticMethod(Checker& c, const types::StructInfo* info, base::Symbol name, const CallArguments& arguments,
                       syntax::Place place) {
  std::vector<FunctionEntity*> functions = MethodFunctions(c, info, name);
  std::erase_if(functions, [](const FunctionEntity* function) { return !function->is_static_method; });
  Candidate best;
  std::vector<FunctionEntity*> tie;
  if (functions.empty() || !ChooseCandidate(c, functions, arguments, &best, &tie)) return nullptr;
  return FinishCall(c, best, arguments, {.module = c.fn->module, .name = name, .place = place});
}

TExpr* MethodValue(Checker& c, TExpr* object, const types::Field& field, syntax::Place place) {
  const std::vector<FunctionEntity*> functions = MethodFunctions(c, object->type->struct_info, field.name);
  FunctionRecord* method = functions.empty() ? nullptr : RecordOf(c, functions.front());
  if (method == nullptr || !EnsureChecked(c, method, true, place)) return c.ErrorExpr(place.location);
  TExpr* slot = FieldOf(c, object, field, place.location);
  // Const: calls do not look at slots that nobody overrides.
  slot->type = c.types.WithConst(FunctionType(c, method));
  return slot;
}

TExpr* MakeInvoke(Checker& c, TExpr* callee, const CallArguments& arguments, syntax::Place place,
                  std::string_view hint) {
  const Type* type = callee->type;
  if (!IsCallable(type)) {
    return c.Error(30189, place, "expecting block, or function, or lambda, or string, not a " + Describe(callee));
  }
  if (type->parts.size() != arguments.size()) {
    return c.Error(30186, place, "invalid number of arguments, expecting " + types::TypeName(type));
  }
  std::vector<TExpr*> values;
  std::vector<char> references;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type* want = type->parts[i];
    TExpr* value = arguments[i].expr;
    if (value == nullptr) value = CheckExpr(c, arguments[i].ast, {.type = want});
    if (IsError(value)) return value;
    if (!Passes(want, {value->type, value->is_place}, true)) {
      return c.Error(30187, place, "incompatible argument " + std::to_string(i + 1),
                     "\t" + Describe(value) + " vs " + types::TypeName(want));
    }
    values.push_back(PassArgument(c, value, want));
    references.push_back(want->is_ref() || want->is_ref_type());
  }
  const Type* result = type->element;
  TInvoke* invoke = c.Node<TInvoke>(place.location, c.types.WithoutQualifiers(result, types::kRef), result->is_ref());
  invoke->callee = callee;
  invoke->arguments = c.arena.Copy(values);
  invoke->by_reference = {static_cast<bool*>(c.arena.Allocate(references.size() + 1)), references.size()};
  for (size_t i = 0; i < references.size(); ++i) invoke->by_reference[i] = references[i] != 0;
  if (!hint.empty()) invoke->hint = c.arena.CopyText(hint);
  return invoke;
}

namespace {

// Type.method(..): a static one.
TExpr* TryStaticCall(Checker& c, const syntax::MethodCallExpr* call, const CallArguments& arguments) {
  const auto* name = syntax::As<syntax::NameExpr>(call->object);
  if (name == nullptr) return nullptr;
  const Type* type = TypeByName(c, name->name);
  if (type == nullptr || type->kind != Kind::kStruct) return nullptr;
  EnsureComplete(c, type);
  const std::vector<FunctionEntity*> functions = MethodFunctions(c, type->struct_info, call->name);
  CallTarget target{.module = c.fn != nullptr ? c.fn->module : c.main, .name = call->name, .place = call->place};
  Candidate best;
  std::vector<FunctionEntity*> tie;
  if (!functions.empty() && ChooseCandidate(c, functions, arguments, &best, &tie)) {
    return FinishCall(c, best, arguments, target);
  }
  return ReportNoMatch(c, target, functions, arguments, tie);
}

// x.f(a) with a free function f(x, a), as seen by the user of a generic first.
TExpr* TryFreeFunction(Checker& c, const syntax::MethodCallExpr* call, TExpr* object, const CallArguments& arguments,
                       Want want) {
  const CallArguments with_self = WithSelf(object, arguments, call->object->place);
  ModuleScope* modules[] = {c.fn != nullptr ? c.fn->caller_module : c.main, c.fn != nullptr ? c.fn->module : c.main};
  for (ModuleScope* module : modules) {
    CallTarget target{.module = module, .name = call->name, .for_source = want.for_source, .place = call->place};
    if (TExpr* result = TryCall(c, target, with_self)) return result;
  }
  return nullptr;
}

bool IsVariable(Checker& c, const syntax::Expr* expr) {
  const auto* name = syntax::As<syntax::NameExpr>(expr);
  if (name == nullptr) return true;
  ++c.silent;
  const int errors = c.error_count;
  const bool found = TryName(c, name->name, name->place) != nullptr || c.error_count != errors;
  c.error_count = errors;
  --c.silent;
  return found;
}

}  // namespace

TExpr* CheckMethodCall(Checker& c, const syntax::MethodCallExpr* call, Want want) {
  CallArguments arguments;
  if (!PrepareArguments(c, call->arguments, &arguments)) return c.ErrorExpr(call->place.location);
  const auto* name = syntax::As<syntax::NameExpr>(call->object);
  if (name != nullptr && name->name.name == c.known.super) return CheckSuperCall(c, call, arguments);
  if (name != nullptr && !IsVariable(c, call->object)) {
    if (TExpr* result = TryStaticCall(c, call, arguments)) return result;
  }
  TExpr* object = CheckExpr(c, call->object);
  if (IsError(object)) return object;
  if (TExpr* method = TryMethod(c, object, call->name, arguments, call->place)) return method;
  if (TExpr* result = TryFreeFunction(c, call, object, arguments, want)) return result;
  if (object->type->kind == Kind::kPointer && object->type->element->kind != Kind::kVoid) {
    TExpr* target = FollowPointer(c, object, call->object, call->place);
    if (TExpr* result = TryFreeFunction(c, call, target, arguments, want)) return result;
  }
  syntax::QualifiedName type_name;
  type_name.name = call->name;
  CallArguments converted;
  AddArgument(&converted, object, call->object->place);
  for (int basic = 0; arguments.empty() && basic <= static_cast<int>(Kind::kURange64); ++basic) {
    const Type* type = c.types.Basic(static_cast<Kind>(basic));
    if (types::TypeName(type) != call->name.text()) continue;
    if (TExpr* value = TryConversion(c, type, converted, call->place)) return value;
  }
  const CallArguments with_self = WithSelf(object, arguments, call->object->place);
  CallTarget target{.module = c.fn != nullptr ? c.fn->module : c.main, .name = call->name, .place = call->place};
  return MakeCall(c, target, with_self);
}

}  // namespace vestige::sema
