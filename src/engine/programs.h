// Programs that scripts compile while they run: the engine's side of runtime/program_maker.h. Floor 6.

#ifndef VESTIGE_ENGINE_PROGRAMS_H_
#define VESTIGE_ENGINE_PROGRAMS_H_

#include <memory>
#include <string>
#include <vector>

#include "ast/lane.h"
#include "engine/script_run.h"
#include "runtime/program_maker.h"
#include "vestige/options.h"

namespace vestige::engine {

// Compiles on behalf of one run.
class Programs : public runtime::ProgramMaker {
 public:
  // `asker`, whose script compiles, outlives this object.
  explicit Programs(ScriptRun& asker) : asker_(asker) {}

  runtime::ProgramResult Compile(runtime::ProgramRequest request) override;
  std::shared_ptr<const types::Description> Find(types::Description::Part part, const void* address) override;
  const ast::Quotes* TreesOf(const types::Description& description) override;
  const types::Description* Natives(std::string* problem) override;
  // Programs that run inside each other share one native stack. False, with *problem, when there are too many.
  bool HasRoom(std::string* problem) const;
  // How many programs run around this one's.
  int depth() const { return depth_; }
  void set_depth(int depth) { depth_ = depth; }

  // On whose behalf it compiles.
  ScriptRun& asker() { return asker_; }

 private:
  // Notes a program, so that what scripts know of it can be told from what they knew of another.
  void Note(const std::shared_ptr<Compiled>& program);

  ScriptRun& asker_;
  std::vector<std::weak_ptr<Compiled>> made_;
  // A program that requires every native module and has no other use.
  std::shared_ptr<Compiled> natives_;
  int depth_ = 0;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_PROGRAMS_H_
