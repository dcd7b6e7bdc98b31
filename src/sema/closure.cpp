// Closures: blocks, lambdas and local functions.
//
// A closure is a function of its own with the names around it in scope. A block reaches the variables of the function
// it is written in through that function's frame; a lambda takes them along (capture.h); a local function has none.
// Floor 3.

#include <string>
#include <utility>

#include "fmt/format.h"
#include "sema/capture.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/function.h"
#include "sema/match.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

using syntax::ClosureForm;
using types::Kind;
using types::Type;

class ClosureChecker {
 public:
  ClosureChecker(Checker& c, const syntax::ClosureExpr* closure, Want want)
      : c_(c), closure_(closure), outer_(c.fn), wanted_(want.type) {
    const bool fits =
        wanted_ != nullptr && wanted_->kind == ClosureKind() && wanted_->parts.size() == closure->parameters.size();
    if (!fits) wanted_ = nullptr;
  }

  TExpr* Check() {
    const base::Location location = closure_->place.location;
    record_ = NewFunction(c_, FunctionName(), outer_->module, location, Role());
    record_->parent = outer_->function;
    record_->state = FunctionRecord::State::kChecked;
    CaptureSet captures;
    LambdaFrame frame{&captures, nullptr};
    const bool is_lambda = closure_->form == ClosureForm::kLambda;
    if (is_lambda) {
      captures.maker = outer_;
      captures.maker_unsafe = outer_->unsafe_depth > 0;
      captures.listed = closure_->captures;
      captures.place = closure_->place;
      BeginCaptures(c_, &captures, lambda_name_, location);
    }
    const bool ok = CheckFunction(is_lambda ? &frame : nullptr);
    FunctionRecord* finalizer = is_lambda ? CheckFinalizer(&captures) : nullptr;
    if (is_lambda) FinishCaptures(c_, &captures);
    if (!ok) return c_.ErrorExpr(location);
    record_->mangled = MangledName(c_, record_);
    NoteUse(c_, record_);
    if (finalizer != nullptr) NoteUse(c_, finalizer);
    if (closure_->form == ClosureForm::kLocalFunction) {
      TFunctionRef* ref = c_.Node<TFunctionRef>(location, type_);
      ref->function = record_;
      return ref;
    }
    TClosure* made = c_.Node<TClosure>(location, type_);
    made->function = record_;
    if (is_lambda) FillLambda(made, finalizer, captures);
    return made;
  }

 private:
  Kind ClosureKind() const {
    if (closure_->form == ClosureForm::kLambda) return Kind::kLambda;
    return closure_->form == ClosureForm::kBlock ? Kind::kBlock : Kind::kFunction;
  }

  FunctionRole Role() const {
    if (closure_->form == ClosureForm::kLambda) return FunctionRole::kLambda;
    return closure_->form == ClosureForm::kBlock ? FunctionRole::kBlock : FunctionRole::kLocalFunction;
  }

  // Blocks bear the name of the function they are written in; the others are numbered through the program.
  base::Symbol FunctionName() {
    if (closure_->form == ClosureForm::kBlock) return outer_->function->name;
    const bool is_lambda = closure_->form == ClosureForm::kLambda;
    lambda_name_ = ClosureName(c_, is_lambda ? "lambda" : "localfunction", closure_->place.location);
    return c_.symbols.Intern(std::string(lambda_name_.text()) + "`function");
  }

  bool CheckFunction(LambdaFrame* lambda) {
    FunctionState state = InnerState(c_, record_, closure_->form);
    NameScope scope(c_);
    std::vector<TLocal*> arguments;
    if (lambda != nullptr) {
      lambda->self = AddFrameArgument(record_, lambda->captures);
      arguments.push_back(lambda->self);
    }
    if (!ResolveParameters()) return false;
    ResolveResult(&state);
    state.lambda = lambda;
    c_.fn = &state;
    EnterParameters(&arguments);
    record_->arguments = c_.arena.Copy(arguments);
    const int errors = c_.error_count;
    const int saved_depth = c_.depth;
    record_->body = CheckBody(c_, closure_->body, lambda != nullptr ? BodyKind::kLambda : BodyKind::kBlock);
    c_.depth = saved_depth;
    c_.fn = outer_;
    const bool found = state.result != nullptr && (!state.result->is_generic() || IsError(state.result));
    const Type* result = found ? state.result : c_.types.void_type();
    record_->returns_reference = result->is_ref();
    record_->result = c_.types.WithoutQualifiers(result, types::kRef);
    record_->result_known = true;
    type_ = c_.types.Callable(ClosureKind(), result, types_, names_);
    // What is stated about a closure holds whatever its body does: the call around is still judged.
    if (c_.error_count != errors) return state.result_stated && !infers_parameters_ && !IsError(result);
    if (result->kind != Kind::kVoid && !AlwaysReturns(record_->body)) {
      c_.Error(30304, closure_->place, "not all control paths of the block return value");
      return false;
    }
    return true;
  }

  TLocal* AddFrameArgument(FunctionRecord* function, const CaptureSet* captures) {
    TLocal* self = NewLocal(c_, c_.symbols.Intern("__this"), captures->info->type, closure_->place.location, function);
    self->is_argument = true;
    self->is_reference = true;
    function->capture = captures->info->type;
    return self;
  }

