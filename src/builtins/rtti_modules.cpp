// Programs and contexts as scripts look at them: modules of a program with what they declare, functions and variables
// of a context. Module `rtti`. Floor 5.

#include <cstring>
#include <string>
#include <string_view>

#include "builtins/native_values.h"
#include "builtins/rtti_parts.h"
#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace rtti_modules_natives {
namespace {

using runtime::Argument;
using runtime::Program;
using runtime::ProgramContext;
using types::DescribedFunction;
using types::DescribedModule;
using types::DescribedVariable;

// Calls the block in argument 1 with each part. False when there is a panic.
template <typename T>
bool CallForEach(NativeCall& call, std::span<const T> parts) {
  for (const T& part : parts) {
    const Argument arguments[] = {Argument::Reference(&part)};
    if (!call.context.CallBlock(call.Value<const void*>(1), arguments, nullptr)) return false;
  }
  return true;
}
template <typename T>
bool CallForEach(NativeCall& call, std::span<const T* const> parts) {
  for (const T* part : parts) {
    const Argument arguments[] = {Argument::Reference(part)};
    if (!call.context.CallBlock(call.Value<const void*>(1), arguments, nullptr)) return false;
  }
  return true;
}

// The member of the module in argument 0, which stays while the block runs, whatever the block does.
template <auto kMember>
void ForEachOf(NativeCall& call) {
  if (const auto module = PartAt<DescribedModule>(call, 0)) CallForEach(call, module.part->*kMember);
}

// --- modules

const Description* NativesOf(NativeCall& call) {
  runtime::ProgramMaker* programs = call.context.options().programs;
  std::string problem = "this context cannot look at native modules";
  const Description* natives = programs != nullptr ? programs->Natives(&problem) : nullptr;
  if (natives == nullptr) call.context.Panic(problem);
  return natives;
}

const DescribedModule* FindNative(const Description& natives, std::string_view name) {
  for (const DescribedModule& module : natives.modules) {
    if (module.is_native && module.name.text() == name) return &module;
  }
  return nullptr;
}

void GetModule(NativeCall& call) {
  const Description* natives = NativesOf(call);
  if (natives != nullptr) call.Return(FindNative(*natives, StringAt(call, 0)));
}
void HasModule(NativeCall& call) {
  const Description* natives = NativesOf(call);
  if (natives != nullptr) call.Return(FindNative(*natives, StringAt(call, 0)) != nullptr);
}

// The program in argument 0; null after a panic.
RefPtr<Program> ProgramAt(NativeCall& call, std::string_view function) {
  RefPtr<Program> program(call.Value<Program*>(0));
  if (!program) call.context.PanicF("{}: there is no program", function);
  return program;
}

void GetThisModule(NativeCall& call) {
  if (const RefPtr<Program> program = ProgramAt(call, "get_this_module")) {
    call.Return(&program->Description().modules.back());
  }
}

bool CallWithModule(NativeCall& call, size_t block, const DescribedModule* module) {
  const Argument arguments[] = {Argument::Value(module)};
  return call.context.CallBlock(call.Value<const void*>(block), arguments, nullptr);
}

void ForEachRegisteredModule(NativeCall& call) {
  const Description* natives = NativesOf(call);
  if (natives == nullptr) return;
  for (const DescribedModule& module : natives->modules) {
    if (module.is_native && !CallWithModule(call, 0, &module)) return;
  }
}

void ModuleName(NativeCall& call) {
  if (const auto module = PartAt<DescribedModule>(call, 0)) ReturnName(call, module->name);
}
void IsBuiltin(NativeCall& call) {
  if (const auto module = PartAt<DescribedModule>(call, 0)) call.Return(module->is_native);
}

// --- contexts

// What the context in argument 0 runs; null after a panic. It stays as long as the context does.
const Description* DescriptionOf(NativeCall& call) {
  const auto& context = call.Reference<ProgramContext>(0);
  if (const ProgramContext* other = OtherContext(context)) return &other->Description();
  const Description* own = call.context.options().description;
  if (own == nullptr) call.context.Panic("this context knows nothing of its program");
  return own;
}

void TotalFunctions(NativeCall& call) {
  const Description* description = DescriptionOf(call);
  if (description != nullptr) call.Return(static_cast<int32_t>(description->functions.size()));
}
void TotalVariables(NativeCall& call) {
  const Description* description = DescriptionOf(call);
  if (description != nullptr) call.Return(static_cast<int32_t>(description->globals.size()));
}
void FunctionAt(NativeCall& call) {
  if (const Description* description = DescriptionOf(call)) ReturnAt(call, description->functions, 1);
}
void VariableAt(NativeCall& call) {
  if (const Description* description = DescriptionOf(call)) ReturnAt(call, description->globals, 1);
}

void HasFunction(NativeCall& call) {
  const std::string_view name = StringAt(call, 1);
  if (const ProgramContext* other = OtherContext(call.Reference<ProgramContext>(0))) {
    call.Return(other->HasFunction(name));
    return;
  }
  bool found = false;
  for (const exec::FunctionInfo& info : call.context.code().infos()) found |= info.is_export && info.name == name;
  call.Return(found);
}

// Where a variable of the context in argument 0, a pointer, is; null: it has none such.
template <typename Key>
void* FindVariable(NativeCall& call, Key key) {
  auto* pointer = call.Value<ProgramContext*>(0);
  if (pointer == nullptr) {
    call.context.Panic("get_context_global_variable: there is no context");
    return nullptr;
  }
  return pointer->Variable(key);
}
void VariableByName(NativeCall& call) { call.Return(FindVariable(call, StringAt(call, 1))); }
void VariableByIndex(NativeCall& call) {
  call.Return(FindVariable(call, static_cast<uint32_t>(call.Value<int32_t>(1))));
}

#define VESTIGE_FOR_EACH(Name, item, Item, member)                                                     \
  {"module_for_each_" Name, "(mod : Module const?; blk : block<(" item " : " Item ") : void>) : void", \
   &ForEachOf<&DescribedModule::member>, sema::kInvokesBlocks},
constexpr sema::NativeFunction kFunctions[] = {
    VESTIGE_FOR_EACH("structure", "info", "StructInfo", structs) VESTIGE_FOR_EACH(
        "enumeration", "info", "EnumInfo", enums) VESTIGE_FOR_EACH("function", "info", "FuncInfo", functions)
        VESTIGE_FOR_EACH("generic", "info", "FuncInfo", generics) VESTIGE_FOR_EACH("global", "info", "VarInfo", globals)
            VESTIGE_FOR_EACH("annotation", "info", "Annotation", annotations){
                "get_this_module", "(program : smart_ptr<Program>) : Module?", &GetThisModule},
    {"get_module", "(name : string) : Module?", &GetModule},
    {"has_module", "(name : string) : bool", &HasModule},
    {"program_for_each_module", "(program : smart_ptr<Program>; blk : block<(mod : Module?) : void>) : void",
     &ForEachModuleOfProgram, sema::kInvokesBlocks},
    {"program_for_each_registered_module", "(blk : block<(mod : Module?) : void>) : void", &ForEachRegisteredModule,
     sema::kInvokesBlocks},
    {".`name", "(mod : Module) : string", &ModuleName, sema::kNoInScopeReturn},
    {".`isBuiltin", "(mod : Module) : bool", &IsBuiltin},
    {"get_total_functions", "(context : Context) : int", &TotalFunctions},
    {"get_total_variables", "(context : Context) : int", &TotalVariables},
    {"get_function_info", "(context : Context; index : int) : FuncInfo const&", &FunctionAt},
    {"get_variable_info", "(context : Context; index : int) : VarInfo const&", &VariableAt},
};
#undef VESTIGE_FOR_EACH

constexpr sema::NativeFunction kDebuggerFunctions[] = {
    {"has_function", "(context : Context; function_name : string) : bool", &HasFunction},
    {"get_context_global_variable", "(context : smart_ptr<Context>; name : string) : void?", &VariableByName,
     sema::kUnsafe},
    {"get_context_global_variable", "(context : smart_ptr<Context>; index : int) : void?", &VariableByIndex,
     sema::kUnsafe},
};

constexpr NativeType kTypes[] = {PartType<DescribedModule>("Module")};

constexpr std::string_view kPrelude = R"(
struct Module { }

def context_for_each_function(blk : block<(info : FuncInfo) : void>) {
    for (i in range(get_total_functions(this_context()))) {
        invoke(blk, get_function_info(this_context(), i))
    }
}
def context_for_each_variable(blk : block<(info : VarInfo) : void>) {
    for (i in range(get_total_variables(this_context()))) {
        invoke(blk, get_variable_info(this_context(), i))
    }
}
)";

}  // namespace
}  // namespace rtti_modules_natives

// Native modules are those of get_module, in every program.
void ForEachModuleOfProgram(NativeCall& call) {
  const RefPtr<runtime::Program> program = rtti_modules_natives::ProgramAt(call, "program_for_each_module");
  if (!program) return;
  const Description* natives = rtti_modules_natives::NativesOf(call);
  if (natives == nullptr) return;
  for (const types::DescribedModule& module : program->Description().modules) {
    const types::DescribedModule* shown =
        module.is_native ? rtti_modules_natives::FindNative(*natives, module.name.text()) : &module;
    if (shown != nullptr && !rtti_modules_natives::CallWithModule(call, 1, shown)) return;
  }
}

constexpr sema::NativeModule kRttiModulesModule = {.name = "rtti",
                                                   .functions = rtti_modules_natives::kFunctions,
                                                   .prelude = rtti_modules_natives::kPrelude,
                                                   .types = rtti_modules_natives::kTypes};
constexpr sema::NativeModule kDebuggerLooksModule = {.name = "debugger",
                                                     .functions = rtti_modules_natives::kDebuggerFunctions};

}  // namespace vestige::builtins
