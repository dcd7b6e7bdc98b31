// Generators: a body that runs a piece at a time, each piece up to the next `yield`. To sema a generator is a closure
// that takes variables along like a lambda and whose type is an iterator. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/capture.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/function.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// The captures live in the frame of the generator, so they are a variable of its own, not one that it refers to.
TLocal* AddCaptureArgument(Checker& c, FunctionRecord* function, const CaptureSet& captures) {
  TLocal* self = NewLocal(c, c.symbols.Intern("__this"), captures.info->type, function->location, function);
  self->is_argument = true;
  function->capture = captures.info->type;
  TLocal* arguments[] = {self};
  function->arguments = c.arena.Copy(std::span<TLocal* const>(arguments));
  return self;
}

// The body of `generator<T>() { .. }`, or of the closure behind `<|`; null after a message.
const syntax::Block* BodyOf(Checker& c, const syntax::GeneratorExpr* expr, std::span<const syntax::Capture>* listed) {
  *listed = expr->captures;
  if (expr->body != nullptr) return expr->body;
  const auto* closure = expr->source == nullptr ? nullptr : syntax::As<syntax::ClosureExpr>(expr->source);
  if (closure == nullptr) {
    const bool is_missing = expr->source == nullptr;
    c.Error(is_missing ? 30170 : 30171, expr->place,
            is_missing ? "generator can only have one argument" : "expecting generator(closure)");
    return nullptr;
  }
  if (!closure->parameters.empty()) {
    c.Error(30170, expr->place, "generator must have no arguments");
    return nullptr;
  }
  if (listed->empty()) *listed = closure->captures;
  return closure->body;
}

// What `yield` must hand out: the place itself when references are wanted. Null after a message.
TExpr* YieldedPlace(Checker& c, TExpr* value, const Type* yields, syntax::Place place) {
  const Type* element = c.types.WithoutQualifiers(yields, types::kRef);
  if (!types::SameIgnoringConstRef(element, value->type)) {
    c.Error(30915, place,
            fmt::format("can only yield what the generator is of; {} = {}", types::TypeName(yields), Describe(value)),
            "not the same type");
    return nullptr;
  }
  if (!value->is_place || (value->type->is_const() && !element->is_const())) {
    c.Error(30915, place,
            fmt::format("yielding a reference requires something that lives on; {} = {}", types::TypeName(yields),
                        Describe(value)));
    return nullptr;
  }
  return value;
}

}  // namespace

TExpr* MakeGenerator(Checker& c, syntax::Place place, std::span<const syntax::Capture> listed, const Type* yields,
                     const syntax::Block* body, absl::FunctionRef<TBlock*()> fill) {
  FunctionState* outer = c.fn;
  // Counted and named like lambdas, which is what people know them as in stacks.
  const base::Symbol name = ClosureName(c, "lambda", place.location);
  FunctionRecord* record = NewFunction(c, c.symbols.Intern(std::string(name.text()) + "`function"), outer->module,
                                       place.location, FunctionRole::kGenerator);
  record->parent = outer->function;
  record->state = FunctionRecord::State::kChecked;
  CaptureSet captures;
  captures.has_head = false;
  captures.size = 0;
  captures.maker = outer;
  captures.maker_unsafe = outer->unsafe_depth > 0 || c.unsafe_once;
  captures.listed = listed;
  captures.place = place;
  BeginCaptures(c, &captures, name, place.location);
  LambdaFrame frame{&captures, AddCaptureArgument(c, record, captures)};
  FunctionState state = InnerState(c, record, syntax::ClosureForm::kLambda);
  state.lambda = &frame;
  state.result = c.types.bool_type();
  state.result_stated = true;
  state.yields = yields;
  state.generator_body = body;
  const int errors = c.error_count;
  const int saved_depth = c.depth;
  const bool saved_unsafe = c.unsafe_once;
  c.unsafe_once = false;
  c.fn = &state;
  {
    NameScope scope(c);
    record->body = fill();
  }
  c.fn = outer;
  c.unsafe_once = saved_unsafe;
  c.depth = saved_depth;
  FinishCaptures(c, &captures);
  if (record->body == nullptr || c.error_count != errors) return c.ErrorExpr(place.location);
  if (!AlwaysReturns(record->body)) {
    return c.Error(30304, place, "not all control paths of the block return value");
  }
  record->returns_reference = state.yields->is_ref();
  record->result = c.types.WithoutQualifiers(state.yields, types::kRef);
  record->result_known = true;
  record->mangled = MangledName(c, record);
  NoteUse(c, record);
  TClosure* made = c.Node<TClosure>(place.location, c.types.Iterator(state.yields));
  made->function = record;
  std::vector<TCapture> filled;
  for (const CaptureSet::Entry& entry : captures.entries) filled.push_back(entry.capture);
  made->captures = c.arena.Copy(filled);
  return made;
}

TExpr* CheckGenerator(Checker& c, const syntax::GeneratorExpr* expr) {
  const UnknownType unknown{30816, "undefined generator type ", {}, expr->place};
  const Type* yields = ResolveTypeAs(c, expr->type, TypeUse::kValue, c.fn->module, unknown);
  if (IsError(yields)) return c.ErrorExpr(expr->place.location);
  if (yields->kind == Kind::kVoid) return c.Error(30169, expr->place, "generator can't be void (yet)");
  EnsureComplete(c, yields);
  std::span<const syntax::Capture> listed;
  const syntax::Block* body = BodyOf(c, expr, &listed);
  if (body == nullptr) return c.ErrorExpr(expr->place.location);
  return MakeGenerator(c, expr->place, listed, yields, body,
                       [&c, body]() { return CheckBody(c, body, BodyKind::kGenerator); });
}

TStmt* MakeYield(Checker& c, TExpr* value, bool moves, syntax::Place place) {
  if (IsError(value)) return nullptr;
  const Type* yields = c.fn->yields;
  TYield* yield = c.Stmt<TYield>(place.location);
  if (yields->is_ref()) {
    yield->value = YieldedPlace(c, value, yields, place);
    return yield->value == nullptr ? nullptr : yield;
  }
  // Judged and worded like a store into the variable of whoever takes the value.
  const Type* stored = c.types.WithoutQualifiers(yields, types::kConst | types::kTemp);
  TLocal* taker = NewLocal(c, {}, stored, place.location);
  const AssignMode mode = moves ? AssignMode::kMove : AssignMode::kCopy;
  auto* store = As<TAssign>(MakeAssign(c, mode, LocalRef(c, taker, place.location), value, place));
  if (store == nullptr) return nullptr;
  yield->value = store->value;
  yield->mode = store->mode;
  return yield;
}

TStmt* CheckYield(Checker& c, const syntax::YieldStmt* stmt) {
  if (c.fn->yields == nullptr) {
    const FunctionState* around = c.fn;
    while (around->function != nullptr && around->function->role == FunctionRole::kBlock && around->outer != nullptr) {
      around = around->outer;
    }
    const bool in_block = around != c.fn && around->yields != nullptr;
    c.Error(in_block ? 30295 : 30294, stmt->place,
            in_block ? "can't yield from inside the block" : "can't yield from non-generator");
    return nullptr;
  }
  if (c.fn->in_closing) {
    c.Error(30294, stmt->place,
            "can't yield from the finally section of a generator: it runs when nobody asks any more");
    return nullptr;
  }
  Want want;
  want.type = c.types.WithoutQualifiers(c.fn->yields, types::kConst | types::kRef);
  TExpr* value = CheckExpr(c, stmt->value, want);
  return MakeYield(c, value, stmt->moves, stmt->place);
}

}  // namespace vestige::sema
