// Syntax that a program holds as data: trees made while it was checked, of which running code makes copies. Floor 2.

#ifndef VESTIGE_AST_QUOTES_H_
#define VESTIGE_AST_QUOTES_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ast/lane.h"

namespace vestige::ast {

// Its nodes belong to the program: no report names them, and they die with it.
class Quotes {
 public:
  Quotes() : lane_(registry_, "program") {}
  Quotes(const Quotes&) = delete;
  Quotes& operator=(const Quotes&) = delete;

  Registry& registry() { return registry_; }
  Lane& lane() { return lane_; }
  // Keeps a tree made in lane(); its number.
  int32_t Add(void* tree) {
    trees_.push_back(tree);
    return static_cast<int32_t>(trees_.size()) - 1;
  }
  // Null when there is no such number.
  void* Tree(int32_t number) const {
    return number >= 0 && static_cast<size_t>(number) < trees_.size() ? trees_[static_cast<size_t>(number)] : nullptr;
  }

  // Whether there is to be a tree for each declaration, for scripts that look at the program.
  bool wants_declarations() const { return wants_declarations_; }
  void set_wants_declarations(bool wants) { wants_declarations_ = wants; }
  // Whether the program's code knows of nodes: then programs that it compiles want theirs.
  bool is_for_code() const { return is_for_code_; }
  void set_is_for_code() { is_for_code_ = true; }

  // One tree for each declaration that types refer to, whatever `declaration` is; null: there is none yet.
  void* Known(const void* declaration) const {
    const auto found = known_.find(declaration);
    return found == known_.end() ? nullptr : found->second;
  }
  void Note(const void* declaration, void* tree) { known_[declaration] = tree; }
  // Whether nodes of running code may refer to any.
  bool has_declarations() const { return !known_.empty(); }

 private:
  Registry registry_;
  Lane lane_;
  std::vector<void*> trees_;
  bool wants_declarations_ = false;
  bool is_for_code_ = false;
  absl::flat_hash_map<const void*, void*> known_;
};

}  // namespace vestige::ast

#endif  // VESTIGE_AST_QUOTES_H_
