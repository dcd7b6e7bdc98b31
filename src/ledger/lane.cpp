#include "ledger/lane.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace vestige::ledger {

namespace {

// Bytes that are compared at once.
constexpr size_t kBlock = 64;

// Where the first name begins in which the two may differ: jobs that make one another have long names, which differ at
// their ends.
size_t FirstDifferentName(std::string_view a, std::string_view b) {
  const size_t size = std::min(a.size(), b.size());
  size_t same = 0;
  while (same + kBlock <= size && std::memcmp(a.data() + same, b.data() + same, kBlock) == 0) same += kBlock;
  const size_t slash = a.substr(0, same).rfind('/');
  return slash == std::string_view::npos ? 0 : slash + 1;
}

}  // namespace

bool LaneBefore(std::string_view a, std::string_view b) {
  const size_t begin = FirstDifferentName(a, b);
  a.remove_prefix(begin);
  b.remove_prefix(begin);
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
