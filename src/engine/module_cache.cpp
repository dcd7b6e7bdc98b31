#include "engine/module_cache.h"

#include <utility>

namespace vestige::engine {

uint64_t ModuleCache::BytesOf(const ParsedModule& module) {
  return module.file->size() + module.trees.reserved_bytes();
}

std::shared_ptr<const ParsedModule> ModuleCache::Find(std::string_view path, std::string_view text) {
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return nullptr;
  const Order::iterator kept = found->second;
  if (kept->module->file->text() != text) {
    Drop(kept);
    return nullptr;
  }
  order_.splice(order_.begin(), order_, kept);
  return kept->module;
}

void ModuleCache::Keep(std::string path, std::shared_ptr<const ParsedModule> module) {
  const uint64_t needed = BytesOf(*module);
  if (needed > max_bytes_) return;
  if (const auto known = by_path_.find(path); known != by_path_.end()) Drop(known->second);
  while (bytes_ + needed > max_bytes_) Drop(std::prev(order_.end()));
  order_.push_front({std::move(path), std::move(module)});
  by_path_.emplace(order_.front().path, order_.begin());
  bytes_ += needed;
}

void ModuleCache::Drop(Order::iterator kept) {
  bytes_ -= BytesOf(*kept->module);
  by_path_.erase(kept->path);
  order_.erase(kept);
}

}  // namespace vestige::engine
