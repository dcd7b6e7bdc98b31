// The whole program: globals, then functions, makers of closures first. Floor 5.

#include "lower/lower.h"

#include <algorithm>

#include "lower/function_lowering.h"
#include "lower/program_state.h"

namespace vestige::lower {

namespace {

void LayOutGlobals(ProgramState& state) {
  uint32_t own_bytes = 0;
  uint32_t shared_bytes = 0;
  for (const sema::TGlobal* global : state.program.globals) {
    if (!global->is_shared) continue;
    own_bytes = sizeof(exec::SharedLink);
    state.checks_moves = state.checks_moves || !global->type->traits().can_copy;
  }
  state.global_offsets.resize(state.program.globals.size());
  for (const sema::TGlobal* global : state.program.globals) {
    uint32_t& offset = global->is_shared ? shared_bytes : own_bytes;
    state.global_offsets[global->index] = offset;
    state.builder.AddGlobal(offset, global->type->unqualified, global->name.text(), global->is_shared);
    // One without bytes has an address all the same.
    offset += std::max((global->type->size() + 7) & ~7u, global->is_shared ? 8u : 0u);
  }
  state.builder.set_global_bytes(own_bytes);
  state.builder.set_shared_bytes(shared_bytes);
}

void NumberLocals(ProgramState& state) {
  const auto& functions = state.program.functions;
  uint32_t count = 0;
  state.first_local.resize(functions.size() + 1);
  for (const sema::TFunction* function : functions) {
    state.first_local[function->index] = count;
    count += static_cast<uint32_t>(function->locals->size());
  }
  state.first_local[functions.size()] = count;
  const sema::TFunction* initializer = state.program.initializer;
  if (initializer != nullptr && initializer->locals != nullptr)
    count += static_cast<uint32_t>(initializer->locals->size());
  state.local_slots.assign(count, kNoSlot);
  state.far_offsets.assign(count, ProgramState::kNotFar);
}

}  // namespace

Lowered Lower(const sema::TProgram& program, const LowerOptions& options) {
  ProgramState state(program);
  state.notes_holders = options.notes_holders;
  state.builder.set_counts_events(options.counts_events);
  Lowered lowered;
  const auto count = static_cast<uint32_t>(program.functions.size());
  lowered.initializer = count;
  state.builder.DeclareFunctions(count + 1);
  LayOutGlobals(state);
  NumberLocals(state);
  state.inline_verdicts.assign(count, ProgramState::Verdict::kUnknown);

  FunctionLowering lowering(state);
  const auto fail = [&lowered](const sema::TFunction* function) {
    lowered.error = "the variables of one function take more than 64 KB";
    lowered.error_location = function == nullptr ? base::Location() : function->location;
  };
  if (!lowering.LowerInitializer(count)) fail(program.initializer);
  std::vector<bool> done(count, false);
  std::vector<const sema::TFunction*> chain;
  for (const sema::TFunction* function : program.functions) {
    // Closures find their maker's variables where its code put them.
    for (const sema::TFunction* f = function; f != nullptr && f != program.initializer && !done[f->index];
         f = f->parent) {
      chain.push_back(f);
      done[f->index] = true;
    }
    for (; !chain.empty(); chain.pop_back()) {
      if (!lowering.Lower(chain.back())) fail(chain.back());
    }
  }
  if (lowered.error.empty()) lowered.code = state.builder.Finish();
  return lowered;
}

}  // namespace vestige::lower
