#include "engine/programs.h"

#include <pthread.h>

#include <cstring>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

#include "builtins/modules.h"
#include "engine/compiler.h"
#include "engine/fork_outputs.h"
#include "engine/objects.h"
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

// `run` runs on behalf of `caller` while this lives: a stop of the main run stops it, too.
class CallScope {
 public:
  CallScope(ScriptRun& caller, ScriptRun& run)
      : forks_(run.root().forks()), context_(run.context()), slot_(forks_.Enter(&context_, nullptr)), births_(run) {
    if (forks_.WasStopped(caller.is_fork())) context_.Stop(0);
  }
  ~CallScope() {
    forks_.Leave(slot_);
    // What came too late.
    context_.TakeStop();
    context_.ClearPanic();
  }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  Forks& forks_;
  exec::Context& context_;
  Forks::Slot* slot_;
  BirthScope births_;
};

// Programs that run inside each other share one native stack.
class DepthScope {
 public:
  DepthScope(Programs& caller, Programs& called) : called_(called), outer_(called.depth()) {
    called.set_depth(caller.depth() + 1);
  }
  ~DepthScope() { called_.set_depth(outer_); }
  DepthScope(const DepthScope&) = delete;
  DepthScope& operator=(const DepthScope&) = delete;

 private:
  Programs& called_;
  int outer_;
};

// The thread that made it is the only one that calls into it. It may outlive whoever made it, not the main run.
class OwnContext final : public runtime::ProgramContext {
 public:
  OwnContext(std::shared_ptr<Compiled> program, ScriptRun& asker)
      : root_(asker.root()),
        outputs_(asker.outputs().out == root_.outputs().out ? nullptr : std::make_unique<ForkOutputs>(root_.outputs())),
        run_(std::move(program), asker.options(), outputs_ == nullptr ? root_.outputs() : outputs_->Sinks(),
             RunOrigin{.nodes = &asker.nodes(), .lane = asker.lane().MakeChild(), .root = &root_}),
        slot_(root_.forks().Enter(nullptr, &run_.forks())) {
    run_.set_is_of_job(asker.is_of_job());
    run_.set_module_cache(asker.module_cache());
    if (asker.objects() != nullptr) asker.objects()->BeginProgram(run_, asker);
  }
  ~OwnContext() override {
    run_.Settle();
    {
      const BirthScope births(run_);
      run_.Finalize();
    }
    run_.Settle();
    root_.forks().Leave(slot_);
    if (run_.objects() != nullptr) run_.objects()->EndFork(run_);
    run_.ReportHeaps();
    run_.ReportLeaks();
    if (outputs_ != nullptr) outputs_->HandOn();
    Tell();
  }

  std::string Name() const override { return run_.context().name(); }
  void SetName(std::string_view name) override { run_.context().set_name(name); }
  std::string LastException() const override { return escaped_.empty() ? run_.context().last_exception() : escaped_; }

  bool Initialise(Programs& caller, std::string* problem) {
    if (!caller.HasRoom(problem)) return false;
    {
      const CallScope scope(caller.asker(), run_);
      const DepthScope depth(caller, run_.programs());
      run_.Initialise();
    }
    if (!run_.has_ended()) return true;
    caller.asker().context().TakeStop();
    *problem = run_.asked_to_exit() ? "exit() was called by an initialiser" : run_.exception();
    run_.DropFailure();
    return false;
  }

