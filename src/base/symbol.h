// Names as pointers: equal text, equal pointer.
//
// An Interner keeps each distinct text once; a Symbol points at it. Comparing and hashing names is comparing pointers,
// and a Symbol can be printed without its interner. Floor 0.

#ifndef VESTIGE_BASE_SYMBOL_H_
#define VESTIGE_BASE_SYMBOL_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/arena.h"

namespace vestige::base {

// An interned text; valid as long as the Interner that made it. The default value is the empty name.
class Symbol {
 public:
  Symbol() = default;

  bool empty() const { return entry_ == nullptr; }
  explicit operator bool() const { return entry_ != nullptr; }
  // NUL-terminated, so that it can be handed to scripts as a string.
  std::string_view text() const { return entry_ == nullptr ? std::string_view() : entry_->text; }

  friend bool operator==(Symbol, Symbol) = default;
  // Order of interning, not of the alphabet: stable within a run, the same in every run of the same input.
  friend bool operator<(Symbol a, Symbol b) { return a.ordinal() < b.ordinal(); }
  uint32_t ordinal() const { return entry_ == nullptr ? 0 : entry_->ordinal; }

  template <typename H>
  friend H AbslHashValue(H state, Symbol symbol) {
    return H::combine(std::move(state), symbol.entry_);
  }

 private:
  friend class Interner;
  struct Entry {
    std::string_view text;
    uint32_t ordinal;
  };
  explicit Symbol(const Entry* entry) : entry_(entry) {}
  const Entry* entry_ = nullptr;
};

// Keeps one copy of each text. Not thread-safe: an engine compiles on one thread at a time.
class Interner {
 public:
  Interner() = default;
  Interner(const Interner&) = delete;
  Interner& operator=(const Interner&) = delete;

  // The symbol of `text`; the empty text gives the empty symbol. Copies the text when it is new.
  Symbol Intern(std::string_view text);

 private:
  Arena arena_;
  absl::flat_hash_map<std::string_view, const Symbol::Entry*> entries_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_SYMBOL_H_
