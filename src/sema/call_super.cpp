// What reaches past an override: super(..), super.method(..), delete super.self. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"
#include "sema/stmt.h"

namespace vestige::sema {

using types::Kind;
using types::StructInfo;
using types::Type;

namespace {

// Where nothing stands for super, the word and what is asked of it mean nothing either.
TExpr* UnknownSuper(Checker& c, const syntax::Expr* super, base::Symbol member, syntax::Place place) {
  c.Error(30838, super->place, "can't locate variable 'super'");
  return c.Error(30808, place, fmt::format("can't get field '{}' of super", member.text()));
}

TExpr* SelfOf(Checker& c, syntax::Place place) {
  syntax::QualifiedName name;
  name.name = c.known.self;
  return TryName(c, name, place);
}

// The functions `name` of exactly this struct that have a body.
std::vector<FunctionEntity*> OwnFunctions(Checker& c, const StructInfo* info, base::Symbol name) {
  std::vector<FunctionEntity*> own;
  const StructEntity* entity = c.declarations->Find(info);
  if (entity == nullptr) return own;
  for (FunctionEntity* method : entity->methods) {
    if (method->decl->name == name && !method->decl->is_operator && method->decl->body != nullptr) {
      own.push_back(method);
    }
  }
  return own;
}

// Only what sema has added itself may be walked past without asking.
bool HasUserFunctions(Checker& c, const StructInfo* info, std::span<FunctionEntity* const> functions) {
  const StructEntity* entity = c.declarations->Find(info);
  for (const FunctionEntity* function : functions) {
    if (function != entity->chained_constructor) return true;
  }
  return false;
}

bool HasOwnConstructor(Checker& c, const StructInfo* info) {
  return HasUserFunctions(c, info, OwnFunctions(c, info, info->name));
}

}  // namespace

TExpr* TrySuperConstructor(Checker& c, const syntax::CallExpr* call) {
  const StructInfo* around = c.fn != nullptr ? c.fn->self : nullptr;
  if (around == nullptr) return nullptr;
  TExpr* self = SelfOf(c, call->place);
  if (self == nullptr) return nullptr;
  CallArguments arguments;
  if (!PrepareArguments(c, call->arguments, &arguments)) return c.ErrorExpr(call->place.location);
  const std::string_view name = around->name.text();
  if (around->parent == nullptr) {
    return c.Error(30245, call->place, fmt::format("call to super is not allowed, no base class for {}", name));
  }
  CallArguments with_self;
  AddArgument(&with_self, self, call->place);
  with_self.insert(with_self.end(), arguments.begin(), arguments.end());
  for (const StructInfo* base = around->parent; base != nullptr; base = base->parent) {
    const std::vector<FunctionEntity*> functions = OwnFunctions(c, base, base->name);
    Candidate best;
    std::vector<FunctionEntity*> tie;
    CallTarget target{.module = c.fn->module, .name = c.known.super, .place = call->place};
    if (ChooseCandidate(c, functions, with_self, &best, &tie)) return FinishCall(c, best, with_self, target);
    if (!tie.empty()) {
      return c.Error(30611, call->place,
                     fmt::format("too many candidates for super constructor {}", base->name.text()));
    }
    if (HasUserFunctions(c, base, functions)) {
      return c.Error(
          30245, call->place,
          fmt::format("call to super in {} cannot skip {} which has its own constructor", name, base->name.text()), {},
          fmt::format("adjust super(...) args to match {}", base->name.text()));
    }
  }
  return c.Error(30828, call->place, fmt::format("no matching super constructor for {}", name));
}

TExpr* CheckSuperCall(Checker& c, const syntax::MethodCallExpr* call, const CallArguments& arguments) {
  const StructInfo* around = c.fn != nullptr ? c.fn->self : nullptr;
  const std::string name(call->name.text());
  if (around == nullptr || around->parent == nullptr) {
    c.Error(30245, call->place, "call to super in " + name + " is not allowed, no base class");
    return UnknownSuper(c, call->object, call->name, call->place);
  }
  TExpr* self = SelfOf(c, call->place);
  if (self == nullptr) return UnknownSuper(c, call->object, call->name, call->place);
  CallArguments with_self;
  AddArgument(&with_self, self, call->place);
  with_self.insert(with_self.end(), arguments.begin(), arguments.end());
  bool skips_constructor = false;
  for (const StructInfo* base = around->parent; base != nullptr; base = base->parent) {
    const std::vector<FunctionEntity*> functions = OwnFunctions(c, base, call->name);
    const bool is_constructor = call->name == base->name;
    Candidate best;
    std::vector<FunctionEntity*> tie;
    CallTarget target{.module = c.fn->module, .name = call->name, .place = call->place};
    const bool skips = is_constructor && skips_constructor;
    if (!skips && ChooseCandidate(c, functions, with_self, &best, &tie)) return FinishCall(c, best, with_self, target);
    if (skips || HasUserFunctions(c, base, functions)) {
      c.Error(30245, call->place,
              fmt::format("call to super.{} cannot skip what lies between {} and {}", name, around->name.text(),
                          base->name.text()),
              {}, fmt::format("call the immediate parent {}", around->parent->name.text()));
      return UnknownSuper(c, call->object, call->name, call->place);
    }
    skips_constructor = skips_constructor || HasOwnConstructor(c, base);
  }
  c.Error(30830, call->place, "call to super in " + name + " is not allowed, no matching super method " + name);
  return UnknownSuper(c, call->object, call->name, call->place);
}

namespace {

// What `delete super.self` finalizes `self` as; null after a message.
const StructInfo* FinalizedParent(Checker& c, syntax::Place place) {
  const TFunction* function = c.fn != nullptr ? c.fn->function : nullptr;
  if (function == nullptr || function->name != c.known.finalize || function->arguments.size() != 1) {
    c.Error(30920, place, "delete super.self is only allowed inside operator delete (a finalizer)");
    return nullptr;
  }
  const TLocal* self = function->arguments[0];
  if (self->name != c.known.self || self->type->kind != Kind::kStruct) {
    c.Error(30144, place, "delete super.self: finalizer's first argument must be 'self' of a structure type");
    return nullptr;
  }
  const StructInfo* info = self->type->struct_info;
  if (info->parent == nullptr) {
    c.Error(30827, place, fmt::format("delete super.self: {} has no base class or structure", info->name.text()));
    return nullptr;
  }
  if (info->is_class) {
    if (FinalizingAncestor(c.declarations->Find(info)) != nullptr) return info->parent;
  } else {
    for (const StructInfo* base = info->parent; base != nullptr; base = base->parent) {
      if (base->finalize_function != types::kNoFunction) return base;
    }
  }
  c.Error(30829, place, fmt::format("delete super.self: no ancestor of {} defines a finalizer", info->name.text()));
  return nullptr;
}

}  // namespace

const syntax::FieldExpr* AsSuperSelf(const Checker& c, const syntax::Expr* expr) {
  const auto* field = syntax::As<syntax::FieldExpr>(expr);
  if (field == nullptr || field->name != c.known.self) return nullptr;
  const auto* name = syntax::As<syntax::NameExpr>(field->object);
  return name != nullptr && !name->name.is_qualified && name->name.name == c.known.super ? field : nullptr;
}

TStmt* CheckDeleteSuper(Checker& c, const syntax::DeleteStmt* stmt, const syntax::FieldExpr* super) {
  const StructInfo* parent = FinalizedParent(c, stmt->place);
  if (parent == nullptr) {
    UnknownSuper(c, super->object, super->name, super->place);
    return nullptr;
  }
  TExpr* self = SelfOf(c, stmt->place);
  TCast* slice = c.Node<TCast>(stmt->place.location, parent->type, true);
  slice->mode = CastMode::kBits;
  slice->operand = self;
  TDelete* made = c.Stmt<TDelete>(stmt->place.location);
  made->place = slice;
  return made;
}

}  // namespace vestige::sema
