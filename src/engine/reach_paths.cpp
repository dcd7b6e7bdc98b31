#include "engine/reach_paths.h"

#include <algorithm>

namespace vestige::engine {

namespace {

// Names are all that is wanted of a walk.
struct Nobody final : runtime::ReferenceObserver {
  void DidMeet(const void*, runtime::Way) override {}
};

}  // namespace

uint32_t ReachPaths::OfGlobal(uint32_t global) {
  nodes_.push_back({.global = global});
  return static_cast<uint32_t>(nodes_.size() - 1);
}

uint32_t ReachPaths::Child(uint32_t owner, runtime::Way way, const void* block, uint32_t type) {
  const auto [entry, is_new] = children_.try_emplace({owner, way, type}, owner);
  if (!is_new) return entry->second;
  // Whether the path has been here: the same way, from an object of the same type to one of this type.
  for (uint32_t at = owner; nodes_[at].parent != kNone; at = nodes_[at].parent) {
    const Node& node = nodes_[at];
    if (node.way != way || node.type != type || nodes_[node.parent].type != nodes_[owner].type) continue;
    if (nodes_[node.parent].block == nullptr) continue;
    return entry->second = at;
  }
  if (nodes_.size() >= kMaxPaths) return owner;
  nodes_.push_back({.parent = owner, .global = nodes_[owner].global, .way = way, .type = type, .block = block});
  return entry->second = static_cast<uint32_t>(nodes_.size() - 1);
}

std::string ReachPaths::StepText(uint32_t owner, runtime::Way way) {
  Nobody nobody;
  runtime::Marker::WayNames names;
  runtime::Marker walk(context_, nobody, &names);
  const Node& from = nodes_[owner];
  if (from.block != nullptr) {
    walk.VisitReferences(from.block);
  } else {
    const exec::GlobalEntry& global = context_.code().globals()[from.global];
    walk.VisitReferencesOfRoot(global.name, global.type, context_.AddressOf(global));
  }
  const auto found = names.find(way);
  return found == names.end() ? "?" : found->second;
}

const std::string& ReachPaths::TextOf(uint32_t path) {
  if (const auto known = texts_.find(path); known != texts_.end()) return known->second;
  // From the innermost step outwards.
  std::vector<std::string> steps;
  for (uint32_t at = path; nodes_[at].parent != kNone; at = nodes_[at].parent) {
    steps.push_back(StepText(nodes_[at].parent, nodes_[at].way));
  }
  std::string text;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!text.empty()) text += " -> ";
    text += *step;
  }
  if (text.empty()) text = context_.code().globals()[nodes_[path].global].name;
  return texts_[path] = std::move(text);
}

}  // namespace vestige::engine
