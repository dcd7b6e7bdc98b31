// Lowers a hand-made tree and runs its functions.

#ifndef VESTIGE_TESTS_UNIT_LOWER_RUNNER_H_
#define VESTIGE_TESTS_UNIT_LOWER_RUNNER_H_

#include <memory>
#include <string>
#include <vector>

#include "base/text_sink.h"
#include "exec/context.h"
#include "lower/listing.h"
#include "lower/lower.h"
#include "tree.h"

namespace vestige::lower_test {

class Runner {
 public:
  explicit Runner(const Tree& tree) : lowered_(lower::Lower(tree.program)) {
    exec::ContextSettings settings;
    settings.stack_bytes = 64 * 1024;
    settings.out = &out_;
    settings.err = &out_;
    context_ = std::make_unique<exec::Context>(*lowered_.code, settings);
    context_->CallFunction(lowered_.initializer, {}, nullptr);
  }

  // The result of `function`, whose arguments are workhorse values.
  template <typename T, typename... Args>
  T Call(const TFunction* function, Args... arguments) {
    std::vector<runtime::Argument> list{runtime::Argument::Value(arguments)...};
    alignas(16) char bytes[64] = {};
    context_->CallFunction(function->index, list, bytes);
    T result;
    std::memcpy(&result, bytes, sizeof(result));
    return result;
  }
  // The message of the panic that the call ends with; empty when it succeeds.
  template <typename... Args>
  std::string Panic(const TFunction* function, Args... arguments) {
    std::vector<runtime::Argument> list{runtime::Argument::Value(arguments)...};
    alignas(16) char bytes[64] = {};
    std::string message;
    if (!context_->CallFunction(function->index, list, bytes)) message = context_->panic_message();
    context_->Reset();
    return message;
  }

  exec::Context& context() { return *context_; }
  const exec::Code& code() const { return *lowered_.code; }
  std::string Listing(const TFunction* function) const { return lower::ListFunction(code(), function->index); }

 private:
  base::StringSink out_;
  lower::Lowered lowered_;
  std::unique_ptr<exec::Context> context_;
};

}  // namespace vestige::lower_test

#endif  // VESTIGE_TESTS_UNIT_LOWER_RUNNER_H_
