// The modules of a program: what is required, in which order it is initialised, who sees whom.
//
// The graph is walked depth first, so that a module comes after everything it requires. The names of native modules are
// taken: no file is looked for. All others are the loader's; where it finds no file, a native module may stand in for a
// library's ("strings_boost", "daslib/strings_boost"). A file's path is its identity. Floor 3.

#include <algorithm>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "sema/declarations.h"
#include "syntax/parser.h"

namespace vestige::sema {

namespace {

constexpr size_t kMaxChain = 256;
constexpr int kLookupModule = 20605;

class GraphBuilder {
 public:
  explicit GraphBuilder(Checker& c) : c_(c) {}

  bool Build() {
    for (const NativeModule* native : c_.input.natives) {
      if (native->name == "$" && c_.builtin == nullptr) c_.builtin = NativeScope(native);
    }
    if (c_.builtin == nullptr) c_.builtin = NewScope(c_.known.dollar);
    ModuleScope* main = NewScope(c_.input.main->name);
    main->ast = c_.input.main;
    main->is_main = true;
    c_.main = main;
    chain_.push_back(main);
    Visit(main);
    return ok_;
  }

 private:
  enum class Visited : uint8_t { kLoading, kDone };

  ModuleScope* NewScope(base::Symbol name) {
    c_.module_storage.push_back(std::make_unique<ModuleScope>());
    ModuleScope* scope = c_.module_storage.back().get();
    scope->name = name;
    return scope;
  }

  // The scope of a native module, made when first required. A module may come in several parts of one name.
  ModuleScope* NativeScope(const NativeModule* native) {
    base::Symbol name = c_.symbols.Intern(native->name);
    for (const auto& scope : c_.module_storage) {
      if (scope->native != nullptr && scope->name == name) return scope.get();
    }
    ModuleScope* scope = NewScope(name);
    scope->native = native;
    std::string prelude;
    for (const NativeModule* part : c_.input.natives) {
      if (part->name == native->name && !part->prelude.empty()) prelude.append(part->prelude).append("\n");
    }
    if (!prelude.empty()) {
      const diag::SourceFile* file = c_.input.sources->Add(fmt::format("<{}>", native->name), std::move(prelude));
      if (file != nullptr) {
        scope->ast = syntax::ParseModule(*file, c_.symbols, c_.scratch, *c_.input.diagnostics);
      }
    }
    if (scope->ast != nullptr) {
      Visit(scope);
    } else {
      See(scope, {});
    }
    return scope;
  }

  const NativeModule* FindNative(std::string_view name) {
    for (const NativeModule* native : c_.input.natives) {
      if (native->alias.empty() && native->name == name) return native;
    }
    return nullptr;
  }

  const NativeModule* FindStandIn(std::string_view target) {
    for (const NativeModule* native : c_.input.natives) {
      if (!native->alias.empty() && (native->alias == target || native->name == target)) return native;
    }
    return nullptr;
  }

  // What `require ?guard target` asks before it looks at the target: of a path whether there is such a module, of a
  // plain name whether it is native.
  bool IsAvailable(std::string_view guard, base::Location from) {
    if (FindNative(guard) != nullptr || FindStandIn(guard) != nullptr) return true;
    if (guard.find('/') == std::string_view::npos) return false;
    return c_.input.loader != nullptr && c_.input.loader->Exists(guard, from);
  }

  void Visit(ModuleScope* scope) {
    scope->public_by_default = scope->ast->visibility != syntax::Visibility::kPrivate;
    std::vector<ModuleScope*> direct;
    for (const syntax::Require& require : scope->ast->requires_list) {
      ModuleScope* required = Find(require);
      if (required == nullptr) continue;
      direct.push_back(required);
      if (!require.alias.empty()) AddAlias(scope, require, require.alias, required);
      if (!mapped_alias_.empty()) AddAlias(scope, require, mapped_alias_, required);
      if (require.is_public) {
        scope->exported.push_back(required);
        for (ModuleScope* exported : required->exported) scope->exported.push_back(exported);
      }
    }
    See(scope, direct);
  }

  void AddAlias(ModuleScope* scope, const syntax::Require& require, base::Symbol alias, ModuleScope* required) {
    const auto [known, is_new] = scope->qualifiers.try_emplace(alias, required);
    if (is_new || known->second == required) return;
    c_.Error(
        20510, require.place,
        fmt::format("there is already a module {} that is required as {}", known->second->name.text(), alias.text()));
  }

  // Settles what `scope` sees, and gives it its turn in the order of initialisation.
  void See(ModuleScope* scope, std::span<ModuleScope* const> direct) {
    auto add = [&](ModuleScope* seen) {
      auto& visible = scope->visible;
      if (std::find(visible.begin(), visible.end(), seen) != visible.end()) return;
      visible.push_back(seen);
      if (!seen->name.empty()) scope->qualifiers.emplace(seen->name, seen);
    };
    add(scope);
    for (ModuleScope* module : direct) add(module);
    for (ModuleScope* module : direct) {
      for (ModuleScope* exported : module->exported) add(exported);
    }
    if (c_.builtin != nullptr) add(c_.builtin);
    c_.modules.push_back(scope);
  }

