// Copy, move and clone between places and values. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/smart_pointer.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

class AssignChecker {
 public:
  AssignChecker(Checker& c, TExpr* target, TExpr* value, syntax::Place place)
      : c_(c), target_(target), value_(value), place_(place) {}

  TExpr* Make(AssignMode mode) {
    if (IsError(target_) || IsError(value_)) return c_.ErrorExpr(place_.location);
    EnsureComplete(c_, target_->type);
    switch (mode) {
      case AssignMode::kCopy:
        return Copy();
      case AssignMode::kMove:
        return Move();
      case AssignMode::kClone:
        return Clone();
    }
    return c_.ErrorExpr(place_.location);
  }

 private:
  std::string Both(std::string_view sign) {
    return fmt::format(", {} {} {}", Describe(target_), sign, Describe(value_));
  }

  // The value as the target's type; null after a message.
  TExpr* Converted(int code, std::string_view what) {
    const int errors = c_.error_count;
    const Type* type = c_.types.WithoutQualifiers(target_->type, types::kConst);
    TExpr* converted = Convert(c_, value_, type, place_);
    if (converted == nullptr && c_.error_count == errors) {
      c_.Error(code, place_, fmt::format("{}; {} = {}", what, Describe(target_), Describe(value_)),
               "not the same type");
    }
    return converted == nullptr || IsError(converted) ? nullptr : converted;
  }

  TExpr* Node(AssignMode mode, TExpr* value) {
    NoteWrite(c_, target_);
    TAssign* assign = c_.Node<TAssign>(place_.location, c_.types.void_type());
    assign->mode = mode;
    assign->target = target_;
    assign->value = value;
    return assign;
  }

  TExpr* Copy() {
    TExpr* value = Converted(30915, "can only copy compatible type");
    if (value == nullptr) return c_.ErrorExpr(place_.location);
    if (!target_->is_place) return c_.Error(30915, place_, "can only copy to a reference" + Both("="));
    if (target_->type->is_const()) return c_.Error(30952, place_, "can't write to a constant value" + Both("="));
    if (value_->type->is_temp() && !value_->type->is_workhorse()) {
      return c_.Error(30915, place_, "can't copy temporary value" + Both("="));
    }
    if (target_->type->traits().holds_class && !c_.is_unsafe()) {
      return c_.Error(31005, place_, "copying classes requires unsafe" + Both("="));
    }
    AssignMode mode = AssignMode::kCopy;
    if (CopyMode(c_, value, &mode)) return Node(mode, value);
    return c_.Error(30950, place_, "this type can't be copied" + Both("="), {}, "use move (<-) or clone (:=) instead");
  }

  TExpr* Move() {
    TExpr* value = Converted(30941, "can only move compatible type");
    if (value == nullptr) return c_.ErrorExpr(place_.location);
    if (!target_->is_place) return c_.Error(30941, place_, "can only move to a reference" + Both("<-"));
    if (target_->type->is_const()) return c_.Error(30941, place_, "can't move to a constant value" + Both("<-"));
    if (!target_->type->traits().can_move) {
      return c_.Error(30950, place_, "this type can't be moved, use clone (:=) instead" + Both("<-"));
    }
    if (value->is_place && value->type->is_const()) {
      return c_.Error(30941, place_, "can't move from a constant value" + Both("<-"));
    }
    if (value_->type->is_temp()) return c_.Error(30941, place_, "can't move temporary value" + Both("<-"));
    if (!CheckCountedMove(c_, value, place_)) return c_.ErrorExpr(place_.location);
    if (target_->type->traits().holds_class && !c_.is_unsafe()) {
      return c_.Error(31005, place_, "moving classes requires unsafe" + Both("<-"));
    }
    if (TExpr* move = MoveAndFree(c_, target_, value, place_)) return move;
    return Node(AssignMode::kMove, value);
  }

  TExpr* Clone() {
    // A clone function for these two types decides before any rule does.
    if (target_->type->kind == Kind::kStruct || value_->type->kind == Kind::kStruct) {
      if (target_->type->unqualified != value_->type->unqualified) {
        TExpr* arguments[] = {target_, value_};
        if (TExpr* call = TryCallByName(c_, c_.fn->module, c_.known.clone, arguments, place_)) return call;
      }
    }
    if (SharesRaw(target_->type, value_)) value_ = ShareCounted(c_, value_, place_);
    if (IsError(value_)) return value_;
    TExpr* value = Converted(30403, "can only clone the same type");
    if (value == nullptr) return c_.ErrorExpr(place_.location);
    if (!target_->is_place) return c_.Error(30913, place_, "can only clone to a reference");
    if (target_->type->is_const()) {
      return c_.Error(30913, place_, "can't write to a constant value", "type " + types::TypeName(target_->type));
    }
    const types::Traits& traits = target_->type->traits();
    if (!traits.can_clone) {
      return c_.Error(30913, place_,
                      fmt::format("type {} can't be cloned from {}", Describe(target_), Describe(value)));
    }
    const bool by_bits = !traits.holds_counted && (target_->type->is_workhorse() || traits.clones_by_bits);
    return Node(by_bits && !value_->type->is_temp() ? AssignMode::kCopy : AssignMode::kClone, value);
  }

  Checker& c_;
  TExpr* target_;
  TExpr* value_;
  syntax::Place place_;
};

}  // namespace

bool IsFresh(const TExpr* value) { return value->type->is_smart_pointer() ? IsFreshCounted(value) : !value->is_place; }

bool CopyMode(Checker& c, const TExpr* value, AssignMode* mode) {
  EnsureComplete(c, value->type);
  const types::Traits& traits = value->type->traits();
  *mode = AssignMode::kCopy;
  if (traits.can_copy) return true;
  *mode = AssignMode::kMove;
  return traits.can_move && IsFresh(value);
}

TExpr* MakeAssign(Checker& c, AssignMode mode, TExpr* target, TExpr* value, syntax::Place place) {
  // What is overwritten as a whole needs no value before.
  if (TIndex* index = As<TIndex>(target)) index->initial = nullptr;
  return AssignChecker(c, target, value, place).Make(mode);
}

}  // namespace vestige::sema
