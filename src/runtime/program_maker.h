// Programs that a script compiles while it runs, and contexts made of them. The engine makes them; natives hand them to
// scripts as smart_ptr<Program> and smart_ptr<Context>. Floor 3.

#ifndef VESTIGE_RUNTIME_PROGRAM_MAKER_H_
#define VESTIGE_RUNTIME_PROGRAM_MAKER_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/callable.h"
#include "types/description.h"
#include "vestige/ref_counted.h"

namespace vestige::ast {
class Quotes;
}

namespace vestige::runtime {

class ProgramMaker;

// A context of such a program. Globals have their values and [init] functions have run. When it dies, [finalize]
// functions run and its leaks are reported, as of any context.
class ProgramContext : public RefCounted {
 public:
  std::string ReportName() const override { return "Context " + Name(); }
  // As reports call it.
  virtual std::string Name() const = 0;
  virtual void SetName(std::string_view name) = 0;
  // What its last panic said; empty while there was none.
  virtual std::string LastException() const = 0;
  // A workhorse value of the calling script.
  struct Value {
    const types::Type* type;
    const void* address;
  };
  // Calls an exported function on behalf of the caller, whose end is its end. False, with *problem, when there is none
  // with such parameters, or a panic came out of it.
  virtual bool Invoke(ProgramMaker& caller, std::string_view function, std::span<const Value> arguments,
                      std::string* problem) = 0;
  // Whether there is such an exported function.
  virtual bool HasFunction(std::string_view function) const = 0;
  // Where a module's variable is, by name or in the order of the description; null: there is none. It goes with the
  // context.
  virtual void* Variable(std::string_view name) = 0;
  virtual void* Variable(uint32_t index) = 0;
  // Its program's.
  virtual const types::Description& Description() const = 0;
};

// A compiled program, whose contexts keep it alive.
class Program : public RefCounted {
 public:
  std::string ReportName() const override { return "Program"; }
  // A context that is initialised; null, with *problem, when that failed. It belongs to the caller's thread, and may
  // outlive the caller.
  virtual RefPtr<ProgramContext> Simulate(ProgramMaker& caller, std::string* problem) = 0;
  virtual const types::Description& Description() const = 0;
};

struct ProgramRequest {
  std::string path;
  // The text of a file, when it is not to be read; null: read it.
  std::function<const std::string*(std::string_view name)> source;
  // Options that overrule the program's own.
  std::vector<std::pair<std::string, std::string>> policies;
  // Whether every function can be called, not only those marked [export].
  bool exports_all = false;
};

struct ProgramResult {
  RefPtr<Program> program;  // null after errors
  std::string issues;       // errors and warnings as text
};

// One for each context; programs that it made may outlive it.
class ProgramMaker {
 public:
  virtual ~ProgramMaker() = default;
  virtual ProgramResult Compile(ProgramRequest request) = 0;
  // The description, of a program that it made and that is still there, which has such a part at `address`; null: there
  // is none. It stays as long as it is held.
  virtual std::shared_ptr<const types::Description> Find(types::Description::Part part, const void* address) = 0;
  // The trees of what a description that is held describes; null: they are unknown. They stay as long as it does.
  virtual const ast::Quotes* TreesOf(const types::Description& description) = 0;
  // The description of all native modules, made when first asked for; it stays. Null, with *problem, when there is
  // none.
  virtual const types::Description* Natives(std::string* problem) = 0;
};

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_PROGRAM_MAKER_H_