  // Types of parameters: as written, else as the place that takes the closure says.
  bool ResolveParameters() {
    for (size_t i = 0; i < closure_->parameters.size(); ++i) {
      const syntax::Variable& written = closure_->parameters[i];
      const Type* expected = wanted_ != nullptr ? wanted_->parts[i] : nullptr;
      if (expected != nullptr && expected->is_generic()) expected = nullptr;
      const Type* type = nullptr;
      if (written.type != nullptr) {
        type = ResolveType(c_, written.type, TypeUse::kPartial, outer_->module);
        if (IsError(type)) return false;
        if (type->is_generic())
          type = expected == nullptr ? nullptr : Matcher(c_.types, true).Match(type, {expected, true});
        if (type != nullptr && written.is_reference) type = c_.types.WithQualifiers(type, types::kRef);
        if (type != nullptr && !written.is_var) type = c_.types.WithConst(type);
      } else {
        type = expected;
        infers_parameters_ = true;
      }
      if (type == nullptr) {
        c_.Error(30107, written.place, fmt::format("can't infer the type of the argument {}", written.name.text()));
        return false;
      }
      if (type->is_ref() && type->is_ref_type()) type = c_.types.WithoutQualifiers(type, types::kRef);
      types_.push_back(type);
      names_.push_back(written.name);
    }
    return true;
  }

  void ResolveResult(FunctionState* state) {
    if (closure_->result != nullptr) {
      const Type* result = ResolveType(c_, closure_->result, TypeUse::kPartial, outer_->module);
      state->result = result;
      state->result_stated = !result->is_generic() || IsError(result);
    } else if (wanted_ != nullptr && !wanted_->element->is_generic() && infers_parameters_) {
      state->result = wanted_->element;
    }
  }

  void EnterParameters(std::vector<TLocal*>* arguments) {
    for (size_t i = 0; i < types_.size(); ++i) {
      const syntax::Variable& written = closure_->parameters[i];
      const Type* type = c_.types.WithoutQualifiers(types_[i], types::kRef | types::kExplicit);
      // A parameter without a type is what the place that takes the closure says, constness included.
      if (!written.is_var && written.type != nullptr) type = c_.types.WithConst(type);
      TLocal* local = NewLocal(c_, written.name, type, written.place.location, record_);
      local->is_argument = true;
      local->is_reference = types_[i]->is_ref() || types_[i]->is_ref_type();
      arguments->push_back(local);
      if (!written.tuple_names.empty()) {
        c_.Error(30201, written.place, "arguments can't be expanded from a tuple");
        continue;
      }
      PushName(c_, written.name, local);
      if (!written.aka.empty()) PushName(c_, written.aka, local);
    }
  }

  // What runs when the lambda is deleted, before its captures are: the finally part of its body.
  FunctionRecord* CheckFinalizer(CaptureSet* captures) {
    FunctionRecord* finalizer = NewFunction(c_, c_.symbols.Intern(fmt::format("{}`finalizer", lambda_name_.text())),
                                            outer_->module, closure_->place.location, FunctionRole::kLambda);
    finalizer->parent = outer_->function;
    finalizer->state = FunctionRecord::State::kChecked;
    finalizer->result = c_.types.void_type();
    finalizer->result_known = true;
    FunctionState state = InnerState(c_, finalizer, closure_->form);
    NameScope scope(c_);
    LambdaFrame frame{captures, AddFrameArgument(finalizer, captures)};
    TLocal* arguments[] = {frame.self};
    finalizer->arguments = c_.arena.Copy(std::span<TLocal* const>(arguments));
    state.lambda = &frame;
    state.result = finalizer->result;
    state.result_stated = true;
    c_.fn = &state;
    finalizer->body = CheckBlock(c_, closure_->body->finally);
    c_.fn = outer_;
    finalizer->mangled = MangledName(c_, finalizer);
    return finalizer;
  }

  void FillLambda(TClosure* made, FunctionRecord* finalizer, const CaptureSet& captures) {
    made->finalizer = finalizer;
    std::vector<TCapture> filled;
    for (const CaptureSet::Entry& entry : captures.entries) filled.push_back(entry.capture);
    made->captures = c_.arena.Copy(filled);
  }

  Checker& c_;
  const syntax::ClosureExpr* closure_;
  FunctionState* outer_;
  const Type* wanted_;
  FunctionRecord* record_ = nullptr;
  base::Symbol lambda_name_;
  absl::InlinedVector<const Type*, 8> types_;
  absl::InlinedVector<base::Symbol, 8> names_;
  const Type* type_ = nullptr;
  // Some parameter has no type of its own. Only such a closure takes its result from where it is used, too; any other
  // is what its body makes it, and has to fit.
  bool infers_parameters_ = false;
};

// The variable as the function of `state` reaches it; null after a message.
TExpr* Reach(Checker& c, FunctionState* state, const LocalName& name, base::Location location) {
  if (state == nullptr) return c.ErrorExpr(location);
  if (state->function == name.local->owner) return LocalRef(c, name.local, location);
  if (state->lambda != nullptr) {
    TExpr* source = Reach(c, state->outer, name, location);
    return source == nullptr ? nullptr : CapturedPlace(c, *state->lambda, name, source, location);
  }
  TExpr* outside = Reach(c, state->outer, name, location);
  state->function->uses_parent_frame = true;
  return outside;
}

}  // namespace

TExpr* OuterLocal(Checker& c, const LocalName& name, syntax::Place place) {
  TExpr* reached = Reach(c, c.fn, name, place.location);
  return reached == nullptr ? c.ErrorExpr(place.location) : reached;
}

TExpr* CheckClosure(Checker& c, const syntax::Expr* closure, Want want) {
  return ClosureChecker(c, static_cast<const syntax::ClosureExpr*>(closure), want).Check();
}

}  // namespace vestige::sema
