#include "audit/shutdown.h"

#include <algorithm>
#include <tuple>

namespace vestige::audit {

std::string_view StageName(Stage stage) {
  switch (stage) {
    case Stage::kAfterCompile:
      return "after compile";
    case Stage::kAfterRun:
      return "after run";
    case Stage::kHeapReport:
      return "heap report";
    case Stage::kContextClose:
      return "context close";
    case Stage::kProgramRelease:
      return "program release";
    case Stage::kModulesDown:
      return "modules down";
    case Stage::kHandles:
      return "handles";
    case Stage::kSharedModules:
      return "shared modules";
    case Stage::kJobPrimitives:
      return "job primitives";
    case Stage::kSmartPointers:
      return "smart pointers";
  }
  return "";
}

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
