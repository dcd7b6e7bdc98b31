// A drawing of what memory a process and its scripts had over time: one SVG document. Floor 2.

#ifndef VESTIGE_AUDIT_MEMORY_PLOT_H_
#define VESTIGE_AUDIT_MEMORY_PLOT_H_

#include <span>
#include <string>
#include <string_view>

#include "audit/checkpoint_report.h"

namespace vestige::audit {

// `title` is what stands above it, `verdict` below.
std::string MemoryPlot(std::string_view title, std::span<const Checkpoint> checkpoints, const MemoryVerdict& verdict);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_MEMORY_PLOT_H_
