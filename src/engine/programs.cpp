#include "engine/programs.h"

#include <pthread.h>

#include <cstring>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

#include "builtins/modules.h"
#include "engine/compiler.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

// Bytes of this thread's stack below here. Unknown: as much as anybody asks for.
ptrdiff_t NativeStackLeft() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return std::numeric_limits<ptrdiff_t>::max();
  void* lowest = nullptr;
  size_t size = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return static_cast<const char*>(__builtin_frame_address(0)) - static_cast<const char*>(lowest);
}

// Workhorse values only: anything else is laid out by the types of one program, which are not those of another.
bool FitsParameter(const types::Type* parameter, const types::Type* given) {
  return parameter->kind == given->kind && parameter->is_workhorse() && parameter->enum_info == nullptr;
}

class OwnContext final : public runtime::ProgramContext {
 public:
  OwnContext(std::shared_ptr<Compiled> program, Programs& maker)
      : maker_(maker),
        run_(std::move(program), maker.asker().options(), maker.asker().outputs(),
             RunOrigin{.nodes = &maker.asker().nodes(), .lane = maker.asker().lane().MakeChild()}) {
    run_.set_objects(maker.asker().objects());
    run_.set_module_cache(maker.asker().module_cache());
    const runtime::ContextOptions& outer = maker.asker().context().options();
    runtime::ContextOptions& inner = run_.context().options();
    inner.objects = outer.objects;
    inner.handles = outer.handles;
    inner.lane = outer.lane;
    inner.jobs = outer.jobs;
    inner.programs = &maker;
  }
  ~OwnContext() override {
    run_.Settle();
    run_.Finalize();
    run_.ReportHeaps();
    run_.ReportLeaks();
  }

  std::string Name() const override { return run_.context().name(); }
  void SetName(std::string_view name) override { run_.context().set_name(name); }
  std::string LastException() const override { return escaped_.empty() ? run_.context().last_exception() : escaped_; }

  bool Initialise(std::string* problem) {
    if (!maker_.Enter(problem)) return false;
    run_.Initialise();
    maker_.Leave();
    if (!run_.end().failed && !run_.asked_to_exit()) return true;
    *problem = run_.asked_to_exit() ? "exit() was called by an initialiser" : run_.exception();
    return false;
  }

  bool Invoke(std::string_view function, std::span<const Value> arguments, std::string* problem) override {
    if (std::this_thread::get_id() != thread_) {
      *problem = fmt::format("context '{}' belongs to the thread that made it", Name());
      return false;
    }
    const auto found = run_.program().exports.find(std::string(function));
    if (found == run_.program().exports.end()) {
      *problem = fmt::format("function '{}' not found", function);
      return false;
    }
    const std::vector<const types::Type*>& parameters = found->second.parameters;
    bool fits = parameters.size() == arguments.size();
    for (size_t i = 0; fits && i < arguments.size(); ++i) {
      fits = FitsParameter(parameters[i], arguments[i].type);
    }
    if (!fits) {
      *problem = fmt::format("function '{}' has other parameters", function);
      return false;
    }
    return Call(found->second.function, arguments, problem);
  }

  bool HasFunction(std::string_view function) const override {
    return run_.program().exports.contains(std::string(function));
  }

  void* Variable(std::string_view name) override {
    for (const exec::GlobalEntry& global : run_.program().code->globals()) {
      if (global.name == name) return run_.context().AddressOf(global);
    }
    return nullptr;
  }
  void* Variable(uint32_t index) override {
    const std::span<const types::DescribedVariable> globals = Description().globals;
    if (index >= globals.size()) return nullptr;
    return run_.context().AddressOf(run_.program().code->globals()[globals[index].number]);
  }

  const types::Description& Description() const override { return *run_.program().description; }

