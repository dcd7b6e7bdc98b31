#include "base/symbol.h"

namespace vestige::base {

Symbol Interner::Intern(std::string_view text) {
  if (text.empty()) return Symbol();
  auto found = entries_.find(text);
  if (found != entries_.end()) return Symbol(found->second);
  const std::string_view kept = arena_.CopyText(text);
  const auto* entry = arena_.New<Symbol::Entry>(Symbol::Entry{kept, static_cast<uint32_t>(entries_.size() + 1)});
  entries_.emplace(kept, entry);
  return Symbol(entry);
}

}  // namespace vestige::base
