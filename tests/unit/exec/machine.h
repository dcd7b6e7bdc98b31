// A program assembled by hand and a context to run it: what tests and benchmarks of exec are made of.
//
// Use: make a Machine with the number of functions, Begin/End each around calls of `b`, Load once, then Run.

#ifndef VESTIGE_TESTS_UNIT_EXEC_MACHINE_H_
#define VESTIGE_TESTS_UNIT_EXEC_MACHINE_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "base/text_sink.h"
#include "exec/code.h"
#include "exec/context.h"
#include "exec/frame.h"
#include "exec/operation.h"

namespace vestige::exec {

// Offset of slot `i`: the first argument is slot 0.
constexpr uint32_t Slot(uint32_t i) { return kFirstSlot + i * 8; }

class Machine {
 public:
  explicit Machine(uint32_t functions = 1) { b.DeclareFunctions(functions); }

  CodeBuilder b;
  ContextSettings settings{.stack_bytes = 64 * 1024};

  // `arguments` slots of 8 bytes come first; the result has `result_bytes`.
  void Begin(uint32_t number, std::string name, uint32_t arguments = 0, uint32_t result_bytes = 8) {
    current_ = number;
    FunctionInfo& info = b.info(number);
    info.name = name;
    info.mangled = name + " M";
    info.result_bytes = static_cast<uint16_t>(result_bytes);
    const uint32_t hidden = (info.hidden & kHiddenMaker ? 1 : 0) + (info.hidden & kHiddenResult ? 1 : 0);
    for (uint32_t i = 0; i < arguments; ++i) {
      info.parameters.push_back({static_cast<uint16_t>(Slot(hidden + i)), 8});
    }
    b.BeginFunction(number);
  }
  // `slots` of 8 bytes: arguments, locals, temporaries and what callees' arguments need.
  void End(uint32_t slots) { b.EndFunction(Slot(slots)); }

  // Emits a jump whose target is patched later.
  uint32_t Jump(Op op, uint32_t a = 0, uint32_t operand = 0) { return b.EmitImmediate(op, a, operand, 0); }
  uint32_t JumpTo(uint32_t target, Op op, uint32_t a = 0, uint32_t operand = 0) {
    const uint32_t jump = b.EmitImmediate(op, a, operand, 0);
    b.PatchJump(jump, target);
    return jump;
  }
  uint32_t Call(uint32_t callee, uint32_t base_slot, uint32_t result_slot) {
    return b.EmitImmediate(Op::kCall, Slot(base_slot), Slot(result_slot), static_cast<int32_t>(callee));
  }
  // Call of `native` with arguments in slots from `first` on.
  uint32_t Native(sema::NativeFn native, uint32_t first, uint32_t result, const char* name = "builtin`test native") {
    auto* site = b.arena().New<NativeSite>();
    static constexpr uint16_t kOffsets[] = {0, 8, 16, 24};
    *site = {native, kOffsets, {}, name};
    const uint32_t word = b.Emit(Op::kCallNative, Slot(first), Slot(result));
    b.EmitPointer(site);
    return word;
  }

  Context& Load() {
    settings.out = &out;
    settings.err = &err;
    code = b.Finish();
    context = std::make_unique<Context>(*code, settings);
    return *context;
  }

  // Runs a function that has to succeed; its result as T.
  template <typename T>
  T Run(uint32_t number, std::vector<runtime::Argument> arguments = {}) {
    uint64_t result[2] = {0, 0};
    if (!context->CallFunction(number, arguments, result)) return T{};
    T value;
    __builtin_memcpy(&value, result, sizeof(T));
    return value;
  }
  // Runs a function that panics; the message.
  std::string RunToPanic(uint32_t number, std::vector<runtime::Argument> arguments = {}) {
    uint64_t result[2] = {0, 0};
    if (context->CallFunction(number, arguments, result)) return "no panic";
    std::string message = context->panic_message();
    context->Reset();
    return message;
  }

  base::StringSink out;
  base::StringSink err;
  std::unique_ptr<Code> code;
  std::unique_ptr<Context> context;

 private:
  uint32_t current_ = 0;
};

template <typename T>
runtime::Argument Arg(T value) {
  return runtime::Argument::Value(value);
}

}  // namespace vestige::exec

#endif  // VESTIGE_TESTS_UNIT_EXEC_MACHINE_H_
