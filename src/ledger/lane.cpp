#include "ledger/lane.h"

#include <algorithm>

namespace vestige::ledger {

bool LaneBefore(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view first = a.substr(0, a.find('/'));
    const std::string_view second = b.substr(0, b.find('/'));
    // Ordinals have no leading zeros: the longer one is greater.
    if (first.size() != second.size()) return first.size() < second.size();
    if (first != second) return first < second;
    a.remove_prefix(std::min(a.size(), first.size() + 1));
    b.remove_prefix(std::min(b.size(), second.size() + 1));
  }
  return a.empty() && !b.empty();
}

}  // namespace vestige::ledger