  ModuleScope* Find(const syntax::Require& require) {
    const std::string_view target = require.path.text();
    const base::Location from = require.place.location;
    mapped_alias_ = {};
    if (!require.guard.empty() && !IsAvailable(require.guard.text(), from)) return nullptr;
    if (const NativeModule* native = FindNative(target)) return NativeScope(native);
    LoadedModule loaded;
    if (c_.input.loader != nullptr) loaded = c_.input.loader->Load(target, from);
    const base::Symbol alias = loaded.alias;
    ModuleScope* found = Enter(require, target, std::move(loaded));
    mapped_alias_ = alias;
    return found;
  }

  ModuleScope* Enter(const syntax::Require& require, std::string_view target, LoadedModule loaded) {
    const base::Location from = require.place.location;
    if (loaded.failed) {
      ok_ = false;
      return nullptr;
    }
    if (!loaded.error.empty()) return Fail(require, fmt::format("missing prerequisite '{}'; {}", target, loaded.error));
    if (loaded.ast == nullptr) {
      if (const NativeModule* native = FindStandIn(target)) return NativeScope(native);
      return Fail(require, fmt::format("missing prerequisite '{}'; file not found", target), Places(target, from));
    }
    auto known = by_path_.find(loaded.path);
    if (known != by_path_.end()) {
      const bool circular = std::find(chain_.begin(), chain_.end(), known->second) != chain_.end();
      return circular ? Fail(require, fmt::format("circular dependency '{}'", target)) : known->second;
    }
    if (loaded.ast == c_.input.main) return Fail(require, fmt::format("circular dependency '{}'", target));
    if (chain_.size() > kMaxChain) return Fail(require, fmt::format("'{}' is required through too many files", target));
    return MakeModule(require, loaded);
  }

  ModuleScope* MakeModule(const syntax::Require& require, const LoadedModule& loaded) {
    const base::Symbol name = loaded.name.empty() ? StemOf(require.path.text()) : loaded.name;
    if (!loaded.ast->name.empty() && loaded.ast->name != name) {
      return Fail(require,
                  fmt::format("wrong module name '{}'; did you mean '{}'?", name.text(), loaded.ast->name.text()));
    }
    for (const auto& other : c_.module_storage) {
      if (other->name != name || other->is_main) continue;
      return Fail(require, fmt::format("several modules with the same name '{}'", name.text()));
    }
    ModuleScope* scope = NewScope(name);
    scope->ast = loaded.ast;
    by_path_[loaded.path] = scope;
    chain_.push_back(scope);
    Visit(scope);
    chain_.pop_back();
    return scope;
  }

  base::Symbol StemOf(std::string_view target) {
    if (target.ends_with(".das")) target.remove_suffix(4);
    const size_t slash = target.find_last_of("/.");
    if (slash != std::string_view::npos) target.remove_prefix(slash + 1);
    return c_.symbols.Intern(target);
  }

  std::string Places(std::string_view target, base::Location from) {
    std::string text;
    if (c_.input.loader == nullptr) return text;
    for (const std::string& place : c_.input.loader->Places(target, from)) {
      text += fmt::format("\n\tnot at {}", place);
    }
    if (text.empty() && target.starts_with("%/")) return "\n\t%/ is the folder that -dasroot names";
    return text;
  }

  // The files on the way to the require that failed are part of the message.
  ModuleScope* Fail(const syntax::Require& require, std::string what, std::string_view places = {}) {
    ok_ = false;
    bool first = true;
    for (size_t i = chain_.size(); i > 0; --i) {
      base::Location location = i == chain_.size() ? require.place.location : FirstPlace(chain_[i - 1]);
      const diag::SourceFile* file = c_.input.sources->FileOf(location);
      if (file != nullptr) what += fmt::format("\n\t{} {}", first ? "from" : "required from", file->name());
      first = false;
    }
    what += places;
    c_.Error(kLookupModule, require.place, std::move(what));
    return nullptr;
  }

  static base::Location FirstPlace(const ModuleScope* scope) {
    return scope->ast->requires_list.empty() ? scope->ast->place.location
                                             : scope->ast->requires_list.front().place.location;
  }

  Checker& c_;
  bool ok_ = true;
  base::Symbol mapped_alias_;        // what the loader calls the module that was found last
  std::vector<ModuleScope*> chain_;  // being loaded, the main one first
  absl::flat_hash_map<base::Symbol, ModuleScope*> by_path_;
};

}  // namespace

bool BuildModules(Checker& c) { return GraphBuilder(c).Build(); }

}  // namespace vestige::sema
