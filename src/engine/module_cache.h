// Modules that several programs of one engine require: each is parsed once.
//
// A tree is never written to after it was parsed, so programs share it, its file, and the names in it. A module is
// found again by its path and its whole text: whoever edits a file gets the new one. Trees are needed while a program
// is compiled; the cache keeps those used last, up to so many bytes, for programs to come. Floor 6.

#ifndef VESTIGE_ENGINE_MODULE_CACHE_H_
#define VESTIGE_ENGINE_MODULE_CACHE_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "base/arena.h"
#include "base/symbol.h"
#include "diag/source_manager.h"
#include "syntax/ast.h"

namespace vestige::engine {

// One module as parsed, without an error or a warning.
struct ParsedModule {
  std::shared_ptr<diag::SourceFile> file;
  base::Arena trees;
  const syntax::Module* ast = nullptr;
};

// Everything but Lock is for the thread that holds the lock.
class ModuleCache {
 public:
  // Keeps at most `max_bytes` of texts and trees; with 0 nothing is kept.
  explicit ModuleCache(uint64_t max_bytes) : max_bytes_(max_bytes), symbols_(std::make_shared<base::Interner>()) {}
  ModuleCache(const ModuleCache&) = delete;
  ModuleCache& operator=(const ModuleCache&) = delete;

  // Held while a program is compiled. A project's script, which runs meanwhile, may compile on the same thread.
  std::unique_lock<std::recursive_mutex> Lock() { return std::unique_lock(mutex_); }

  // The names of every program of the engine; whoever keeps a name keeps this.
  const std::shared_ptr<base::Interner>& symbols() const { return symbols_; }
  diag::SharedFiles& files() { return files_; }

  // The module that was kept under this path with this text; null: none.
  std::shared_ptr<const ParsedModule> Find(std::string_view path, std::string_view text);
  // Keeps a module that includes no other file.
  void Keep(std::string path, std::shared_ptr<const ParsedModule> module);

  // Of texts and trees that are kept.
  uint64_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::string path;
    std::shared_ptr<const ParsedModule> module;
  };
  using Order = std::list<Kept>;

  static uint64_t BytesOf(const ParsedModule& module);
  void Drop(Order::iterator kept);

  std::recursive_mutex mutex_;
  const uint64_t max_bytes_;
  uint64_t bytes_ = 0;
  std::shared_ptr<base::Interner> symbols_;
  diag::SharedFiles files_;
  Order order_;  // used last comes first
  absl::flat_hash_map<std::string_view, Order::iterator> by_path_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_MODULE_CACHE_H_
