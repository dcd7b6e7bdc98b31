// What can be said of classes once every body is known: overriding functions fit, constructors and finalizers reach
// their ancestors' exactly once on every path. Floor 3.

#include <algorithm>
#include <cstdint>
#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/match.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// How often the ancestor's function runs: on the paths that reach the end, and on those that return before. Two stands
// for "more than once".
struct Range {
  bool exists = false;
  int low = 0;
  int high = 0;

  void Merge(Range other) {
    if (!other.exists) return;
    low = exists ? std::min(low, other.low) : other.low;
    high = exists ? std::max(high, other.high) : other.high;
    exists = true;
  }
  Range After(Range before) const {
    return {exists && before.exists, std::min(2, low + before.low), std::min(2, high + before.high)};
  }
};

struct Paths {
  Range through{true, 0, 0};
  Range exits;
};

// Counts calls of ancestors' constructors, or deletes of `self` as the parent.
class ChainCounter {
 public:
  // One of the two: the class whose constructor, or whose finalizer is looked at.
  ChainCounter(const types::StructInfo* constructed, const types::StructInfo* finalized)
      : constructed_(constructed), finalized_(finalized) {}

  Range Count(const TBlock* body) {
    Paths paths = OfBlock(body);
    paths.exits.Merge(paths.through);
    return paths.exits;
  }

 private:
  Paths OfBlock(const TBlock* block) {
    Paths paths;
    if (block == nullptr) return paths;
    for (const TStmt* stmt : block->statements) {
      const Paths part = Of(stmt);
      paths.exits.Merge(part.exits.After(paths.through));
      paths.through = part.through.After(paths.through);
      if (!paths.through.exists) break;
    }
    return paths;
  }

  Paths Of(const TStmt* stmt) {
    switch (stmt->kind) {
      case StmtKind::kExpr:
        return OfCalls(IsChainCall(static_cast<const TExprStmt*>(stmt)->expr));
      case StmtKind::kDelete:
        return OfCalls(IsChainDelete(static_cast<const TDelete*>(stmt)));
      case StmtKind::kReturn:
        return {.through = {}, .exits = {true, 0, 0}};
      case StmtKind::kBreak:
      case StmtKind::kContinue:
      case StmtKind::kGoto:
        return {.through = {}, .exits = {}};
      case StmtKind::kBlock:
        return OfBlock(static_cast<const TBlock*>(stmt));
      case StmtKind::kIf: {
        const auto* branch = static_cast<const TIf*>(stmt);
        Paths paths = OfBlock(branch->then_part);
        const Paths other = OfBlock(branch->else_part);
        paths.through.Merge(other.through);
        paths.exits.Merge(other.exits);
        return paths;
      }
      case StmtKind::kWhile:
        return OfLoop(static_cast<const TWhile*>(stmt)->body);
      case StmtKind::kFor:
        return OfLoop(static_cast<const TFor*>(stmt)->body);
      // What a recover part does makes no usable object.
      case StmtKind::kTry:
        return OfBlock(static_cast<const TTry*>(stmt)->body);
      default:
        return {};
    }
  }

  Paths OfCalls(bool is_call) { return {.through = {true, is_call, is_call}, .exits = {}}; }

  // A round may not happen, or happen again; a `break` hides what the round has done.
  Paths OfLoop(const TBlock* body) {
    const int before = calls_;
    Paths paths = OfBlock(body);
    paths.through = {true, 0, calls_ != before ? 2 : 0};
    return paths;
  }

  bool IsChainCall(const TExpr* expr) {
    if (constructed_ == nullptr || expr == nullptr || expr->kind != ExprKind::kCall) return false;
    const auto* callee = static_cast<const FunctionRecord*>(static_cast<const TCall*>(expr)->callee);
    const FunctionEntity* entity = callee->entity;
    if (entity == nullptr || entity->method_of == nullptr || entity->is_constructor || entity->is_static_method) {
      return false;
    }
    const types::StructInfo* owner = entity->method_of;
    const bool chains = entity->decl->name == owner->name && owner != constructed_ && DerivesFrom(constructed_, owner);
    calls_ += chains;
    return chains;
  }

