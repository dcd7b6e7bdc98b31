#include "check_fixture.h"

#include "fmt/format.h"
#include "sema/native.h"
#include "sema/print.h"
#include "syntax/parser.h"

namespace vestige::sema {

namespace {

void NoFunction(NativeCall&) {}

constexpr NativeFunction kFunctions[] = {
    {"print", "(text : string) : void", &NoFunction},
    {"panic", "(text : string = \"\") : void", &NoFunction},
    {"length", "(a : array<auto>) : int", &NoFunction},
    {"length", "(t : table<auto; auto>) : int", &NoFunction},
    {"length", "(s : string) : int", &NoFunction},
    {"push", "(var a : array<auto(T)>; v : T) : void", &NoFunction},
    {"sort", "(var a : array<auto(T)>; less : block<(x : T; y : T) : bool>) : void", &NoFunction},
    {"map", "(a : array<auto(T)>; f : block<(x : T) : auto(R)>) : array<R>", &NoFunction},
    {"subarray", "(a : array<auto(T)>; r : range) : array<T>", &NoFunction},
    {"dangerous", "() : int", &NoFunction, kUnsafe},
    {"anything", "(x : auto) : int", &NoFunction},
    {"run", "(times : int = 1; b : block) : void", &NoFunction},
};

constexpr NativeConstant kConstants[] = {{"LIMIT", "int", {7, 0}}};

const NativeModule kBuiltin = {"$", {}, kFunctions, kConstants, {}};
const NativeModule* const kNatives[] = {&kBuiltin};

// The lines of a printed function's body.
std::string Joined(std::string_view printed) {
  std::string out;
  size_t begin = printed.find('\n');
  while (begin != std::string_view::npos) {
    size_t end = printed.find('\n', begin + 1);
    if (end == std::string_view::npos) break;
    std::string_view line = printed.substr(begin + 1, end - begin - 1);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    begin = end;
    if (end + 1 == printed.size()) break;
    if (!out.empty()) out += "; ";
    out.append(line);
  }
  return out;
}

}  // namespace

class Checked::Loader : public ModuleLoader {
 public:
  Loader(Checked& owner, const Modules& modules) : owner_(owner), modules_(modules) {}

  bool Exists(std::string_view target, base::Location) override { return modules_.contains(std::string(target)); }
  std::vector<std::string> Places(std::string_view, base::Location) override { return {}; }

  LoadedModule Load(std::string_view target, base::Location) override {
    const auto found = modules_.find(std::string(target));
    if (found == modules_.end()) return {};
    const base::Symbol path = owner_.symbols_.Intern(target);
    LoadedModule& module = loaded_[path];
    if (module.ast == nullptr) {
      const diag::SourceFile* file = owner_.sources_.Add(std::string(target) + ".das", found->second);
      module = {syntax::ParseModule(*file, owner_.symbols_, owner_.trees_, owner_.sink_), false, path};
    }
    return module;
  }

 private:
  Checked& owner_;
  const Modules& modules_;
  std::map<base::Symbol, LoadedModule> loaded_;
};

Checked::Checked(std::string_view text, const Modules& modules) {
  const diag::SourceFile* file = sources_.Add("test.das", std::string(text));
  const syntax::Module* main = syntax::ParseModule(*file, symbols_, trees_, sink_);
  if (sink_.has_errors()) return;
  Loader loader(*this, modules);
  program_ = Check({.main = main,
                    .loader = &loader,
                    .natives = kNatives,
                    .types = &types_,
                    .symbols = &symbols_,
                    .sources = &sources_,
                    .diagnostics = &sink_});
}

std::string Checked::errors() const {
  std::string out;
  for (const diag::Diagnostic& diagnostic : diag::Collapse(sources_, sink_.diagnostics())) {
    const diag::Position at = sources_.Locate(diagnostic.location);
    if (!out.empty()) out += '\n';
    out += fmt::format("{} {}:{} {}", diagnostic.code, at.line, at.column, diagnostic.message);
  }
  return out;
}

std::string Checked::first_extra() const {
  return sink_.diagnostics().empty() ? std::string() : sink_.diagnostics().front().extra;
}

std::string Checked::function(std::string_view name) const {
  if (program_ == nullptr) return {};
  for (const TFunction* function : program_->functions) {
    if (function->name.text() == name) return PrintFunction(*function);
  }
  return {};
}

std::string Checked::body(std::string_view name) const { return Joined(function(name)); }

size_t Checked::count(std::string_view name) const {
  size_t count = 0;
  if (program_ == nullptr) return 0;
  for (const TFunction* function : program_->functions) count += function->name.text() == name;
  return count;
}

std::string CheckMain(std::string_view declarations, std::string_view statements) {
  const Checked checked(fmt::format("{}\n[export]\ndef main() {{\n{}\n}}\n", declarations, statements));
  return checked.ok() ? checked.body("main") : checked.errors();
}

std::string ErrorsOf(std::string_view text) { return Checked(text).errors(); }

}  // namespace vestige::sema