 private:
  bool Call(uint32_t number, std::span<const Value> arguments, std::string* problem) {
    std::vector<runtime::Argument> passed;
    for (const Value& value : arguments) {
      runtime::Argument argument;
      std::memcpy(argument.bits, value.address, value.type->size());
      passed.push_back(argument);
    }
    alignas(16) char result[64] = {};
    exec::Context& context = run_.context();
    if (!maker_.Enter(problem)) return false;
    const bool done = context.CallFunction(number, passed, result);
    maker_.Leave();
    if (done) return true;
    if (context.status() == runtime::RunStatus::kExit) {
      *problem = "exit() was called";
    } else {
      *problem = escaped_ = context.panic_message();
    }
    context.Reset();
    return false;
  }

  Programs& maker_;
  // The only one that calls into it.
  const std::thread::id thread_ = std::this_thread::get_id();
  ScriptRun run_;
  std::string escaped_;  // the last panic that no script code recovered from
};

class OwnProgram final : public runtime::Program {
 public:
  OwnProgram(std::shared_ptr<Compiled> program, Programs& maker) : program_(std::move(program)), maker_(maker) {}

  RefPtr<runtime::ProgramContext> Simulate(std::string* problem) override {
    RefPtr<OwnContext> context = MakeCounted<OwnContext>(program_, maker_);
    if (!context->Initialise(problem)) return nullptr;
    return RefPtr<runtime::ProgramContext>(context.get());
  }

  const types::Description& Description() const override { return *program_->description; }

 private:
  std::shared_ptr<Compiled> program_;
  Programs& maker_;
};

}  // namespace

bool Programs::Enter(std::string* problem) {
  constexpr int kMaxDepth = 8;
  // What one context may use of it, and some more.
  constexpr ptrdiff_t kNativeStack = 5 * 1024 * 1024;
  if (depth_ >= kMaxDepth || NativeStackLeft() < kNativeStack) {
    *problem = "too many programs run inside each other";
    return false;
  }
  ++depth_;
  return true;
}

runtime::ProgramResult Programs::Compile(runtime::ProgramRequest request) {
  CompileRequest compile = {.path = request.path,
                            .entry = "",
                            .root = asker_.options().das_root,
                            .cache = asker_.module_cache(),
                            .exports_all = request.exports_all,
                            .describes = true,
                            .policies = request.policies,
                            .modules = asker_.options().modules,
                            .arguments = asker_.options().arguments,
                            .source = std::move(request.source)};
  CompileResult compiled = engine::Compile(std::move(compile));
  runtime::ProgramResult result;
  result.issues = std::move(compiled.messages);
  if (compiled.program == nullptr) return result;
  std::shared_ptr<Compiled> program = std::move(compiled.program);
  Note(program);
  result.program = RefPtr<runtime::Program>(new OwnProgram(std::move(program), *this));
  return result;
}

void Programs::Note(const std::shared_ptr<Compiled>& program) {
  // Those that are gone are dropped when there is no more room: each is dropped once.
  if (made_.size() == made_.capacity()) std::erase_if(made_, [](const auto& made) { return made.expired(); });
  made_.push_back(program);
}

std::shared_ptr<const types::Description> Programs::Find(types::Description::Part part, const void* address) {
  for (const std::weak_ptr<Compiled>& made : made_) {
    const std::shared_ptr<Compiled> program = made.lock();
    if (program == nullptr || !program->description->Knows(part, address)) continue;
    return {program, program->description.get()};
  }
  return nullptr;
}

const types::Description* Programs::Natives(std::string* problem) {
  if (natives_ != nullptr) return natives_->description.get();
  std::string text = "options gen2\n";
  for (const std::span<const NativeModule* const> modules : {builtins::Modules(), asker_.options().modules}) {
    for (const NativeModule* module : modules) {
      if (module->name != "$") text += fmt::format("require {}\n", module->name);
    }
  }
  CompileRequest compile = {.path = "native modules",
                            .text = std::move(text),
                            .entry = "",
                            .cache = asker_.module_cache(),
                            .describes = true,
                            .describes_natives = true,
                            .modules = asker_.options().modules};
  CompileResult compiled = engine::Compile(std::move(compile));
  if (compiled.program == nullptr) {
    *problem = "the native modules of the host are wrong: " + compiled.messages;
    return nullptr;
  }
  natives_ = std::move(compiled.program);
  Note(natives_);
  return natives_->description.get();
}

}  // namespace vestige::engine