  bool Invoke(runtime::ProgramMaker& caller, std::string_view function, std::span<const Value> arguments,
              std::string* problem) override {
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
    return Call(static_cast<Programs&>(caller), found->second.function, arguments, problem);
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
  bool Call(Programs& caller, uint32_t number, std::span<const Value> arguments, std::string* problem) {
    std::vector<runtime::Argument> passed;
    for (const Value& value : arguments) {
      runtime::Argument argument;
      std::memcpy(argument.bits, value.address, value.type->size());
      passed.push_back(argument);
    }
    if (!caller.HasRoom(problem)) return false;
    alignas(16) char result[64] = {};
    exec::Context& context = run_.context();
    bool has_exited = false;
    {
      const CallScope scope(caller.asker(), run_);
      const DepthScope depth(caller, run_.programs());
      if (context.CallFunction(number, passed, result)) return true;
      has_exited = context.status() == runtime::RunStatus::kExit;
      if (!has_exited) *problem = escaped_ = context.panic_message();
    }
    if (!has_exited) return false;
    // When whoever stopped it stopped the caller as well, that is no mistake.
    *problem = "exit() was called";
    return caller.asker().context().TakeStop();
  }

  // What came of it, for the main run to account for.
  void Tell() {
    Forks& forks = root_.forks();
    for (ContextFindings& fork : run_.TakeForkFindings()) {
      ForkEnd end = {.lane = fork.lane, .is_of_job = run_.is_of_job(), .has_survivors = true};
      end.findings = std::move(fork);
      forks.Add(std::move(end));
    }
    const audit::RunEnd run_end = run_.end();
    ForkEnd end = {.lane = std::string(run_.lane().name()),
                   .is_of_job = run_.is_of_job(),
                   .exception = run_end.failed ? run_.exception() : "",
                   .failed = run_end.failed,
                   .has_survivors = run_end.has_survivors,
                   .findings = run_.TakeFindings()};
    if (outputs_ != nullptr) {
      end.leak_report = outputs_->leak_reports.TakeText();
      end.heap_report = outputs_->reports.TakeText();
    }
    if (!end.is_empty()) forks.Add(std::move(end));
  }

  ScriptRun& root_;
  // Null when reports need not wait: on the main context's thread.
  std::unique_ptr<ForkOutputs> outputs_;
  const std::thread::id thread_ = std::this_thread::get_id();
  ScriptRun run_;
  Forks::Slot* slot_;
  std::string escaped_;  // the last panic that no script code recovered from
};

class OwnProgram final : public runtime::Program {
 public:
  explicit OwnProgram(std::shared_ptr<Compiled> program) : program_(std::move(program)) {}

  RefPtr<runtime::ProgramContext> Simulate(runtime::ProgramMaker& caller, std::string* problem) override {
    auto& programs = static_cast<Programs&>(caller);
    RefPtr<OwnContext> context = MakeCounted<OwnContext>(program_, programs.asker());
    if (!context->Initialise(programs, problem)) return nullptr;
    return RefPtr<runtime::ProgramContext>(context.get());
  }

  const types::Description& Description() const override { return *program_->description; }

 private:
  std::shared_ptr<Compiled> program_;
};

}  // namespace

bool Programs::HasRoom(std::string* problem) const {
  constexpr int kMaxDepth = 8;
  // What one context may use of it, and some more.
  constexpr ptrdiff_t kNativeStack = 5 * 1024 * 1024;
  if (depth_ >= kMaxDepth || NativeStackLeft() < kNativeStack) {
    *problem = "too many programs run inside each other";
    return false;
  }
  return true;
}

runtime::ProgramResult Programs::Compile(runtime::ProgramRequest request) {
  CompileRequest compile = {.path = request.path,
                            .entry = "",
                            .root = asker_.options().das_root,
                            .cache = asker_.module_cache(),
                            .exports_all = request.exports_all,
                            .describes = true,
                            .describes_trees = asker_.program().quotes.is_for_code(),
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
  result.program = RefPtr<runtime::Program>(new OwnProgram(std::move(program)));
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

const ast::Quotes* Programs::TreesOf(const types::Description& description) {
  for (const std::weak_ptr<Compiled>& made : made_) {
    const std::shared_ptr<Compiled> program = made.lock();
    if (program != nullptr && program->description.get() == &description) return &program->quotes;
  }
  return asker_.program().description.get() == &description ? &asker_.program().quotes : nullptr;
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
                            .describes_trees = asker_.program().quotes.is_for_code(),
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
