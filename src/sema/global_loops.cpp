// Globals that need themselves. Floor 3.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "sema/declarations.h"

namespace vestige::sema {

namespace {

// A global or a function: what initialisers lead to.
using Node = const void*;

// Finds the globals whose initialisers lead back to them: those in a strongly connected component with others. One
// depth-first walk without recursion (Tarjan's), in time proportional to what is mentioned.
class LoopFinder {
 public:
  explicit LoopFinder(const Declarations& all) : all_(all) {
    for (const GlobalEntity* global : all.globals) globals_.insert(global);
  }

  // Everything that can be reached from `start`, unless that is known.
  void Walk(Node start) {
    if (marks_.contains(start)) return;
    Enter(start);
    while (!path_.empty()) {
      Step& step = path_.back();
      if (step.next < step.successors.size()) {
        const Node next = step.successors[step.next++];
        const auto mark = marks_.find(next);
        if (mark == marks_.end()) {
          Enter(next);
        } else if (mark->second.is_open) {
          step.lowest = std::min(step.lowest, mark->second.number);
        }
        continue;
      }
      const Step done = std::move(step);
      path_.pop_back();
      if (!path_.empty()) path_.back().lowest = std::min(path_.back().lowest, done.lowest);
      if (done.lowest == marks_[done.node].number) CloseComponent(done.node);
    }
  }

  bool IsInLoop(Node node) const { return in_loop_.contains(node); }

 private:
  struct Mark {
    size_t number = 0;
    bool is_open = false;  // its component is not complete yet
  };
  struct Step {
    Node node;
    std::vector<Node> successors;
    size_t next;
    size_t lowest;  // number of the earliest open node that was met from here
  };

  void Enter(Node node) {
    const size_t number = marks_.size() + 1;
    marks_[node] = {number, true};
    open_.push_back(node);
    path_.push_back({node, SuccessorsOf(node), 0, number});
  }

  void CloseComponent(Node first) {
    const bool is_loop = open_.back() != first;
    for (;;) {
      const Node node = open_.back();
      open_.pop_back();
      marks_[node].is_open = false;
      if (is_loop) in_loop_.insert(node);
      if (node == first) return;
    }
  }

  std::vector<Node> SuccessorsOf(Node node) const {
    std::vector<Node> successors;
    if (globals_.contains(node)) {
      const auto* global = static_cast<const GlobalEntity*>(node);
      const auto used = all_.globals_of_globals.find(global);
      if (used != all_.globals_of_globals.end()) successors.assign(used->second.begin(), used->second.end());
      const auto calls = all_.functions_of_globals.find(global);
      if (calls == all_.functions_of_globals.end()) return successors;
      successors.insert(successors.end(), calls->second.begin(), calls->second.end());
      return successors;
    }
    const auto* function = static_cast<const FunctionRecord*>(node);
    const auto used = all_.globals_of_functions.find(function);
    if (used != all_.globals_of_functions.end()) successors.assign(used->second.begin(), used->second.end());
    for (const FunctionRecord::Use* use = function->uses; use != nullptr; use = use->next) {
      successors.push_back(use->function);
    }
    return successors;
  }

  const Declarations& all_;
  absl::flat_hash_set<Node> globals_;
  absl::flat_hash_map<Node, Mark> marks_;
  absl::flat_hash_set<Node> in_loop_;
  std::vector<Node> open_;
  std::vector<Step> path_;
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
  LoopFinder finder(*c.declarations);
  for (const GlobalEntity* global : c.declarations->globals) {
    finder.Walk(global);
    if (!finder.IsInLoop(global)) continue;
    c.Error(31104, {global->location, 1}, "global variable initialization loop: " + std::string(global->name.text()));
  }
}

}  // namespace vestige::sema
