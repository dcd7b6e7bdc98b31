// Compiling and running other programs from a script: compile, compile_file, simulate, invoke_in_context. Modules
// `rtti` and `debugger`. Floor 5.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/host_string.h"
#include "builtins/file_access.h"
#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "exec/context.h"
#include "runtime/program_maker.h"

namespace vestige::builtins {

namespace programs_natives {
namespace {

using base::HostString;
using runtime::Argument;
using runtime::Program;
using runtime::ProgramContext;

// What the script says of a compilation; zero says nothing. Three ask for what is so anyway: a context is never used by
// two threads (threadlock_context), programs can always be looked at (rtti), and folding constants changes no meaning
// (no_infer_time_folding).
struct Policies {
  bool threadlock_context;
  bool no_optimizations;
  bool no_infer_time_folding;
  bool rtti;
  bool export_all;
  bool persistent_heap;
  bool gc;
  bool reserved;
  uint32_t stack;
};

void SetPolicies(const Policies& policies, runtime::ProgramRequest* request) {
  request->exports_all = policies.export_all;
  if (policies.no_optimizations) request->policies.emplace_back("never_inline", "true");
  if (policies.persistent_heap) request->policies.emplace_back("persistent_heap", "true");
  if (policies.gc) request->policies.emplace_back("gc", "true");
  if (policies.stack != 0) request->policies.emplace_back("stack", std::to_string(policies.stack));
}

runtime::ProgramMaker* MakerOf(NativeCall& call) {
  runtime::ProgramMaker* maker = call.context.options().programs;
  if (maker == nullptr) call.context.Panic("this context cannot compile programs");
  return maker;
}

// Tells the block: whether there is a value, the value, and what was said about it.
template <typename T>
void Tell(NativeCall& call, const void* block, const RefPtr<T>& made, std::string_view issues) {
  if (made) call.Meet(*made);
  HostString text{nullptr};
  text.Assign(issues);
  const Argument arguments[] = {Argument::Value(static_cast<bool>(made)), Argument::Value(made.get()),
                                Argument::Reference(&text)};
  call.context.CallBlock(block, arguments, nullptr);
  text.Destroy();
}

void CompileFile(NativeCall& call) {
  runtime::ProgramMaker* maker = MakerOf(call);
  if (maker == nullptr) return;
  RefPtr<FileAccess> access(call.Value<FileAccess*>(1));
  runtime::ProgramRequest request;
  request.path = std::string(StringAt(call, 0));
  if (access) request.source = [&access](std::string_view name) { return access->Source(name); };
  SetPolicies(call.Reference<const Policies>(3), &request);
  const runtime::ProgramResult result = maker->Compile(std::move(request));
  Tell(call, call.Value<const void*>(4), result.program, result.issues);
}

// A program that is no file: `name` stands for its path.
void CompileText(NativeCall& call) {
  runtime::ProgramMaker* maker = MakerOf(call);
  if (maker == nullptr) return;
  const std::string text(StringAt(call, 1));
  runtime::ProgramRequest request;
  request.path = std::string(StringAt(call, 0));
  request.source = [&text, path = request.path](std::string_view name) { return name == path ? &text : nullptr; };
  SetPolicies(call.Reference<const Policies>(2), &request);
  const runtime::ProgramResult result = maker->Compile(std::move(request));
  Tell(call, call.Value<const void*>(3), result.program, result.issues);
}

void Simulate(NativeCall& call) {
  RefPtr<Program> program(call.Value<Program*>(0));
  if (!program) {
    call.context.Panic("simulate: there is no program");
    return;
  }
  std::string problem;
  runtime::ProgramMaker* maker = MakerOf(call);
  if (maker == nullptr) return;
  const RefPtr<ProgramContext> context = program->Simulate(*maker, &problem);
  if (call.context.status() != runtime::RunStatus::kRunning) return;
  Tell(call, call.Value<const void*>(1), context, problem);
}

// invoke_in_context(context, "function", arguments...).
void InvokeInContext(NativeCall& call) {
  RefPtr<ProgramContext> context(call.Value<ProgramContext*>(0));
  if (!context) {
    call.context.Panic("invoke_in_context: there is no context");
    return;
  }
  std::vector<ProgramContext::Value> arguments;
  for (size_t i = 2; i + 1 < call.types.size(); ++i) {
    arguments.push_back({call.types[i]->unqualified, ValueAddress(call, i)});
  }
  runtime::ProgramMaker* maker = MakerOf(call);
  if (maker == nullptr) return;
  std::string problem;
  if (context->Invoke(*maker, StringAt(call, 1), arguments, &problem)) return;
  call.context.PanicF("invoke_in_context: {}", problem);
}

// Something for the block, gone behind it.
template <typename T>
void Using(NativeCall& call) {
  T value = {};
  const Argument arguments[] = {Argument::Reference(&value)};
  call.context.CallBlock(call.Value<const void*>(0), arguments, nullptr);
}

// Modules that are compiled together; nothing is kept between compilations.
struct ModuleGroup {
  int32_t id;
};

constexpr sema::NativeFunction kFunctions[] = {
    {"compile_file",
     "(name : string; access : smart_ptr<FileAccess>; module_group : ModuleGroup?; policies : CodeOfPolicies;"
     " blk : block<(ok : bool; program : smart_ptr<Program>; issues : das_string) : void>) : void",
     &CompileFile, sema::kInvokesBlocks | sema::kMayAllocate},
    {"compile",
     "(name, text : string; policies : CodeOfPolicies;"
     " blk : block<(ok : bool; program : smart_ptr<Program>; issues : das_string) : void>) : void",
     &CompileText, sema::kInvokesBlocks | sema::kMayAllocate},
    {"simulate",
     "(program : smart_ptr<Program>;"
     " blk : block<(ok : bool; context : smart_ptr<Context>; errors : das_string) : void>) : void",
     &Simulate, sema::kInvokesBlocks | sema::kMayAllocate},
    {"using", "(blk : block<(var group : ModuleGroup) : void>) : void", &Using<ModuleGroup>, sema::kInvokesBlocks},
    {"using", "(blk : block<(var policies : CodeOfPolicies) : void>) : void", &Using<Policies>, sema::kInvokesBlocks},
};

constexpr uint32_t kInvokeFlags = sema::kUnsafe | sema::kInvokesBlocks | sema::kMayAllocate;
#define VESTIGE_INVOKE(parameters)                                                                     \
  {"invoke_in_context", "(context : smart_ptr<Context>; function_name : string" parameters ") : void", \
   &InvokeInContext, kInvokeFlags},
constexpr sema::NativeFunction kDebuggerFunctions[] = {
    VESTIGE_INVOKE("") VESTIGE_INVOKE("; a : auto(A)") VESTIGE_INVOKE("; a : auto(A); b : auto(B)")
        VESTIGE_INVOKE("; a : auto(A); b : auto(B); c : auto(C)")
            VESTIGE_INVOKE("; a : auto(A); b : auto(B); c : auto(C); d : auto(D)")
                VESTIGE_INVOKE("; a : auto(A); b : auto(B); c : auto(C); d : auto(D); e : auto(E)")
                    VESTIGE_INVOKE("; a : auto(A); b : auto(B); c : auto(C); d : auto(D); e : auto(E); f : auto(F)")};
#undef VESTIGE_INVOKE

constexpr NativeCounted kProgram = CountedType<Program>();
constexpr NativeCounted kContext = CountedType<ProgramContext>();
constexpr NativeField kPolicyFields[] = {{"export_all", offsetof(Policies, export_all)},
                                         {"stack", offsetof(Policies, stack)}};
constexpr NativeType kTypes[] = {
    {.name = "Program", .size = sizeof(Program), .align = alignof(Program), .counted = &kProgram},
    {.name = "Context", .size = sizeof(ProgramContext), .align = alignof(ProgramContext), .counted = &kContext},
    {.name = "CodeOfPolicies", .size = sizeof(Policies), .align = alignof(Policies), .fields = kPolicyFields},
};

constexpr std::string_view kPrelude = R"(
struct Program { }
struct Context { }
struct ModuleGroup {
    private id : int
}
struct CodeOfPolicies {
    threadlock_context : bool
    no_optimizations : bool
    no_infer_time_folding : bool
    rtti : bool
    export_all : bool
    persistent_heap : bool
    gc : bool
    private reserved : bool
    stack : uint
}
)";

}  // namespace
}  // namespace programs_natives

constexpr sema::NativeModule kProgramsModule = {.name = "rtti",
                                                .functions = programs_natives::kFunctions,
                                                .prelude = programs_natives::kPrelude,
                                                .types = programs_natives::kTypes};
constexpr sema::NativeModule kDebuggerModule = {.name = "debugger",
                                                .alias = "daslib/debugger",
                                                .functions = programs_natives::kDebuggerFunctions,
                                                .prelude = "require rtti public\n"};

}  // namespace vestige::builtins
