#include "engine/compiler.h"

#include "base/arena.h"
#include "base/free_memory.h"
#include "builtins/modules.h"
#include "diag/diagnostics.h"
#include "engine/file_loader.h"
#include "engine/module_cache.h"
#include "fmt/format.h"
#include "lower/lower.h"
#include "sema/options.h"
#include "sema/print.h"
#include "sema/program.h"
#include "syntax/print.h"

namespace vestige::engine {

namespace {

constexpr int kMissingFile = 20605;
constexpr int kInvalidOption = 50100;

// The script named on the command line is to a program what a required file is to a module, and fails like one.
std::string MissingFile(const std::string& path, const absl::Status& why) {
  const std::string reason = absl::IsNotFound(why) ? "file not found" : std::string(why.message());
  return fmt::format("error[{}]: missing prerequisite '{}'; {}\n\n", kMissingFile, path, reason);
}

// Overrides the script's own options; they are wrong in the same words as there.
void ApplyPolicies(std::span<const std::pair<std::string, std::string>> policies, sema::ProgramOptions& options,
                   diag::DiagnosticSink& sink) {
  for (const auto& [name, value] : policies) {
    switch (sema::SetOption(options, name, value)) {
      case sema::OptionResult::kOk:
        break;
      case sema::OptionResult::kUnknown:
        sink.Error(kInvalidOption, base::Location(), 1, fmt::format("invalid option '{}'", name));
        break;
      case sema::OptionResult::kBadValue:
        sink.Error(kInvalidOption, base::Location(), 1, fmt::format("invalid value '{}' of option '{}'", value, name));
        break;
    }
  }
}

std::vector<int> CodesOf(const diag::SourceManager& sources, const diag::DiagnosticSink& sink) {
  std::vector<int> codes;
  for (const diag::Diagnostic& shown : diag::Collapse(sources, sink.diagnostics())) {
    if (shown.severity == diag::Severity::kError) codes.push_back(shown.code);
  }
  return codes;
}

std::string LogOf(const FileLoader& loader, const sema::TProgram* program) {
  std::string log;
  for (const sema::LoadedModule& module : loader.files()) {
    log += fmt::format("// {} as parsed\n{}\n", module.path.text(), syntax::Print(*module.ast));
  }
  if (program != nullptr) log += "// the program as typed\n" + sema::PrintProgram(*program) + "\n";
  return log;
}

// The first of a name wins. Instances of generics and functions with state of their own have other names.
void NoteExports(const sema::TProgram& program, bool all, Compiled& compiled) {
  for (const sema::TFunction* function : program.functions) {
    if (!function->is_export && !all) continue;
    Export made{.function = function->index};
    for (const sema::TLocal* argument : function->arguments) made.parameters.push_back(argument->type);
    compiled.exports.try_emplace(std::string(function->name.text()), std::move(made));
  }
}

// Most of what compiling took is free now, and a script that runs for long may never need as much again.
void LetGo(std::unique_ptr<Trees> trees) {
  constexpr size_t kMuch = 4 << 20;
  const size_t bytes = trees->syntax.reserved_bytes() + trees->typed->arena.reserved_bytes();
  trees.reset();
  if (bytes > kMuch) base::ReturnFreeMemory();
}

// What hosts, runs and test runners call.
void NoteEntries(const sema::TProgram& program, const std::string& entry, Compiled& compiled) {
  for (const sema::TFunction* function : program.functions) {
    if (!function->is_export || function->name.text() != entry) continue;
    compiled.entry = function->index;
    compiled.entry_result = function->result;
    compiled.entry_parameters.clear();
    for (const sema::TLocal* argument : function->arguments) compiled.entry_parameters.push_back(argument->type);
  }
  for (const sema::TFunction* function : program.init_functions) compiled.init_functions.push_back(function->index);
  for (const sema::TFunction* function : program.finalize_functions) {
    compiled.finalize_functions.push_back(function->index);
  }
  for (const sema::TTest& test : program.tests) {
    const auto& arguments = test.function->arguments;
    compiled.tests.push_back({.function = test.function->index,
                              .name = std::string(test.name.text()),
                              .is_benchmark = test.is_benchmark,
                              .tester = arguments.empty() ? nullptr : arguments[0]->type->element});
  }
}

}  // namespace

CompileResult Compile(CompileRequest request) {
  CompileResult result;
  const std::string* given = request.source ? request.source(request.path) : nullptr;
  if (given != nullptr) request.text = *given;
  if (!request.text.has_value()) {
    absl::StatusOr<std::string> text = ReadFile(request.path);
    if (!text.ok()) {
      return {.program = nullptr, .messages = MissingFile(request.path, text.status()), .codes = {kMissingFile}};
    }
    request.text = *std::move(text);
  }
  ModuleCache own_cache(0);
  ModuleCache& cache = request.cache != nullptr ? *request.cache : own_cache;
  const auto lock = cache.Lock();
  auto compiled = std::make_unique<Compiled>();
  compiled->symbols = cache.symbols();
  auto trees = std::make_unique<Trees>();
  diag::DiagnosticSink sink;
  FileLoader loader(compiled->sources, cache, trees->syntax, sink, request.root, request.project);
  if (request.source) loader.set_source(request.source);
  const sema::LoadedModule main = loader.AddText(request.path, *std::move(request.text));
  std::unique_ptr<sema::TProgram>& program = trees->typed;
  const std::span<const NativeModule* const> own = builtins::Modules();
  std::vector<const NativeModule*> natives(own.begin(), own.end());
  natives.insert(natives.end(), request.modules.begin(), request.modules.end());
  compiled->quotes.set_wants_declarations(request.describes_trees);
  if (!sink.has_errors()) {
    program = sema::Check({.main = main.ast,
                           .loader = &loader,
                           .natives = natives,
                           .types = &compiled->types,
                           .symbols = compiled->symbols.get(),
                           .sources = &compiled->sources,
                           .diagnostics = &sink,
                           .quotes = &compiled->quotes,
                           .describes = request.describes,
                           .describes_natives = request.describes_natives,
                           .arguments = request.arguments});
  }
  if (request.log) result.log = LogOf(loader, program.get());
  if (program != nullptr) ApplyPolicies(request.policies, program->options, sink);
  result.messages = diag::RenderAll(compiled->sources, sink);
  result.codes = CodesOf(compiled->sources, sink);
  if (main.ast != nullptr) {
    for (const syntax::Expectation& expected : main.ast->expectations) {
      result.expected.emplace_back(expected.code, expected.count);
    }
  }
  if (program == nullptr || sink.has_errors()) return result;

  compiled->options = program->options;
  compiled->description = std::move(program->description);
  compiled->is_module = program->is_module;
  NoteExports(*program, request.exports_all, *compiled);
  NoteEntries(*program, request.entry, *compiled);
  // Declarations are complete: what types know of themselves is settled before code and contexts ask.
  compiled->types.Freeze();
  lower::Lowered lowered =
      lower::Lower(*program, {.notes_holders = request.notes_holders, .counts_events = request.counts_events});
  if (lowered.code == nullptr) {
    sink.Error(0, lowered.error_location, 1, lowered.error);
    result.messages += diag::RenderAll(compiled->sources, sink);
    result.codes.push_back(0);
    return result;
  }
  compiled->code = std::move(lowered.code);
  compiled->initializer = lowered.initializer;
  trees->modules = loader.TakeModules();
  if (request.keep_ast) {
    compiled->trees = std::move(trees);
  } else {
    compiled->sources.ReleaseTexts();
    LetGo(std::move(trees));
  }
  result.program = std::move(compiled);
  return result;
}

}  // namespace vestige::engine
