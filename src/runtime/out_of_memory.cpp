// The panics that end with no memory: they need none. Floor 3.

#include "runtime/script_context.h"

namespace vestige::runtime {

bool ScriptContext::PanicOutOfMemory(const memory::Refusal& refusal, const memory::Heap* heap) {
  if (has_panic()) return false;
  char text[kPanicTextBytes];
  const auto written = fmt::format_to_n(
      text, sizeof(text),
      "Error: heap allocation failed (requested {} bytes, heap used: {} bytes)\nlarge (>=256KB) allocs: {}",
      refusal.requested, refusal.used, refusal.very_large_count);
  Panic({text, written.size});
  if (options_.did_run_out) options_.did_run_out(heap, refusal.by_system);
  return false;
}

bool ScriptContext::PanicOutOfSystemMemory() {
  if (has_panic()) return false;
  char text[kPanicTextBytes];
  const auto written = fmt::format_to_n(
      text, sizeof(text), "Error: heap allocation failed (no memory beside the heap, heap used: {} bytes)",
      heap_.live_bytes());
  Panic({text, written.size});
  if (options_.did_run_out) options_.did_run_out(nullptr, true);
  return false;
}

}  // namespace vestige::runtime