  bool IsChainDelete(const TDelete* stmt) {
    if (finalized_ == nullptr || stmt->place->kind != ExprKind::kCast) return false;
    const TExpr* operand = static_cast<const TCast*>(stmt->place)->operand;
    const bool is_self = operand->kind == ExprKind::kLocal &&
                         static_cast<const TLocalRef*>(operand)->local->name.text() == "self" &&
                         static_cast<const TLocalRef*>(operand)->local->is_argument;
    const bool chains = is_self && stmt->place->type->unqualified == finalized_->parent->type;
    calls_ += chains;
    return chains;
  }

  const types::StructInfo* constructed_;
  const types::StructInfo* finalized_;
  int calls_ = 0;
};

void VerifyChain(Checker& c, const FunctionEntity* method, Range count, const std::string& what,
                 const std::string& call) {
  if (!count.exists || (count.low == 1 && count.high == 1)) return;
  if (count.low == 0) {
    c.Error(30308, method->decl->place, fmt::format("{} does not call {} on every control-flow path", what, call), {},
            fmt::format("call {} exactly once per path", call));
  } else {
    c.Error(30308, method->decl->place, fmt::format("{} calls {} more than once on some path", what, call), {},
            fmt::format("{} must be called exactly once per control-flow path", call));
  }
}

// The function that `name` overrides, in the nearest ancestor that declares it.
FunctionEntity* Overridden(const StructEntity* entity, base::Symbol name) {
  for (entity = entity->parent; entity != nullptr; entity = entity->parent) {
    for (FunctionEntity* method : entity->methods) {
      if (method->decl->name == name && !method->decl->is_operator && !method->is_static_method) return method;
    }
  }
  return nullptr;
}

bool SameOrRelated(const Type* base, const Type* derived) {
  if (base == derived || SameShape(base, derived)) return true;
  if (base->kind != Kind::kPointer || derived->kind != Kind::kPointer) return false;
  base = base->element;
  derived = derived->element;
  if (base->kind != Kind::kStruct || derived->kind != Kind::kStruct) return false;
  return DerivesFrom(derived->struct_info, base->struct_info) || DerivesFrom(base->struct_info, derived->struct_info);
}

// Callers of the base's function must be able to call this one: parameters one by one, then the result.
void VerifyOverride(Checker& c, const StructEntity* entity, FunctionEntity* method) {
  FunctionEntity* base = Overridden(entity, method->decl->name);
  if (base == nullptr) return;
  const FunctionRecord* mine = RecordOf(c, method);
  const FunctionRecord* theirs = RecordOf(c, base);
  if (mine == nullptr || theirs == nullptr) return;
  bool fits = mine->arguments.size() == theirs->arguments.size() && SameOrRelated(theirs->result, mine->result) &&
              mine->returns_reference == theirs->returns_reference;
  for (size_t i = 1; fits && i < mine->arguments.size(); ++i) {
    fits = mine->arguments[i]->is_reference == theirs->arguments[i]->is_reference &&
           SameOrRelated(theirs->arguments[i]->type, mine->arguments[i]->type);
  }
  if (fits) return;
  c.Error(30133, method->decl->place,
          fmt::format("{} can't override {}, the functions have different types", DescribeFunction(c, method),
                      DescribeFunction(c, base)));
}

}  // namespace

void VerifyClasses(Checker& c) {
  // Counting and comparing need every body.
  if (c.error_count != 0) return;
  for (StructEntity& entity : c.declarations->structs) {
    for (FunctionEntity* method : entity.methods) {
      const bool has_self = !method->is_static_method && !method->decl->is_static && !method->decl->is_operator;
      if (has_self && method->is_generic) {
        c.Error(20109, method->decl->place,
                fmt::format("generic function can't be a member of a class {}", method->decl->name.text()));
      }
      const bool overrides = method->decl->is_override || method->decl->is_sealed;
      if (overrides && !method->decl->is_operator) VerifyOverride(c, &entity, method);
      if (!entity.decl->is_class || entity.parent == nullptr || method->record == nullptr) continue;
      const std::string name(entity.decl->name.text());
      const TBlock* body = method->record->body;
      if (method == entity.finalizer) {
        if (FinalizingAncestor(&entity) == nullptr) continue;
        VerifyChain(c, method, ChainCounter(nullptr, entity.info).Count(body), "class finalizer of " + name,
                    "delete super.self");
      } else if (method->decl->name == entity.decl->name && !method->is_static_method &&
                 NearestConstructor(c, entity.parent) != nullptr) {
        VerifyChain(c, method, ChainCounter(entity.info, nullptr).Count(body), "class constructor " + name,
                    "super(...)");
      }
    }
  }
}

}  // namespace vestige::sema
