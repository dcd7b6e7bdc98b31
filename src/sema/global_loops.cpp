// Globals that need themselves. Floor 3.

#include <string>

#include "absl/container/flat_hash_set.h"
#include "sema/declarations.h"

namespace vestige::sema {

namespace {

// Follows everything that the initialiser of one global can reach.
class LoopFinder {
 public:
  LoopFinder(const Declarations& all, const GlobalEntity* start) : all_(all), start_(start) {}

  // Some path comes back to the start.
  bool Find() {
    Open(start_);
    while (!found_ && (!globals_.empty() || !functions_.empty())) {
      if (!globals_.empty()) {
        const GlobalEntity* next = globals_.back();
        globals_.pop_back();
        Open(next);
      } else {
        const FunctionRecord* next = functions_.back();
        functions_.pop_back();
        Open(next);
      }
    }
    return found_;
  }

 private:
  void Open(const GlobalEntity* global) {
    if (const auto it = all_.globals_of_globals.find(global); it != all_.globals_of_globals.end()) Meet(it->second);
    const auto calls = all_.functions_of_globals.find(global);
    if (calls == all_.functions_of_globals.end()) return;
    for (const FunctionRecord* function : calls->second) Meet(function);
  }

  void Open(const FunctionRecord* function) {
    const auto it = all_.globals_of_functions.find(function);
    if (it != all_.globals_of_functions.end()) Meet(it->second);
    for (const FunctionRecord::Use* use = function->uses; use != nullptr; use = use->next) Meet(use->function);
  }

  void Meet(const std::vector<GlobalEntity*>& globals) {
    for (const GlobalEntity* global : globals) {
      found_ = found_ || global == start_;
      if (seen_.insert(global).second) globals_.push_back(global);
    }
  }

  void Meet(const FunctionRecord* function) {
    if (seen_.insert(function).second) functions_.push_back(function);
  }

  const Declarations& all_;
  const GlobalEntity* start_;
  absl::flat_hash_set<const void*> seen_;
  std::vector<const GlobalEntity*> globals_;
  std::vector<const FunctionRecord*> functions_;
  bool found_ = false;
};

}  // namespace

void NoteGlobalUse(Checker& c, GlobalEntity* used) {
  FunctionRecord* user = c.fn != nullptr ? c.fn->function : nullptr;
  if (user == nullptr || used->global == nullptr) return;
  Declarations& all = *c.declarations;
  const bool initializes = user == all.initializer;
  // One that reads itself is told as such.
  if (initializes && (all.current_global == nullptr || all.current_global == used)) return;
  auto& list = initializes ? all.globals_of_globals[all.current_global] : all.globals_of_functions[user];
  if (list.empty() || list.back() != used) list.push_back(used);
}

void CheckGlobalLoops(Checker& c) {
  const Declarations& all = *c.declarations;
  absl::flat_hash_set<const GlobalEntity*> mentioned;
  for (const auto& [user, globals] : all.globals_of_globals) mentioned.insert(globals.begin(), globals.end());
  for (const auto& [user, globals] : all.globals_of_functions) mentioned.insert(globals.begin(), globals.end());
  for (const GlobalEntity* global : all.globals) {
    const bool leads_on = all.globals_of_globals.contains(global) || all.functions_of_globals.contains(global);
    if (!leads_on || !mentioned.contains(global) || !LoopFinder(all, global).Find()) continue;
    c.Error(31104, {global->location, 1}, "global variable initialization loop: " + std::string(global->name.text()));
  }
}

}  // namespace vestige::sema
