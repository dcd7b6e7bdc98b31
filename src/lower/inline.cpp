// Inlining of small functions that call nothing. Floor 5.
//
// The body is lowered into the caller's frame: parameters become slots of the caller, or other names for its variables
// where nobody can tell the difference; `return` stores the result and jumps behind the body. Words of the body carry
// an inline id, so panics and stacks still show the frame, the line in it and the line of its call.

#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "lower/walk.h"

namespace vestige::lower {

using sema::ExprKind;
using sema::StmtKind;
using sema::TExpr;
using sema::TStmt;

namespace {

// Typed nodes of the largest body that is inlined.
constexpr int kMaxNodes = 40;

// Whether a body is small, straight and calls no script code.
struct BodyWalk {
  int budget = kMaxNodes;

  bool Expr(const TExpr* expr) {
    if (--budget < 0) return false;
    switch (expr->kind) {
      case ExprKind::kCall:
      case ExprKind::kInvoke:
      case ExprKind::kClosure:
      case ExprKind::kStmtExpr:
        return false;
      default:
        return ForEachChild(expr, [this](const TExpr* child) { return Expr(child); });
    }
  }
  bool Block(const sema::TBlock* block) {
    if (block == nullptr) return true;
    if (!block->finally_part.empty()) return false;
    for (const TStmt* stmt : block->statements) {
      if (!Stmt(stmt)) return false;
    }
    return true;
  }
  bool Stmt(const TStmt* stmt) {
    if (--budget < 0) return false;
    switch (stmt->kind) {
      case StmtKind::kExpr:
        return Expr(static_cast<const sema::TExprStmt*>(stmt)->expr);
      case StmtKind::kLet: {
        const TExpr* init = static_cast<const sema::TLet*>(stmt)->init;
        return init == nullptr || Expr(init);
      }
      case StmtKind::kBlock:
        return Block(static_cast<const sema::TBlock*>(stmt));
      case StmtKind::kIf: {
        const auto* node = static_cast<const sema::TIf*>(stmt);
        return Expr(node->condition) && Block(node->then_part) && Block(node->else_part);
      }
      case StmtKind::kReturn: {
        const TExpr* value = static_cast<const sema::TReturn*>(stmt)->value;
        return value == nullptr || Expr(value);
      }
      default:
        return false;
    }
  }
};

// `return e` and nothing else: the value, otherwise null.
const TExpr* OnlyReturned(const sema::TFunction* function) {
  const auto& statements = function->body->statements;
  if (statements.size() != 1 || statements[0]->kind != StmtKind::kReturn) return nullptr;
  const auto* node = static_cast<const sema::TReturn*>(statements[0]);
  return node->mode == sema::AssignMode::kCopy ? node->value : nullptr;
}

// The place is part of a variable that is itself a reference, so its address never changes.
bool IsRootedInReference(const TExpr* expr) {
  while (expr->kind == ExprKind::kField) expr = static_cast<const sema::TField*>(expr)->base;
  return expr->kind == ExprKind::kLocal && static_cast<const sema::TLocalRef*>(expr)->local->is_reference;
}

}  // namespace

bool FunctionLowering::CanInline(const sema::TFunction* callee) {
  if (state_.program.options.never_inline || callee->index >= state_.inline_verdicts.size()) return false;
  ProgramState::Verdict& verdict = state_.inline_verdicts[callee->index];
  if (verdict == ProgramState::Verdict::kUnknown) {
    const bool fits = callee->role == sema::FunctionRole::kFunction && !callee->no_inline && callee->body != nullptr &&
                      !callee->returns_reference && !callee->result->is_ref_type() && BodyWalk().Block(callee->body);
    verdict = fits ? ProgramState::Verdict::kYes : ProgramState::Verdict::kNo;
  }
  return verdict == ProgramState::Verdict::kYes;
}

bool FunctionLowering::IsOwn(const sema::TLocal* local) const {
  if (local->owner == function_) return true;
  for (const sema::TFunction* function : inlining_) {
    if (local->owner == function) return true;
  }
  return false;
}

Place FunctionLowering::InlineArgument(const TExpr* argument, const sema::TLocal* parameter, bool is_stable) {
  Place place;
  const bool direct = argument->is_place && DirectPlace(argument, &place) && !place.checked;
  if (parameter->is_reference) {
    if (direct && (!place.by_pointer() || IsRootedInReference(argument))) return place;
    const SlotOffset slot = TakeTemp(8);
    AddressOf(PlaceOrTemp(argument), slot);
    return Place::Pointer(slot);
  }
  if (direct && place.in_frame() && parameter->type->is_const() && is_stable) return place;
  const SlotOffset slot = TakeTemp(parameter->type->size());
  ValueTo(argument, slot, true);
  BeginLive(slot, parameter->type);
  return Place::Frame(slot);
}

Operand FunctionLowering::EvalInlined(const sema::TCall* node, const Want& want) {
  const sema::TFunction* callee = node->callee;
  const TExpr* only = OnlyReturned(callee);
  const bool is_void = callee->result->kind == types::Kind::kVoid;
  const SlotOffset target = is_void || only != nullptr ? want.slot : Target(want, callee->result);
  // A constant parameter may be another name for a variable unless something could change that meanwhile.
  bool is_stable = true;
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    const sema::TLocal* parameter = callee->arguments[i];
    is_stable = is_stable && IsQuiet(node->arguments[i]) && !(parameter->is_reference && !parameter->type->is_const());
  }
  // All arguments first: one of them may contain the same call.
  absl::InlinedVector<Place, 4> places;
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    ForArgument(node, i,
                [&] { places.push_back(InlineArgument(node->arguments[i], callee->arguments[i], is_stable)); });
  }
  const size_t renamed = renamed_.size();
  for (size_t i = 0; i < places.size(); ++i) renamed_.push_back({callee->arguments[i], places[i]});

  const uint32_t outer_id = inline_id_;
  std::vector<Pinned> pinned;
  pinned.swap(pinned_);
  inline_id_ = builder_.AddInline(state_.NumberOf(callee), node->location, outer_id);
  inlining_.push_back(callee);
  Operand result = Operand::Frame(target);
  if (only != nullptr && !is_void) {
    result = Eval(only, want);
  } else {
    Label end;
    Scope scope{.kind = Scope::Kind::kInline, .outer = scope_, .on_break = &end, .result = target};
    scope_ = &scope;
    LowerBlock(callee->body);
    scope_ = scope.outer;
    Bind(end);
  }
  inlining_.pop_back();
  inline_id_ = outer_id;
  pinned_.swap(pinned);
  renamed_.resize(renamed, Renamed{nullptr, {}});
  At(node->location);
  return is_void ? Operand::Const(0) : result;
}

void FunctionLowering::LowerInlinedReturn(const sema::TReturn* node, Scope* scope) {
  if (node->value != nullptr) {
    if (node->value->type->kind == types::Kind::kVoid) {
      Effect(node->value);
    } else if (node->mode == sema::AssignMode::kMove && node->value->is_place) {
      InitMember(node->value, Place::Frame(scope->result), node->mode, false);
    } else {
      ValueTo(node->value, scope->result);
    }
  }
  LeaveScopes(scope);
  Jump(*scope->on_break);
}

}  // namespace vestige::lower
