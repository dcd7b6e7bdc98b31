#include "audit/shutdown.h"

#include <algorithm>
#include <tuple>

namespace vestige::audit {

void Shutdown::At(Stage stage, std::function<void()> hook) { entries_.push_back({stage, added_++, std::move(hook)}); }

void Shutdown::RunThrough(Stage last) {
  for (;;) {
    const auto next = std::min_element(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.stage, a.order) < std::tie(b.stage, b.order);
    });
    if (next == entries_.end() || next->stage > last) return;
    // Taken out before it runs: a hook that ends the run again must not meet itself.
    const std::function<void()> hook = std::move(next->hook);
    entries_.erase(next);
    hook();
  }
}

}  // namespace vestige::audit
