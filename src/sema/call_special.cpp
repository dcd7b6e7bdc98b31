// Calls with rules of their own: static_assert, concept_assert, invoke. Floor 3.

#include <string>

#include "sema/build_constant.h"
#include "sema/call.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"
#include "sema/parallel_call.h"
#include "sema/quote.h"
#include "sema/stmt.h"
#include "sema/type_basic.h"

namespace vestige::sema {

using types::Kind;

namespace {

TExpr* Nothing(Checker& c, base::Location location) { return c.Node<TZero>(location, c.types.void_type()); }

// static_assert(condition, "text") and concept_assert, which blames whoever made the instance.
TExpr* CheckStaticAssert(Checker& c, const syntax::CallExpr* call, bool blames_caller) {
  const std::string name(call->callee.name.text());
  if (call->arguments.empty() || call->arguments.size() > 2) {
    return c.Error(30229, call->place, name + "(expr) or " + name + "(expr,string)");
  }
  TExpr* condition = CheckExpr(c, call->arguments[0].value);
  if (IsError(condition)) return condition;
  if (condition->type->kind != Kind::kBool) {
    return c.Error(30229, call->place, "static assert condition must be boolean");
  }
  std::string text = "static assert failed";
  if (call->arguments.size() == 2) {
    TExpr* comment = CheckExpr(c, call->arguments[1].value);
    if (IsError(comment)) return comment;
    const TConst* constant = ConstantOf(comment);
    if (constant == nullptr || constant->type->kind != Kind::kString) {
      return c.Error(30229, call->place, "static assert comment must be string constant");
    }
    text = std::string(constant->text);
  }
  if (c.fn != nullptr && c.fn->is_unreachable) return Nothing(c, call->place.location);
  bool holds = false;
  if (!ConstantBool(condition, &holds)) {
    return c.Error(50500, call->place, "static_assert condition is not constant");
  }
  if (holds) return Nothing(c, call->place.location);
  const FunctionRecord* function = c.fn != nullptr ? c.fn->function : nullptr;
  if (blames_caller && function != nullptr && function->requested.location.is_known()) {
    return c.Error(31400, function->requested, text);
  }
  return c.Error(blames_caller ? 31400 : 31403, call->place, text);
}

TExpr* CheckInvoke(Checker& c, const syntax::CallExpr* call) {
  if (call->arguments.empty()) {
    return c.Error(30186, call->place,
                   "expecting invoke(block_or_function_or_lambda) or invoke(block_or_function_or_lambda,...)");
  }
  TExpr* callee = CheckExpr(c, call->arguments[0].value);
  CallArguments arguments;
  if (!PrepareArguments(c, call->arguments.subspan(1), &arguments) || IsError(callee)) {
    return c.ErrorExpr(call->place.location);
  }
  return MakeInvoke(c, callee, arguments, call->place, SourceText(call->arguments[0].value));
}

}  // namespace

namespace {

// assert(condition[, "text"]), verify and debug take one or two arguments and a constant text; the rest is a native's.
TExpr* CheckAssertArguments(Checker& c, const syntax::CallExpr* call) {
  const bool is_debug = call->callee.name == c.known.debug;
  const std::string name(call->callee.name.text());
  if (call->arguments.empty() || call->arguments.size() > 2) {
    return c.Error(is_debug ? 30141 : 30116, call->place, name + "(expr) or " + name + "(expr,string)");
  }
  if (call->arguments.size() == 2 && !is_debug && syntax::As<syntax::StringExpr>(call->arguments[1].value) == nullptr) {
    return c.Error(30115, call->place, name + " comment must be string constant");
  }
  return nullptr;
}

// debug(value[, text]): shows the value, and is the value. Null where functions of scripts bear the name.
TExpr* CheckDebug(Checker& c, const syntax::CallExpr* call) {
  if (TExpr* wrong = CheckAssertArguments(c, call)) return wrong;
  if (c.fn == nullptr || !FindOverloads(c, c.fn->module, c.known.debug).empty()) return nullptr;
  const base::Location location = call->place.location;
  TExpr* value = CheckExpr(c, call->arguments[0].value);
  TExpr* text = call->arguments.size() > 1 ? CheckExpr(c, call->arguments[1].value) : MakeString(c, "", location);
  if (IsError(value) || IsError(text)) return c.ErrorExpr(location);
  BlockBuilder held;
  TLocal* local = HoldValue(c, value, held);
  TExpr* shown[] = {LocalRef(c, local, location), text, MakeString(c, c.input.sources->Describe(location), location)};
  TExpr* show = CallByName(c, c.builtin, c.symbols.Intern("_builtin_debug"), shown, call->place);
  if (IsError(show)) return show;
  TExprStmt* statement = c.Stmt<TExprStmt>(location);
  statement->expr = show;
  held.statements.push_back(statement);
  TStmtExpr* made = c.Node<TStmtExpr>(location, value->type, value->is_place);
  made->body = MakeBlock(c, location, held);
  made->result = LocalRef(c, local, location);
  return made;
}

}  // namespace

namespace {

// A statement where an expression of type void stands.
TExpr* AsExpression(Checker& c, TStmt* statement, base::Location location) {
  if (statement == nullptr) return c.ErrorExpr(location);
  TBlock* body = c.Stmt<TBlock>(location);
  body->statements = c.arena.Copy(std::span<TStmt* const>(&statement, 1));
  TStmtExpr* made = c.Node<TStmtExpr>(location, c.types.void_type());
  made->body = body;
  made->result = Nothing(c, location);
  return made;
}

// finalize_dim(a): deletes the elements of a fixed array. clone_dim(a, b): a := b.
TExpr* TryFixedArrayCall(Checker& c, const syntax::CallExpr* call) {
  const std::string_view name = call->callee.name.text();
  const bool finalizes = name == "finalize_dim" && call->arguments.size() == 1;
  const bool clones = name == "clone_dim" && call->arguments.size() == 2;
  if ((!finalizes && !clones) || !FindOverloads(c, c.fn->module, call->callee.name).empty()) return nullptr;
  TExpr* target = CheckExpr(c, call->arguments[0].value);
  TExpr* source = clones ? CheckExpr(c, call->arguments[1].value) : nullptr;
  if (IsError(target) || (clones && IsError(source))) return c.ErrorExpr(call->place.location);
  const bool same =
      source == nullptr || (source->type->kind == Kind::kFixedArray && source->type->dim == target->type->dim);
  if (target->type->kind != Kind::kFixedArray || !same) {
    return c.Error(31400, call->place,
                   "can't " + std::string(finalizes ? "finalize" : "clone") + " this array: " + Describe(target));
  }
  if (clones) return MakeAssign(c, AssignMode::kClone, target, source, call->place);
  ++c.fn->unsafe_depth;
  TDelete* made = MakeDelete(c, target, call->place);
  --c.fn->unsafe_depth;
  return AsExpression(c, made, call->place.location);
}

// bitfield8(x), bitfield16(x), bitfield64(x): flags without names, of the size that the name says.
TExpr* TrySizedBitfield(Checker& c, const syntax::CallExpr* call) {
  const types::Type* type = SizedBitfield(c.types, call->callee.name.text());
  if (type == nullptr || call->arguments.size() != 1) return nullptr;
  CallArguments arguments;
  if (!PrepareArguments(c, call->arguments, &arguments)) return c.ErrorExpr(call->place.location);
  return TryConversion(c, type, arguments, call->place);
}

}  // namespace

TExpr* TrySpecialCall(Checker& c, const syntax::CallExpr* call, Want want) {
  if (call->callee.is_qualified) return nullptr;
  if (call->callee.name == c.known.assert_ || call->callee.name == c.known.verify) {
    return CheckAssertArguments(c, call);
  }
  if (call->callee.name == c.known.debug) return CheckDebug(c, call);
  if (call->callee.name == c.known.super) return TrySuperConstructor(c, call);
  if (call->callee.name == c.known.invoke) return CheckInvoke(c, call);
  if (call->callee.name == c.known.static_assert_) return CheckStaticAssert(c, call, false);
  if (call->callee.name == c.known.concept_assert) return CheckStaticAssert(c, call, true);
  if (c.fn == nullptr) return nullptr;
  if (TExpr* made = TryQuote(c, call)) return made;
  if (TExpr* made = TryFixedArrayCall(c, call)) return made;
  if (TExpr* made = TryParallelCall(c, call, want)) return made;
  if (TExpr* made = TryBuildConstant(c, call)) return made;
  return TrySizedBitfield(c, call);
}

}  // namespace vestige::sema
