// Programs that scripts compile while they run: the engine's side of runtime/program_maker.h. Floor 6.

#ifndef VESTIGE_ENGINE_PROGRAMS_H_
#define VESTIGE_ENGINE_PROGRAMS_H_

#include <string>

#include "ast/lane.h"
#include "engine/script_run.h"
#include "runtime/program_maker.h"
#include "vestige/options.h"

namespace vestige::engine {

// Compiles on behalf of one run.
class Programs : public runtime::ProgramMaker {
 public:
  // All outlive this object, and everything that it makes and that is ever used again.
  Programs(const EngineOptions& options, const Outputs& outputs, ast::Registry& nodes)
      : options_(options), outputs_(outputs), nodes_(nodes) {}

  runtime::ProgramResult Compile(runtime::ProgramRequest request) override;
  // The context that asks: what contexts of programs make belongs to the same engine.
  void set_asker(runtime::ScriptContext* asker) { asker_ = asker; }

  // Programs that run inside each other share one native stack. Enter is false, with *problem, when there are too many.
  bool Enter(std::string* problem);
  void Leave() { --depth_; }

  const EngineOptions& options() const { return options_; }
  const Outputs& outputs() const { return outputs_; }
  ast::Registry& nodes() { return nodes_; }
  runtime::ScriptContext& asker() { return *asker_; }

 private:
  const EngineOptions& options_;
  Outputs outputs_;
  ast::Registry& nodes_;
  runtime::ScriptContext* asker_ = nullptr;
  int depth_ = 0;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_PROGRAMS_H_
