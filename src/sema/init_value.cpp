// Initialising a variable. Floor 3.

#include "sema/init_value.h"

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/match.h"
#include "sema/smart_pointer.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

constexpr types::Qualifiers kNotStored = types::kConst | types::kRef;

InitValue Failed(Checker& c) {
  InitValue failed;
  failed.type = c.types.Basic(Kind::kAny);
  failed.value = c.ErrorExpr({});
  return failed;
}

// The type that `declared` (null, auto, or auto in parts) becomes when `value` fills the variable; null after a
// message.
const Type* InferType(Checker& c, const Type* declared, const TExpr* value, const InitWords& words) {
  if (declared != nullptr && !declared->is_generic()) return c.types.WithoutQualifiers(declared, kNotStored);
  if (value->type->kind == Kind::kVoid) {
    c.Error(words.cannot_infer, words.variable, fmt::format("{} initialization can't be void, auto", words.subject));
    return nullptr;
  }
  const Type* inferred = nullptr;
  if (value->type->kind == Kind::kNull) {
    inferred = nullptr;
  } else if (declared == nullptr || declared->kind == Kind::kAuto) {
    inferred = value->type;
  } else {
    inferred = Matcher(c.types, true).Match(declared, {c.types.WithoutQualifiers(value->type, types::kConst), true});
  }
  if (inferred == nullptr || inferred->is_generic()) {
    c.Error(words.cannot_infer, words.variable,
            fmt::format("{} initialization type can't be inferred, {} = {}", words.subject,
                        declared == nullptr ? "auto" : types::TypeName(declared), Describe(value)));
    return nullptr;
  }
  return c.types.WithoutQualifiers(inferred, kNotStored);
}

bool CheckCopy(Checker& c, const InitValue& init, const InitWords& words, AssignMode* mode) {
  if (CopyMode(c, init.value, mode)) return true;
  if (init.type->traits().can_move) {
    c.Error(words.cannot_copy, words.variable, words.subject + words.cannot_copy_text, {}, words.cannot_copy_fixme);
  } else {
    c.Error(words.cannot_copy, words.variable, words.subject + " can't be initialized at all");
  }
  return false;
}

bool CheckMove(Checker& c, const InitValue& init, const InitWords& words) {
  if (init.value->is_place && init.value->type->is_const()) {
    c.Error(words.cannot_move, words.variable,
            fmt::format("{} can't init (move) from a constant value. {}", words.subject, Describe(init.value)));
    return false;
  }
  if (!init.type->traits().can_move) {
    c.Error(words.cannot_copy, words.variable, words.subject + " can't be initialized at all");
    return false;
  }
  return true;
}

// Deep copies of what is plain bits are copies; values that nobody else owns are moved in.
bool CheckClone(Checker& c, const InitValue& init, const InitWords& words, AssignMode* mode) {
  const types::Traits& traits = init.type->traits();
  if (!traits.can_clone) {
    c.Error(30913, words.variable,
            fmt::format("{} of type {} can't be cloned from {}", words.subject, types::TypeName(init.type),
                        Describe(init.value)));
    return false;
  }
  *mode = AssignMode::kClone;
  if (!traits.holds_counted && (init.type->is_workhorse() || traits.clones_by_bits)) {
    *mode = AssignMode::kCopy;
  } else if (IsFresh(init.value) && !init.value->type->is_temp()) {
    *mode = AssignMode::kMove;
  }
  return true;
}

}  // namespace

InitValue InitFrom(Checker& c, const Type* declared, TExpr* value, syntax::InitMode mode, bool is_const,
                   const InitWords& words) {
  if (IsError(value) || (declared != nullptr && IsError(declared))) return Failed(c);
  InitValue init;
  init.type = InferType(c, declared, value, words);
  if (init.type == nullptr) return Failed(c);
  if (mode == syntax::InitMode::kClone && SharesRaw(init.type, value)) {
    value = ShareCounted(c, value, words.variable);
    if (IsError(value)) return Failed(c);
  }
  // A number literal that does not fit has been reported by then.
  const int errors = c.error_count;
  init.value = Convert(c, value, init.type, value->location.is_known() ? words.mismatch : words.variable);
  if (init.value == nullptr) {
    if (c.error_count == errors) {
      const Type* shown = is_const ? c.types.WithConst(init.type) : init.type;
      c.Error(30344, words.mismatch,
              fmt::format("{} initialization type mismatch; {} = {}", words.subject, types::TypeName(shown),
                          Describe(value)),
              "not the same type");
    }
    return Failed(c);
  }
  if (IsError(init.value)) return Failed(c);
  EnsureComplete(c, init.type);
  bool ok = false;
  if (init.type->kind == Kind::kBlock) {
    ok = init.value->kind == ExprKind::kClosure;
    if (!ok) {
      c.Error(30198, words.variable, words.subject + " can only be initialized with make block expression");
    }
  } else if (mode == syntax::InitMode::kMove) {
    init.mode = AssignMode::kMove;
    ok = CheckMove(c, init, words);
  } else if (mode == syntax::InitMode::kClone) {
    ok = CheckClone(c, init, words, &init.mode);
  } else {
    ok = CheckCopy(c, init, words, &init.mode);
  }
  return ok ? init : Failed(c);
}

InitValue CheckInit(Checker& c, const Type* declared, const syntax::Expr* written, syntax::InitMode mode, bool is_const,
                    const InitWords& words) {
  Want want;
  if (declared != nullptr && !IsError(declared)) want.type = c.types.WithoutQualifiers(declared, kNotStored);
  TExpr* value = CheckExpr(c, written, want);
  return InitFrom(c, declared, value, mode, is_const, words);
}

}  // namespace vestige::sema
