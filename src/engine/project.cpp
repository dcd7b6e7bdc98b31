#include "engine/project.h"

#include <utility>

#include "engine/module_path.h"
#include "fmt/format.h"
#include "runtime/string.h"

namespace vestige::engine {

namespace {

constexpr std::string_view kEntry = "module_get";

bool IsString(const types::Type* type) { return type->kind == types::Kind::kString && !type->is_ref(); }

// (string; string) : tuple<string; string; string>
bool FitsEntry(const Compiled& program) {
  const types::Type* result = program.entry_result;
  if (result->kind != types::Kind::kTuple || result->parts.size() != 3 || program.entry_parameters.size() != 2) {
    return false;
  }
  for (const types::Type* part : result->parts) {
    if (!IsString(part)) return false;
  }
  return IsString(program.entry_parameters[0]) && IsString(program.entry_parameters[1]);
}

}  // namespace

Project::Project(std::unique_ptr<Compiled> program, base::TextSink& out) : program_(std::move(program)) {
  exec::ContextSettings settings = {.stack_bytes = program_->options.stack_bytes, .out = &out, .err = &out};
  settings.string_heap.content = memory::Content::kStrings;
  context_ = std::make_unique<exec::Context>(*program_->code, settings);
}

absl::StatusOr<std::unique_ptr<Project>> Project::Open(const std::string& path, const std::string& root,
                                                       base::TextSink& out) {
  CompileResult compiled = Compile({.path = path, .entry = std::string(kEntry), .root = root});
  if (compiled.program == nullptr) return absl::InvalidArgumentError(compiled.messages);
  if (!compiled.program->entry.has_value() || !FitsEntry(*compiled.program)) {
    return absl::InvalidArgumentError(
        fmt::format("error: project '{}' exports no function {}(req, from : string) : tuple<string; string; string>\n",
                    path, kEntry));
  }
  std::unique_ptr<Project> project(new Project(std::move(compiled.program), out));
  if (absl::Status status = project->Initialise(path); !status.ok()) return status;
  return project;
}

absl::Status Project::Initialise(const std::string& path) {
  if (absl::Status status = Run(program_->initializer); !status.ok()) return status;
  for (uint32_t function : program_->init_functions) {
    if (absl::Status status = Run(function); !status.ok()) return status;
  }
  for (const exec::GlobalEntry& global : program_->code->globals()) {
    if (std::string_view(global.name) != "DAS_PAK_ROOT" || !IsString(global.type)) continue;
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "./" : path.substr(0, slash + 1);
    *reinterpret_cast<char**>(context_->AddressOf(global)) = runtime::MakeString(*context_, folder);
  }
  return absl::OkStatus();
}

absl::Status Project::Run(uint32_t function) {
  return context_->CallFunction(function, {}, nullptr) ? absl::OkStatus() : PanicStatus();
}

absl::Status Project::PanicStatus() {
  const std::string message = context_->panic_message();
  const std::string place = program_->sources.Describe(context_->panic_location());
  context_->Reset();
  return absl::InternalError(fmt::format("the project failed: {} at {}", message, place));
}

absl::StatusOr<Mapping> Project::Find(std::string_view target, std::string_view requiring) {
  const std::string key = fmt::format("{}\n{}", target, requiring);
  const auto [known, is_new] = known_.try_emplace(key);
  if (!is_new) return known->second;
  char* result[3] = {nullptr, nullptr, nullptr};
  const char* request = runtime::MakeString(*context_, target);
  const char* from = runtime::MakeString(*context_, requiring);
  const runtime::Argument arguments[] = {runtime::Argument::Value(request), runtime::Argument::Value(from)};
  if (!context_->CallFunction(*program_->entry, arguments, result)) {
    known_.erase(key);
    return PanicStatus();
  }
  Mapping mapping = {.name = std::string(runtime::TextOf(result[0])),
                     .path = std::string(runtime::TextOf(result[1])),
                     .alias = std::string(runtime::TextOf(result[2]))};
  if (!mapping.path.empty()) mapping.path = NormalisedPath(mapping.path);
  known_[key] = mapping;
  return mapping;
}

}  // namespace vestige::engine
