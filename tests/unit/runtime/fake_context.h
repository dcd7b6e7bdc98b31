// A context without an interpreter: calls go to a function the test gives.

#ifndef VESTIGE_TESTS_UNIT_RUNTIME_FAKE_CONTEXT_H_
#define VESTIGE_TESTS_UNIT_RUNTIME_FAKE_CONTEXT_H_

#include <functional>
#include <vector>

#include "base/symbol.h"
#include "base/text_sink.h"
#include "memory/heap.h"
#include "runtime/script_context.h"
#include "types/type_table.h"

namespace vestige::runtime {

// Heaps come before the context that refers to them.
struct FakeHeaps {
  memory::Heap objects{memory::HeapOptions{}};
  memory::Heap strings{memory::HeapOptions{.content = memory::Content::kStrings}};
  base::StringSink out;
  base::StringSink err;
};

class FakeContext : public FakeHeaps, public ScriptContext {
 public:
  using Call = std::function<bool(uint32_t function, std::span<const Argument> arguments, void* result)>;
  struct Root {
    const types::Type* type;
    void* address;
  };

  FakeContext() : ScriptContext(FakeHeaps::objects, FakeHeaps::strings, FakeHeaps::out, FakeHeaps::err) {}

  bool CallFunction(uint32_t function, std::span<const Argument> arguments, void* result) override {
    return call(function, arguments, result);
  }
  // A function value is the number of the function.
  bool CallFunctionValue(const void* function, std::span<const Argument> arguments, void* result) override {
    return call(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(function)), arguments, result);
  }
  bool CallLambda(void* lambda, std::span<const Argument> arguments, void* result) override {
    return CallFunctionValue(static_cast<LambdaHead*>(lambda)->function, arguments, result);
  }
  bool CallBlock(const void* block, std::span<const Argument> arguments, void* result) override {
    return CallFunctionValue(*static_cast<const void* const*>(block), arguments, result);
  }
  base::Location CurrentLocation() const override { return {}; }
  std::string_view FunctionText(const void*) const override { return "foo/*foo Ci*/"; }
  void VisitRoots(RootVisitor visit) override {
    for (const Root& root : roots) visit(root.type, root.address);
  }

  base::Interner names;
  types::TypeTable types;
  Call call;
  std::vector<Root> roots;
};

}  // namespace vestige::runtime

#endif  // VESTIGE_TESTS_UNIT_RUNTIME_FAKE_CONTEXT_H_
