#include "ast/findings.h"

#include <algorithm>

#include "ast/walk.h"
#include "ledger/lane.h"

namespace vestige::ast {

SyntaxNodes FindingsOf(const Root& root, Which which) {
  SyntaxNodes found;
  found.root = reinterpret_cast<uint64_t>(&root);
  for (NodeHeader* header = root.first(); header != nullptr; header = header->next) {
    if (which == Which::kUntold && header->told) continue;
    found.thread = header->lane->name();
    const Birth& birth = header->birth;
    found.nodes.push_back({.address = reinterpret_cast<uint64_t>(header->node()),
                           .id = header->id,
                           .family = std::string(FamilyName(*header)),
                           .magic = header->magic,
                           .file = birth.file != nullptr ? std::string(birth.file->name.view()) : "",
                           .line = birth.line,
                           .column = birth.column,
                           .stack = birth.stack});
  }
  return found;
}

std::vector<SyntaxNodes> TakeUntold(Registry& registry) {
  std::vector<SyntaxNodes> all;
  for (const auto& lane : registry.lanes()) {
    SyntaxNodes found = FindingsOf(lane->thread_root(), Which::kUntold);
    if (found.nodes.empty()) continue;
    for (NodeHeader* header = lane->thread_root().first(); header != nullptr; header = header->next) {
      header->told = true;
    }
    all.push_back(std::move(found));
  }
  // Lanes of forks are in the order in which these ended.
  std::stable_sort(all.begin(), all.end(),
                   [](const SyntaxNodes& a, const SyntaxNodes& b) { return ledger::LaneBefore(a.thread, b.thread); });
  return all;
}

}  // namespace vestige::ast
