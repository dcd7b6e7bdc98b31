// Entering and leaving functions: shared by function.cpp and whoever elaborates closures and initialisers. Floor 3.

#ifndef VESTIGE_SEMA_FUNCTION_H_
#define VESTIGE_SEMA_FUNCTION_H_

#include <string>
#include <utility>

#include "sema/checker.h"

namespace vestige::sema {

// Makes `state` the current function while it lives.
class FunctionFrame {
 public:
  explicit FunctionFrame(Checker& c)
      : c_(c), saved_(c.fn), names_(c.names.size()), aliases_(std::exchange(c.alias_count, 0)), place_(c.alias_place) {
    state.names_begin = names_;
    c.fn = &state;
  }
  // A state for looking at something declared in `module`: no names of the functions around, no bindings but these.
  FunctionFrame(Checker& c, ModuleScope* module, const Bindings* bindings) : FunctionFrame(c) {
    state.module = module;
    state.caller_module = saved_ != nullptr ? saved_->caller_module : module;
    state.bindings = bindings;
    state.function = saved_ != nullptr ? saved_->function : nullptr;
  }
  ~FunctionFrame() {
    c_.names.resize(names_);
    c_.fn = saved_;
    c_.alias_count = aliases_;
    c_.alias_place = place_;
  }
  FunctionFrame(const FunctionFrame&) = delete;
  FunctionFrame& operator=(const FunctionFrame&) = delete;

  FunctionState state;
  FunctionState* saved() const { return saved_; }

 private:
  Checker& c_;
  FunctionState* saved_;
  size_t names_;
  // An alias that is being written out outside is of no concern to what is elaborated here.
  int aliases_;
  syntax::Place place_;
};

// The index in Checker::names below which the current function must not look.
size_t NamesBegin(const Checker& c);

// Enters the parameters of `function` as locals and names. `self` also opens the fields of its struct.
void EnterParameters(Checker& c, FunctionRecord* function, std::span<const Parameter> parameters);

// A function is generic when some parameter has neither a type nor a default value. In others, parameters without a
// type have that of their default values (default_types.cpp); false when one of those is wrong, which was reported.
bool InferFromDefaults(Checker& c, FunctionEntity* entity, std::span<Parameter> parameters);

// Some `return` in the block (not in closures within) has a value: without one the result is void.
bool ReturnsValue(const syntax::Block* block);
// The type of the variable that the body of `function`, which is being elaborated, returns in the end, if the variable
// is known by now; else null.
const types::Type* TypeOfReturnedLocal(const Checker& c, const FunctionRecord* function);
// Every path through `block` ends in a return (or never ends).
bool AlwaysReturns(const TBlock* block);

// `rec Ci`: the unique spelling of a function for messages.
base::Symbol MangledName(Checker& c, const FunctionRecord* function);

// A native's declaration as the parser reads it. Operators are named as scripts declare them; names of properties
// (.`name) are no words and are left out.
std::string NativeDeclaration(const NativeFunction& native);
// Native functions: the concrete result type under `bindings`.
const types::Type* NativeResult(Checker& c, FunctionEntity* entity, const Bindings& bindings);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_FUNCTION_H_
