// Returning: the type of the result, and how the value gets out. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/match.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// Results of plain values are const in messages, as they are for callers.
std::string ResultName(Checker& c, const Type* result) {
  if (result->is_workhorse() && result->kind != Kind::kPointer) result = c.types.WithConst(result);
  return types::TypeName(result);
}

class ReturnChecker {
 public:
  ReturnChecker(Checker& c, bool moves, syntax::Place place) : c_(c), fn_(*c.fn), moves_(moves), place_(place) {}

  TStmt* Check(const syntax::Expr* written) {
    TReturn* made = c_.Stmt<TReturn>(place_.location);
    if (written == nullptr) return CheckBare() ? made : nullptr;
    Want want;
    if (fn_.result != nullptr && !IsError(fn_.result)) {
      want.type = c_.types.WithoutQualifiers(fn_.result, types::kConst | types::kRef);
    }
    TExpr* value = CheckExpr(c_, written, want);
    if (!Infer(value)) return nullptr;
    if (fn_.result->is_ref()) {
      made->value = CheckReference(value);
    } else {
      made->value = CheckValue(value, &made->mode);
    }
    return made->value == nullptr ? nullptr : made;
  }

 private:
  bool CheckBare() {
    if (fn_.result == nullptr) fn_.result = c_.types.void_type();
    if (fn_.result->kind == Kind::kVoid || IsError(fn_.result)) return true;
    c_.Error(30319, place_, "expecting a return value");
    return false;
  }

  // Settles the result type by the first value seen. False when there is nothing to return.
  bool Infer(TExpr* value) {
    if (IsError(value)) {
      if (fn_.result == nullptr) fn_.result = c_.types.Basic(Kind::kAny);
      return false;
    }
    if (value->type->kind == Kind::kVoid) {
      c_.Error(30220, place_, "returning void value");
      return false;
    }
    if (fn_.result == nullptr || (fn_.result->is_generic() && !IsError(fn_.result))) {
      const Type* inferred = value->type;
      if (fn_.result != nullptr && fn_.result->kind != Kind::kAuto) {
        inferred = Matcher(c_.types, true).Match(fn_.result, {value->type, value->is_place});
      }
      if (inferred == nullptr || inferred->kind == Kind::kNull) {
        c_.Error(30407, place_,
                 fmt::format("type can't be inferred, {}, returns {}",
                             fn_.result == nullptr ? "auto" : types::TypeName(fn_.result), Describe(value)));
        fn_.result = c_.types.Basic(Kind::kAny);
        return false;
      }
      const bool wants_reference = fn_.result != nullptr && fn_.result->is_ref();
      fn_.result = c_.types.WithoutQualifiers(inferred, types::kConst | types::kRef);
      if (wants_reference) fn_.result = c_.types.WithQualifiers(fn_.result, types::kRef);
    }
    if (fn_.result->kind == Kind::kVoid) {
      c_.Error(31402, place_, "not expecting a return value");
      return false;
    }
    return !IsError(fn_.result);
  }

  TExpr* CheckReference(TExpr* value) {
    const Type* result = c_.types.WithoutQualifiers(fn_.result, types::kRef);
    if (!types::SameIgnoringConstRef(result, value->type)) return Mismatch(value);
    if (!value->is_place) {
      c_.Error(30221, place_,
               fmt::format("incompatible return type, reference matters. expecting {}, passing {}",
                           types::TypeName(fn_.result), Describe(value)));
      return nullptr;
    }
    if (!c_.is_unsafe()) {
      c_.Error(31027, place_, "returning reference requires unsafe");
      return nullptr;
    }
    return value;
  }

  TExpr* Mismatch(const TExpr* value) {
    c_.Error(30343, place_,
             fmt::format("incompatible return type; {} = {}", ResultName(c_, fn_.result), Describe(value)),
             "not the same type");
    return nullptr;
  }

  TExpr* CheckValue(TExpr* value, AssignMode* mode) {
    const int errors = c_.error_count;
    // What a const pointer leads to must not become writable.
    if (fn_.result_stated && fn_.result->kind == Kind::kPointer && value->type->kind == Kind::kPointer &&
        value->type->is_const() && !fn_.result->is_const() && !fn_.result->element->is_const()) {
      return Mismatch(value);
    }
    TExpr* converted = Convert(c_, value, fn_.result, place_);
    if (converted == nullptr) return c_.error_count == errors ? Mismatch(value) : nullptr;
    if (IsError(converted)) return nullptr;
    if (fn_.result->is_temp() && fn_.result_stated && !c_.is_unsafe()) {
      c_.Error(31026, place_, "returning temporary value from function requires unsafe");
      return nullptr;
    }
    EnsureComplete(c_, fn_.result);
    const types::Traits& traits = fn_.result->traits();
    if (!traits.can_copy && !traits.can_move) {
      c_.Error(30221, place_, fmt::format("this type can't be returned at all {}", types::TypeName(fn_.result)));
      if (fn_.result->kind == Kind::kBlock && fn_.function->role == FunctionRole::kFunction) {
        c_.Error(30167, {fn_.function->location, 1},
                 fmt::format("not a valid function return type '{}'", types::TypeName(fn_.result)));
      }
      return nullptr;
    }
    if (moves_) {
      *mode = AssignMode::kMove;
      if (!converted->is_place || !converted->type->is_const()) return converted;
      c_.Error(30944, place_, "can't return via move from a constant value");
      return nullptr;
    }
    if (traits.holds_counted && c_.program.options.strict_smart_pointers && !c_.is_unsafe()) {
      c_.Error(31028, place_, "returning smart pointers without move semantics is unsafe", {}, "use return <- instead");
      return nullptr;
    }
    if (CopyMode(c_, converted, mode)) return converted;
    return RefuseCopy(converted);
  }

  // Not copyable, and somebody owns it: says what would work.
  TExpr* RefuseCopy(const TExpr* value) {
    std::string details;
    std::string advice;
    const types::Traits& traits = value->type->traits();
    if (traits.can_move) {
      if (value->type->is_const()) {
        details = "this type can't be moved because it's constant ";
      } else {
        details = "this type can be moved ";
        advice = "use return <- instead";
      }
    }
    if (traits.can_clone) {
      details += details.empty() ? "this type can be cloned " : "also, this type can be cloned ";
      advice += advice.empty() ? "use return <- clone(...) instead" : " or use return <- clone(...) instead";
    }
    if (details.empty()) details = "this type can't be copied or moved, so it can't be returned at all";
    c_.Error(30222, place_, fmt::format("{}: {}", details, types::TypeName(fn_.result)), {}, advice);
    return nullptr;
  }

  Checker& c_;
  FunctionState& fn_;
  bool moves_;
  syntax::Place place_;
};

}  // namespace

TStmt* CheckReturn(Checker& c, const syntax::Expr* value, bool moves, syntax::Place place) {
  return ReturnChecker(c, moves, place).Check(value);
}

}  // namespace vestige::sema
